import { useEffect } from 'react'

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [tabindex="0"]'

/**
 * Keeps the focus in a control: when the focused element is removed from the screen (a form that was saved, a row that is gone), it
 * goes back to where it came from, else to the nearest thing that is still there. Mounted once, by `app.tsx`.
 */
export function useFocusKeeper() {
  useEffect(() => {
    /** What has the cursor and all around it, innermost first; and from where the cursor came into each form. */
    let trail: Element[] = []
    const origins = new WeakMap<Element, Element>()
    const noteFocus = ({ target, relatedTarget }: FocusEvent) => {
      if (!(target instanceof Element)) return
      trail = withAncestors(target)
      const form = target.closest('form, [role="dialog"]')
      if (form && relatedTarget instanceof Element && !form.contains(relatedTarget)) origins.set(form, relatedTarget)
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

/** The first thing that can have the cursor in what is left around it; the content of the page as a whole at the last. */
function nearestFocusable(lost: readonly Element[]): HTMLElement | null {
  const content = document.getElementById('content')
  for (const home of lost.filter(({ isConnected }) => isConnected)) {
    if (home === document.body || home.id === 'root' || home.contains(content)) return content
    const first = [...home.querySelectorAll<HTMLElement>(FOCUSABLE)].find((one) => one.getClientRects().length > 0)
    if (first) return first
  }
  return content
}

/** Leaves the field for the content of the page. */
export function leaveField(field: HTMLElement | null) {
  const content = document.getElementById('content')
  if (content) content.focus({ preventScroll: true })
  else field?.blur()
}
