import { executeNoResult } from '../engines/direct.ts'
import { insertSql, run } from '../engines/sql-text.ts'
import { announce, type Db, QUERY, type Trx } from '../handle.ts'
import { seenSql } from '../reach.ts'
import type { Conflict } from '../schema/conflict.ts'
import { idIn, idListParameter } from '../queries/id-list.ts'
import type { ConflictTable, SuspectKind } from '../schema/fleet-tables.ts'
import { SYNCED_TABLES, type SyncedTable } from '../schema/schema.ts'

/**
 * What somebody has to look at since other nodes' ops were applied: the conflicts that stand, which is what lost against a write
 * that did not know it (`server/sync/core/merge.ts`), and rows that may be odd (`SuspectTable`).
 */

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
  const text = `select * from conflict where register = 'deleted_at' and ${isSeen(db)}
    order by entity, row_id, stamp, origin, epoch, seq limit ? offset ?`
  return (await run<ConflictTable>(db[QUERY], db.engine, text, [limit, offset])).map(conflictIn)
}

/** Of all of them `limit` behind the first `offset`. */
export async function someConflicts(db: Db, limit: number, offset: number): Promise<Conflict[]> {
  const text = `select * from conflict where ${isSeen(db)}
    order by entity, row_id, register, stamp, origin, epoch, seq limit ? offset ?`
  return (await run<ConflictTable>(db[QUERY], db.engine, text, [limit, offset])).map(conflictIn)
}

/** How many there are. */
export async function countConflicts(db: Db): Promise<number> {
  const [found] = await run<{ n: number }>(
    db[QUERY],
    db.engine,
    `select count(*) as n from conflict where ${isSeen(db)}`,
    [],
  )
  return found!.n
}

/** That a conflict is about a row that is seen by who asks. */
function isSeen(db: Db): string {
  if (db.reach === undefined) return 'true'
  const each = SYNCED_TABLES.map((table) => {
    const seen = seenSql(db, table)
    const row = `select 1 from "${table}" where "${table}".id = conflict.row_id`
    return `(conflict.entity = '${table}' and exists (${seen === null ? row : `${row} and ${seen}`}))`
  })
  return `(${each.join(' or ')})`
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
  if (conflicts.length + settled.length > 0) announce(trx, 'conflict')
}

/** Of the rows `asked` those that are `odd` are suspects of this kind from now on, and the others are not. */
export async function noteSuspects(
  trx: Trx,
  kind: SuspectKind,
  asked: readonly number[],
  odd: ReadonlySet<number>,
): Promise<void> {
  if (asked.length === 0) return
  const isAsked = idIn(trx, 'row_id', idListParameter(trx, asked))
  const noted = trx.selectFrom('suspect').select('row_id').where('kind', '=', kind)
  const known = new Set((await noted.where(isAsked).execute()).map(({ row_id }) => row_id))
  const add = insertSql(trx.engine, 'suspect', ['kind', 'row_id'], 1)
  for (const id of odd) if (!known.has(id)) await executeNoResult(trx[QUERY], add, [kind, id])
  const drop = 'delete from suspect where kind = ? and row_id = ?'
  for (const id of known) if (!odd.has(id)) await run(trx[QUERY], trx.engine, drop, [kind, id])
}

/** The suspects of a kind, by id: `limit` of them behind the first `offset`. */
export async function suspectsOf(db: Db, kind: SuspectKind, limit: number, offset: number): Promise<number[]> {
  const rows = await db
    .selectFrom('suspect')
    .select('row_id')
    .where('kind', '=', kind)
    .orderBy('row_id')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map(({ row_id }) => row_id)
}
