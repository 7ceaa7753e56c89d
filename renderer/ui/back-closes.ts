import { useEffect, useId, useRef, useState } from 'react'

/**
 * While a dialog is open, the browser's Back closes it and leaves the screen where it is: a step of the history stands for the
 * dialog, and goes when the dialog does. One that stays open (a payment is under way) has its step again.
 */
export function useBackCloses(onClose: () => void): void {
  const dialog = useId()
  const current = useRef(onClose)
  current.current = onClose
  const [round, beginAgain] = useState(0)
  useEffect(() => {
    const isHere = () => dialogOf(history.state) === dialog
    const onBack = () => {
      if (isHere()) return
      current.current()
      beginAgain((before) => before + 1)
    }
    const begin = () => {
      history.pushState({ ...history.state, dialog }, '')
      window.addEventListener('popstate', onBack)
    }
    // The step of a dialog that was closed just now may not be gone yet: it would take this one's with it.
    if (isGoingBack) window.addEventListener('popstate', begin, { once: true })
    else begin()
    return () => {
      window.removeEventListener('popstate', begin)
      window.removeEventListener('popstate', onBack)
      // Where something was opened from the dialog, its step lies behind that already.
      if (isHere()) goBack()
    }
  }, [dialog, round])
}

/** The browser goes back some milliseconds after it was asked to. The history is the page's one, and so is this. */
let isGoingBack = false

function goBack() {
  isGoingBack = true
  window.addEventListener('popstate', () => void (isGoingBack = false), { once: true })
  history.back()
}

/** At once, or once the step of a dialog that was closed just now is gone: it would take that of a screen opened meanwhile with it. */
export function afterGoingBack(run: () => void): void {
  if (!isGoingBack) return run()
  window.addEventListener('popstate', () => setTimeout(run), { once: true })
}

const dialogOf = (state: unknown) =>
  typeof state === 'object' && state !== null && 'dialog' in state ? state.dialog : undefined
