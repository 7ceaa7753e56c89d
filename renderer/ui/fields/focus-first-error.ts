/** What is marked as refused, and can have the cursor: a field, or the first choice of a group. */
const INVALID_FIELDS = ['[aria-invalid="true"]', 'input[data-invalid]', '[data-refused] button'].join()

/** Moves the cursor to the first field that has to be put right, as soon as it is marked on the screen. */
export function focusFirstError() {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(INVALID_FIELDS)?.focus())
}
