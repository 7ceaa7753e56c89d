import { executeNoResult } from './engines/direct.ts'
import { insertSql, run } from './engines/sql-text.ts'
import { type Db, QUERY, type Trx } from './handle.ts'
import type { SyncedTable } from './schema/schema.ts'

/**
 * Transactions of other nodes that are here and are not applied: held until a row comes, quarantined until a person has mended or
 * dropped them, or applied as far as this program knows them. Their ops are in the journal (head office) or in `heard`.
 */

export type TransactionKey = { origin: number; epoch: number; tx: number }

/** A held transaction has a row here for each row that it waits for. */
export async function hold(
  trx: Trx,
  { origin, epoch, tx }: TransactionKey,
  waitsFor: readonly { entity: SyncedTable; row_id: number }[],
): Promise<void> {
  const columns = ['entity', 'row_id', 'origin', 'epoch', 'tx']
  const text = `${insertSql(trx.engine, 'held', columns, 1)} on conflict do nothing`
  for (const { entity, row_id } of waitsFor)
    await executeNoResult(trx[QUERY], text, [entity, row_id, origin, epoch, tx])
}

/** The transactions that wait for a row, which are held no longer: whoever asks decides them anew. */
export async function release(trx: Trx, entity: SyncedTable, row_id: number): Promise<TransactionKey[]> {
  const waiting = 'select origin, epoch, tx from held where entity = ? and row_id = ? order by origin, epoch, tx'
  const keys = await run<TransactionKey>(trx[QUERY], trx.engine, waiting, [entity, row_id])
  const drop = 'delete from held where origin = ? and epoch = ? and tx = ?'
  for (const { origin, epoch, tx } of keys) await run(trx[QUERY], trx.engine, drop, [origin, epoch, tx])
  return keys
}

export async function quarantine(
  trx: Trx,
  { origin, epoch, tx }: TransactionKey,
  { seq, reason }: { seq: number; reason: string },
): Promise<void> {
  const columns = ['origin', 'epoch', 'tx', 'seq', 'reason', 'since']
  const text = `${insertSql(trx.engine, 'quarantine', columns, 1)} on conflict do nothing`
  await executeNoResult(trx[QUERY], text, [origin, epoch, tx, seq, reason, trx.act.now])
}

export async function park(trx: Trx, { origin, epoch, tx }: TransactionKey): Promise<void> {
  const text = `${insertSql(trx.engine, 'parked', ['origin', 'epoch', 'tx'], 1)} on conflict do nothing`
  await executeNoResult(trx[QUERY], text, [origin, epoch, tx])
}

/** Why a transaction waits, and of which of its ops; the first of it where it is held. */
export type Trouble = TransactionKey & { seq: number; state: 'held' | 'quarantined'; reason: string | null }

/** What is held or quarantined of a chain from the transaction `from` to `to`; of all chains where none is named. */
export async function troublesOf(
  db: Db,
  of?: { origin: number; epoch: number; from: number; to: number },
): Promise<Trouble[]> {
  const where = of ? 'where origin = ? and epoch = ? and tx between ? and ?' : ''
  const text = `select distinct origin, epoch, tx, tx as seq, 'held' as state, null as reason from held ${where}
    union all select origin, epoch, tx, seq, 'quarantined', reason from quarantine ${where} order by origin, epoch, tx`
  const { origin, epoch, from, to } = of ?? {}
  const parameters = of ? [origin, epoch, from, to, origin, epoch, from, to] : []
  return await run<Trouble>(db[QUERY], db.engine, text, parameters)
}

/** The transactions of which something is parked. */
export const parkedTransactions = (db: Db): Promise<TransactionKey[]> =>
  run(db[QUERY], db.engine, 'select origin, epoch, tx from parked order by origin, epoch, tx', [])

/** Whether nothing of a transaction is applied. */
export async function isWaiting(db: Db, { origin, epoch, tx }: TransactionKey): Promise<boolean> {
  const of = (table: string) => `select 1 from ${table} where origin = ? and epoch = ? and tx = ?`
  const key = [origin, epoch, tx]
  const text = `${of('held')} union all ${of('quarantine')}`
  return (await run(db[QUERY], db.engine, text, [...key, ...key])).length > 0
}
