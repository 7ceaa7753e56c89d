import { useWindowEvent } from '@mantine/hooks'
import { isFocusNowhere } from '../scanner/text-fields.ts'

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }

/**
 * Up and down go from row to row of a table, by what each has marked `data-row-link`; down leads into them while the cursor
 * is nowhere. Enter then opens the row, as it does any link or button.
 */
export function useRowArrows(): void {
  useWindowEvent('keydown', (event) => {
    const step = STEPS[event.key]
    if (!step || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const rows = [...document.querySelectorAll<HTMLElement>('[data-row-link]')]
    const at = rows.findIndex((row) => row === document.activeElement)
    if (at < 0 && (step < 0 || !isFocusNowhere())) return
    const next = rows[at + step]
    if (!next) return
    next.focus()
    event.preventDefault()
  })
}
