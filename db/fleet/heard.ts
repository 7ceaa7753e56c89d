import { executeNoResult } from '../engines/direct.ts'
import { chunksOf, insertSql, parametersOf, run } from '../engines/sql-text.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import type { OpPlace } from './feed.ts'
import type { HeardTable } from '../schema/fleet-tables.ts'
import type { SyncedTable } from '../schema/schema.ts'

/** What a terminal keeps of the ops of other nodes, whose chains it does not have: it merges later ones by them. */

const COLUMNS = [
  'origin', 'epoch', 'seq', 'tx', 'hlc', 'stamp', 'schema', 'at', 'actor', 'device', 'act', 'entity', 'row_id', 'kind',
  'before', 'after', 'salt', 'digest', 'seal', 'heard_at',
] as const satisfies readonly (keyof HeardTable)[] // oxfmt-ignore

/** Keeps ops, each once. */
export async function keepHeard(trx: Trx, ops: readonly Omit<HeardTable, 'heard_at'>[]): Promise<void> {
  const heard_at = trx.act.now
  for (const batch of chunksOf(ops)) {
    const values = batch.flatMap((op) => COLUMNS.map((column) => (column === 'heard_at' ? heard_at : op[column])))
    const text = `${insertSql(trx.engine, 'heard', COLUMNS, batch.length)} on conflict do nothing`
    await executeNoResult(trx[QUERY], text, parametersOf(trx.engine, values, {}))
  }
}

/** Whether an op is kept here. */
export async function isHeard(db: Db, { origin, epoch, seq }: OpPlace): Promise<boolean> {
  const text = 'select 1 as found from heard where origin = ? and epoch = ? and seq = ?'
  return (await run(db[QUERY], db.engine, text, [origin, epoch, seq])).length > 0
}

/** The next ops of a chain behind `seq` that are sealed and have their words, at most `most`. */
export const sealedAfter = (db: Db, { origin, epoch, seq }: OpPlace, most: number): Promise<HeardTable[]> =>
  run<HeardTable>(
    db[QUERY],
    db.engine,
    `select * from heard where origin = ? and epoch = ? and seq > ? and seal is not null and salt is not null
      order by seq limit ?`,
    [origin, epoch, seq, most],
  )

/** The ops of these places that are kept here. */
export async function heardAt(db: Db, places: readonly OpPlace[]): Promise<HeardTable[]> {
  const found: HeardTable[] = []
  const text = 'select * from heard where origin = ? and epoch = ? and seq = ?'
  for (const { origin, epoch, seq } of places)
    found.push(...(await run<HeardTable>(db[QUERY], db.engine, text, [origin, epoch, seq])))
  return found
}

/**
 * Forgets ops that were heard before `before` (ms), at most `limit`, and returns how many. What waits here, or is to be read again
 * by a newer program, is kept.
 */
export async function pruneHeard(trx: Trx, before: number, limit: number): Promise<number> {
  const waits = (table: string) => `and not exists (select 1 from ${table} waiting
    where waiting.origin = heard.origin and waiting.epoch = heard.epoch and waiting.tx = heard.tx)`
  const text = `delete from heard where (origin, epoch, seq) in (select origin, epoch, seq from heard
    where heard_at < ? ${['held', 'quarantine', 'parked'].map(waits).join(' ')} order by heard_at limit ?) returning seq`
  return (await run(trx[QUERY], trx.engine, text, [before, limit])).length
}

/** Takes the words out of what was heard of a row, and forgets what lost there: the row says what is left. */
export async function eraseHeard(trx: Trx, entity: SyncedTable, row_id: number): Promise<void> {
  const blank = `update heard set before = null, after = null, salt = null, digest = coalesce(digest, 'erased')
    where entity = ? and row_id = ? and salt is not null`
  await run(trx[QUERY], trx.engine, blank, [entity, row_id])
  await run(trx[QUERY], trx.engine, 'delete from conflict where entity = ? and row_id = ?', [entity, row_id])
}

/** Takes the words out of these ops of another node, of which that node has said that they are erased. */
export async function blankHeard(
  trx: Trx,
  { origin, epoch, seqs }: { origin: number; epoch: number; seqs: readonly number[] },
): Promise<void> {
  const blank = `update heard set before = null, after = null, salt = null, digest = coalesce(digest, 'erased')
    where origin = ? and epoch = ? and seq = ? and salt is not null`
  const forget = 'delete from conflict where origin = ? and epoch = ? and seq = ?'
  for (const seq of seqs)
    for (const text of [blank, forget]) await run(trx[QUERY], trx.engine, text, [origin, epoch, seq])
}
