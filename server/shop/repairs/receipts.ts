import type { Db, Trx } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import type { PaymentEntryTable } from '../../../db/schema/repair-tables.ts'
import type { TaxRule } from '../../domain/money/tax.ts'
import { addTaxes, oneLine, type TaxByRate, taxToState } from '../../domain/money/receipt-tax.ts'
import { readTax, type ReceiptTax, taxRules, writeTax } from '../receipt-tax.ts'

/**
 * Receipts of repairs. Each movement of money has one, corrections and removals too: it states its own share of the tax, so
 * that the receipts of a ticket add up to the tax of what is paid on it. All amounts in cents.
 */

/** One movement of money, and what stood then. */
export type Movement = {
  id: number
  payment_id: number
  at: number
  cashier: string | null
  kind: PaymentEntryTable['kind']
  amount_cents: number
  payment_method: string | null
  transaction_id: string | null
  receipt_number: string | null
  /** What the customer handed over in cash. */
  tendered_cents: number | null
  cost_cents: number
  discount_cents: number
  /** What was paid on the ticket after it. */
  paid_cents: number
  tax: ReceiptTax
}

/** What an entry of the money says; what it was worth and stated, `record` works out. */
export type NewMovement = Pick<
  PaymentEntryTable,
  'payment_id' | 'order_id' | 'amount_cents' | 'kind' | 'receipt_number' | 'payment_method' | 'transaction_id'
>

/** Writes down money that moved, with the tax that its receipt states. */
export async function recordMovement(trx: Trx, entry: NewMovement): Promise<void> {
  const { cost_cents, discount_cents, completed_at } = await billOf(trx, entry.order_id)
  const before = await listMovements(trx, entry.order_id)
  const rule = (await taxRules(trx))(completed_at ?? trx.act.now)
  const paid = (before.at(-1)?.paid_cents ?? 0) + entry.amount_cents
  const stated = taxToState(oneLine(cost_cents - discount_cents, rule), paid, statedIn(before))
  const bill = { cost_cents, discount_cents, tax: writeTax({ rule, stated }) }
  await insert(trx, 'payment_entry', { ...entry, ...bill, actor_id: trx.act.actor })
}

const statedIn = (movements: readonly Movement[]): TaxByRate => addTaxes(movements.map(({ tax }) => tax.stated))

const billOf = (db: Db, order_id: number) =>
  db
    .selectFrom('repair_order')
    .select(['cost_cents', 'discount_cents', 'completed_at'])
    .where('id', '=', order_id)
    .executeTakeFirstOrThrow()

/** All money that moved on a ticket, oldest first; of payments that were removed too. */
export async function listMovements(db: Db, order_id: number): Promise<Movement[]> {
  const entries = await entriesOf(db, order_id)
  const ruleAt = entries.some(({ tax }) => tax === null) ? await taxRules(db) : null
  const movements: Movement[] = []
  for (const [index, { tax, ...entry }] of entries.entries()) {
    const paid_cents = (movements.at(-1)?.paid_cents ?? 0) + entry.amount_cents
    const isFirst = entries.findIndex(({ payment_id }) => payment_id === entry.payment_id) === index
    const { tendered, taken_cost, taken_discount, order_cost, order_discount, ...shown } = {
      ...entry,
      ...(tax === null && ofOldEntry(entries, index, isFirst)),
    }
    const cost_cents = entry.cost_cents ?? taken_cost ?? order_cost
    const discount_cents = entry.discount_cents ?? taken_discount ?? order_discount
    const worked = (rule: TaxRule): ReceiptTax => ({
      rule,
      stated: taxToState(oneLine(cost_cents - discount_cents, rule), paid_cents, statedIn(movements)),
    })
    movements.push({
      ...shown,
      tendered_cents: isFirst ? tendered : null,
      cost_cents,
      discount_cents,
      paid_cents,
      tax: tax === null ? worked(ruleAt!(entry.at)) : readTax(tax),
    })
  }
  return movements
}

type Entry = Awaited<ReturnType<typeof entriesOf>>[number]

/**
 * What an entry of before receipts were kept with the money has from its payment: the first one its receipt, each the method
 * of then, which the first newer correction took back.
 */
function ofOldEntry(entries: readonly Entry[], index: number, isFirst: boolean) {
  const { payment_id, taken_number, taken_method, taken_reference } = entries[index]!
  const later = entries.slice(index).find((other) => other.payment_id === payment_id && other.tax !== null)
  return {
    receipt_number: isFirst ? taken_number : null,
    payment_method: later ? later.payment_method : taken_method,
    transaction_id: later ? later.transaction_id : taken_reference,
  }
}

const entriesOf = (db: Db, order_id: number) =>
  db
    .selectFrom('payment_entry')
    .innerJoin('payment', 'payment.id', 'payment_entry.payment_id')
    .innerJoin('repair_order', 'repair_order.id', 'payment_entry.order_id')
    .leftJoin('user as who', 'who.id', 'payment_entry.actor_id')
    .select([
      'payment_entry.id',
      'payment_entry.payment_id',
      'payment_entry.created_at as at',
      'payment_entry.kind',
      'payment_entry.amount_cents',
      'payment_entry.payment_method',
      'payment_entry.transaction_id',
      'payment_entry.receipt_number',
      'payment_entry.cost_cents',
      'payment_entry.discount_cents',
      'payment_entry.tax',
      'who.full_name as cashier',
    ])
    .select([
      'payment.tendered_cents as tendered',
      'payment.receipt_number as taken_number',
      'payment.payment_method as taken_method',
      'payment.transaction_id as taken_reference',
      'payment.cost_cents as taken_cost',
      'payment.discount_cents as taken_discount',
      'repair_order.cost_cents as order_cost',
      'repair_order.discount_cents as order_discount',
    ])
    .where('payment_entry.order_id', '=', order_id)
    .orderBy('payment_entry.id')
    .execute()
