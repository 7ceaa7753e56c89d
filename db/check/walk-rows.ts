import type { BlockEntry } from '../journal/block.ts'
import { SYNCED_TABLES } from '../schema/schema.ts'
import { addFence, headOf } from './fences.ts'
import type { Position } from './position.ts'
import { columnsOf, type Scan } from './scan.ts'
import { fieldHash, rowHash, sumOf, valueHash } from './sums.ts'

/** Reads the tables whose rows the journal tells of, and what it says of them. */

export type Fields = Record<string, unknown>

export const TABLES = SYNCED_TABLES
const INDEX: ReadonlyMap<string, number> = new Map(TABLES.map((table, index) => [table, index]))

/** Whether the rows of a table are held against what the journal says of them. */
export const isHeldAgainst = (table: string): boolean => INDEX.has(table)

/** The journal names a row by its id and does not say when it was last changed. */
const counts = (field: string) => field !== 'id' && field !== 'updated_at'

/** How a table is read: its fields in the order of `text`, after the row's id and the head of the journal. */
type Reading = { text: string; fields: string[]; hashes: number[] }
export type Readings = ReadonlyMap<string, Reading>

/** How each table is read. */
export async function readingsOf(scan: Scan): Promise<Readings> {
  const columns = await columnsOf(scan, TABLES)
  return new Map(
    TABLES.map((table) => {
      const fields = columns.get(table)!.filter(counts)
      const list = ['id', '(select seq from self)', ...fields.map((field) => `"${field}"`)]
      return [table, { text: `select ${list.join(', ')} from "${table}"`, fields, hashes: fields.map(fieldHash) }]
    }),
  )
}

type OnRow = (table: number, id: number, values: unknown[], reading: Reading) => void

/** Reads the next `limit` rows. Returns whether there is more to read. */
export async function readRows(
  position: Position,
  scan: Scan,
  readings: Readings,
  limit: number,
  onRow: OnRow,
): Promise<boolean> {
  const table = TABLES[position.table]
  if (table === undefined) return false
  const reading = readings.get(table)!
  const rows = await scan.rows(`${reading.text} where id > ? order by id limit ?`, [position.after, limit])
  for (const row of rows) onRow(position.table, row[0] as number, row, reading)
  // Where there are none, none was there when the journal ended with the last head that was seen.
  const [last = position.after, head = position.head] = (rows.at(-1) ?? []) as [number?, number?]
  position.head = head
  addFence(position.fences, table, last, head)
  if (rows.length < limit) Object.assign(position, { table: position.table + 1, after: -1 })
  else position.after = last
  return true
}

/** Adds a row to its sum, or takes it off. `values` begins with its id and a head. */
export function addRow(
  { sums }: Position,
  table: number,
  id: number,
  values: unknown[],
  { hashes }: Reading,
  sign: 1 | -1,
) {
  const row = rowHash(table, id)
  let sum = 0
  for (let i = 0; i < hashes.length; i++) sum = (sum + valueHash(row, hashes[i]!, values[i + 2])) | 0
  sums[sumOf(row)]! += sign * sum
}

/** What an entry says of a row: what it took away and what it put there. */
export type Change = { table: number; id: number; kind: string; before: Fields; after: Fields }

/**
 * What an entry says of a row that counts: null when it is about another thing than what is `wanted`, when the row was read
 * before it was written, or when something of the row was erased and it was not stated anew since.
 */
export function changeOf(
  { self, fences }: Position,
  erasedRows: Set<string>,
  entry: BlockEntry,
  wanted?: (table: number, id: number) => boolean,
): Change | null {
  const { origin, epoch, seq, entity, row_id: id, kind, salt } = entry
  const table = INDEX.get(entity)
  if (table === undefined || (wanted && !wanted(table, id))) return null
  if (origin === self.origin && epoch === self.epoch && seq > headOf(fences, entity, id)) return null
  if (salt === null) erasedRows.add(keyOf(entity, id))
  else if (erasedRows.size > 0 && kind === 'put') erasedRows.delete(keyOf(entity, id))
  if (erasedRows.size > 0 && erasedRows.has(keyOf(entity, id))) return null
  return { table, id, kind, ...bodyOf(entry) }
}

/** `deleted_at` and `created_at` are the entry's own time unless it says otherwise. */
export function bodyOf({ kind, at, before, after }: BlockEntry): { before: Fields; after: Fields } {
  const gone = before === null ? {} : parsed(before)
  if (kind === 'del') return { before: gone, after: { deleted_at: at } }
  const come = after === null ? {} : parsed(after)
  if (kind !== 'patch' && come['created_at'] === undefined) come['created_at'] = at
  return { before: gone, after: come }
}

const parsed = (text: string) => JSON.parse(text) as Fields // As `rows.ts` wrote it.

export const keyOf = (table: string, id: number) => `${table} ${id}`

/** Takes what an entry says off the sum of its row. */
export function subtract({ sums }: Position, hashes: Map<string, number>, { table, id, before, after }: Change) {
  const row = rowHash(table, id)
  const sum = sumOf(row)
  sums[sum]! += hashAll(row, before, hashes) - hashAll(row, after, hashes)
}

function hashAll(row: number, fields: Fields, hashes: Map<string, number>): number {
  let sum = 0
  for (const field in fields) {
    let hash = hashes.get(field)
    if (hash === undefined) hashes.set(field, (hash = fieldHash(field)))
    if (counts(field)) sum = (sum + valueHash(row, hash, fields[field])) | 0
  }
  return sum
}
