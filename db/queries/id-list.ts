import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../handle.ts'

/** How a list of ids is handed to `idIn`: one parameter, however many they are. */
export const idListParameter = (db: Db, ids: readonly number[]): unknown =>
  db.engine === 'sqlite' ? JSON.stringify(ids) : ids

/** Whether `column` is one of the ids: the same statement for any number of them. */
export const idIn = (db: Db, column: string, ids: unknown): RawBuilder<boolean> =>
  db.engine === 'sqlite'
    ? sql`${sql.ref(column)} in (select value from json_each(${ids}))`
    : sql`${sql.ref(column)} = any(${ids}::bigint[])`

/**
 * The same ids, the last one repeated up to the next power of two: a list in a condition comes in few lengths, so that
 * its statement is prepared once.
 */
export function padded(ids: readonly number[]): number[] {
  const length = 2 ** Math.ceil(Math.log2(Math.max(1, ids.length)))
  return Array.from({ length }, (_, index) => ids[Math.min(index, ids.length - 1)]!)
}

/** The rows in the order of these ids; those that are not there are left out. */
export function inOrder<T extends { id: number }>(ids: readonly number[], rows: T[]): T[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
