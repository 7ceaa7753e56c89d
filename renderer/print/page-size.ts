import { useEffect, type RefObject } from 'react'

/** Millimetres. `height` is null for a roll: as long as what stands on it. */
export type SheetSize = { width: number; height: number | null }

export const ROLL: SheetSize = { width: 80, height: null }
export const LABEL: SheetSize = { width: 62, height: 29 }

const PX_PER_MM = 96 / 25.4
/** Blank paper under the last line, so that the printer's cutter does not cut into it. */
const CUTTER_MARGIN_MM = 4

/** Tells the browser's printing how large this paper's pages are, for as long as it is shown. */
export function useSheetSize(size: SheetSize, sheet: RefObject<HTMLElement | null>) {
  useEffect(() => {
    // A constructed style sheet needs neither a nonce nor an inline style.
    const rules = new CSSStyleSheet()
    const write = () => rules.replaceSync(`@page { size: ${pageSize(size, sheet.current)}; margin: 0 }`)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules]
    const watcher = new ResizeObserver(write)
    if (sheet.current) watcher.observe(sheet.current)
    write()
    return () => {
      watcher.disconnect()
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== rules)
    }
  }, [size, sheet])
}

function pageSize({ width, height }: SheetSize, sheet: HTMLElement | null): string {
  const shown = (sheet?.getBoundingClientRect().height ?? 0) / PX_PER_MM
  return `${width}mm ${height ?? Math.ceil(shown + CUTTER_MARGIN_MM)}mm`
}
