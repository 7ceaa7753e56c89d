import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { isOpenSql } from './repair-rows.ts'

/** What a customer has with the shop today. */
export type CustomerTotals = { open_tickets: number; balance_cents: number }

/** How many repairs of each of these customers are open; who has none is missing. */
export async function openTicketsOf(db: Db, customer_ids: readonly number[]): Promise<Map<number, number>> {
  if (customer_ids.length === 0) return new Map()
  const counts = await db
    .selectFrom('repair_order')
    .select(({ fn }) => ['customer_id', fn.countAll<number>().as('n')])
    .where('customer_id', 'in', padded(customer_ids))
    .where('deleted_at', 'is', null)
    .where(isOpenSql)
    .groupBy('customer_id')
    .execute()
  return new Map(counts.map(({ customer_id, n }) => [customer_id, n]))
}

/** What each of these customers owes over all repairs that are not cancelled, in cents; who owes nothing is missing. */
export async function balancesOf(db: Db, customer_ids: readonly number[]): Promise<Map<number, number>> {
  if (customer_ids.length === 0) return new Map()
  const bills = db
    .selectFrom('repair_order')
    .select(['id', 'customer_id'])
    .select(sql<number>`cost_cents - discount_cents`.as('total'))
    .where('customer_id', 'in', padded(customer_ids))
    .where('deleted_at', 'is', null)
    // Word for word the condition of its index.
    .where(sql<boolean>`cost_cents > discount_cents`)
    .where('status', '<>', 'Cancelled')
    .as('bill')
  const owed = await db
    .selectFrom(bills)
    .leftJoin('payment_entry', 'payment_entry.order_id', 'bill.id')
    .select(({ fn }) => [
      'bill.customer_id',
      'bill.id',
      'bill.total',
      fn.sum<number | null>('payment_entry.amount_cents').as('paid'),
    ])
    .groupBy(['bill.customer_id', 'bill.id', 'bill.total'])
    .execute()
  const balances = new Map<number, number>()
  for (const { customer_id, total, paid } of owed) {
    const due = Math.max(0, total - (paid ?? 0))
    if (due > 0) balances.set(customer_id, (balances.get(customer_id) ?? 0) + due)
  }
  return balances
}

/** Both figures for each customer. */
export async function customerTotals(
  db: Db,
  customer_ids: readonly number[],
): Promise<(customer_id: number) => CustomerTotals> {
  const open = await openTicketsOf(db, customer_ids)
  const balances = await balancesOf(db, customer_ids)
  return (id) => ({ open_tickets: open.get(id) ?? 0, balance_cents: balances.get(id) ?? 0 })
}
