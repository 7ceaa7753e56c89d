import { CompiledQuery } from 'kysely'
import { type Builder, int, searchTable, text } from './columns.ts'

/** What the one box searches: the text of each entity by its trigrams, and which rows wait to be indexed. */
export async function search({ engine, query, table }: Builder): Promise<void> {
  await table('search_pending', { entity: text(), row_id: int() }, ['entity', 'row_id'])
  if (engine === 'postgres') await query.executeQuery(CompiledQuery.raw('create extension if not exists pg_trgm'))
  for (const entity of ['user', 'device', 'repair_order']) await searchTable({ engine, query }, entity)
}
