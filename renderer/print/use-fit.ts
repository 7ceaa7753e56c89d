import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'

/** Runs when what stands on a paper is laid out anew: after each change, and once its letters are there. */
function useLaidOut(look: () => void) {
  useLayoutEffect(look)
  const [, redraw] = useState(0)
  useEffect(() => {
    let isGone = false
    void document.fonts.ready.then(() => isGone || redraw(1))
    return () => void (isGone = true)
  }, [])
}

const isCut = ({ scrollHeight, clientHeight }: Element) => scrollHeight > clientHeight + 1

/** Whether one of the texts that have bounds on this paper (`data-bounded`) is longer: it stands elsewhere in full then. */
export function useCutTexts(paper: RefObject<HTMLElement | null>): boolean {
  const [cut, setCut] = useState(false)
  useLaidOut(() => setCut([...(paper.current?.querySelectorAll('[data-bounded]') ?? [])].some(isCut)))
  return cut
}

/** How a text is fitted into its place: as it is, in small letters, or cut where that is not enough, which has to be said. */
export type Fit = 'whole' | 'small' | 'cut'

export function useFit(place: RefObject<HTMLElement | null>): Fit {
  const [fit, setFit] = useState<Fit>('whole')
  useLaidOut(() => {
    if (fit !== 'cut' && place.current && isCut(place.current)) setFit(fit === 'whole' ? 'small' : 'cut')
  })
  return fit
}
