import { linkOf } from '../../server/domain/chain.ts'
import { run } from '../engines/sql-text.ts'
import { type Db, QUERY } from '../handle.ts'
import type { ChainKey } from '../fleet/origin-heads.ts'
import { heardAt } from '../fleet/heard.ts'
import { idsBefore } from '../fleet/id-alias.ts'
import type { HeardTable } from '../schema/fleet-tables.ts'
import type { JournalTable, SyncedTable } from '../schema/schema.ts'
import { isWaiting, type TransactionKey } from '../fleet/waiting.ts'
import { isArchived } from './archive.ts'
import { type BlockEntry, entriesOf, isBlock } from './block.ts'
import { entriesBetween } from './entries.ts'
import { sha256 } from './journal.ts'
import { readShapes } from './shapes.ts'

/** Finds ops that are kept: in the journal, and at a terminal what others wrote in `heard`. */

/** An op that is kept. `digest` is null where its body says it; `stamp` where it is judged by its `hlc`. */
export type KeptOp = Omit<BlockEntry, 'digest'> & { digest: string | null }

/** The ops about a row that were applied and are kept, in no order. @throws BlockDamaged */
export async function opsAbout(db: Db, entity: SyncedTable, row_id: number): Promise<KeptOp[]> {
  const applied: KeptOp[] = []
  for (const op of await keptAbout(db, entity, row_id)) if (!(await isWaiting(db, op))) applied.push(op)
  return applied
}

/** The same with those that wait. @throws BlockDamaged */
export async function keptAbout(db: Db, entity: SyncedTable, row_id: number): Promise<KeptOp[]> {
  const journaled = (await journaledAbout(db, entity, row_id)).filter((op) => !isArchived(op))
  return eachOnce([...journaled, ...(await heardAbout(db, entity, row_id))])
}

/** What the archive of a shop that has joined says of a row, by what it was called then. @throws BlockDamaged */
export async function archivedAbout(db: Db, entity: SyncedTable, row_id: number): Promise<KeptOp[]> {
  const found: KeptOp[] = []
  for (const old of (await idsBefore(db, entity, [row_id])).get(row_id)!)
    found.push(...(await journaledAbout(db, entity, old)).filter(isArchived))
  return eachOnce(found)
}

const journaledAbout = async (db: Db, entity: SyncedTable, row_id: number): Promise<KeptOp[]> => [
  ...(await indexedAbout(db, entity, row_id)),
  ...(await unpackedAbout(db, entity, row_id)),
]

const eachOnce = (ops: readonly KeptOp[]): KeptOp[] => [
  ...new Map(ops.map((op) => [`${op.origin} ${op.epoch} ${op.seq}`, op])).values(),
]

async function indexedAbout(db: Db, entity: SyncedTable, row_id: number): Promise<KeptOp[]> {
  const text = `select journal.* from journal_shape shape
    join journal_row at on at.entity = shape.id and at.row_id = ?
    join journal on journal.origin = at.origin and journal.epoch = at.epoch and journal.seq = at.seq
    where shape.entity = ? and shape.fields = '[]'`
  const rows = await run<JournalTable>(db[QUERY], db.engine, text, [row_id, entity])
  const shapes = rows.some(isBlock) ? await readShapes(db) : null
  const ops = rows.flatMap((row): KeptOp[] => (isBlock(row) ? entriesOf(row, shapes!) : [row]))
  return ops.filter((op) => op.entity === entity && op.row_id === row_id)
}

/** What is not packed is found by an index of its own. */
const unpackedAbout = (db: Db, entity: SyncedTable, row_id: number) =>
  run<JournalTable>(db[QUERY], db.engine, UNPACKED, [row_id, entity])

const UNPACKED = 'select * from journal where row_id = ? and entity = ? and pack is null'

const heardAbout = (db: Db, entity: SyncedTable, row_id: number) =>
  run<HeardTable>(db[QUERY], db.engine, 'select * from heard where entity = ? and row_id = ?', [entity, row_id])

/**
 * The ops of a transaction of another node, in their order, the first `most` of them: from the journal of head office, or as far
 * as a terminal heard them.
 */
export async function opsOfTransaction(
  db: Db,
  { origin, epoch, tx }: TransactionKey,
  most = 1_000_000,
): Promise<KeptOp[]> {
  const heard = 'select * from heard where origin = ? and epoch = ? and tx = ? order by seq limit ?'
  const ops: KeptOp[] = await run<HeardTable>(db[QUERY], db.engine, heard, [origin, epoch, tx, most])
  if (ops.length > 0) return ops
  for await (const entry of entriesBetween(db, { origin, epoch, after: tx - 1 })) {
    if (entry.tx !== tx || ops.length >= most) break
    ops.push(entry)
  }
  return ops
}

/** Ops of the journal that lie closer than this are read together. */
const GAP = 64

/** The entries of these places, by `origin epoch seq`. @throws BlockDamaged */
export async function entriesAt(
  db: Db,
  places: readonly (ChainKey & { seq: number })[],
): Promise<Map<string, BlockEntry>> {
  const found = new Map<string, BlockEntry>()
  for (const [, chain] of Map.groupBy(places, ({ origin, epoch }) => `${origin} ${epoch}`)) {
    const { origin, epoch } = chain[0]!
    for (const [first, last] of stretchesOf(chain.map(({ seq }) => seq)))
      for await (const entry of entriesBetween(db, { origin, epoch, after: first - 1, upTo: last }))
        found.set(`${origin} ${epoch} ${entry.seq}`, entry)
  }
  return found
}

/** The same with what head office has of its own from before a restore, which is not in its journal. */
export async function opsAt(
  db: Db,
  places: readonly (ChainKey & { seq: number })[],
): Promise<ReadonlyMap<string, KeptOp>> {
  const found = new Map<string, KeptOp>(await entriesAt(db, places))
  const missing = places.filter(({ origin, epoch, seq }) => !found.has(`${origin} ${epoch} ${seq}`))
  for (const op of await heardAt(db, missing)) found.set(`${op.origin} ${op.epoch} ${op.seq}`, op)
  return found
}

function stretchesOf(seqs: readonly number[]): [first: number, last: number][] {
  const stretches: [number, number][] = []
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    const last = stretches.at(-1)
    if (last && seq - last[1] <= GAP) last[1] = seq
    else stretches.push([seq, seq])
  }
  return stretches
}

/** The chain after each entry from `from` to `to`, by `seq`; of those that are here. @throws BlockDamaged */
export async function chainsBetween(db: Db, key: ChainKey, from: number, to: number): Promise<Map<number, string>> {
  const { origin, epoch } = key
  const text = `select seq, chain from journal where origin = ? and epoch = ? and seq < ? order by seq desc limit 1`
  const [before] = await run<{ seq: number; chain: string }>(db[QUERY], db.engine, text, [origin, epoch, from])
  const chains = new Map<number, string>()
  let chain = before?.chain
  for await (const entry of entriesBetween(db, { ...key, after: before?.seq ?? 0, upTo: to })) {
    // The first entry of a chain is never packed, and says its link itself.
    chain = 'chain' in entry && chain === undefined ? String(entry.chain) : linkOf(sha256, chain!, entry, entry.digest)
    if (entry.seq >= from) chains.set(entry.seq, chain)
  }
  return chains
}
