import { nodeOf } from '../../server/domain/ids.ts'
import { parseDocumentNumber } from '../../server/domain/numbers.ts'
import type { DocumentFinding } from './findings.ts'
import type { Scan } from './scan.ts'

/**
 * Adds up the documents of money (money.md, E59): lines come to the total, legs to the total or, of a purchase, to its opposite,
 * shares to their leg and to their line; what takes a purchase back is its opposite; and the numbers of a series leave none out.
 */

/** How many documents of a series were read, and the highest number among them. */
export type SeriesRead = Record<string, { count: number; highest: number }>

/** Where the walk through the documents is: behind which id, and what it has counted. */
type Walk = { after: number; series: SeriesRead }

const SIGN = `case receipt.kind when 'purchase' then -1 else 1 end`
const sumOf = (what: string, from: string) => `(select cast(coalesce(sum(${what}), 0) as bigint) from ${from})`
const countOf = (from: string) => `(select cast(count(*) as bigint) from ${from})`

/** One document a row: its number, and how far each of its sums is from what it should come to. */
const TEXT = `select receipt.id, receipt.number,
    receipt.total_cents - ${sumOf('gross_cents', 'receipt_line where receipt_line.receipt_id = receipt.id')},
    receipt.total_cents * ${SIGN} - ${sumOf('amount_cents', 'leg where leg.receipt_id = receipt.id')},
    ${countOf(`leg where leg.receipt_id = receipt.id
      and amount_cents <> ${sumOf('leg_share.amount_cents', 'leg_share where leg_share.leg_id = leg.id')}`)},
    ${countOf(`receipt_line where receipt_line.receipt_id = receipt.id
      and gross_cents * ${SIGN} <> ${sumOf('amount_cents', 'leg_share where leg_share.line_id = receipt_line.id')}`)},
    ${countOf('receipt_line where receipt_line.receipt_id = receipt.id and gross_cents <> net_cents + tax_cents')},
    ${countOf(`receipt original where original.id = receipt.original_id
      and receipt.kind = 'purchase' and original.total_cents <> -receipt.total_cents`)}
  from receipt where receipt.id > ? order by receipt.id limit ?`

/** What each figure but the first two is about. */
const REASONS = ['lines', 'legs', 'leg-shares', 'line-shares', 'tax', 'original'] as const

/** Reads the next `limit` documents; returns what is wrong with them, and whether there are more. */
export async function readDocuments(
  walk: Walk,
  scan: Scan,
  limit: number,
): Promise<{ findings: DocumentFinding[]; more: boolean }> {
  const rows = (await scan.rows(TEXT, [walk.after, limit])) as [number, string, ...number[]][]
  const findings = rows.flatMap(([id, number, ...off]) => {
    count(walk.series, nodeOf(id), number)
    return REASONS.filter((_, index) => off[index] !== 0).map(
      (reason) => ({ kind: 'document', number, reason }) as const,
    )
  })
  walk.after = rows.at(-1)?.[0] ?? walk.after
  return { findings, more: rows.length === limit }
}

/** By machine: a shop that has joined brings numbers of its own, which another one may have given out too. */
function count(series: SeriesRead, node: number, number: string) {
  const read = parseDocumentNumber(number)
  if (!read) return
  const own = (series[`${node} ${read.store}-${read.terminal}-${read.letter}`] ??= { count: 0, highest: 0 })
  own.count += 1
  own.highest = Math.max(own.highest, read.n)
}

/** The series that are not 1 to n. */
export const seriesWithGaps = (series: SeriesRead): DocumentFinding[] =>
  Object.entries(series).flatMap(([label, { count: found, highest }]) =>
    found === highest
      ? []
      : [
          {
            kind: 'document',
            number: `${label.slice(label.indexOf(' ') + 1)}…`,
            reason: 'gap',
            found,
            highest,
          } as const,
        ],
  )
