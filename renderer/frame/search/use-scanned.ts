import { useEffect, useRef } from 'react'
import { writeScan, type Scan } from '../../ui/scanner/scan.ts'
import { useKeptScan, useScanner } from '../../ui/scanner/scanner.ts'
import { openDialog } from '../../ui/scanner/text-fields.ts'
import { useShortcutLayers } from '../../ui/scanner/shortcuts.ts'
import { rowsMeant } from './meant.ts'
import { rowsOf, searchAnything, type Row } from './search.ts'

type SearchActions = { choose: (row: Row) => void; show: (code: string) => void }

/**
 * Scans that no screen wants: one answer is opened, several are shown to choose from; without an Enter all are shown.
 * Answers how a code is opened.
 */
export function useScanned({ choose, show }: SearchActions) {
  /** Counts the codes: an answer that comes after the next one was scanned is of no use any more. */
  const count = useRef(0)
  useScanner((scan, ended) => {
    if (ended) void openScanned(scan)
    else showScanned(writeScan(scan))
    return true
  })
  useShowKeptScan(showScanned)
  return openScanned

  function showScanned(code: string) {
    count.current++
    show(code)
  }

  async function openScanned(scan: Scan) {
    const mine = ++count.current
    const code = writeScan(scan)
    const answer = await searchAnything(code).catch(() => undefined)
    if (mine !== count.current) return
    if (openDialog()) return useKeptScan.setState({ code })
    const [only, ...others] = rowsMeant(answer ? rowsOf(answer) : [], scan)
    if (only && others.length === 0) choose(only)
    else show(code)
  }
}

/** Shows what was scanned while a dialog was open, once the dialog has closed and returned the focus. */
function useShowKeptScan(show: (code: string) => void) {
  const code = useKeptScan((state) => state.code)
  const busy = useShortcutLayers(({ layers }) => layers.some(({ dialog }) => dialog))
  useEffect(() => {
    if (code === null || busy) return
    let frame = requestAnimationFrame(look)
    return () => cancelAnimationFrame(frame)

    function look(_: number, free = 0) {
      const still = openDialog() ? 0 : free + 1
      if (still <= FOCUS_RETURN_FRAMES) {
        frame = requestAnimationFrame((now) => look(now, still))
        return
      }
      useKeptScan.setState({ code: null })
      if (code !== null) show(code)
    }
    // `show` is another function with every drawing, and does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [code, busy])
}

/** A dialog returns the focus a few frames after it has closed. */
const FOCUS_RETURN_FRAMES = 4
