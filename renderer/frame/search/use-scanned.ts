import { useEffect, useRef } from 'react'
import { isOpen } from '../../../server/domain/repair-status.ts'
import { isDocument, writeScan, type Scan } from '../../ui/scanner/scan.ts'
import { useKeptScan, useScanner } from '../../ui/scanner/scanner.ts'
import { openDialog } from '../../ui/scanner/text-fields.ts'
import { useShortcutLayers } from '../../ui/scanner/shortcuts.ts'
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
    const [only, ...others] = candidates(answer ? rowsOf(answer) : [], scan)
    if (only && others.length === 0) choose(only)
    else show(code)
  }
}

/** A number that a ticket and another ticket's receipt bear is both: somebody has to choose. */
function candidates(rows: Row[], scan: Scan): Row[] {
  const { kind, value } = scan
  const exact = rows.filter((row) => isNamed(row, scan))
  if (isDocument(scan) || exact.length > 0) return exact
  const repairs = kind === 'text' && ENDING.test(value) ? repairsMeant(rows, Number(value)) : []
  return repairs.length === 1 ? repairs : rows
}

/** Whether it is the document with this number. */
function isNamed(row: Row, { kind, value }: Scan): boolean {
  if (kind === 'request') return row.kind === 'request' && String(row.hit.id) === value.trim()
  const isReceipt = (number: string) => kind !== 'ticket' && sameNumber(number, value)
  if (row.kind === 'purchase') return isReceipt(row.hit.number)
  if (row.kind === 'web-order') return isReceipt(row.hit.receipt_number)
  if (row.kind !== 'ticket') return false
  return (kind !== 'receipt' && sameNumber(row.hit.ticket_number, value)) || isReceipt(row.hit.receipt_number ?? '')
}

/** As people say which device it is: the end of its number, or of its owner's phone number. */
const ENDING = /^(?=.*\d)[a-z\d]{4,6}$/i

/** The repairs that are open, and one that bears the digits as its own number. */
const repairsMeant = (rows: Row[], number: number) =>
  rows.filter(
    (row) =>
      row.kind === 'ticket' &&
      (isOpen(row.hit.status) || Number(/\d+$/.exec(row.hit.ticket_number)?.[0] ?? NaN) === number),
  )

const sameNumber = (a: string, b: string) => a.toLowerCase() === b.trim().toLowerCase()

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
