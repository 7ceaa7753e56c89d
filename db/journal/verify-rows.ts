import { setTimeout as pause } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import type { JournalEntry } from '../../server/domain/chain.ts'
import { type Db, QUERY } from '../handle.ts'
import { SYNCED_TABLES, type SyncedTable } from '../schema/schema.ts'

/**
 * Compares every row with what the journal says of it. Both sides are added up as they pass, one hash for each field, in
 * a few thousand sums per table: a row that was changed, added or taken away past the journal leaves a sum that does not
 * agree. Only the rows behind such a sum are looked at one by one. However long the journal is, memory stays flat.
 */

/** A row that is not as the journal says; `fields` is empty for one that is missing or that the journal does not know. */
export type RowMismatch = {
  table: SyncedTable
  row_id: number
  reason: 'changed' | 'missing' | 'unknown'
  fields: string[]
}

/** Every synced table but the two whose first rows come before the journal. */
const TABLES = SYNCED_TABLES.filter((table) => table !== 'store' && table !== 'node')

const SUMS_PER_TABLE = 4_096
const BATCH = 1_000

type Fields = Record<string, unknown>
type Change = { at: Place; before: Fields; after: Fields }

/** Where an entry of this node is: a restore begins a new epoch, whose entries come after all of the former one. */
type Place = { epoch: number; seq: number }
const NOWHERE: Place = { epoch: 0, seq: 0 }
const isAfter = (a: Place, b: Place) => (a.epoch === b.epoch ? a.seq > b.seq : a.epoch > b.epoch)

export type Tally = { addEntry(entry: JournalEntry): void; sums: Map<string, Uint32Array>; erased: Set<string> }

/** Adds up what the journal says, entry by entry. A row of which something was erased counts from where it is stated anew. */
export function openTally(): Tally {
  const sums = new Map<string, Uint32Array>(TABLES.map((table) => [table, new Uint32Array(SUMS_PER_TABLE)]))
  const erased = new Set<string>()
  return {
    sums,
    erased,
    addEntry: (entry) => {
      const sum = sums.get(entry.entity)
      if (!sum) return
      if (entry.salt === null) erased.add(keyOf(entry.entity, entry.row_id))
      else if (entry.kind === 'put') erased.delete(keyOf(entry.entity, entry.row_id))
      if (erased.has(keyOf(entry.entity, entry.row_id))) return
      const { before, after } = changeOf(entry)
      add(sum, entry.row_id, before, -1)
      add(sum, entry.row_id, after, 1)
    },
  }
}

const keyOf = (table: string, id: number) => `${table} ${id}`

/** What an entry took away and what it put there; `deleted_at` and `created_at` are its own time unless it says otherwise. */
function changeOf({ epoch, seq, kind, at: written, before, after }: JournalEntry): Change {
  const at = { epoch, seq }
  const removed = before === null ? {} : (JSON.parse(before) as Fields)
  if (kind === 'del') return { at, before: removed, after: { deleted_at: written } }
  const added = after === null ? {} : (JSON.parse(after) as Fields)
  return { at, before: removed, after: kind === 'patch' ? added : { created_at: written, ...added } }
}

/** The first row, in the order of the tables, that is not as the entries which `tally` has heard say; null when all are. */
export async function findRowMismatch(db: Db, tally: Tally): Promise<RowMismatch | null> {
  for (const table of TABLES) {
    const sum = tally.sums.get(table)!
    await eachRow(db, table, ({ id, ...fields }) => {
      if (!tally.erased.has(keyOf(table, id))) add(sum, id, fields, -1)
    })
    const mismatched = new Set([...sum.keys()].filter((index) => sum[index] !== 0))
    const mismatch = mismatched.size > 0 ? await compareRows(db, table, mismatched, tally.erased) : null
    if (mismatch) return mismatch
  }
  return null
}

type Row = Fields & { id: number }

async function eachRow(db: Db, table: SyncedTable, visit: (row: Row) => void) {
  for (let after = -1, read = BATCH; read === BATCH;) {
    const rows = await select<Row>(db, `select * from "${table}" where id > ${after} order by id limit ${BATCH}`)
    for (const row of rows) visit(row)
    read = rows.length
    after = rows.at(-1)?.id ?? after
    await pause(1)
  }
}

async function select<R>(db: Db, text: string): Promise<R[]> {
  return (await db[QUERY].executeQuery<R>(CompiledQuery.raw(text))).rows
}

/** Plays what the journal says of the rows behind odd sums; a server may have written since they were added up. */
async function compareRows(
  db: Db,
  table: SyncedTable,
  mismatched: ReadonlySet<number>,
  erased: ReadonlySet<string>,
): Promise<RowMismatch | null> {
  const known = new Map<number, Change[]>()
  const isMismatched = (id: number) => mismatched.has(id % SUMS_PER_TABLE) && !erased.has(keyOf(table, id))
  let readUpTo = await collect(db, table, isMismatched, known, NOWHERE)
  const ids = new Set(known.keys())
  await eachRow(db, table, ({ id }) => {
    if (isMismatched(id)) ids.add(id)
  })
  for (const id of [...ids].toSorted((a, b) => a - b)) {
    const head = 'n.epoch as head_epoch, n.seq as head_seq'
    const [row] = await select<Row & Head>(
      db,
      `select t.*, ${head} from "${table}" t, node n where t.id = ${id} and n.is_self = 1`,
    )
    const upTo = row ? { epoch: row.head_epoch, seq: row.head_seq } : readUpTo
    if (isAfter(upTo, readUpTo)) readUpTo = await collect(db, table, isMismatched, known, readUpTo)
    const mismatch = compare(
      table,
      id,
      row,
      (known.get(id) ?? []).filter(({ at }) => !isAfter(at, upTo)),
    )
    if (mismatch) return mismatch
  }
  return null
}

type Head = { head_epoch: number; head_seq: number }

/** Gathers the changes of odd rows after `from`; returns how far it came. */
async function collect(
  db: Db,
  table: string,
  isMismatched: (id: number) => boolean,
  known: Map<number, Change[]>,
  from: Place,
): Promise<Place> {
  let reached = from
  for (let read = BATCH; read === BATCH;) {
    const after = `(epoch, seq) > (${reached.epoch}, ${reached.seq})`
    const entries = await select<JournalEntry>(
      db,
      `select * from journal where origin = (select id from node where is_self = 1) and ${after}
        order by epoch, seq limit ${BATCH}`,
    )
    for (const entry of entries)
      if (entry.entity === table && isMismatched(entry.row_id)) {
        const before = entry.kind === 'put' ? [] : (known.get(entry.row_id) ?? [])
        known.set(entry.row_id, [...before, changeOf(entry)])
      }
    read = entries.length
    reached = entries.at(-1) ?? reached
    await pause(1)
  }
  return reached
}

function compare(
  table: SyncedTable,
  row_id: number,
  row: (Row & Head) | undefined,
  changes: Change[],
): RowMismatch | null {
  if (!row) return { table, row_id, reason: 'missing', fields: [] }
  if (changes.length === 0) return { table, row_id, reason: 'unknown', fields: [] }
  const journaled: Fields = Object.assign({}, ...changes.map(({ after }) => after))
  const fields = Object.keys(row).filter(
    (field) => isCompared(field) && !HEAD.has(field) && (row[field] ?? null) !== (journaled[field] ?? null),
  )
  return fields.length > 0 ? { table, row_id, reason: 'changed', fields } : null
}

const HEAD: ReadonlySet<string> = new Set<keyof Head>(['head_epoch', 'head_seq'])

/** The journal names a row by its id and does not say when it was last changed. */
const isCompared = (field: string) => field !== 'id' && field !== 'updated_at'

function add(sum: Uint32Array, id: number, fields: Fields, sign: 1 | -1) {
  const index = id % SUMS_PER_TABLE
  let total = sum[index]!
  for (const field in fields) {
    const value = fields[field]
    if (value !== null && isCompared(field)) total += sign * hashOf(id, field, value)
  }
  sum[index] = total
}

/** FNV-1a; enough to notice a change, and the journal's chain is what cannot be forged. */
function hashOf(id: number, field: string, value: unknown): number {
  const text = `${id} ${field} ${typeof value} ${String(value)}`
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
