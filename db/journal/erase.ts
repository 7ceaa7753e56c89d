import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Clock, compareClocks } from '../../server/domain/time/write-order.ts'
import { type Actor, type Db, QUERY, type Trx } from '../handle.ts'
import type { Database } from '../database.ts'
import { eraseHeard } from '../fleet/heard.ts'
import { rejournal } from '../rows.ts'
import { isArchived, noteArchivedErasure } from './archive.ts'
import { type BlockEntry, isBlock, withoutBodies } from './block.ts'
import { cartsToldOf, entriesAbout, entriesBetween } from './entries.ts'
import { entriesAt } from './ops.ts'
import { readShapes, saveShapes } from './shapes.ts'
import { SYNC_RULES } from '../schema/sync-rules.ts'
import { MINTED_LOCAL_TABLES, type MintedLocalTable, type SyncedTable } from '../schema/schema.ts'

/**
 * Erases what the journal says of rows: bodies and salts go, header, digest and chain stay, so that the journal still
 * verifies and nobody can try out what was there. An entry of its own says which bodies were erased, so that a body that
 * somebody blanked past the program is found out; and the rows are stated anew, so that what is left of them is still
 * held against the journal.
 */

/** The rows whose past is to be forgotten; of a table of this machine alone, what an older program told of them. */
export type ErasedRows = Partial<Record<SyncedTable | MintedLocalTable, readonly number[]>>

/** Where an entry is. */
type EntryKey = { origin: number; epoch: number; seq: number }

/** Oldest first: a restored database counts its entries from one again. */
const byPlace = (a: EntryKey, b: EntryKey) => a.origin - b.origin || a.epoch - b.epoch || a.seq - b.seq

/** What an entry of the kind `erase` says: the bodies that were erased in the same transaction. */
export type Erased = { origin: number; epoch: number; seqs: readonly number[] }

/** Entries erased in one transaction, and rows stated anew. */
const BATCH = 200

/** Erases the entries about `rows`, and about carts that people of them had, that are in the journal now; returns how many had something to erase. */
export async function eraseBodies(database: Database, by: Actor, rows: ErasedRows): Promise<number> {
  const all = { ...rows, cart: [...(rows.cart ?? []), ...(await cartsOf(database.db, rows))] }
  const stale = [...(await historiesOf(database.db, all)).values()]
    .filter((history) => !isErased(history))
    .toSorted(byPut)
  const keys = stale.flatMap(({ entries }) => entries).toSorted(byPlace)
  await tellFleet(database, by, stale)
  for (let start = 0; start < keys.length; start += BATCH) {
    await database.write(by, (trx) => eraseAt(trx, keys.slice(start, start + BATCH)))
    await pause(5)
  }
  for (let start = 0; start < stale.length; start += BATCH) {
    await database.write(by, async (trx) => {
      for (const { entity, row_id } of stale.slice(start, start + BATCH))
        if (isSynced(entity)) await rejournal(trx, entity, row_id)
    })
    await pause(5)
  }
  await eraseWordsOfOthers(database, by, rows)
  return keys.length
}

/** Whoever hears of these rows for the first time takes what a row refers to before it: in the order of `SYNC_RULES`. */
const byPut = (a: RowHistory, b: RowHistory) => placeOf(a) - placeOf(b)
const PLACES = new Map(Object.keys(SYNC_RULES).map((table, place) => [table, place]))
const placeOf = ({ entity }: RowHistory) => PLACES.get(entity) ?? PLACES.size

/** Rows that one entry names. */
const ROWS_SAID = 5_000

/**
 * Head office says to its fleet which rows these are, before any of it goes: whoever hears it erases all that was said of them
 * before, and what comes later and is older comes in without its words.
 */
async function tellFleet({ db, write }: Database, by: Actor, stale: readonly RowHistory[]) {
  const { role } = await db.selectFrom('self').select('role').executeTakeFirstOrThrow()
  const named = stale.filter(({ entity }) => isSynced(entity))
  if (role !== 'head-office' || named.length === 0) return
  await write(by, async (trx) => {
    for (let start = 0; start < named.length; start += ROWS_SAID) {
      const some = named.slice(start, start + ROWS_SAID)
      const ids = Map.groupBy(some, ({ entity }) => entity)
      const rows = Object.fromEntries([...ids].map(([entity, of]) => [entity, of.map(({ row_id }) => row_id)]))
      const after = JSON.stringify({ rows })
      trx.act.ops.push({ entity: 'journal', row_id: some[0]!.row_id, kind: 'erase', before: null, after })
    }
  })
}

/** What a terminal has heard of the rows, and what lost there. */
async function eraseWordsOfOthers(database: Database, by: Actor, rows: ErasedRows) {
  const { db } = database
  const heard = db.selectFrom('heard').select('seq').limit(1).executeTakeFirst()
  const lost = db.selectFrom('conflict').select('seq').limit(1).executeTakeFirst()
  if (!(await heard) && !(await lost)) return
  const keys = Object.entries(rows).flatMap(([table, ids]) => {
    const entity = table as RowHistory['entity'] // The keys of `ErasedRows`.
    return isSynced(entity) ? ids.map((row_id) => ({ entity, row_id })) : []
  })
  for (let start = 0; start < keys.length; start += BATCH) {
    await database.write(by, async (trx) => {
      for (const { entity, row_id } of keys.slice(start, start + BATCH)) await eraseHeard(trx, entity, row_id)
    })
    await pause(5)
  }
}

/** Whose a cart was, an older program told the journal: without that nobody knows who put what into one. */
async function cartsOf(db: Db, { user = [] }: ErasedRows): Promise<number[]> {
  if (user.length === 0) return []
  const told = db.selectFrom('journal').select('seq').where('entity', '=', 'cart').limit(1).executeTakeFirst()
  const packed = db.selectFrom('journal_shape').select('id').where('entity', '=', 'cart').limit(1).executeTakeFirst()
  return (await told) || (await packed) ? await cartsToldOf(db, user) : []
}

/** A row, the last of its entries that was erased before, whoever wrote it, and those that still speak of it. */
type RowHistory = {
  entity: SyncedTable | MintedLocalTable
  row_id: number
  lastErased: Clock | null
  entries: (Clock & { kind: string })[]
}

/** Nothing is left of it but what it was when it was stated anew. */
const isErased = ({ entity, lastErased, entries: [entry, ...others] }: RowHistory) =>
  isSynced(entity)
    ? lastErased !== null && entry?.kind === 'put' && others.length === 0 && compareClocks(entry, lastErased) > 0
    : entry === undefined

const isSynced = (entity: SyncedTable | MintedLocalTable): entity is SyncedTable =>
  !MINTED_LOCAL_TABLES.some((table) => table === entity)

async function historiesOf(db: Db, rows: ErasedRows): Promise<Map<string, RowHistory>> {
  const histories = new Map<string, RowHistory>()
  for (const [table, ids] of Object.entries(rows))
    for (const row_id of ids) {
      const entity = table as RowHistory['entity'] // The keys of `ErasedRows`.
      histories.set(`${entity} ${row_id}`, { entity, row_id, lastErased: null, entries: [] })
    }
  for await (const { origin, epoch, seq, hlc, stamp, entity, row_id, kind, salt } of entriesAbout(db, rows)) {
    const history = histories.get(`${entity} ${row_id}`)
    if (!history) continue
    const key = { origin, epoch, seq, stamp: stamp ?? hlc }
    if (salt !== null) history.entries.push({ ...key, kind })
    else if (history.lastErased === null || compareClocks(key, history.lastErased) > 0) history.lastErased = key
  }
  return histories
}

/** Takes the bodies out of entries of this journal, whoever wrote them, and says so in it. */
export async function eraseAt(trx: Trx, keys: readonly EntryKey[]): Promise<void> {
  if (keys.length === 0) return
  await blankAt(trx, keys)
  recordErasure(
    trx,
    keys.filter((key) => !isArchived(key)),
  )
  await noteArchivedErasure(trx, keys.filter(isArchived))
}

/** Erases bodies of this node's own chain, as another has asked for, and says so as if it had begun it. */
export async function eraseOwnBodies(trx: Trx, { origin, epoch, seqs }: Erased): Promise<void> {
  const stretch = { origin, epoch, after: Math.min(...seqs) - 1, upTo: Math.max(...seqs) }
  const keys: EntryKey[] = []
  for await (const { seq, salt } of entriesBetween(trx, stretch))
    if (salt !== null && seqs.includes(seq)) keys.push({ origin, epoch, seq })
  if (keys.length > 0) await eraseAt(trx, keys)
}

/**
 * Blanks bodies of another node's chain, of which that node has said in its chain that they are erased: as far as they are here, and
 * of none that says itself what was erased.
 */
export async function blankBodies(trx: Trx, { origin, epoch, seqs }: Erased): Promise<void> {
  const places = seqs.map((seq) => ({ origin, epoch, seq }))
  const named = new Set(seqs)
  // What lies between two of them is read too.
  const found = (await entriesAt(trx, places)).values().filter((entry) => named.has(entry.seq) && speaksOfRow(entry))
  await blankAt(trx, [...found])
}

/** Whether an entry has a body that may be erased. */
const speaksOfRow = ({ salt, entity, kind }: BlockEntry) => salt !== null && entity !== 'journal' && kind !== 'erase'

async function blankAt(trx: Trx, keys: readonly EntryKey[]) {
  const query = trx[QUERY]
  const shapes = await readShapes(query)
  for (const { origin, epoch, seq } of keys) {
    // The row that holds the entry: itself, or the block that it is in.
    const row = await query
      .selectFrom('journal')
      .selectAll()
      .where('origin', '=', origin)
      .where('epoch', '=', epoch)
      .where('seq', '>=', seq)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirstOrThrow()
    if (!isBlock(row))
      await sql`update journal set before = null, after = null, salt = null where origin = ${origin} and epoch = ${epoch} and seq = ${seq}`.execute(
        query,
      )
    else {
      const { pack, digest } = withoutBodies(row, new Set([seq]), shapes)
      await sql`update journal set pack = ${pack}, digest = ${digest} where origin = ${origin} and epoch = ${epoch} and seq = ${row.seq}`.execute(
        query,
      )
    }
  }
  await saveShapes(query, shapes)
}

/** Says in the journal that the bodies of these entries were erased: one entry for each chain. */
function recordErasure(trx: Trx, keys: readonly EntryKey[]): void {
  for (const [, [first, ...more]] of Map.groupBy(keys, ({ origin, epoch }) => `${origin}/${epoch}`)) {
    const { origin, epoch, seq } = first!
    const erased: Erased = { origin, epoch, seqs: [seq, ...more.map((key) => key.seq)] }
    trx.act.ops.push({ entity: 'journal', row_id: seq, kind: 'erase', before: null, after: JSON.stringify(erased) })
  }
}
