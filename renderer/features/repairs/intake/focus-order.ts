import type { KeyboardEvent } from 'react'
import { watchCursor } from '../../../ui/fields/watch-cursor.ts'

/** The controls that the cursor goes through during intake, in reading order. */
export type IntakeStep = 'customer' | 'name' | 'devices' | 'serial' | 'model' | 'type' | 'problems' | 'note'

/** How many frames a control may take to be rendered. */
const MAX_WAIT_FRAMES = 20

/** Moves the cursor there: at once, so that the next key is not lost, or as soon as the control is rendered. */
export function focusStep(step: IntakeStep, framesLeft = MAX_WAIT_FRAMES) {
  const element = document.querySelector<HTMLElement>(`[data-step="${step}"]`)
  if (element) element.focus()
  else if (framesLeft > 0) requestAnimationFrame(() => focusStep(step, framesLeft - 1))
}

/** For after an answer: moves the cursor unless somebody has begun to type elsewhere since this was called. */
export function cursorMover() {
  const isFree = watchCursor()
  return (step: IntakeStep) => {
    if (isFree()) focusStep(step)
  }
}

/** Enter moves to the next control; Ctrl+Enter saves and is handled elsewhere. */
export const enterFocuses = (step: IntakeStep) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
  // The control that gets the cursor would be pressed by the same key.
  event.preventDefault()
  focusStep(step)
}
