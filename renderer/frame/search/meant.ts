import { isOpen } from '../../../server/domain/repair-status.ts'
import { isDocument, type Scan } from '../../ui/scanner/scan.ts'
import type { Row } from './search.ts'

/**
 * The rows that a code means, of all that were found with it. A number that a ticket and another ticket's receipt bear is both:
 * somebody has to choose.
 */
export function rowsMeant(rows: Row[], scan: Scan): Row[] {
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

/**
 * The repairs whose device is in the shop, to be worked on or picked up, and one that bears the digits as its own number.
 * Where there is none, a device's only repair, though it was handed over.
 */
function repairsMeant(rows: Row[], number: number): Row[] {
  const tickets = rows.filter((row) => row.kind === 'ticket')
  const meant = tickets.filter(
    ({ hit }) => isOpen(hit.status) || hit.ready || Number(/\d+$/.exec(hit.ticket_number)?.[0] ?? NaN) === number,
  )
  const isOfDevice = rows.every(({ kind }) => kind === 'ticket' || kind === 'device')
  return meant.length === 0 && isOfDevice ? tickets : meant
}

const sameNumber = (a: string, b: string) => a.toLowerCase() === b.trim().toLowerCase()
