/** How many frames a control may take to be rendered. */
const MAX_WAIT_FRAMES = 20

/** Moves the cursor to what is marked `data-step`: at once, so that the next key is not lost, or as soon as it is rendered. */
export function focusMarked(step: string, framesLeft = MAX_WAIT_FRAMES): void {
  const element = document.querySelector<HTMLElement>(`[data-step="${step}"]`)
  if (element) element.focus()
  else if (framesLeft > 0) requestAnimationFrame(() => focusMarked(step, framesLeft - 1))
}
