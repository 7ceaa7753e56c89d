import { run } from '../engines/sql-text.ts'
import { type Db, QUERY } from '../handle.ts'
import type { SyncedTable } from '../schema/schema.ts'
import { padded } from './id-list.ts'

/** Finds whole rows of any synced table, hidden or not: by their ids, or by columns that an index has. */

type Values = Record<string, string | number | null>
export type FoundRow = { id: number; values: Values }

/** The rows with these ids that are here. */
export async function rowsById(db: Db, table: SyncedTable, ids: readonly number[]): Promise<FoundRow[]> {
  if (ids.length === 0) return []
  const asked = padded(ids)
  const marks = asked.map(() => '?').join(', ')
  return await found(db, `select * from "${table}" where id in (${marks}) order by id`, asked)
}

/** The first `limit` rows, by id, in which all these columns are so. */
export async function rowsWith(
  db: Db,
  table: SyncedTable,
  columns: Readonly<Values>,
  limit: number,
): Promise<FoundRow[]> {
  const where = Object.keys(columns).map((column) => `"${column}" = ?`)
  const text = `select * from "${table}" where ${where.join(' and ')} order by id limit ?`
  return await found(db, text, [...Object.values(columns), limit])
}

async function found(db: Db, text: string, parameters: unknown[]): Promise<FoundRow[]> {
  const rows = await run<Values & { id: number }>(db[QUERY], db.engine, text, parameters)
  return rows.map(({ id, ...values }) => ({ id, values }))
}
