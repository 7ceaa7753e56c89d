import { useEffect, useRef } from 'react'

/** Chooses by the digit's place (1 first, 0 tenth) and answers how that is taken back; undefined where nothing stands there. */
type Choose = (index: number) => (() => void) | undefined

const groups = new Map<Element, Choose>()

/**
 * A group of a draft in which bare digits choose while the cursor is in it. Four characters within a second, or a letter
 * among them, are a scan: they are taken back and go to the search. The group itself carries `ref`.
 */
export function useDigitChoices<Group extends HTMLElement>(choose: Choose) {
  const ref = useRef<Group>(null)
  const current = useRef(choose)
  current.current = choose
  useEffect(() => {
    const group = ref.current
    if (!group) return
    groups.set(group, (index) => current.current(index))
    return () => void groups.delete(group)
  })
  return ref
}

/** The group that the cursor is in. */
export function choicesAt(target: EventTarget | null): Choose | undefined {
  if (!(target instanceof Element) || groups.size === 0) return undefined
  return [...groups].find(([group]) => group.contains(target))?.[1]
}
