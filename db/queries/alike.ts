import { run } from '../engines/sql-text.ts'
import { type Db, QUERY } from '../handle.ts'
import type { SyncedTable } from '../schema/schema.ts'
import { idListParameter, padded } from './id-list.ts'

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

/**
 * Those of these rows that another row has one of `keys` with, columns that are all alike, or that a mark in `duplicate_of` is in or
 * about. Keys whose columns are empty are none.
 */
export async function idsWithTwins(
  db: Db,
  table: SyncedTable,
  ids: readonly number[],
  keys: readonly (readonly string[])[],
): Promise<number[]> {
  const alike = keys.map((columns) => {
    const same = columns.map((column) => `twin."${column}" = one."${column}"`)
    return `exists (select 1 from "${table}" twin where ${same.join(' and ')} and twin.id <> one.id)`
  })
  const isMarked = `one.duplicate_of is not null or exists (select 1 from "${table}" twin where twin.duplicate_of = one.id)`
  const isAsked = db.engine === 'sqlite' ? 'in (select value from json_each(?))' : '= any(?::bigint[])'
  const text = `select one.id from "${table}" one where one.id ${isAsked} and (${[isMarked, ...alike].join(' or ')}) order by one.id`
  const rows = await run<{ id: number }>(db[QUERY], db.engine, text, [idListParameter(db, ids)])
  return rows.map(({ id }) => id)
}

export type MarkedPair<T extends SyncedTable> = { entity: T; id: number; original: number }

/** Rows of these tables that are marked as duplicates, with the row that each names: `limit` of them behind the first `offset`. */
export async function markedPairs<T extends SyncedTable>(
  db: Db,
  tables: readonly T[],
  limit: number,
  offset: number,
): Promise<MarkedPair<T>[]> {
  const marked = tables.map(
    (table) => `select '${table}' as entity, id, duplicate_of as original from "${table}"
      where duplicate_of is not null and deleted_at is null`,
  )
  const text = `select * from (${marked.join(' union all ')}) marked order by entity, id limit ? offset ?`
  return await run(db[QUERY], db.engine, text, [limit, offset])
}

async function found(db: Db, text: string, parameters: unknown[]): Promise<FoundRow[]> {
  const rows = await run<Values & { id: number }>(db[QUERY], db.engine, text, parameters)
  return rows.map(({ id, ...values }) => ({ id, values }))
}
