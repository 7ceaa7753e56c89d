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
    history.pushState({ ...history.state, dialog }, '')
    const onBack = () => {
      if (isHere()) return
      current.current()
      beginAgain((before) => before + 1)
    }
    window.addEventListener('popstate', onBack)
    return () => {
      window.removeEventListener('popstate', onBack)
      // Where something was opened from the dialog, its step lies behind that already.
      if (isHere()) history.back()
    }
  }, [dialog, round])
}

const dialogOf = (state: unknown) =>
  typeof state === 'object' && state !== null && 'dialog' in state ? state.dialog : undefined
