import { setTimeout as pause } from 'node:timers/promises'
import type { Scan } from '../../../db/check/scan.ts'
import { SYNCED_TABLES, type SyncedTable } from '../../../db/schema/schema.ts'
import { homeOf, type Stream } from '../core/closure.ts'
import type { Columns, Value } from '../core/registers.ts'
import type { Known } from '../core/upgrade.ts'
import { dayOf, digestOfRow, type RowDigest } from './sums.ts'

/**
 * Reads all rows of tables, as they are compared: this is the one place that says what of a row both sides have to agree on. That is
 * every column but `updated_at`, which follows from the last write and differs where rows were dated back.
 */

/** How a table is read: its id, and the other columns in the order of their names, which is the same on both engines. */
type Reading = { table: SyncedTable; text: string; fields: readonly string[]; at: Places; cents: readonly number[] }
/** Where in a row a column stands that says of which stream and day it is; -1 where there is none. */
type Places = { created: number; store: number; role: number; isStaff: number }

/** A row as it was read; the day is in days since 1970 (UTC). */
export type Read = {
  table: SyncedTable
  id: number
  day: number
  /** `org` alone, or the stores whose machines have it. */
  streams: readonly Stream[]
  digest(): RowDigest
  /** Every column that is compared, but the id. */
  values(): Record<string, Value>
}

type Walk = {
  scan: Scan
  known: Known
  /** All of them where nothing is said. */
  tables?: readonly SyncedTable[]
  /** Whether rows are asked for that were brought into streams beside their own: head office alone knows of them. */
  withShares: boolean
  signal: AbortSignal
}

/** For how long it works in one go, in ms; then everybody else has as much time. */
const SLICE_MS = 20
/** Rows read at once: what they take is measured, and the next ones made to fit. */
const BATCH = { first: 200, least: 20, most: 1_000 }

/** Reads every row of the tables, hidden ones too, each slice as of its own moment; memory stays flat, and others have their turn. */
export async function walkRows(
  { scan, known, tables = SYNCED_TABLES, withShares, signal }: Walk,
  onRow: (row: Read) => void,
): Promise<void> {
  let size = BATCH.first
  let began = performance.now()
  for (const table of tables) {
    const reading = readingOf(table, known.columns.get(table)!)
    for (let [after, more] = [-1, true]; more;) {
      signal.throwIfAborted()
      const [from, limit] = [performance.now(), Math.floor(size)]
      const rows = await scan.rows(reading.text, [after, limit])
      const last = Number(rows.at(-1)?.[0])
      const shares = withShares && rows.length > 0 ? await sharesIn(scan, table, after, last) : NO_SHARES
      for (const row of rows) onRow(readOf(reading, row, shares))
      more = rows.length === limit
      if (more) after = last
      const now = performance.now()
      size = Math.min(BATCH.most, Math.max(BATCH.least, size * Math.min(2, SLICE_MS / 3 / Math.max(0.01, now - from))))
      if (now - began < SLICE_MS) continue
      await pause(now - began)
      began = performance.now()
    }
  }
}

function readingOf(table: SyncedTable, columns: Columns): Reading {
  const fields = [...columns.keys()].filter((name) => name !== 'id' && name !== 'updated_at').toSorted()
  const list = ['id', ...fields].map((name) => `"${name}"`).join(', ')
  const place = (name: string) => fields.indexOf(name) + 1 || -1
  return {
    table,
    text: `select ${list} from "${table}" where id > ? order by id limit ?`,
    fields,
    at: { created: place('created_at'), store: place('store_id'), role: place('role'), isStaff: place('is_staff') },
    cents: fields.flatMap((name, index) => (name.endsWith('_cents') ? [index + 1] : [])),
  }
}

type Shares = ReadonlyMap<number, readonly Stream[]>
const NO_SHARES: Shares = new Map()

async function sharesIn(scan: Scan, table: SyncedTable, after: number, last: number): Promise<Shares> {
  const text = 'select row_id, stream from share where entity = ? and row_id > ? and row_id <= ?'
  const found = (await scan.rows(text, [table, after, last])) as [number, Stream][]
  const shares = new Map<number, Stream[]>()
  for (const [id, stream] of found) shares.set(id, [...(shares.get(id) ?? []), stream])
  return shares
}

function readOf({ table, fields, at, cents }: Reading, row: readonly unknown[], shares: Shares): Read {
  const id = row[0] as number
  return {
    table,
    id,
    day: dayOf(row[at.created]),
    streams: streamsOf(table, at, row, shares.get(id)),
    digest: () =>
      digestOfRow(
        table,
        row,
        cents.reduce((sum, place) => sum + Number(row[place] ?? 0), 0),
      ),
    values: () => Object.fromEntries(fields.map((name, index) => [name, row[index + 1] as Value])),
  }
}

function streamsOf(table: SyncedTable, at: Places, row: readonly unknown[], shared: readonly Stream[] = []) {
  const value = (place: number) => (place < 0 ? null : (row[place] as Value))
  const home = homeOf(table, { store_id: value(at.store), role: value(at.role), is_staff: value(at.isStaff) })
  const all = [home, ...shared]
  return all.includes('org') ? ORG : [...new Set(all)]
}

const ORG: readonly Stream[] = ['org']
