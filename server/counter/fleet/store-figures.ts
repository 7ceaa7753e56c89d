import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { branchesOf, type RepairFilter } from '../queries/repair-filter.ts'

/** What head office counts of each store: one statement for all of them, which adds whole cents. Keys are stores' numbers. */

export type Between = { from: number; until: number }

/** `went_back_cents` is 0 or below. */
export type MethodTakings = { method: string | null; came_in_cents: number; went_back_cents: number }

const IN = sql<number>`coalesce(sum(case when entry.amount_cents > 0 then entry.amount_cents end), 0)`.as(
  'came_in_cents',
)
const BACK = sql<number>`coalesce(sum(case when entry.amount_cents < 0 then entry.amount_cents end), 0)`.as(
  'went_back_cents',
)

/** Money on repairs and on orders of the web shop that moved in a time, by store and method. What was put right counts as it moved. */
export async function takingsBetween(db: Db, { from, until }: Between): Promise<Map<number, MethodTakings[]>> {
  const repairs = await db
    .selectFrom('payment_entry as entry')
    .select(['entry.store_id', 'entry.payment_method as method', IN, BACK])
    .where('entry.created_at', '>=', from)
    .where('entry.created_at', '<', until)
    .groupBy(['entry.store_id', 'entry.payment_method'])
    .execute()
  const sales = await db
    .selectFrom('sales_payment_entry as entry')
    .innerJoin('sales_payment', 'sales_payment.id', 'entry.payment_id')
    .select(['entry.store_id', 'sales_payment.method', IN, BACK])
    .where('entry.created_at', '>=', from)
    .where('entry.created_at', '<', until)
    .groupBy(['entry.store_id', 'sales_payment.method'])
    .execute()
  return Map.groupBy([...repairs, ...sales], ({ store_id }) => store_id)
}

/** What was paid for devices bought in, in cents, and how many they were; who gave one back and got it again is taken off. */
export async function boughtBetween(
  db: Db,
  { from, until }: Between,
): Promise<Map<number, { cents: number; n: number }>> {
  const rows = await db
    .selectFrom('receipt')
    .select('store_id')
    .select(({ fn }) => fn.sum<number>('total_cents').as('cents'))
    .select(sql<number>`sum(case when original_id is null then 1 else -1 end)`.as('n'))
    .where('kind', '=', 'purchase')
    .where('created_at', '>=', from)
    .where('created_at', '<', until)
    .groupBy('store_id')
    .execute()
  return new Map(rows.map(({ store_id, cents, n }) => [store_id, { cents: -cents, n }]))
}

/** How many repairs of each store a filter of the list leaves. */
export async function repairsOf(db: Db, filter: RepairFilter, now: number): Promise<Map<number, number>> {
  const counts = new Map<number, number>()
  for (const branch of branchesOf(db, filter, now, null)) {
    const rows = await db
      .selectFrom('repair_order')
      .select(['store_id', ({ fn }) => fn.countAll<number>().as('n')])
      .where('id', 'in', branch)
      .groupBy('store_id')
      .execute()
    for (const { store_id, n } of rows) counts.set(store_id, (counts.get(store_id) ?? 0) + n)
  }
  return counts
}

/** What is owed on the repairs that the list shows as owed, in cents, and on how many. */
export async function owedOf(db: Db, now: number): Promise<Map<number, { cents: number; n: number }>> {
  await db.flushSearchIndex?.()
  const owed = new Map<number, { cents: number; n: number }>()
  for (const branch of branchesOf(db, { owed: true }, now, null)) {
    const rows = await db
      .selectFrom('repair_due')
      .innerJoin('repair_order', 'repair_order.id', 'repair_due.order_id')
      .select('repair_order.store_id')
      .select(({ fn }) => [fn.countAll<number>().as('n'), fn.sum<number>('due_cents').as('cents')])
      .where('repair_order.id', 'in', branch)
      .groupBy('repair_order.store_id')
      .execute()
    for (const { store_id, n, cents } of rows) {
      const before = owed.get(store_id) ?? { cents: 0, n: 0 }
      owed.set(store_id, { cents: before.cents + cents, n: before.n + n })
    }
  }
  return owed
}

/** Pieces in stock at each store, and what they are sold for, in cents; what is below zero is missing and counts as nothing. */
export async function stockOf(db: Db): Promise<Map<number, { pieces: number; cents: number }>> {
  const held = db
    .selectFrom('stock_movement')
    .select(['product_id', 'store_id', ({ fn }) => fn.sum<number>('quantity').as('pieces')])
    .groupBy(['product_id', 'store_id'])
    .having(({ fn }) => fn.sum('quantity'), '>', 0)
    .as('held')
  const rows = await db
    .selectFrom(held)
    .innerJoin('product', 'product.id', 'held.product_id')
    .select('held.store_id')
    .select(({ fn }) => fn.sum<number>('held.pieces').as('pieces'))
    .select(sql<number>`sum(held.pieces * product.price_cents)`.as('cents'))
    .where('product.deleted_at', 'is', null)
    .groupBy('held.store_id')
    .execute()
  return new Map(rows.map(({ store_id, ...stock }) => [store_id, stock]))
}

/** Units bought in that are in stock at each store, and what they have cost, in cents. */
export async function unitsOf(db: Db): Promise<Map<number, { n: number; cents: number }>> {
  const present = db
    .selectFrom('stock_movement')
    .select(['unit_id', 'store_id'])
    .where('unit_id', 'is not', null)
    .groupBy(['unit_id', 'store_id'])
    .having(({ fn }) => fn.sum('quantity'), '>', 0)
    .as('present')
  const rows = await db
    .selectFrom(present)
    .innerJoin('unit', 'unit.id', 'present.unit_id')
    .select('present.store_id')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .select(sql<number>`coalesce(sum(unit.cost_cents), 0)`.as('cents'))
    .where('unit.purchase_receipt_id', 'is not', null)
    .groupBy('present.store_id')
    .execute()
  return new Map(rows.map(({ store_id, ...units }) => [store_id, units]))
}

/** How the terminals of a store stand. `heard_at` is of the one that was silent longest; null while one was never heard. */
export type TerminalsOf = { terminals: number; heard_at: number | null; waiting: number; troubles: number }

/** Those that are in: neither head office itself, nor shut out. */
export async function terminalsOf(db: Db): Promise<Map<number, TerminalsOf>> {
  const rows = await db
    .selectFrom('node')
    .leftJoin('node_contact', 'node_contact.node_id', 'node.id')
    .select('node.store_id')
    .select(({ fn }) => [
      fn.countAll<number>().as('terminals'),
      fn.count<number>('node_contact.node_id').as('heard'),
      fn.min('node_contact.seen_at').as('heard_at'),
    ])
    .select(sql<number>`coalesce(sum(node_contact.waiting), 0)`.as('waiting'))
    .select(
      sql<number>`coalesce(sum(node_contact.troubles + coalesce(node_contact.troubles_there, 0)), 0)`.as('troubles'),
    )
    .where('node.revoked_at', 'is', null)
    .where('node.deleted_at', 'is', null)
    .where('node.id', 'not in', db.selectFrom('self').select('node_id'))
    .groupBy('node.store_id')
    .execute()
  return new Map(
    rows.map(({ store_id, heard, heard_at, ...counts }) => [
      store_id,
      { ...counts, heard_at: heard === counts.terminals ? heard_at : null },
    ]),
  )
}
