import type { KeyboardEvent } from 'react'
import { focusMarked } from '../../../ui/fields/focus-step.ts'
import { watchCursor } from '../../../ui/fields/watch-cursor.ts'

/** The controls that the cursor goes through during intake, in reading order. */
export type IntakeStep = 'customer' | 'name' | 'devices' | 'serial' | 'model' | 'type' | 'problems' | 'note'

/** Moves the cursor there: at once, so that the next key is not lost, or as soon as the control is rendered. */
export const focusStep = (step: IntakeStep) => focusMarked(step)

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
