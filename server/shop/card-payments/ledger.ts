import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { insert, patch } from '../../../db/rows.ts'
import type { RefundTable, SalesPaymentEntryTable, SalesPaymentTable } from '../../../db/schema/store-tables.ts'
import { fromMinorUnits } from '../../domain/money/card-amount.ts'
import { idOfToday } from '../../http/ids/former-ids.ts'
import { CLOSED_DISPUTES, holdsStock } from '../../domain/sales-status.ts'
import { cancelOrder, manuallyRefundedOn, markPaid, markRefunded } from '../sales/order-outcome.ts'
import { giveStockBack, type ProductQuantity } from '../stock/ledger.ts'
import type { Dispute, Intent, Refund } from './stripe-objects.ts'

/**
 * What Stripe's objects say about a card payment, applied to it. The money itself is in `sales_payment_entry`, which only
 * grows and has each of Stripe's ids once, so that facts may come in any order and as often as they like. Where they end
 * follows from the sums alone.
 */

export type CardPayment = SalesPaymentTable

/** Whether the fact may have been overtaken by a newer one. */
export type FactOrder = { stale?: boolean }

/** The payment that an intent belongs to, removed or not; by our own mark where its id was not kept before a crash. */
export async function paymentOf(
  db: Db,
  { intent_id, mark }: { intent_id: string | null | undefined; mark?: Intent['metadata'] },
): Promise<CardPayment | null> {
  const said = Number(mark?.order_id ?? Number.NaN)
  const order_id = Number.isSafeInteger(said) ? await idOfToday(db, 'sales_order', said) : said
  if (intent_id) {
    const known = await db.selectFrom('sales_payment').selectAll().where('intent_id', '=', intent_id).execute()
    const named = known.find((payment) => payment.order_id === order_id)
    if (known.length > 0) return named ?? known.at(-1)!
  }
  if (!mark?.reference || !Number.isSafeInteger(order_id)) return null
  const payments = await db.selectFrom('sales_payment').selectAll().where('order_id', '=', order_id).execute()
  return payments.find(({ intent_key, intent_id }) => intent_key === mark.reference && intent_id === null) ?? null
}

/** The payment as it is now. */
export const paymentById = (db: Db, id: number): Promise<CardPayment> =>
  db.selectFrom('sales_payment').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/**
 * The intent as Stripe has it. Paid: the order is, or the money is flagged. Cancelled: so is the order that waits for it.
 * @returns the payment after it
 */
export async function applyIntent(
  trx: Trx,
  payment: CardPayment,
  intent: Intent & { status: string },
  { stale = false }: FactOrder = {},
): Promise<CardPayment> {
  const status = laterOf(payment.status, intent.status, stale)
  await patch(trx, 'sales_payment', payment.id, { status, intent_id: payment.intent_id ?? intent.id })
  if (intent.status === 'succeeded') await collect(trx, payment, intent)
  else if (status === 'canceled') await cancelUnpaidOrder(trx, payment)
  return await paymentById(trx, payment.id)
}

async function collect(trx: Trx, payment: CardPayment, { id, amount, amount_received, currency }: Intent) {
  const cents = fromMinorUnits(amount_received ?? amount, currency)
  if (cents === null || currency.toUpperCase() !== payment.currency.toUpperCase())
    return await flagForeign(trx, payment.id)
  const isNew = await recordMoney(trx, payment, 'charge', id, cents)
  if (isNew && cents === payment.amount_cents)
    await markPaid(trx, { order_id: payment.order_id, payment_id: payment.id })
  await recomputePaymentState(trx, payment.id)
}

/** Money of another currency counts nowhere: what is known of it is whether it went back. */
async function flagForeign(trx: Trx, id: number) {
  const refunds = await trx.selectFrom('refund').select('status').where('payment_id', '=', id).execute()
  if (refunds.some(({ status }) => status === 'succeeded')) return
  await patch(trx, 'sales_payment', id, { refund_due: true, trouble: 'currency' })
}

/** Nothing can be paid on it any more. */
async function cancelUnpaidOrder(trx: Trx, { id, order_id }: CardPayment) {
  const { charged } = await paymentTotals(trx, id)
  const order = await orderOf(trx, order_id)
  if (charged === 0 && order.status === 'pending') await cancelOrder(trx, order_id, { reason: 'payment' })
}

const RANKS: Record<string, number> = { intended: 0, unanswered: 0, abandoned: 0, canceled: 2, succeeded: 3 }
const rankOf = (status: string) => RANKS[status] ?? 1

/** What ended stays ended; between what is open, the newer word counts. */
function laterOf(before: string, now: string, stale: boolean): string {
  if (rankOf(now) < rankOf(before)) return before
  return stale && rankOf(now) === 1 && rankOf(before) === 1 ? before : now
}

/** A refund as Stripe has it, ours or one that was made elsewhere. */
export async function applyRefund(trx: Trx, payment: CardPayment, refund: Refund): Promise<void> {
  const cents =
    refund.currency.toUpperCase() === payment.currency.toUpperCase() && fromMinorUnits(refund.amount, refund.currency)
  const row = await refundRow(trx, payment, refund, cents || 0)
  const ours = isWrittenOff(row)
  const status = laterRefund(ours ? 'intended' : row.status, refund.status)
  const failure = status === 'failed' ? (refund.failure_reason ?? (ours ? null : row.failure)) : null
  await patch(trx, 'refund', row.id, { status, failure, refund_id: refund.id })
  if (cents === false || cents === null) {
    if (status === 'succeeded') await patch(trx, 'sales_payment', payment.id, { refund_due: false, trouble: null })
    return
  }
  if (status === 'succeeded' && (await recordMoney(trx, payment, 'refund', refund.id, -cents, row.actor_id)))
    await giveStockBack(trx, row.order_id, await goodsOf(trx, row.id))
  if (status === 'failed' && (await isRecorded(trx, payment, 'refund', refund.id)))
    await recordMoney(trx, payment, 'refund-failed', refund.id, cents)
  await recomputePaymentState(trx, payment.id)
}

/** What goes back to stock with a refund itself. */
const goodsOf = (db: Db, refund_id: number): Promise<ProductQuantity[]> =>
  db.selectFrom('refund_line').select(['product_id', 'qty']).where('refund_id', '=', refund_id).execute()

/** A refund that Stripe will not make, unless it has told of it meanwhile. */
export async function failRefund(
  trx: Trx,
  { id, payment_id }: Pick<RefundTable, 'id' | 'payment_id'>,
  failure: string | null,
) {
  const { status } = await trx.selectFrom('refund').select('status').where('id', '=', id).executeTakeFirstOrThrow()
  if (status !== 'intended') return
  await patch(trx, 'refund', id, { status: 'failed', failure })
  await recomputePaymentState(trx, payment_id)
}

async function refundRow(trx: Trx, payment: CardPayment, refund: Refund, amount_cents: number): Promise<RefundTable> {
  const rows = await trx.selectFrom('refund').selectAll().where('payment_id', '=', payment.id).execute()
  const reference = refund.metadata?.reference
  const known =
    rows.find(({ refund_id }) => refund_id === refund.id) ??
    rows.find(({ refund_id, request_key }) => refund_id === null && request_key === reference)
  if (known) return known
  const { id: payment_id, order_id } = payment
  const reason = refund.reason ?? null
  const status = 'pending' as const
  const row = { order_id, payment_id, amount_cents, reason, status, request_key: refund.id, restocks: false }
  const id = await insert(inStore(trx, payment.store_id), 'refund', row)
  return await trx.selectFrom('refund').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** Whether a refund failed by our own word alone: what Stripe says of it counts, as if it were yet to be made. */
const isWrittenOff = ({ status, refund_id, failure }: RefundTable) =>
  status === 'failed' && (refund_id === null || failure === 'resource_missing')

const REFUND_RANKS = { intended: 0, pending: 1, succeeded: 2, failed: 3 }

/** A refund that was made can still fail weeks later; one that failed stays so. */
function laterRefund(before: RefundTable['status'], word: string | null | undefined): RefundTable['status'] {
  const now = word === 'succeeded' ? 'succeeded' : word === 'failed' || word === 'canceled' ? 'failed' : 'pending'
  return REFUND_RANKS[now] > REFUND_RANKS[before] ? now : before
}

/** What happened to the disputed money, if anything did. */
export type DisputeMove = 'withdrawn' | 'reinstated' | null

/** A dispute as Stripe has it. The money is gone from the moment it is withdrawn until it is reinstated, or the dispute won. */
export async function applyDispute(
  trx: Trx,
  payment: CardPayment,
  dispute: Dispute,
  { moved, stale = false }: FactOrder & { moved: DisputeMove },
): Promise<void> {
  const cents = fromMinorUnits(dispute.amount, dispute.currency) ?? 0
  await recordDispute(trx, payment, dispute, { cents, stale })
  if (dispute.currency.toUpperCase() !== payment.currency.toUpperCase()) return
  if (moved !== null || dispute.status === 'lost') await recordMoney(trx, payment, 'dispute', dispute.id, -cents)
  const isBack =
    moved === 'reinstated' || (dispute.status === 'won' && (await isRecorded(trx, payment, 'dispute', dispute.id)))
  if (isBack) await recordMoney(trx, payment, 'dispute-won', dispute.id, cents)
  await recomputePaymentState(trx, payment.id)
}

async function recordDispute(
  trx: Trx,
  { id: payment_id, order_id, store_id }: CardPayment,
  { id: dispute_id, status, reason = null, evidence_details }: Dispute,
  { cents: amount_cents, stale }: { cents: number; stale: boolean },
) {
  const due = evidence_details?.due_by
  const fields = { amount_cents, status, reason, evidence_due_at: due ? due * 1_000 : null }
  const known = await trx
    .selectFrom('dispute')
    .select(['id', 'status'])
    .where('dispute_id', '=', dispute_id)
    .where('payment_id', '=', payment_id)
    .executeTakeFirst()
  if (!known) {
    await insert(inStore(trx, store_id), 'dispute', { order_id, payment_id, dispute_id, ...fields })
    return
  }
  if (CLOSED_DISPUTES.includes(known.status)) return
  if (CLOSED_DISPUTES.includes(status) || !stale) await patch(trx, 'dispute', known.id, fields)
}

/** Brings the order and what is due in step with the money. */
export async function recomputePaymentState(trx: Trx, payment_id: number): Promise<void> {
  const payment = await paymentById(trx, payment_id)
  const { charged, refunded, balance } = await paymentTotals(trx, payment_id)
  if (charged > 0 && refunded >= charged) await refundWhole(trx, payment)
  const trouble = await troubleWith(trx, payment, { charged, balance })
  const refund_due = trouble === 'currency' || (trouble !== null && balance > 0)
  await patch(trx, 'sales_payment', payment_id, { trouble, refund_due })
}

/** Goods go back with the money that paid for them, not with what came late or was paid twice. */
async function refundWhole(trx: Trx, { id, order_id, trouble }: CardPayment) {
  if (trouble === 'late' || trouble === 'twice' || !holdsStock((await orderOf(trx, order_id)).status)) return
  const refunds = await trx
    .selectFrom('refund')
    .select('restocks')
    .where('payment_id', '=', id)
    .where('status', '=', 'succeeded')
    .execute()
  const asAsked = refunds.every(({ restocks }) => restocks === 1)
  await markRefunded(trx, order_id, asAsked ? [] : undefined)
}

/** Money that came late or was paid twice stays so; of all else it depends on what is still here. */
async function troubleWith(
  db: Db,
  { id, order_id, amount_cents, trouble }: CardPayment,
  { charged, balance }: { charged: number; balance: number },
): Promise<CardPayment['trouble']> {
  if (trouble === 'currency' || trouble === 'twice') return trouble
  if (balance <= 0) return trouble === 'late' ? trouble : null
  if (charged !== amount_cents) return 'amount'
  if (await lastRefundFailed(db, id)) return 'refund-failed'
  return trouble === 'late' || !holdsStock((await orderOf(db, order_id)).status) ? 'late' : null
}

async function lastRefundFailed(db: Db, payment_id: number): Promise<boolean> {
  const last = await db
    .selectFrom('refund')
    .select('status')
    .where('payment_id', '=', payment_id)
    .where('status', 'in', ['succeeded', 'failed'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.status === 'failed'
}

/** What came on a payment, what of it went back, what a dispute has taken for now or for good, and what is left, in cents. */
type PaymentTotals = { charged: number; refunded: number; disputed: number; balance: number }

/** `refunded` is what Stripe gave back; `balance` is less what went back outside Stripe as well. */
export async function paymentTotals(db: Db, payment_id: number): Promise<PaymentTotals> {
  const entries = await db
    .selectFrom('sales_payment_entry')
    .select(['kind', 'amount_cents'])
    .where('payment_id', '=', payment_id)
    .execute()
  const sumOf = (...kinds: SalesPaymentEntryTable['kind'][]) =>
    entries.reduce((total, { kind, amount_cents }) => (kinds.includes(kind) ? total + amount_cents : total), 0)
  const charged = sumOf('charge')
  const refunded = 0 - sumOf('refund', 'refund-failed')
  const disputed = 0 - sumOf('dispute', 'dispute-won')
  return {
    charged,
    refunded,
    disputed,
    balance: charged - refunded - disputed - (await manuallyRefundedOn(db, payment_id)),
  }
}

/** Notes money that moved, once; says whether it was new. */
async function recordMoney(
  trx: Trx,
  payment: CardPayment,
  kind: SalesPaymentEntryTable['kind'],
  reference: string,
  amount_cents: number,
  actor_id: number | null = null,
): Promise<boolean> {
  if (await isRecorded(trx, payment, kind, reference)) return false
  const { id: payment_id, order_id, store_id } = payment
  const entry = { payment_id, order_id, amount_cents, kind, reference, actor_id }
  await insert(inStore(trx, store_id), 'sales_payment_entry', entry)
  return true
}

const isRecorded = async (db: Db, { id }: CardPayment, kind: SalesPaymentEntryTable['kind'], reference: string) =>
  (await db
    .selectFrom('sales_payment_entry')
    .select('id')
    .where('payment_id', '=', id)
    .where('kind', '=', kind)
    .where('reference', '=', reference)
    .executeTakeFirst()) !== undefined

const orderOf = (db: Db, id: number) =>
  db.selectFrom('sales_order').select(['id', 'status']).where('id', '=', id).executeTakeFirstOrThrow()
