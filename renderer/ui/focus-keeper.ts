import { useEffect } from 'react'
import { openDialog } from './scanner/text-fields.ts'

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [tabindex="0"]'
/** A message. Its button takes an act back: the cursor comes there by Tab or a click, never by itself. */
const MESSAGE = '.mantine-Notification-root'
/** Where dialogs, menus and messages lie side by side: nothing in there is near to what was lost. */
const PORTAL = '[data-portal]'

/**
 * Keeps the focus in a control: when the focused element is removed from the screen (a form that was saved, a row that is gone), it
 * goes back to where it came from, else to the nearest thing that is still there. Mounted once, by `app.tsx`.
 */
export function useFocusKeeper() {
  useEffect(() => {
    /** What has the cursor and all around it, innermost first; and from where the cursor came into each form, dialog, menu and message. */
    let trail: Element[] = []
    const origins = new WeakMap<Element, Element>()
    const noteFocus = ({ target, relatedTarget }: FocusEvent) => {
      if (!(target instanceof Element)) return
      trail = withAncestors(target)
      const form = target.closest(`form, [role="dialog"], [role="menu"], ${MESSAGE}`)
      if (!form || !(relatedTarget instanceof Element) || relatedTarget.closest(MESSAGE)) return
      if (!form.contains(relatedTarget)) origins.set(form, relatedTarget)
    }
    const restoreFocus = () => {
      if (document.activeElement !== document.body || !trail[0] || trail[0].isConnected) return
      const lost = trail
      trail = []
      // A form that is still there keeps the cursor: what it came from may lie behind the dialog.
      const gone = lost.filter((element) => !element.isConnected)
      const from = gone.map((element) => origins.get(element)).find((origin) => origin?.isConnected)
      if (from instanceof HTMLElement) from.focus({ preventScroll: true })
      if (document.activeElement === document.body) nearestFocusable(lost)?.focus({ preventScroll: true })
    }
    const watch = new MutationObserver(restoreFocus)
    watch.observe(document.body, { childList: true, subtree: true })
    window.addEventListener('focusin', noteFocus)
    return () => {
      watch.disconnect()
      window.removeEventListener('focusin', noteFocus)
    }
  }, [])
}

function withAncestors(target: Element): Element[] {
  const trail: Element[] = []
  for (let element: Element | null = target; element; element = element.parentElement) trail.push(element)
  return trail
}

/** The first thing that can have the cursor in what is left around it; at the last the open dialog, or the content of the page. */
function nearestFocusable(lost: readonly Element[]): HTMLElement | null {
  const content = document.getElementById('content')
  for (const home of lost.filter(({ isConnected }) => isConnected)) {
    if (home === document.body || home.id === 'root' || home.contains(content) || home.matches(PORTAL)) break
    const first = firstFocusable(home)
    if (first) return first
  }
  return firstFocusable(openDialog()) ?? content
}

const firstFocusable = (home: Element | null) =>
  [...(home?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].find(
    (one) => one.getClientRects().length > 0 && !one.closest(MESSAGE),
  )

/** Leaves the field for the content of the page. */
export function leaveField(field: HTMLElement | null) {
  const content = document.getElementById('content')
  if (content) content.focus({ preventScroll: true })
  else field?.blur()
}
