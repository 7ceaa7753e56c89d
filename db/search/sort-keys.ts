import { type Kysely, sql } from 'kysely'
import { sortKey } from '../../server/domain/text/sort-key.ts'
import { QUERY, type Trx } from '../handle.ts'
import type { Schema } from '../schema/schema.ts'
import { SEARCH_FORM } from './search-words.ts'
import type { Searchable } from './searchable.ts'

/**
 * What lists are sorted by and follows from several rows, or from a name: kept beside the search index, at the same moments.
 * A form of keys that changes is made anew like words of the search (`server/upkeep.ts`).
 */
const SORT_FORM = 1

/** The form that the words and keys of people are in. */
export const USER_FORM = `${SEARCH_FORM} ${SORT_FORM}`

/** What is still to be paid of a row of `repair_order`; 0 or less where nothing is. */
export const DUE = `case when deleted_at is null and status <> 'Cancelled' and cost_cents > discount_cents
  then cost_cents - discount_cents - coalesce(
    (select sum(amount_cents) from payment_entry where payment_entry.order_id = repair_order.id), 0)
  else 0 end`

/** Brings what these rows are sorted by in step with them. */
export async function keepSorted(query: Kysely<Schema>, entity: Searchable, ids: readonly number[]): Promise<void> {
  for (let start = 0; start < ids.length; start += ROWS_PER_STATEMENT) {
    const batch = ids.slice(start, start + ROWS_PER_STATEMENT)
    if (entity === 'repair_order') await keepDue(query, batch)
    if (entity === 'user') await keepNames(query, batch)
  }
}

const ROWS_PER_STATEMENT = 1_000

async function keepDue(query: Kysely<Schema>, ids: readonly number[]) {
  const wanted = sql.join(ids)
  await sql`delete from repair_due where order_id in (${wanted})`.execute(query)
  await sql`insert into repair_due (order_id, status, due_cents)
    select id, status, due from (
      select id, status, ${sql.raw(DUE)} as due from repair_order where id in (${wanted})) bill
    where due > 0`.execute(query)
}

/** Those who are gone too: their repairs are not. */
async function keepNames(query: Kysely<Schema>, ids: readonly number[]) {
  const people = await query.selectFrom('user').select(['id', 'full_name']).where('id', 'in', ids).execute()
  if (people.length === 0) return
  const rows = people.map(({ id, full_name }) => sql`(${id}, ${sortKey(full_name)})`)
  await sql`insert into user_sort (user_id, name_key) values ${sql.join(rows)}
    on conflict (user_id) do update set name_key = excluded.name_key`.execute(query)
}

/** The tables that lists are sorted by, and what each follows from. */
const FOLLOWS = {
  repair_due: { key: 'order_id', entity: 'repair_order' },
  user_sort: { key: 'user_id', entity: 'user' },
} as const satisfies Partial<Record<keyof Schema, { key: string; entity: Searchable }>>
export type SortTable = keyof typeof FOLLOWS

/** Notes all rows that such a table follows from, to have it made anew from them, and forgets what follows from none. */
export async function renewSorted({ [QUERY]: query }: Trx, table: SortTable): Promise<void> {
  const { key, entity } = FOLLOWS[table]
  await sql`delete from ${sql.table(table)} where ${sql.ref(key)} not in (select id from ${sql.table(entity)})`.execute(
    query,
  )
  await sql`insert into search_pending (entity, row_id) select ${entity}, id from ${sql.table(entity)}
    where true on conflict do nothing`.execute(query)
}
