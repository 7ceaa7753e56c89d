import { sql } from 'kysely'
import { type Builder, cents, primary, ref, text } from './columns.ts'

/** What lists of any length are sorted by, and what the numbers of a day are counted from; both tables are this machine's own. */
export async function sortedLists({ query, engine, table, index }: Builder): Promise<void> {
  await table('repair_due', { order_id: primary(ref('repair_order')), status: text(), due_cents: cents() })
  await sql`insert into repair_due (order_id, status, due_cents)
    select id, status, due from (
      select id, status, cost_cents - discount_cents - coalesce(
        (select sum(amount_cents) from payment_entry where payment_entry.order_id = repair_order.id), 0) as due
      from repair_order where deleted_at is null and status <> 'Cancelled' and cost_cents > discount_cents) bill
    where due > 0`.execute(query)
  await index('repair_due', ['status', 'due_cents', 'order_id'])

  await table('user_sort', { user_id: primary(ref('user')), name_key: text() })
  // Compared character by character, as SQLite does.
  if (engine === 'postgres') await sql`alter table user_sort alter column name_key type text collate "C"`.execute(query)
  // Nearly what they come to be while the words of the search are made anew.
  await sql`insert into user_sort (user_id, name_key) select id, lower(full_name) from "user"`.execute(query)
  await index('user_sort', ['name_key', 'user_id'])

  await index('device', ['model_id', 'id'])
  await index('intake_problem', ['problem_id', 'id'])
  await sql`drop index if exists repair_order_status_estimated_completion_date`.execute(query)
  await index('repair_order', ['status', 'estimated_completion_date', 'id'], LIVE)
  await index('repair_order', ['completed_at', 'id'], `${LIVE} and completed_at is not null and picked_up_at is null`)
  await sql`drop index if exists repair_order_completed_at`.execute(query)
}

const LIVE = 'deleted_at is null'
