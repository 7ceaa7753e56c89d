import { sql } from 'kysely'
import { type Builder, int, text } from './columns.ts'

/**
 * Which rows wait for the search index stands in one tree instead of two: each write notes its rows there, and each tree
 * costs a page of the log. PostgreSQL keeps the order of a key apart in any case.
 */
export async function searchNotes({ engine, query, table }: Builder): Promise<void> {
  if (engine !== 'sqlite') return
  await sql`alter table search_pending rename to search_pending_before`.execute(query)
  await table('search_pending', { entity: text(), row_id: int() }, ['entity', 'row_id'], { clustered: true })
  await sql`insert into search_pending select entity, row_id from search_pending_before`.execute(query)
  await sql`drop table search_pending_before`.execute(query)
}
