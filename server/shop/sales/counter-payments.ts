import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import type { SalesStatus } from '../../domain/sales-status.ts'
import { badRequest, invalidField } from '../../http/errors.ts'
import { recordAtDesk } from './desk-receipts.ts'
import { cancelOrder, markPaid } from './order-outcome.ts'
import { findSalesOrder, type SalesOrder } from './orders.ts'

/** The web shop's orders at the desk: their money is taken there, or they are given up. Money by card online is Stripe's. */

/** `reference` is the card terminal's; `tendered_cents` what was handed over in cash. */
export type DeskPayment = { method: string; reference?: string | undefined; tendered_cents?: number | undefined }

/**
 * Takes the whole money of an order that waits for it, be it sent already, under a receipt of its own.
 * @throws 404, 400 for an order that waits no longer, or may still be paid online; 422 where the cash does not cover it
 */
export async function takeAtDesk(
  trx: Trx,
  order_id: number,
  { method, reference, tendered_cents }: DeskPayment,
): Promise<void> {
  const { total_cents: amount_cents, currency } = await findWaiting(trx, order_id, ['pending', 'shipped'])
  if (await hasMoney(trx, order_id)) throw badRequest('order-paid-already', 'This order is paid already')
  if (await mayBePaidOnline(trx, order_id))
    throw badRequest('order-payable-online', 'This order may still be paid by card online')
  if (method === 'Cash' && tendered_cents !== undefined && tendered_cents < amount_cents)
    throw invalidField('tendered_cents', 'cash-too-little', 'the cash given does not cover the amount')
  const status = 'succeeded'
  const payment = { order_id, method, amount_cents, currency, status, refund_due: false }
  const payment_id = await insert(inStore(trx, await storeOf(trx, order_id)), 'sales_payment', payment)
  const tendered = method === 'Cash' ? (tendered_cents ?? null) : null
  const moved = { payment_id, order_id, amount_cents, kind: 'charge', reference: reference ?? null } as const
  await recordAtDesk(trx, { ...moved, tendered_cents: tendered })
  await markPaid(trx, { order_id, payment_id })
}

/**
 * Gives up an order that nobody paid; its goods are free.
 * @throws 404, 400 for an order that waits no longer
 */
export async function cancelAtDesk(trx: Trx, order_id: number): Promise<void> {
  await findWaiting(trx, order_id, ['pending'])
  await cancelOrder(trx, order_id, { reason: 'admin' })
}

async function findWaiting(db: Db, order_id: number, among: readonly SalesStatus[]): Promise<SalesOrder> {
  const order = await findSalesOrder(db, order_id, { own: null })
  if (!among.includes(order.status))
    throw badRequest('order-awaits-no-money', `This order waits for no money: it is ${order.status}`, {
      status: order.status,
    })
  return order
}

async function storeOf(db: Db, order_id: number): Promise<number> {
  const order = db.selectFrom('sales_order').select('store_id').where('id', '=', order_id)
  return (await order.executeTakeFirstOrThrow()).store_id
}

async function hasMoney(db: Db, order_id: number): Promise<boolean> {
  const entries = db.selectFrom('sales_payment_entry').select('id').where('order_id', '=', order_id)
  return (await entries.where('kind', '=', 'charge').limit(1).executeTakeFirst()) !== undefined
}

/** As long as Stripe has not let go of a payment, or is about to be asked for one. */
async function mayBePaidOnline(db: Db, order_id: number): Promise<boolean> {
  const payment = await db
    .selectFrom('sales_payment')
    .select('id')
    .where('order_id', '=', order_id)
    .where('status', 'not in', ['abandoned', 'canceled'])
    .limit(1)
    .executeTakeFirst()
  return payment !== undefined
}
