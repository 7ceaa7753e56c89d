import { useEffect } from 'react'
import { useMediaQuery, useWindowEvent } from '@mantine/hooks'
import { create } from 'zustand'
import { usePreferences } from './preferences.ts'

/** Whether fingers have pressed since the page was opened, or were the last to press before. */
const useFingers = create(() => ({ seen: usePreferences.getState().lastPress === 'touch' }))

/**
 * Rows of 36 for a mouse, 48 for fingers, whatever size the window has: what the screen is made for, or who presses, unless
 * someone has chosen. A laptop whose screen feels fingers says `fine`, so the first finger makes it wide. It stays so until
 * it is opened after a mouse: whoever uses both in turn sees nothing move.
 */
export function useIsTouch(): boolean {
  const chosen = usePreferences((state) => state.density)
  const coarse = useMediaQuery('(pointer: coarse)', false, { getInitialValueInEffect: false })
  const fingers = useFingers((state) => state.seen)
  return chosen === 'auto' ? coarse || fingers : chosen === 'touch'
}

/** Tells the style sheet, and notes who presses. */
export function useDensityAttribute() {
  const touch = useIsTouch()
  useEffect(() => {
    document.documentElement.dataset['density'] = touch ? 'touch' : 'counter'
  }, [touch])
  useWindowEvent('click', notePress, { capture: true })
}

function notePress(event: MouseEvent) {
  if (!(event instanceof PointerEvent) || (event.pointerType !== 'touch' && event.pointerType !== 'mouse')) return
  const lastPress = event.pointerType
  if (usePreferences.getState().lastPress !== lastPress) usePreferences.setState({ lastPress })
  // Nothing moves from under the finger: what it pressed has had the press by then.
  if (lastPress === 'touch') setTimeout(() => useFingers.setState({ seen: true }))
}
