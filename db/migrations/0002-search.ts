import { CompiledQuery } from 'kysely'
import { type Builder, int, text } from './columns.ts'

/** What the one box searches: the text of each entity by its trigrams, and which rows wait to be indexed. */
export async function search({ engine, query, table }: Builder): Promise<void> {
  await table('search_pending', { entity: text(), row_id: int() }, ['entity', 'row_id'])
  if (engine === 'postgres') await query.executeQuery(CompiledQuery.raw('create extension if not exists pg_trgm'))
  for (const entity of ['user', 'device', 'repair_order']) await searchTable({ engine, query }, entity)
}

/** The trigrams of one entity's text. */
export async function searchTable({ engine, query }: Pick<Builder, 'engine' | 'query'>, entity: string): Promise<void> {
  const statements = engine === 'sqlite' ? sqlite : postgres
  for (const statement of statements(`search_${entity}`)) await query.executeQuery(CompiledQuery.raw(statement))
}

const sqlite = (table: string) => [
  `create virtual table ${table} using fts5(text, content='', contentless_delete=1, tokenize='trigram case_sensitive 1')`,
]

const postgres = (table: string) => [
  `create table ${table} (id bigint primary key, text text not null)`,
  `create index ${table}_text on ${table} using gin (text gin_trgm_ops)`,
]
