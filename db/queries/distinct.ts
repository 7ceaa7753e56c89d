import { execute } from '../engines/direct.ts'
import { type Db, QUERY } from '../handle.ts'

/**
 * The different texts of an indexed column among the rows that are not removed, at most `most`; null where there are
 * more. Each is one step in the index (`column`, partial over live rows), however many rows have it.
 */
export async function distinctTexts(db: Db, table: string, column: string, limit: number): Promise<string[] | null> {
  const live = `from ${table} where deleted_at is null`
  const text = `with recursive texts(text) as (
      select min(${column}) ${live}
      union all
      select (select min(${column}) ${live} and ${column} > texts.text) from texts where texts.text is not null
    ) select text from texts where text is not null limit ${Math.trunc(limit) + 1}`
  const rows = await execute<{ text: string }>(db[QUERY], text, [])
  return rows.length > limit ? null : rows.map((row) => row.text)
}

/** The different ids in an indexed column among the rows that are not removed, ascending; each is one step in the index. */
export async function distinctIds(db: Db, table: string, column: string): Promise<number[]> {
  const live = `from ${table} where deleted_at is null`
  const text = `with recursive ids(id) as (
      select min(${column}) ${live}
      union all
      select (select min(${column}) ${live} and ${column} > ids.id) from ids where ids.id is not null
    ) select id from ids where id is not null`
  const rows = await execute<{ id: number }>(db[QUERY], text, [])
  return rows.map(({ id }) => id)
}
