let pressed = false

if (typeof window !== 'undefined') {
  window.addEventListener('pointerdown', () => (pressed = true), { capture: true })
  for (const end of ['pointerup', 'pointercancel'])
    window.addEventListener(end, () => (pressed = false), { capture: true })
}

/** At once, or, while a finger or a mouse button is down, after what it presses has been pressed: nothing moves from under it. */
export function afterPress(run: () => void): void {
  if (!pressed) return run()
  const end = () => setTimeout(run)
  window.addEventListener('pointerup', end, { once: true })
}
