import { sql } from 'kysely'
import type { Db } from '../handle.ts'
import { idIn, idListParameter } from './id-list.ts'

/** These rows of a table, the newest first: ids are given out by several nodes and follow no clock. */
export async function newestFirst(
  db: Db,
  table: 'user' | 'device' | 'repair_order',
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length < 2) return [...ids]
  const rows = await db
    .selectFrom(table)
    .select('id')
    .where(idIn(db, 'id', idListParameter(db, ids)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * When rows came, to order the few of one customer or device by: the sum keeps the engines from walking all rows by age until
 * they meet enough of them.
 */
export const ageOf = (table: string) => sql<number>`${sql.ref(`${table}.created_at`)} + 0`
