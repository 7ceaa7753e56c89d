import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import type { SalesPaymentEntryTable } from '../../../db/schema/store-tables.ts'
import { sum } from '../../domain/money/money.ts'
import { addTaxes, oneLine, taxToState } from '../../domain/money/receipt-tax.ts'
import { charged } from '../../domain/money/tax.ts'
import { takeNumbers } from '../document-numbers.ts'
import { readTax, taxRules, writeTax } from '../receipt-tax.ts'

/** Receipts of what the web shop's orders are paid at the desk, and of what goes back there. Stripe writes its own. */

type DeskEntry = Pick<SalesPaymentEntryTable, 'payment_id' | 'order_id' | 'amount_cents' | 'kind'> & {
  reference?: string | null
  tendered_cents?: number | null
}

/** Writes down money that moved at the desk under a receipt of its own, with the tax of the day of the order. */
export async function recordAtDesk(trx: Trx, entry: DeskEntry): Promise<void> {
  const { rule, lines, store_id } = await billOf(trx, entry.order_id)
  const before = await receiptedOn(trx, entry.order_id)
  const paid = sum(before.map(({ amount_cents }) => amount_cents)) + entry.amount_cents
  const stated = taxToState(lines, paid, addTaxes(before.map(({ tax }) => readTax(tax!).stated)))
  const [receipt_number] = await takeNumbers(trx, 'receipt')
  await insert(inStore(trx, store_id), 'sales_payment_entry', {
    ...entry,
    reference: entry.reference ?? null,
    tendered_cents: entry.tendered_cents ?? null,
    actor_id: trx.act.actor,
    receipt_number: receipt_number!,
    tax: writeTax({ rule, stated }),
  })
}

/** The lines of an order with their tax, each rounded once, and the rule that they were priced by. */
async function billOf(db: Db, order_id: number) {
  const { created_at, store_id } = await db
    .selectFrom('sales_order')
    .select(['created_at', 'store_id'])
    .where('id', '=', order_id)
    .executeTakeFirstOrThrow()
  const rule = (await taxRules(db, store_id))(created_at)
  const priced = await db.selectFrom('sales_line').select('line_total_cents').where('order_id', '=', order_id).execute()
  const lines = priced.flatMap(({ line_total_cents }) => oneLine(charged(line_total_cents, rule), rule))
  return { rule, lines, store_id }
}

const receiptedOn = (db: Db, order_id: number) =>
  db
    .selectFrom('sales_payment_entry')
    .select(['amount_cents', 'tax'])
    .where('order_id', '=', order_id)
    .where('receipt_number', 'is not', null)
    .orderBy('id')
    .execute()
