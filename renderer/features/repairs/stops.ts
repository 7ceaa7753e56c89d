/** Where the cursor stops on its way through intake, in reading order. */
export type Stop = 'customer' | 'name' | 'devices' | 'serial' | 'model' | 'problems' | 'note'

/** Moves the cursor there, as soon as it is on the screen. */
export function goTo(stop: Stop) {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-stop="${stop}"]`)?.focus())
}
