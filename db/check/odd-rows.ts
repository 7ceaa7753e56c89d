import type { Finding, RowFinding } from './findings.ts'
import { type Position } from './position.ts'
import { type Change, type Fields, keyOf, TABLES } from './walk-rows.ts'
import { rowHash, sumOf } from './sums.ts'

/** How many odd sums are looked at closely; each holds some sixty rows of a million. */
const MAX_SUMS_EXAMINED = 32

/** The rows behind sums that do not agree, and what the journal says of them. */
export type OddRows = {
  holds(table: number, id: number): boolean
  addRow(table: number, id: number, fields: readonly string[], values: readonly unknown[]): void
  addChange(change: Change): void
  findings(without: (key: string) => boolean): RowFinding[]
}

/** The sums that do not agree, as many as are looked at. */
export const oddSums = ({ sums }: Position): number[] =>
  [...sums.keys()].filter((sum) => sums[sum] !== 0).slice(0, MAX_SUMS_EXAMINED)

export function openOddRows(position: Position): OddRows {
  const odd = new Set(oddSums(position))
  const rows = new Map<string, Row>()
  const said = new Map<string, Row>()
  return {
    holds: (table, id) => odd.has(sumOf(rowHash(table, id))),
    addRow: (table, id, fields, values) =>
      rows.set(keyOf(TABLES[table]!, id), {
        table,
        id,
        fields: Object.fromEntries(fields.map((field, index) => [field, values[index + 2]])),
      }),
    addChange: ({ table, id, kind, after }) => {
      const key = keyOf(TABLES[table]!, id)
      const before = kind === 'put' ? {} : said.get(key)?.fields
      said.set(key, { table, id, fields: { ...before, ...after } })
    },
    findings: (without) =>
      [...new Map([...said, ...rows])]
        .filter(([key]) => !without(key))
        .toSorted(([, a], [, b]) => a.table - b.table || a.id - b.id)
        .flatMap(([key, row]) => compare(row, rows.get(key)?.fields, said.get(key)?.fields)),
  }
}

type Row = { table: number; id: number; fields: Fields }

function compare({ table, id: row_id }: Row, row: Fields | undefined, said: Fields | undefined): RowFinding[] {
  const finding = { kind: 'row', table: TABLES[table]!, row_id } as const
  if (!row) return [{ ...finding, reason: 'missing', fields: [] }]
  if (!said) return [{ ...finding, reason: 'unknown', fields: [] }]
  const fields = Object.keys(row).filter((field) => (row[field] ?? null) !== (said[field] ?? null))
  return fields.length > 0 ? [{ ...finding, reason: 'changed', fields }] : []
}

/** Whether a finding is about an entry of a row: what the journal says of that row is not known. */
export const isAbout = (key: string, finding: Finding) =>
  finding.kind === 'entry' && finding.entity !== null && keyOf(finding.entity, finding.row_id!) === key
