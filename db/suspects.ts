import { executeNoResult } from './engines/direct.ts'
import { insertSql, run } from './engines/sql-text.ts'
import { type Db, QUERY, type Trx } from './handle.ts'
import { idIn, idListParameter } from './queries/id-list.ts'
import type { SuspectKind } from './schema/fleet-tables.ts'

/** Rows that may be odd since other nodes' ops were applied: `SuspectTable` says how. */

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
