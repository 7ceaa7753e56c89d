import { executeNoResult } from './engines/direct.ts'
import { insertSql, run } from './engines/sql-text.ts'
import { type Db, QUERY, type Trx } from './handle.ts'
import type { Conflict } from './schema/conflict.ts'
import type { ConflictTable } from './schema/fleet-tables.ts'
import type { SyncedTable } from './schema/schema.ts'

/** The conflicts that stand: what lost against a write that did not know it (`server/sync/core/merge.ts`). */

/** Those of a row, in the order of their clocks. */
export async function readConflicts(db: Db, entity: SyncedTable, row_id: number): Promise<Conflict[]> {
  const text = 'select * from conflict where entity = ? and row_id = ? order by register, stamp, origin, epoch, seq'
  return (await run<ConflictTable>(db[QUERY], db.engine, text, [entity, row_id])).map(conflictIn)
}

/** Forgets what lost of a row before it was stated anew: that is done where something of it was erased. */
export async function forgetConflictsBefore(
  trx: Trx,
  entity: SyncedTable,
  row_id: number,
  stamp: string,
): Promise<void> {
  const text = 'delete from conflict where entity = ? and row_id = ? and stamp < ?'
  await run(trx[QUERY], trx.engine, text, [entity, row_id, stamp])
}

/** All of them. */
export async function allConflicts(db: Db): Promise<Conflict[]> {
  const order = 'select * from conflict order by entity, row_id, register, stamp, origin, epoch, seq'
  return (await run<ConflictTable>(db[QUERY], db.engine, order, [])).map(conflictIn)
}

/** Deletions that lost: their rows are there again. `limit` of them behind the first `offset`. */
export async function deletionsThatLost(db: Db, limit: number, offset: number): Promise<Conflict[]> {
  const text = `select * from conflict where register = 'deleted_at'
    order by entity, row_id, stamp, origin, epoch, seq limit ? offset ?`
  return (await run<ConflictTable>(db[QUERY], db.engine, text, [limit, offset])).map(conflictIn)
}

function conflictIn({ entity, row_id, register, lost, won }: ConflictTable): Conflict {
  return { entity: entity as SyncedTable, row_id, register, lost: JSON.parse(lost), won: JSON.parse(won) } // As below.
}

const COLUMNS = ['entity', 'row_id', 'register', 'stamp', 'origin', 'epoch', 'seq', 'lost', 'won'] as const
const KEY = 'entity = ? and row_id = ? and register = ? and origin = ? and epoch = ? and seq = ?'

/** Writes down conflicts that are new or have another winner, and forgets those that are none any more. */
export async function saveConflicts(
  trx: Trx,
  { conflicts, settled }: { conflicts: readonly Conflict[]; settled: readonly Conflict[] },
): Promise<void> {
  for (const { entity, row_id, register, lost } of [...settled, ...conflicts]) {
    const { origin, epoch, seq } = lost.clock
    const key = [entity, row_id, register, origin, epoch, seq]
    await run(trx[QUERY], trx.engine, `delete from conflict where ${KEY}`, key)
  }
  for (const { entity, row_id, register, lost, won } of conflicts) {
    const { stamp, origin, epoch, seq } = lost.clock
    const values = [entity, row_id, register, stamp, origin, epoch, seq, JSON.stringify(lost), JSON.stringify(won)]
    await executeNoResult(trx[QUERY], insertSql(trx.engine, 'conflict', COLUMNS, 1), values)
  }
}
