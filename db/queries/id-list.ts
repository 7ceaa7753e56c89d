import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../handle.ts'

/** How a list of ids is handed to `among`: one parameter, however many they are. */
export const asParameter = (db: Db, ids: readonly number[]): unknown =>
  db.engine === 'sqlite' ? JSON.stringify(ids) : ids

/** Whether `column` is one of the ids: the same statement for any number of them. */
export const among = (db: Db, column: string, ids: unknown): RawBuilder<boolean> =>
  db.engine === 'sqlite'
    ? sql`${sql.ref(column)} in (select value from json_each(${ids}))`
    : sql`${sql.ref(column)} = any(${ids}::bigint[])`
