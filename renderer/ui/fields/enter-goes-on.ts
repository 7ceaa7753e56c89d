import { useEffect } from 'react'

/**
 * Enter in a field of a form goes on to the next one and in the last to the button: a scanner sends an Enter with each
 * code, and must save nothing. Ctrl+Enter saves. A field with `data-enter-sends` sends its form, as browsers do it.
 * Mounted once, by `app.tsx`, behind the listener of shortcuts.
 */
export function useEnterListener() {
  useEffect(() => {
    window.addEventListener('keydown', passOverList, { capture: true })
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', passOverList, { capture: true })
      window.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}

/**
 * A list of choices takes any Enter for its own, to open or to choose: Ctrl+Enter in one takes what is marked and is told to what
 * stands around it, as it would come from any other field. A field that suggests keeps what was typed.
 */
function passOverList(event: KeyboardEvent) {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey, repeat, target } = event
  if (key !== 'Enter' || !(ctrlKey || metaKey) || event.isComposing) return
  if (!(target instanceof HTMLElement) || target.ariaHasPopup !== 'listbox') return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (target.role === 'combobox') markedIn(target)?.click()
  const init = { key, code, ctrlKey, metaKey, altKey, shiftKey, repeat, bubbles: true, cancelable: true }
  // What was taken is there by then.
  setTimeout(() => target.parentElement?.dispatchEvent(new KeyboardEvent('keydown', init)))
}

/** What an arrow, or typing, has marked in the open list of a field, and is not chosen yet. */
const markedIn = (field: HTMLElement) =>
  document
    .getElementById(field.getAttribute('aria-controls') ?? '')
    ?.querySelector<HTMLElement>('[data-combobox-selected]:not([data-combobox-active])')

function onKeyDown(event: KeyboardEvent) {
  const { target } = event
  if (event.key !== 'Enter' || event.defaultPrevented || event.isComposing || event.altKey) return
  const form = target instanceof Element ? target.closest('form') : null
  if (!form) return
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault()
    if (!event.repeat) form.requestSubmit()
  } else if (target instanceof HTMLInputElement && !('enterSends' in target.dataset)) {
    event.preventDefault()
    nextField(form, target)?.focus()
  }
}

/** The next field of the form, or the button that sends it. A group of radio buttons is one field, as it is for Tab. */
function nextField(form: HTMLFormElement, from: HTMLInputElement): HTMLElement | undefined {
  const fields = [...form.elements].filter((element): element is HTMLElement => element instanceof HTMLElement)
  const after = fields.slice(fields.indexOf(from) + 1).filter(takesFocus)
  const next = after.find((element) => !isSameGroup(element, from))
  return after.find((element) => next && isSameGroup(element, next) && element.checked) ?? next
}

const isSameGroup = (element: HTMLElement, other: HTMLElement): element is HTMLInputElement =>
  isRadio(element) && isRadio(other) && element.name === other.name

const isRadio = (element: HTMLElement): element is HTMLInputElement =>
  element instanceof HTMLInputElement && element.type === 'radio' && element.name !== ''

function takesFocus(element: HTMLElement): boolean {
  if (element.tabIndex < 0 || element.matches(':disabled') || element.getClientRects().length === 0) return false
  return !(element instanceof HTMLButtonElement) || element.type === 'submit'
}
