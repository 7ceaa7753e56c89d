import { watchCursor } from './watch-cursor.ts'

/** What is marked as refused, and can have the cursor: a field, or the first choice of a group. */
const INVALID_FIELDS = ['[aria-invalid="true"]', 'input[data-invalid]', '[data-refused] button'].join()

/** Moves the cursor to the first field that has to be put right, as soon as it is marked on the screen. */
export function focusFirstError() {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(INVALID_FIELDS)?.focus())
}

/** For when it is sent: does so once it is refused, unless somebody types elsewhere by then. */
export function focusRefused() {
  const isFree = watchCursor()
  return { onError: () => void (isFree() && focusFirstError()) }
}
