import type { Db } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import { ownStore } from '../../../db/self.ts'
import type { Context } from '../../context.ts'
import { fromMinorUnits, toMinorUnits } from '../../domain/money/card-amount.ts'
import { type HttpError, storeRefusal } from '../../http/errors.ts'
import { applyIntent, type CardPayment, paymentById } from './ledger.ts'
import { callStripe, type StripeAccess, StripeError } from './stripe.ts'
import { Intent, NewIntent } from './stripe-objects.ts'

/**
 * Card payments through Stripe. Each begins as an `intended` row, committed with its order, so that whatever happens
 * between Stripe's answer and ours is found again at the next start: see `reconcile.ts`.
 */

export type CardContext = Pick<Context, 'database' | 'stripe' | 'log' | 'now' | 'run'>

/** In the journal's words: nobody at the counter did it. */
export const BY_STRIPE = { actor: null, device: null, act: 'stripe' }

/**
 * Stripe, where it is configured: asked for before an order is placed that could not be paid.
 * @throws 500
 */
export function requireStripe({ stripe }: Pick<Context, 'stripe'>): StripeAccess {
  if (!stripe) throw storeRefusal(500, 'stripe-not-configured', 'Stripe not configured')
  return stripe
}

/**
 * Asks Stripe for the intent of an `intended` payment and returns the secret with which the buyer pays it. Call it outside
 * any transaction. When it throws, nothing was charged and nobody can pay: the order is the caller's to undo.
 * @throws 400 for an amount that cannot be paid by card, 402 declined, 500 and 502 when Stripe will not have it, 503 when
 * it does not answer, 409 when the order was cancelled meanwhile
 */
export async function createIntent(context: CardContext, payment_id: number): Promise<string> {
  const stripe = requireStripe(context)
  const payment = await paymentById(context.database.db, payment_id)
  const asked = askForIntent(context.database.db, stripe, payment).then((intent) => checked(intent, payment))
  const intent = await asked.catch(async (error: unknown) => {
    if (!(error instanceof StripeError)) throw error
    const status = error.kind === 'silent' ? 'unanswered' : 'abandoned'
    await context.database.write(BY_STRIPE, async (trx) => {
      // Of an intent that is known, Stripe was asked before, and what it says of it counts.
      const { intent_id } = await paymentById(trx, payment_id)
      if (intent_id === null) await patch(trx, 'sales_payment', payment_id, { status })
    })
    throw refusalOf(context, error)
  })
  const order = await context.database.write(BY_STRIPE, async (trx) => {
    await applyIntent(trx, await paymentById(trx, payment_id), intent)
    await patch(trx, 'sales_payment', payment_id, { checked_at: trx.act.now })
    return await orderOf(trx, payment.order_id)
  })
  if (order.status !== 'pending') throw cancelledMeanwhile()
  return intent.client_secret
}

/** The refusal of an order that was given up before it could be paid. */
export const cancelledMeanwhile = () =>
  storeRefusal(409, 'order-cancelled-meanwhile', 'The order was cancelled meanwhile')

/**
 * The intent of a payment; the same one however often it is asked for.
 * @throws StripeError
 */
export async function askForIntent(db: Db, stripe: StripeAccess, payment: CardPayment): Promise<NewIntentOf> {
  const { order_id, amount_cents, currency, intent_key } = payment
  const amount = toMinorUnits(amount_cents, currency)
  if (amount === null) throw new StripeError('refused', 'amount_has_a_fraction')
  if (amount === 0) throw new StripeError('refused', 'amount_too_small')
  const params = {
    amount,
    currency: currency.toLowerCase(),
    payment_method_types: ['card'],
    metadata: { order_id: String(order_id), reference: intent_key!, shop: await shopName(db) },
  }
  const options = { idempotencyKey: intent_key! }
  return await callStripe(stripe, NewIntent, (api) => api.paymentIntents.create(params, options))
}

/** What a buyer would be asked to pay is what they were told. */
function checked(intent: NewIntentOf, { amount_cents, currency }: CardPayment): NewIntentOf {
  const same = intent.currency.toLowerCase() === currency.toLowerCase()
  if (same && fromMinorUnits(intent.amount, currency) === amount_cents) return intent
  throw new StripeError('silent', 'nonsense')
}

type NewIntentOf = Awaited<ReturnType<typeof callStripe<typeof NewIntent>>>

/** Which of several shops with one Stripe account it belongs to: `S1-T1`. */
async function shopName(db: Db): Promise<string> {
  const { code, terminal } = await ownStore(db).select(['store.code', 'node.terminal']).executeTakeFirstOrThrow()
  return `${code}-${terminal}`
}

/** What Stripe knows of an intent now. */
export const askAboutIntent = async (stripe: StripeAccess, intent_id: string) => {
  const { status = 'processing', ...intent } = await callStripe(stripe, Intent, (api) =>
    api.paymentIntents.retrieve(intent_id),
  )
  return { ...intent, status }
}

/**
 * Has Stripe cancel an intent, and returns what became of it: one that was paid meanwhile stays paid.
 * @throws StripeError
 */
export async function cancelIntent(stripe: StripeAccess, intent_id: string) {
  try {
    const cancelled = await callStripe(stripe, Intent, (api) => api.paymentIntents.cancel(intent_id))
    return { ...cancelled, status: cancelled.status ?? 'canceled' }
  } catch (error) {
    if (!(error instanceof StripeError) || error.kind !== 'refused' || error.code === 'resource_missing') throw error
    return await askAboutIntent(stripe, intent_id)
  }
}

const orderOf = (db: Db, id: number) =>
  db.selectFrom('sales_order').select('status').where('id', '=', id).executeTakeFirstOrThrow()

const AMOUNTS: Record<string, () => HttpError> = {
  amount_has_a_fraction: () =>
    storeRefusal(
      400,
      'card-amount-has-decimals',
      'Amounts in this currency have no decimals: it cannot be paid by card',
    ),
  amount_too_small: () => storeRefusal(400, 'card-amount-too-small', 'The total is too small to be paid by card'),
  amount_too_large: () => storeRefusal(400, 'card-amount-too-large', 'The total is too large to be paid by card'),
}

/** What the buyer is told; the reason is in the log. */
function refusalOf({ log }: CardContext, { kind, code }: StripeError): HttpError {
  log.warn({ stripe: { kind, reason: code } }, 'a card payment could not begin')
  if (kind === 'silent')
    return storeRefusal(
      503,
      'stripe-unreachable',
      'Stripe cannot be reached. Nothing was ordered or charged; try again.',
    )
  if (kind === 'declined')
    return storeRefusal(402, 'card-declined', 'The card was declined. Nothing was ordered or charged.')
  if (kind === 'key')
    return storeRefusal(500, 'stripe-key-refused', 'Stripe not configured: it does not accept the key of this shop')
  const amount = AMOUNTS[code ?? '']
  if (amount) return amount()
  return storeRefusal(502, 'stripe-refused-payment', 'Stripe refused the payment. Nothing was ordered or charged.')
}
