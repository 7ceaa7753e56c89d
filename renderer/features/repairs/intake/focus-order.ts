import type { KeyboardEvent } from 'react'

/** Where the cursor stops on its way through intake, in reading order. */
export type Stop = 'customer' | 'name' | 'devices' | 'serial' | 'model' | 'type' | 'problems' | 'note'

/** How many frames a stop may take to come onto the screen. */
const PATIENCE = 20

/** Moves the cursor there: at once, so that the next key is not lost, or as soon as the stop is on the screen. */
export function goTo(stop: Stop, patience = PATIENCE) {
  const element = document.querySelector<HTMLElement>(`[data-stop="${stop}"]`)
  if (element) element.focus()
  else if (patience > 0) requestAnimationFrame(() => goTo(stop, patience - 1))
}

/** Enter goes on to the next stop; with Ctrl it saves, which is not for here. */
export const enterGoesTo = (stop: Stop) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
  // The stop that gets the cursor would be pressed by the same key.
  event.preventDefault()
  goTo(stop)
}
