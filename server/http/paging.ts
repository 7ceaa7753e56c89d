import type { SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Db } from '../../db/handle.ts'
import type { Schema } from '../../db/schema.ts'

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
  return n > 1_000 ? '1000+' : String(n)
}

/** One page of `query` in id order, as the documents have it: 10 rows unless said otherwise. */
export async function pageOf<TB extends keyof Schema, O>(
  db: Db,
  query: SelectQueryBuilder<Schema, TB, O>,
  { limit = 10, offset = 0 }: { limit?: number | undefined; offset?: number | undefined },
): Promise<Page<O>> {
  const rows = await query.limit(limit).offset(offset).execute()
  // A page that is not full ends the list: what came before it is all there is to count.
  if (rows.length > 0 && rows.length < limit) {
    const all = offset + rows.length
    return { rows, total: all > 1_000 ? '1000+' : String(all) }
  }
  return { rows, total: await countUpTo1000(db, query) }
}

/** Every row of `query`, or one page of it as soon as `limit`, `offset` or a search asks for one. */
export async function allOrPageOf<TB extends keyof Schema, O>(
  db: Db,
  query: SelectQueryBuilder<Schema, TB, O>,
  asked: { limit?: number | undefined; offset?: number | undefined; q?: string | undefined },
): Promise<Page<O>> {
  if (asked.limit !== undefined || asked.offset !== undefined || asked.q !== undefined) return await pageOf(db, query, asked)
  const rows = await query.execute()
  return { rows, total: rows.length > 1_000 ? '1000+' : String(rows.length) }
}
