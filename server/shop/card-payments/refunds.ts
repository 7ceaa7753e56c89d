import { randomUUID } from 'node:crypto'
import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { insert, insertMany, patch, refuseOthers } from '../../../db/rows.ts'
import type { RefundTable } from '../../../db/schema/store-tables.ts'
import { fromMinorUnits, toMinorUnits } from '../../domain/money/card-amount.ts'
import { formatMoney, sum } from '../../domain/money/money.ts'
import type { ActContext } from '../../http/endpoint.ts'
import { badRequest, conflict, notFound } from '../../http/errors.ts'
import { applyRefund, failRefund, paymentById, paymentTotals } from './ledger.ts'
import { BY_STRIPE, type CardContext, requireStripe } from './intents.ts'
import type { ProductQuantity } from '../stock/ledger.ts'
import { callStripe, isRefusal, type StripeAccess, StripeError } from './stripe.ts'
import { Refund, Refunds } from './stripe-objects.ts'

/**
 * Money given back through Stripe. A refund is written down before Stripe is asked and counts from then on, so that it is
 * made once: whatever breaks in between, the same row is asked for again.
 */

export type WantedRefund = {
  order_id: number
  /** All that is left unless said otherwise. */
  amount_cents?: number | undefined
  reason?: string | undefined
  /** What goes back to stock; everything with the last of the money, and nothing before, unless said otherwise. */
  restock?: readonly ProductQuantity[] | undefined
}

/**
 * Gives money back, and returns the refund as it stands: still `intended` when Stripe cannot be asked or its answer not be
 * kept, and then it is followed up as soon as that can be.
 * @throws 404, 400 for more than is left, 409 when Stripe will not make it, 500 without Stripe
 */
export async function refundOrder(
  context: CardContext & Pick<ActContext, 'write' | 'leave' | 'undo'>,
  wanted: WantedRefund,
): Promise<RefundTable> {
  const { refund, stripe } = await context.write(async (trx) => {
    const refund = await intendRefund(trx, wanted)
    context.leave(refund.id)
    return { refund, stripe: requireStripe(context) } // Without it nothing was intended.
  })
  await makeRefund(context, stripe, refund).catch(async (error: unknown) => {
    // It has failed and moved nothing: the same request may try again.
    if (isFinal(error)) await context.undo(async () => {})
    handleFailure(context, error)
  })
  return await refundById(context.database.db, refund.id)
}

/** It is written down and will be made: but for a refusal, a failure would only invite the desk to ask for another. */
function handleFailure({ log }: CardContext, error: unknown) {
  if (!(error instanceof StripeError)) return log.error({ err: error }, 'a refund is followed up later')
  log.warn({ stripe: { kind: error.kind, reason: error.code } }, 'a refund was not made')
  if (!isFinal(error)) return
  throw refusedBy(error.code)
}

const refusedBy = (reason: string | null | undefined) =>
  reason
    ? conflict('stripe-refused-refund-because', `Stripe refused the refund (${reason})`, { reason })
    : conflict('stripe-refused-refund', 'Stripe refused the refund')

async function intendRefund(trx: Trx, { order_id, amount_cents, reason, restock }: WantedRefund): Promise<RefundTable> {
  await refuseUnknownOrder(trx, order_id)
  await refuseForeignLines(trx, order_id, restock ?? [])
  const { payment_id, left, disputed } = await refundable(trx, order_id)
  const wanted = amount_cents ?? left
  if (left === 0 && disputed > 0) throw badRequest('rest-disputed', 'The rest of the money is disputed')
  if (left === 0) throw badRequest('nothing-to-refund', 'There is nothing left to refund')
  if (wanted === 0) throw badRequest('refund-zero', 'A refund is above 0')
  if (wanted > left)
    throw badRequest('refund-exceeds-rest', `Only ${formatMoney(left)} can be refunded`, { left_cents: left })
  await refuseOthers(trx, 'sales_payment', payment_id)
  const { currency, store_id } = await paymentById(trx, payment_id)
  if (toMinorUnits(wanted, currency) === null)
    throw badRequest('amount-has-decimals', `Amounts in ${currency} have no decimals`, { currency })
  const its = inStore(trx, store_id)
  const id = await insert(its, 'refund', {
    order_id,
    payment_id,
    amount_cents: wanted,
    reason,
    status: 'intended',
    restocks: restock !== undefined,
    request_key: randomUUID(),
    actor_id: trx.act.actor,
  })
  await insertMany(
    its,
    'refund_line',
    (restock ?? []).map(({ product_id, qty }) => ({ refund_id: id, product_id, qty })),
  )
  return await refundById(trx, id)
}

type Refundable = { payment_id: number; left: number; disputed: number }

/** The payment of an order by card with money on it, and how much of that nobody has asked back yet, in cents. */
async function refundable(db: Db, order_id: number): Promise<Refundable> {
  const payments = await db
    .selectFrom('sales_payment')
    .select('id')
    .where('order_id', '=', order_id)
    .where('status', '=', 'succeeded')
    .where('intent_id', 'is not', null)
    .orderBy('id')
    .execute()
  if (payments.length === 0) throw badRequest('nothing-paid-by-card', 'Nothing was paid by card on this order')
  let last: Refundable = { payment_id: payments[0]!.id, left: 0, disputed: 0 }
  for (const { id: payment_id } of payments) {
    const { balance, disputed } = await paymentTotals(db, payment_id)
    const left = Math.max(0, balance - (await pendingRefundsOf(db, payment_id)))
    if (left > 0) return { payment_id, left, disputed }
    if (disputed > 0) last = { payment_id, left, disputed }
  }
  return last
}

/** What was asked back of a payment and has neither gone nor failed, in cents. */
export async function pendingRefundsOf(db: Db, payment_id: number): Promise<number> {
  const refunds = await db
    .selectFrom('refund')
    .select('amount_cents')
    .where('payment_id', '=', payment_id)
    .where('status', 'in', ['intended', 'pending'])
    .execute()
  return sum(refunds.map(({ amount_cents }) => amount_cents))
}

/**
 * Has Stripe make an intended refund. One that it made before, but whose answer was lost, is found by our mark: its
 * idempotency keys live for a day only.
 * @throws StripeError; where it is final, the refund has failed
 */
export async function makeRefund(
  context: CardContext,
  stripe: StripeAccess,
  refund: RefundTable,
  again = false,
): Promise<void> {
  const { db } = context.database
  const made = again ? await findMade(db, stripe, refund) : undefined
  await recordRefund(context, refund, made ?? (await askOrFail(context, stripe, refund)))
}

async function askOrFail(context: CardContext, stripe: StripeAccess, refund: RefundTable): Promise<Refund> {
  try {
    return await askForRefund(context.database.db, stripe, refund)
  } catch (error) {
    if (isFinal(error)) await context.database.write(BY_STRIPE, (trx) => failRefund(trx, refund, error.code))
    throw error
  }
}

/**
 * Whether Stripe will never make this refund. What it does not know may belong to another account or mode than the key of
 * now: a shop's key can be put right, and then the refund is made after all.
 */
export const isFinal = (error: unknown): error is StripeError => isRefusal(error) && error.code !== 'resource_missing'

/** Asks Stripe how a refund that it has not finished is getting on. */
export async function followRefund(context: CardContext, stripe: StripeAccess, refund: RefundTable): Promise<void> {
  await recordRefund(
    context,
    refund,
    await callStripe(stripe, Refund, (api) => api.refunds.retrieve(refund.refund_id!)),
  )
}

async function recordRefund(context: CardContext, { id, payment_id }: RefundTable, made: Refund) {
  await context.database.write(BY_STRIPE, async (trx) => {
    await patch(trx, 'refund', id, { refund_id: made.id, checked_at: trx.act.now })
    await applyRefund(trx, await paymentById(trx, payment_id), made)
  })
}

async function askForRefund(db: Db, stripe: StripeAccess, refund: RefundTable): Promise<Refund> {
  const { intent_id, currency } = await paymentById(db, refund.payment_id)
  const params = {
    payment_intent: intent_id!,
    amount: toMinorUnits(refund.amount_cents, currency)!,
    metadata: { order_id: String(refund.order_id), reference: refund.request_key },
  }
  const made = await callStripe(stripe, Refund, (api) =>
    api.refunds.create(params, { idempotencyKey: refund.request_key }),
  )
  if (fromMinorUnits(made.amount, made.currency) !== refund.amount_cents) throw new StripeError('silent', 'nonsense')
  return made
}

async function findMade(
  db: Db,
  stripe: StripeAccess,
  { payment_id, request_key }: RefundTable,
): Promise<Refund | undefined> {
  const { intent_id } = await paymentById(db, payment_id)
  const { data } = await callStripe(stripe, Refunds, (api) =>
    api.refunds.list({ payment_intent: intent_id!, limit: 100 }),
  )
  return data.find(({ metadata }) => metadata?.reference === request_key)
}

async function refuseUnknownOrder(db: Db, id: number) {
  const order = await db.selectFrom('sales_order').select('id').where('id', '=', id).executeTakeFirst()
  if (!order) throw notFound('sales-order-not-found', 'Order not found')
}

async function refuseForeignLines(db: Db, order_id: number, restock: readonly ProductQuantity[]) {
  const lines = await db
    .selectFrom('sales_line')
    .select(['product_id', 'qty'])
    .where('order_id', '=', order_id)
    .execute()
  for (const { product_id, qty } of restock) {
    const sold = lines.find((line) => line.product_id === product_id)?.qty ?? 0
    if (qty > sold)
      throw badRequest('refund-exceeds-sold', `The order has ${sold} of product ${product_id}, not ${qty}`, {
        sold,
        product_id,
        qty,
      })
  }
}

/**
 * The refund of a request whose answer was lost, as it stands: it is followed up whoever asks.
 * @throws 409 when Stripe would not make it: the same request may try again
 */
export async function refundMade(context: CardContext & Pick<ActContext, 'undo'>, id: number): Promise<RefundTable> {
  const refund = await refundById(context.database.db, id)
  if (refund.status !== 'failed') return refund
  await context.undo(async () => {})
  throw refusedBy(refund.failure)
}

const refundById = (db: Db, id: number) =>
  db.selectFrom('refund').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
