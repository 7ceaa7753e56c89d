import type { SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Db } from '../../db/handle.ts'
import type { Schema } from '../../db/schema.ts'
import type { Scope } from './permissions.ts'

/** The rows of one page and, as text, how many there are in all: counted to 1,000 and then `1000+`. */
export type Page<T> = { rows: T[]; total: string }

/** How many rows `query` finds, counted to 1,000 and then `1000+`: a full count costs 200 times the page itself. */
export async function countUpTo1000<TB extends keyof Schema, O>(
  db: Db,
  query: SelectQueryBuilder<Schema, TB, O>,
): Promise<string> {
  const ones = query.clearSelect().clearOrderBy().clearLimit().clearOffset().select(sql<number>`1`.as('one')).limit(1_001)
  const { n } = await db
    .selectFrom(ones.as('counted'))
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return upTo1000(n)
}

/** From this offset on a page may be nearer to the end. */
const DEEP = 10_000

/** The tables whose lists grow by the million. */
export type LongTable = 'user' | 'device' | 'repair_order' | 'payment'

/** The table, where nothing narrows the list of its rows. */
export const wholeOf = <T extends LongTable>(table: T, { own }: Scope, ...filters: unknown[]): T | undefined =>
  own === null && filters.every((filter) => filter === undefined) ? table : undefined

/**
 * One page of `query` in id order, as the documents have it: 10 rows unless said otherwise. `whole` is the table whose
 * live rows these are, all of them: then a page far down is reached from the end.
 */
export async function pageOf<TB extends keyof Schema, O>(
  db: Db,
  query: SelectQueryBuilder<Schema, TB, O>,
  { limit = 10, offset = 0 }: { limit?: number | undefined; offset?: number | undefined },
  whole?: LongTable,
): Promise<Page<O>> {
  if (whole && offset >= DEEP) return await deepPageOf(query, { limit, offset, count: await countLive(db, whole) })
  const rows = await query.limit(limit).offset(offset).execute()
  // A page that is not full ends the list: what came before it is all there is to count.
  if (rows.length > 0 && rows.length < limit) return { rows, total: upTo1000(offset + rows.length) }
  return { rows, total: await countUpTo1000(db, query) }
}

/** All rows less the removed ones: both engines count a whole index at once, and the removed have one of their own. */
async function countLive(db: Db, table: LongTable): Promise<number> {
  const { every, removed } = await db
    .selectNoFrom(({ selectFrom }) => [
      selectFrom(table).select(({ fn }) => fn.countAll<number>().as('n')).$asScalar().$notNull().as('every'),
      selectFrom(table).select(({ fn }) => fn.countAll<number>().as('n')).where('deleted_at', 'is not', null).$asScalar().$notNull().as('removed'),
    ])
    .executeTakeFirstOrThrow()
  return every - removed
}

/** A page far down: what lies before it is passed over row by row, so it is reached from the end where that is nearer. */
async function deepPageOf<TB extends keyof Schema, O>(
  query: SelectQueryBuilder<Schema, TB, O>,
  { limit, offset, count }: { limit: number; offset: number; count: number },
): Promise<Page<O>> {
  const total = upTo1000(count)
  if (offset >= count) return { rows: [], total }
  const after = Math.max(0, count - offset - limit)
  if (after >= offset) return { rows: await query.limit(limit).offset(offset).execute(), total }
  const backwards = query.clearOrderBy().orderBy(sql`id`, 'desc')
  const rows = await backwards.limit(Math.min(limit, count - offset)).offset(after).execute()
  return { rows: rows.reverse(), total }
}

const upTo1000 = (n: number) => (n > 1_000 ? '1000+' : String(n))

/** Every row of `query`, or one page of it as soon as `limit`, `offset` or a search asks for one. */
export async function allOrPageOf<TB extends keyof Schema, O>(
  db: Db,
  query: SelectQueryBuilder<Schema, TB, O>,
  asked: { limit?: number | undefined; offset?: number | undefined; q?: string | undefined },
): Promise<Page<O>> {
  if (asked.limit !== undefined || asked.offset !== undefined || asked.q !== undefined) return await pageOf(db, query, asked)
  const rows = await query.execute()
  return { rows, total: upTo1000(rows.length) }
}
