import { type RawBuilder, sql } from 'kysely'
import { soughtWord } from '../../server/domain/text/fold.ts'
import { execute } from '../engines/direct.ts'
import { isSearchDamage } from '../errors.ts'
import { type Db, QUERY } from '../handle.ts'
import { seenSql } from '../reach.ts'
import type { Searchable } from './searchable.ts'

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
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<number[]> {
  const patterns = patternsOf(q).slice(0, 8)
  if (patterns.length === 0) return []
  const table = `search_${entity}`
  const find = db.engine === 'sqlite' ? findSqlite : findPostgres
  const condition = seenSql(db, entity)
  const key = db.engine === 'sqlite' ? 'rowid' : 'id'
  const seen =
    condition === null
      ? ''
      : `and exists (select 1 from "${entity}" where "${entity}".id = ${table}.${key} and ${condition})`
  return await inStep(db, () => find(db, table, patterns, { limit, before, seen }))
}

/** Searches an index that is in step. One that is found damaged is emptied and filled again: the answer is what it has by then. */
async function inStep(db: Db, find: () => Promise<number[]>): Promise<number[]> {
  await db.flushSearchIndex?.()
  try {
    return await find()
  } catch (error) {
    if (!isSearchDamage(error) || !db.flushSearchIndex) throw error
    await db.flushSearchIndex()
    return await find()
  }
}

/** `seen` leaves out what is not seen by who asks. */
type Bounds = { limit: number; before: number | undefined; seen: string }

async function run(db: Db, text: string, parameters: unknown[]): Promise<number[]> {
  const rows = await execute<{ id: number }>(db[QUERY], text, parameters)
  return rows.map((row) => row.id)
}

/** A word counts by so many characters: each of them is looked up in every row that holds those before it. */
const MAX_WORD_CHARACTERS = 32

const SPACES = /[\s\p{Cc}]+/u

/** What the words of `q` look like in the index, each once. One that lies in another is found with it. */
function patternsOf(q: string): string[] {
  const written = q.split(SPACES).map(soughtWord).join(' ').split(' ').filter(Boolean)
  const words = [...new Set(written.map((word) => [...word].slice(0, MAX_WORD_CHARACTERS).join('')))]
  const isWithin = (word: string) => words.some((other) => other !== word && other.includes(word))
  return words.filter((word) => [...word].length < 3 || !isWithin(word)).map(patternOf)
}

/**
 * What is left of `q` when the words are taken off that a text holds, `words` being what the index would hold of it; null where
 * it holds none of them.
 */
export function wordsBeside(words: string, q: string): string | null {
  const sought = q.split(SPACES).filter((word) => soughtWord(word) !== '')
  const rest = sought.filter((word) => !patternsOf(word).every((pattern) => words.includes(pattern)))
  return rest.length < sought.length ? rest.join(' ') : null
}

/** What a word looks like in the index: one or two characters must begin a word there. */
function patternOf(word: string): string {
  const length = [...word].length
  return length > 2 ? word : length === 2 ? ` ${word}` : `  ${word}`
}

async function findSqlite(
  db: Db,
  table: string,
  patterns: string[],
  { limit, before, seen }: Bounds,
): Promise<number[]> {
  const match = patterns.map((pattern) => `"${pattern.replaceAll('"', '""')}"`).join(' ')
  const below = before === undefined ? '' : 'and rowid < ?'
  const text = `select rowid as id from ${table} where ${table} match ? ${below} ${seen} order by rowid desc limit ${Math.trunc(limit)}`
  return await run(db, text, before === undefined ? [match] : [match, before])
}

/** How many of the newest rows PostgreSQL reads one by one before it asks the index for all hits: so many, or ten for each that is wanted. */
const MIN_NEWEST_ROWS = 500

/**
 * What is frequent is found among the newest rows; for what is rare the index gives every hit. Left to itself the planner
 * guesses which it is, and a wrong guess reads the whole table.
 */
async function findPostgres(
  db: Db,
  table: string,
  patterns: string[],
  { limit, before, seen }: Bounds,
): Promise<number[]> {
  const parameters: unknown[] = patterns.map((pattern) => `%${pattern.replaceAll(/[\\%_]/g, '\\$&')}%`)
  const holds = (text: string) => patterns.map((_, index) => `${text} like $${index + 1}`).join(' and ')
  if (before !== undefined) parameters.push(before)
  const below = before === undefined ? 'true' : `id < $${parameters.length}`
  const edge = `(select min(id) from (select id from ${table} where ${below} order by id desc limit ${Math.max(MIN_NEWEST_ROWS, 10 * Math.trunc(limit))}) newest)`
  // Not as a plain column: the planner thinks every word rare and would ask the index, which may know half the table.
  const recent = await run(
    db,
    `select id from ${table} where ${holds(`text || ''`)} and ${below} and id >= ${edge} ${seen} order by id desc limit ${Math.trunc(limit)}`,
    parameters,
  )
  // The index knows letters and figures: for signs alone it would give every row there is.
  if (recent.length === limit || !patterns.some((pattern) => /[\p{L}\p{N}]/u.test(pattern))) return recent
  // The sum keeps the planner from walking the rows by id until it has found enough.
  return await run(
    db,
    `select id from ${table} where ${holds('text')} and ${below} ${seen} order by id + 0 desc limit ${Math.trunc(limit)}`,
    parameters,
  )
}

/** Conditions on the columns of the searched table, named after it: `product.brand_id = …`. */
export type Conditions = readonly RawBuilder<boolean>[]

/** What has an index `…_walk` over its id and everything that a condition may ask of a row that is not removed. */
type FilteredSearchable = Extract<Searchable, 'product'>

/** Ids of the rows that hold every word of `q` and meet the conditions, in id order. A `q` without words finds nothing. */
export async function findIdsWhere(
  db: Db,
  entity: FilteredSearchable,
  q: string,
  conditions: Conditions,
  { limit, offset }: { limit: number; offset: number },
): Promise<number[]> {
  const patterns = patternsOf(q)
  if (patterns.length === 0) return []
  const find = db.engine === 'sqlite' ? findWhereSqlite : findWherePostgres
  return await inStep(db, () => find(db, entity, patterns, conditions, { limit, offset }))
}

type FindWhere = (
  db: Db,
  entity: FilteredSearchable,
  patterns: string[],
  conditions: Conditions,
  page: { limit: number; offset: number },
) => Promise<number[]>

/**
 * The words are walked in id order, and each row is looked up in turn: a cross join keeps the planner from turning it round.
 * It is looked up in the index that holds every filter: rows are ten times as wide and lie far apart.
 */
const findWhereSqlite: FindWhere = async (db, entity, patterns, conditions, { limit, offset }) => {
  const index = sql.table(`search_${entity}`)
  const match = patterns.map((pattern) => `"${pattern.replaceAll('"', '""')}"`).join(' ')
  const rows =
    conditions.length > 0
      ? sql`${index} cross join ${sql.table(entity)} indexed by ${sql.ref(`${entity}_walk`)} on ${sql.table(entity)}.id = ${index}.rowid`
      : index
  const holds = sql.join([sql`${index} match ${match}`, ...conditions], sql` and `)
  const page = sql`order by ${index}.rowid limit ${limit} offset ${offset}`
  return await idsOf(db, sql`select ${index}.rowid as id from ${rows} where ${holds} ${page}`)
}

/** What is frequent is found among the first rows; for what is rare the index gives every hit (see `findPostgres`). */
const findWherePostgres: FindWhere = async (db, entity, patterns, conditions, { limit, offset }) => {
  const index = sql.table(`search_${entity}`)
  const rows =
    conditions.length > 0 ? sql`${index} join ${sql.table(entity)} on ${sql.table(entity)}.id = ${index}.id` : index
  const likes = patterns.map(
    (pattern) => sql<boolean>`${index}.text like ${`%${pattern.replaceAll(/[\\%_]/g, '\\$&')}%`}`,
  )
  const holds = sql.join([...likes, ...conditions], sql` and `)
  const first = Math.max(MIN_NEWEST_ROWS, 10 * (limit + offset))
  const edge = sql`(select max(id) from (select id from ${index} order by id limit ${first}) first)`
  const page = sql`limit ${limit} offset ${offset}`
  const near = await idsOf(
    db,
    sql`select ${index}.id from ${rows} where ${holds} and ${index}.id <= ${edge} order by ${index}.id ${page}`,
  )
  if (near.length === limit) return near
  return await idsOf(db, sql`select ${index}.id from ${rows} where ${holds} order by ${index}.id + 0 ${page}`)
}

async function idsOf(db: Db, query: RawBuilder<unknown>): Promise<number[]> {
  const { sql: text, parameters } = query.compile(db[QUERY])
  return await run(db, text, [...parameters])
}
