import { randomUUID } from 'node:crypto'
import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { insert, patch, refuseOthers } from '../../../db/rows.ts'
import type { RefundTable } from '../../../db/schema/store-tables.ts'
import { formatMoney } from '../../domain/money/money.ts'
import { holdsStock } from '../../domain/sales-status.ts'
import { badRequest, conflict, notFound } from '../../http/errors.ts'
import { type CardPayment, paymentTotals, recomputePaymentState } from './ledger.ts'
import { pendingRefundsOf } from './refunds.ts'
import { recordAtDesk } from '../sales/desk-receipts.ts'

/** Money given back outside Stripe, in cash or by the bank: a refund that Stripe knows nothing of, so that it has no id of it. */

export type ManualRefund = {
  /** What is due unless said otherwise. */
  amount_cents?: number | undefined
  reason: string
}

/**
 * Notes money that was due and went back outside Stripe: so much can no longer be refunded, and what is not due any more
 * is no longer flagged. What was taken at the desk has a receipt of its going back too.
 * @throws 404, 400 where nothing is due and for more than there is, 409 while Stripe may still pay it back as well
 */
export async function recordManualRefund(
  trx: Trx,
  order_id: number,
  { amount_cents, reason }: ManualRefund,
): Promise<RefundTable> {
  const payment = await paymentDue(trx, order_id)
  await refuseOthers(trx, 'sales_payment', payment.id)
  if ((await pendingRefundsOf(trx, payment.id)) > 0)
    throw conflict('refund-under-way', 'A refund of this order is still under way')
  const { balance } = await paymentTotals(trx, payment.id)
  const amount = amount_cents ?? (await refundDue(trx, payment, balance))
  if (amount_cents === 0) throw badRequest('refund-zero', 'A refund is above 0')
  if (amount > balance)
    throw badRequest('refund-exceeds-rest', `Only ${formatMoney(balance)} can be refunded`, { left_cents: balance })
  const request_key = randomUUID()
  const id = await insert(inStore(trx, payment.store_id), 'refund', {
    order_id,
    payment_id: payment.id,
    amount_cents: amount,
    reason,
    status: 'succeeded',
    restocks: true,
    request_key,
    actor_id: trx.act.actor,
  })
  if (payment.intent_key === null)
    await recordAtDesk(trx, {
      payment_id: payment.id,
      order_id,
      amount_cents: -amount,
      kind: 'refund',
      reference: request_key,
    })
  if (payment.trouble === 'currency')
    await patch(trx, 'sales_payment', payment.id, { refund_due: false, trouble: null })
  else await recomputePaymentState(trx, payment.id)
  return await trx.selectFrom('refund').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** The payment of an order, removed or not, with money on it to be paid back. */
async function paymentDue(db: Db, order_id: number): Promise<CardPayment> {
  const payments = await db
    .selectFrom('sales_payment')
    .selectAll()
    .where('order_id', '=', order_id)
    .orderBy('id')
    .execute()
  const due = payments.find(({ refund_due }) => refund_due === 1)
  if (due) return due
  await orderStatus(db, order_id)
  throw badRequest('nothing-to-pay-back', 'Nothing is to be paid back on this order')
}

/** All that is left; of an order that goes on, the refund that failed. Money of another currency counts as nothing. */
async function refundDue(db: Db, { id, order_id, trouble }: CardPayment, held: number): Promise<number> {
  if (trouble === 'currency') return 0
  if (trouble !== 'refund-failed' || !holdsStock(await orderStatus(db, order_id))) return held
  const failed = await db
    .selectFrom('refund')
    .select('amount_cents')
    .where('payment_id', '=', id)
    .where('status', '=', 'failed')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return Math.min(failed.amount_cents, held)
}

async function orderStatus(db: Db, id: number) {
  const order = await db.selectFrom('sales_order').select('status').where('id', '=', id).executeTakeFirst()
  if (!order) throw notFound('sales-order-not-found', 'Order not found')
  return order.status
}
