import { useEffect, type RefObject } from 'react'
import type { Paper } from './papers.ts'

/** Millimetres. `height` is null for a roll: as long as what stands on it. */
type SheetSize = { width: number; height: number | null }

const PAPER_SIZES_MM: Record<Paper, SheetSize> = {
  stub: { width: 80, height: null },
  receipt: { width: 80, height: null },
  label: { width: 62, height: 29 },
  order: { width: 210, height: 297 },
}

const PX_PER_MM = 96 / 25.4
/** Blank paper under the last line, so that the printer's cutter does not cut into it. */
const CUTTER_MARGIN_MM = 4

/** Tells the browser's printing how large this paper's pages are, for as long as it is shown. */
export function useSheetSize(paper: Paper, sheet: RefObject<HTMLElement | null>) {
  useEffect(() => {
    // A constructed style sheet needs neither a nonce nor an inline style.
    const rules = new CSSStyleSheet()
    const write = () => rules.replaceSync(`@page { size: ${pageSize(paper, sheet.current)}; margin: 0 }`)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules]
    const watcher = new ResizeObserver(write)
    if (sheet.current) watcher.observe(sheet.current)
    write()
    return () => {
      watcher.disconnect()
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== rules)
    }
  }, [paper, sheet])
}

function pageSize(paper: Paper, sheet: HTMLElement | null): string {
  const { width, height } = PAPER_SIZES_MM[paper]
  const shown = (sheet?.getBoundingClientRect().height ?? 0) / PX_PER_MM
  return `${width}mm ${height ?? Math.ceil(shown + CUTTER_MARGIN_MM)}mm`
}
