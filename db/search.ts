import { CompiledQuery } from 'kysely'
import { foldText } from '../server/domain/fold.ts'
import { type Db, QUERY } from './handle.ts'
import type { Searchable } from './search-index.ts'

/**
 * The one place with two implementations: FTS5 on SQLite, pg_trgm on PostgreSQL. Text is folded in JS, so that both
 * find the same. Words of three characters and more are found anywhere, shorter ones at the beginning of a word (and
 * anywhere in scripts without spaces). Hits come newest first.
 *
 * Both indexes know trigrams only. The beginnings of words are made trigrams as well by two spaces before each word:
 * `  a` and ` an`. One index then answers every mixture of words, where intersecting two took seconds.
 */

/** Ids of the rows that hold every word of `q`, newest first, what was written a moment ago included. An empty `q` finds nothing. */
export async function findIds(
  db: Db,
  entity: Searchable,
  q: string,
  { limit, before }: { limit: number; before?: number },
): Promise<number[]> {
  const patterns = foldText(q).split(' ').filter(Boolean).slice(0, 8).map(patternOf)
  if (patterns.length === 0) return []
  await db.settle?.()
  const { text, parameters } = (db.engine === 'sqlite' ? findSqlite : findPostgres)(`search_${entity}`, patterns, before)
  const { rows } = await db[QUERY].executeQuery<{ id: number }>(CompiledQuery.raw(`${text} limit ${Math.trunc(limit)}`, parameters))
  return rows.map((row) => row.id)
}

/** What a word looks like in the index: one or two characters must begin a word there. */
function patternOf(word: string): string {
  const length = [...word].length
  return length > 2 ? word : length === 2 ? ` ${word}` : `  ${word}`
}

function findSqlite(table: string, patterns: string[], before?: number) {
  const match = patterns.map((pattern) => `"${pattern.replaceAll('"', '""')}"`).join(' ')
  if (before === undefined) return { text: `select rowid as id from ${table} where ${table} match ? order by rowid desc`, parameters: [match] }
  return { text: `select rowid as id from ${table} where ${table} match ? and rowid < ? order by rowid desc`, parameters: [match, before] }
}

function findPostgres(table: string, patterns: string[], before?: number) {
  const parameters: unknown[] = patterns.map((pattern) => `%${pattern.replaceAll(/[\\%_]/g, '\\$&')}%`)
  const conditions = patterns.map((_, index) => `text like $${index + 1}`)
  if (before !== undefined) conditions.push(`id < $${parameters.push(before)}`)
  return { text: `select id from ${table} where ${conditions.join(' and ')} order by id desc`, parameters }
}
