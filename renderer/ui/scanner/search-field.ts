import { useEffect, useRef, type RefObject } from 'react'

/** The field that takes what is typed with the cursor in no field. */
type Search = {
  /** Empties it and puts the cursor there. */
  startEmpty: () => void
  /** Before typing begins in it: a code that it still holds is selected, and so typed over. */
  selectOldCode: () => void
  /** Whether its text was typed with the cursor in no field. */
  typedWithoutFocus: () => boolean
}
type SearchField = Search & { element: HTMLInputElement }

let shownField: SearchField | undefined

/** The field of the screen that is shown; undefined before anybody is signed in. */
export const searchField = () => shownField

export function useAsSearchField(input: RefObject<HTMLInputElement | null>, search: Search) {
  const current = useRef(search)
  current.current = search
  useEffect(() => {
    if (!input.current) return
    const own = {
      element: input.current,
      startEmpty: () => current.current.startEmpty(),
      selectOldCode: () => current.current.selectOldCode(),
      typedWithoutFocus: () => current.current.typedWithoutFocus(),
    }
    shownField = own
    return () => {
      if (shownField === own) shownField = undefined
    }
  }, [input])
}
