import { CompiledQuery } from 'kysely'
import type { Builder } from '../columns.ts'

/** What the one box searches: each entity has its text by trigrams, and the beginnings of its words for one or two characters. */
export async function search({ engine, query }: Builder): Promise<void> {
  const statements = engine === 'sqlite' ? sqlite : postgres
  if (engine === 'postgres') await query.executeQuery(CompiledQuery.raw('create extension if not exists pg_trgm'))
  for (const entity of ['user', 'device', 'repair_order'])
    for (const statement of statements(`search_${entity}`)) await query.executeQuery(CompiledQuery.raw(statement))
}

const sqlite = (table: string) => [
  `create virtual table ${table} using fts5(text, content='', contentless_delete=1, tokenize='trigram case_sensitive 1')`,
  `create virtual table ${table}_word using fts5(text, content='', contentless_delete=1, detail=none, prefix='1 2', tokenize='unicode61 remove_diacritics 0')`,
]

const postgres = (table: string) => [
  `create table ${table} (id bigint primary key, text text not null, starts text[] not null)`,
  `create index ${table}_text on ${table} using gin (text gin_trgm_ops)`,
  `create index ${table}_starts on ${table} using gin (starts)`,
]
