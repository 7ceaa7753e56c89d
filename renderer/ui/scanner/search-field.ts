import { useEffect, useRef, type RefObject } from 'react'

/** The field that takes what is typed with the cursor in no field. */
type Search = {
  /** Empties it and puts the cursor there. */
  begin: () => void
  /** Typing begins anew in it: a code that stands there is typed over. */
  renew: () => void
  /** Whether what stands there was typed with the cursor in no field. */
  isBlind: () => boolean
}
type SearchField = Search & { element: HTMLInputElement }

let shown: SearchField | undefined

/** The field of the screen that is shown; undefined before anybody is signed in. */
export const searchField = () => shown

export function useAsSearchField(input: RefObject<HTMLInputElement | null>, search: Search) {
  const current = useRef(search)
  current.current = search
  useEffect(() => {
    if (!input.current) return
    const own = {
      element: input.current,
      begin: () => current.current.begin(),
      renew: () => current.current.renew(),
      isBlind: () => current.current.isBlind(),
    }
    shown = own
    return () => {
      if (shown === own) shown = undefined
    }
  }, [input])
}
