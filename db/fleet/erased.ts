import type { Clock } from '../../server/domain/time/write-order.ts'
import { executeNoResult } from '../engines/direct.ts'
import { insertSql, run } from '../engines/sql-text.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import type { ErasedTable } from '../schema/fleet-tables.ts'
import type { SyncedTable } from '../schema/schema.ts'

/**
 * Rows whose words an op of the kind `erase` takes away, by the clock of the last such op: what was said of them before it and
 * comes later, comes without its words. Rows of which nobody has heard yet are noted too.
 */

/** The clock of the last erasure that names a row. */
export async function readErased(db: Db, entity: SyncedTable, row_id: number): Promise<Clock | null> {
  const text = 'select stamp, origin, epoch, seq from erased where entity = ? and row_id = ?'
  const [row] = await run<Clock>(db[QUERY], db.engine, text, [entity, row_id])
  return row ? { stamp: row.stamp, origin: row.origin, epoch: row.epoch, seq: row.seq } : null
}

const COLUMNS = ['entity', 'row_id', 'stamp', 'origin', 'epoch', 'seq', 'revived_at'] as const

/** Notes an erasure of a row, which is the last. */
export async function saveErased(
  trx: Trx,
  entity: SyncedTable,
  row_id: number,
  { stamp, origin, epoch, seq }: Clock,
): Promise<void> {
  const text = `${insertSql(trx.engine, 'erased', COLUMNS, 1)} on conflict (entity, row_id) do update set
    stamp = excluded.stamp, origin = excluded.origin, epoch = excluded.epoch, seq = excluded.seq, revived_at = null`
  await executeNoResult(trx[QUERY], text, [entity, row_id, stamp, origin, epoch, seq, null])
}

/** What an entry of the kind `erase` says of rows: the words of all entries about them before it are gone. */
export type ErasedRowsSaid = { rows: Partial<Record<SyncedTable, readonly number[]>> }

/** Notes what this machine's own entry erases, once it has its stamp. */
export async function followOwnErasure(trx: Trx, after: string | null, clock: Clock): Promise<void> {
  const { rows = {} } = JSON.parse(after ?? '{}') as Partial<ErasedRowsSaid> // As `erase.ts` wrote it.
  for (const [table, ids] of Object.entries(rows))
    for (const id of ids) await saveErased(trx, table as SyncedTable, id, clock) // The keys of `rows`.
}

/** Notes that somebody has written of an erased row what they had not been told to be erased. */
export async function noteRevived(trx: Trx, entity: SyncedTable, row_id: number): Promise<void> {
  const text = 'update erased set revived_at = ? where entity = ? and row_id = ? and revived_at is null'
  await run(trx[QUERY], trx.engine, text, [trx.act.now, entity, row_id])
}

/** The rows that are to be erased again, the longest first. */
export const revivedRows = (db: Db): Promise<Pick<ErasedTable, 'entity' | 'row_id' | 'revived_at'>[]> =>
  run(db[QUERY], db.engine, REVIVED, [])

const REVIVED = `select entity, row_id, revived_at from erased where revived_at is not null
  order by revived_at, entity, row_id`
