import { useEffect } from 'react'
import { useLocation } from 'react-router'
import { isFocusNowhere, isTyping, openDialog } from '../ui/scanner/text-fields.ts'

/** What a screen marks as the place where work on it starts: the first row, the next step, what is chosen. */
const START = '[data-work-start]'

/**
 * Every screen opens with the cursor where work starts: in its first field, which takes it itself, else at what it marks, as
 * soon as that is there and if nobody has gone elsewhere meanwhile. Where nothing is marked it is on the content, so that
 * arrows scroll and Tab goes on from there. What is marked writes nothing when Enter comes: a late one may be a scanner's.
 */
export function useWorkStart(): void {
  const { pathname } = useLocation()
  useEffect(() => {
    const content = document.getElementById('content')
    if (!content || !isLeftOver(content)) return
    content.focus({ preventScroll: true })
    if (takeStart(content)) return
    const watch = new MutationObserver(() => {
      if (!isFocusNowhere() || takeStart(content)) watch.disconnect()
    })
    watch.observe(content, { childList: true, subtree: true, attributeFilter: ['data-work-start'] })
    return () => watch.disconnect()
  }, [pathname])
}

function takeStart(content: HTMLElement): boolean {
  const start = content.querySelector<HTMLElement>(START)
  start?.focus({ preventScroll: true })
  return start !== null
}

/** Whether the cursor stands where the screen was asked for, a link or a menu, and not in something of the screen itself. */
function isLeftOver(content: HTMLElement): boolean {
  const { activeElement } = document
  if (openDialog() || isTyping(activeElement)) return false
  return isFocusNowhere() || !content.contains(activeElement)
}
