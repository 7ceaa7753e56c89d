/**
 * What lies over the screen and is closed by Esc: the button or field of a menu, a popover or a list that is open. Dialogs
 * have layers of their own.
 */
const openMenu = () =>
  document.querySelector<HTMLElement>(':is([aria-expanded="true"], [data-expanded])[aria-haspopup]')

/** Presses of Esc that close something that lies over the screen. */
const spent = new WeakSet<Event>()

/** Whether this press of Esc has closed something already: one press closes one thing. */
export const isSpent = (event: Event) => spent.has(event)

/**
 * Notes, before anything hears of it, that Esc will close a dialog or a menu: the library closes these without saying so, and
 * when the event reaches the screen nothing is left of them.
 */
export function spendOnOverlay(event: KeyboardEvent, inDialog: boolean) {
  if (event.key !== 'Escape' || event.isComposing) return
  const menu = openMenu()
  if (menu || inDialog) spent.add(event)
  // A menu hears only keys that are pressed in it; a moment after it was opened, the cursor is not there yet.
  if (menu && !inDialog && !hears(menu, event.target)) menu.click()
}

function hears(menu: HTMLElement, target: EventTarget | null): boolean {
  const opened = document.getElementById(menu.getAttribute('aria-controls') ?? '')
  return (
    target instanceof Node &&
    (opened?.contains(target) === true || (target === menu && menu.ariaHasPopup === 'listbox'))
  )
}
