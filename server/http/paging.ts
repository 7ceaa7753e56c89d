import type { SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Db } from '../../db/handle.ts'
import { prepared } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema/schema.ts'

/** The rows of one page and, as text, how many there are in all: counted to 1,000 and then `1000+`. */
export type Page<T> = { rows: T[]; total: string }

/** What a list is asked for: 10 rows unless said otherwise. */
type PageRequest = { limit?: number | undefined; offset?: number | undefined }

/** The tables whose lists grow by the million. */
type LongTable = 'user' | 'device' | 'repair_order' | 'payment' | 'assignment'
type Filter = Record<string, number | string | undefined>
type Query<TB extends keyof Schema, O> = SelectQueryBuilder<Schema, TB, O>

/** Counting stops here: a full count costs 200 times the page itself. */
const COUNT_LIMIT = 1_000
/** From this offset on a page may be nearer to the end. */
const DEEP_OFFSET = 10_000

const upTo1000 = (n: number) => (n > COUNT_LIMIT ? `${COUNT_LIMIT}+` : String(n))

/**
 * Pages of a list in id order. `list` selects the live rows of `table` that a filter leaves; its statements are compiled
 * once for each set of filters. Without any filter a page far down is reached from the end.
 */
export function pagesOf<F extends Filter, TB extends keyof Schema, O>(
  table: LongTable,
  list: (db: Db, filter: F) => Query<TB, O>,
) {
  const known = new Map<string, Statements<O>>()
  return async (db: Db, filter: F, { limit = 10, offset = 0 }: PageRequest): Promise<Page<O>> => {
    const names = Object.keys(filter).filter((name) => filter[name] !== undefined)
    const values = names.map((name) => filter[name])
    const key = names.join()
    const statements = known.get(key) ?? statementsOf(list, names)
    known.set(key, statements)
    if (names.length === 0 && offset >= DEEP_OFFSET)
      return await deepPage(db, statements, { limit, offset, count: await countLive(db, table) })
    const isDeep = offset >= COUNT_LIMIT
    const rows = await (isDeep ? statements.page : statements.countedPage)(db, limit, offset, ...values)
    // A page that is not full ends the list: what came before it is all there is to count.
    if (rows.length > 0 && rows.length < limit) return { rows, total: upTo1000(offset + rows.length) }
    const more = rows[0]
      ? isDeep || ('more' in rows[0] && rows[0].more !== null)
      : (await statements.rowBeyondLimit(db, ...values)).length > 0
    return { rows, total: more ? upTo1000(COUNT_LIMIT + 1) : String((await statements.count(db, ...values))[0]!.n) }
  }
}

type Statements<O> = ReturnType<typeof statementsOf<Filter, keyof Schema, O>>

function statementsOf<F extends Filter, TB extends keyof Schema, O>(
  list: (db: Db, filter: F) => Query<TB, O>,
  names: string[],
) {
  const of = (db: Db, values: unknown[]) =>
    list(db, Object.fromEntries(names.map((name, index) => [name, values[index]])) as F)
  return {
    page: prepared((db, limit: number, offset: number, ...values: unknown[]) =>
      of(db, values).limit(limit).offset(offset),
    ),
    /** Says of each row whether there is one beyond the limit of counting: a statement of its own would cost half as much again. */
    countedPage: prepared((db, limit: number, offset: number, ...values: unknown[]) => {
      const beyond = selectOne(of(db, values)).limit(1).offset(COUNT_LIMIT)
      return of(db, values)
        .select(sql<number | null>`(${beyond})`.as('more'))
        .limit(limit)
        .offset(offset)
    }),
    fromEnd: prepared((db, limit: number, offset: number, ...values: unknown[]) =>
      backwards(of(db, values)).limit(limit).offset(offset),
    ),
    rowBeyondLimit: prepared((db, ...values: unknown[]) => selectOne(of(db, values)).limit(1).offset(COUNT_LIMIT)),
    count: prepared((db, ...values: unknown[]) => counted(db, selectOne(of(db, values)))),
  }
}

const backwards = <TB extends keyof Schema, O>(query: Query<TB, O>) => query.clearOrderBy().orderBy(sql`id`, 'desc')

const selectOne = <TB extends keyof Schema, O>(query: Query<TB, O>) =>
  query
    .clearSelect()
    .clearOrderBy()
    .clearLimit()
    .clearOffset()
    .select(sql<number>`1`.as('one'))

const counted = <TB extends keyof Schema>(db: Db, rows: Query<TB, { one: number }>) =>
  db.selectFrom(rows.as('counted')).select(({ fn }) => fn.countAll<number>().as('n'))

/** A page far down: what lies before it is passed over row by row, so it is reached from the end where that is nearer. */
async function deepPage<O>(
  db: Db,
  { page, fromEnd }: Pick<Statements<O>, 'page' | 'fromEnd'>,
  { limit, offset, count }: { limit: number; offset: number; count: number },
): Promise<Page<O>> {
  const total = upTo1000(count)
  if (offset >= count) return { rows: [], total }
  const after = Math.max(0, count - offset - limit)
  if (after >= offset) return { rows: await page(db, limit, offset), total }
  const rows = await fromEnd(db, Math.min(limit, count - offset), after)
  return { rows: rows.reverse(), total }
}

/** All rows less the removed ones: both engines count a whole index at once, and the removed have one of their own. */
async function countLive(db: Db, table: LongTable): Promise<number> {
  const { every, removed } = await db
    .selectNoFrom(({ selectFrom }) => [
      selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('every'),
      selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('deleted_at', 'is not', null)
        .$asScalar()
        .$notNull()
        .as('removed'),
    ])
    .executeTakeFirstOrThrow()
  return every - removed
}

/**
 * How many rows `query` finds, counted to 1,000 and then `1000+`: passing over a thousand takes a third of counting them, so
 * they are counted only where none lies behind.
 */
export async function countUpTo1000<TB extends keyof Schema, O>(db: Db, query: Query<TB, O>): Promise<string> {
  const beyond = query
    .clearSelect()
    .clearOrderBy()
    .clearLimit()
    .select(sql.lit(COUNT_LIMIT + 1).as('n'))
    .limit(1)
    .offset(COUNT_LIMIT)
  const all = counted(db, selectOne(query))
  const { n } = await db
    .selectNoFrom(({ fn }) => fn.coalesce(beyond.$asScalar(), all.$asScalar().$notNull()).as('n'))
    .executeTakeFirstOrThrow()
  return upTo1000(n)
}

/** The ids of one page and the count up to 1,000, both from one walk by `find`: it goes on past a short page to count. */
export async function idsOfPage(
  find: (limit: number, offset: number) => Promise<number[]>,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ ids: number[]; total: string }> {
  const wanted = Math.max(limit, COUNT_LIMIT + 1 - offset)
  const found = await find(wanted, offset)
  const ids = found.slice(0, limit)
  if (found.length === wanted) return { ids, total: upTo1000(COUNT_LIMIT + 1) }
  const beyond = found.length === 0 && offset > 0
  return { ids, total: upTo1000(beyond ? (await find(COUNT_LIMIT + 1, 0)).length : offset + found.length) }
}

/** Every row of `query`, or one page of it as soon as `limit`, `offset` or a search asks for one. */
export async function allOrPageOf<TB extends keyof Schema, O>(
  db: Db,
  query: Query<TB, O>,
  { limit, offset, q }: PageRequest & { q?: string | undefined },
): Promise<Page<O>> {
  const whole = limit === undefined && offset === undefined && q === undefined
  if (whole) {
    const rows = await query.execute()
    return { rows, total: upTo1000(rows.length) }
  }
  return await pageOf(db, query, { limit: limit ?? 10, offset })
}

/** One page of `query`: the first 1,000 rows unless said otherwise. */
export async function pageOf<TB extends keyof Schema, O>(
  db: Db,
  query: Query<TB, O>,
  { limit = 1_000, offset = 0 }: PageRequest,
): Promise<Page<O>> {
  const rows = await query.limit(limit).offset(offset).execute()
  return { rows, total: await countUpTo1000(db, query) }
}
