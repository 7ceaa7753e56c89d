import { useEffect } from 'react'

/**
 * Enter in a field of a form goes on to the next one and in the last to the button: a scanner sends an Enter with each
 * code, and must save nothing. Ctrl+Enter saves. A field with `data-enter-sends` sends its form, as browsers do it.
 * Mounted once, by `app.tsx`, behind the listener of shortcuts.
 */
export function useEnterListener() {
  useEffect(() => {
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

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

/** The next field of the form, or the button that sends it. */
function nextField(form: HTMLFormElement, from: HTMLInputElement): HTMLElement | undefined {
  const fields = [...form.elements].filter((element): element is HTMLElement => element instanceof HTMLElement)
  return fields.slice(fields.indexOf(from) + 1).find(takesFocus)
}

function takesFocus(element: HTMLElement): boolean {
  if (element.tabIndex < 0 || element.matches(':disabled') || element.getClientRects().length === 0) return false
  return !(element instanceof HTMLButtonElement) || element.type === 'submit'
}
