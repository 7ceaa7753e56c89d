import { setTimeout as pause } from 'node:timers/promises'
import type { Db, Trx } from '../../db/handle.ts'
import { patch } from '../../db/rows.ts'
import type { DisputeTable } from '../../db/schema-store.ts'
import type { Context } from '../context.ts'
import { applyDispute, applyIntent, type CardPayment, CLOSED_DISPUTES, paymentById } from './card-money.ts'
import { askAboutIntent, askForIntent, BY_STRIPE, type CardContext, cancelIntent } from './card-payments.ts'
import { hearEvents, heardUntil, mayNot, type Reconciler, type Run } from './reconcile-events.ts'
import { followRefund, isFinal, makeRefund } from './refunds.ts'
import { cancelExpired, cancelOrder, undoOrder } from './sales-outcome.ts'
import { applyPutOff, eventsPutOff } from './stripe-events.ts'
import { ask, StripeTrouble } from './stripe.ts'
import { Dispute } from './stripe-objects.ts'

/**
 * Brings card payments in step with Stripe where nobody tells us of them: a shop behind a router hears no webhooks, and a
 * crash may fall between Stripe's answer and the row that keeps it. Each run asks; nothing is charged here.
 */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A request that asks Stripe is over by then. */
const AT_WORK = 2 * MINUTE
const AT_ONCE = 100

export const newReconciler = ({ now }: Pick<Context, 'now'>): Reconciler => ({
  started: now(),
  since: null,
  troubled: false,
})

/** Reconciles at the start and each minute until the server closes. */
export async function reconcileByTheMinute(context: Context): Promise<void> {
  const state = newReconciler(context)
  const { closing } = context.run
  while (!closing.aborted) {
    await reconcile(context, state)
    await pause(MINUTE, undefined, { signal: closing, ref: false }).catch(() => {}) // The server closes.
  }
}

/** One run: what was half done, then what can still be paid, then what else Stripe tells. Throws nothing. */
export async function reconcile(context: CardContext, state: Reconciler): Promise<void> {
  const { stripe, log, run } = context
  const tell = (error: unknown) => {
    if (state.troubled || run.closing.aborted) return
    const told = error instanceof StripeTrouble ? { stripe: { kind: error.kind, reason: error.code } } : { err: error }
    log.warn(told, 'card payments could not be reconciled; trying on quietly')
  }
  try {
    if (stripe) await askStripe({ ...context, stripe, state })
    await cancelAllExpired(context)
    if (state.troubled) log.info('card payments are reconciled again')
    state.troubled = false
  } catch (error) {
    tell(error)
    state.troubled = true
    await cancelAllExpired(context).catch(tell)
  }
}

async function askStripe(run: Run) {
  const { db } = run.database
  const since = (run.state.since ??= await heardUntil(db))
  const questions = [
    async () => await each(await halfDone(db, run), (payment) => undoIntent(run, payment)),
    async () => await each(await refundsToFinish(db, run), (refund) => finishRefund(run, refund)),
    async () => await each(await openPayments(db, run), (payment) => followIntent(run, payment)),
    async () => await each(await eventsPutOff(db), (event) => applyPutOff(run, event)),
    async () => await hearEvents(run, since),
    async () => await each(await openDisputes(db, run), (dispute) => followDispute(run, dispute)),
  ]
  await each(questions, (question) => question())
}

/** How many failures in a row mean that all others will fail too. */
const ENOUGH = 2

/** Does its work on each, and throws the first failure at the end: one that always fails must not keep the others from theirs. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>) {
  const failures: unknown[] = []
  for (const one of all) {
    if (failures.length >= ENOUGH) break
    await work(one).then(
      () => failures.splice(1),
      (error: unknown) => failures.push(error),
    )
  }
  if (failures.length > 0) throw failures[0]
}

/** Payments whose buyer never got the secret: nobody is at work on them, and nobody can pay them. */
async function halfDone(db: Db, { now, state }: Run): Promise<CardPayment[]> {
  const payments = await db
    .selectFrom('sales_payment')
    .selectAll()
    .where('status', 'in', ['intended', 'unanswered'])
    .where('intent_key', 'is not', null)
    .orderBy('id')
    .execute()
  return payments
    .filter(({ status, created_at }) => status === 'unanswered' || isLeft(created_at, now(), state))
    .slice(0, AT_ONCE)
}

/** A row from the future is left from before the clock was set back. */
const isLeft = (created_at: number, now: number, { started }: Reconciler) =>
  created_at < started || Math.abs(now - created_at) > AT_WORK

/** Learns the intent by its key, made now if it never was, and cancels it together with its order. */
async function undoIntent(run: Run, payment: CardPayment) {
  try {
    const { id } = await askForIntent(run.database.db, run.stripe, payment)
    const intent = await cancelIntent(run.stripe, id)
    await run.database.write(BY_STRIPE, async (trx) => {
      if (intent.status !== 'succeeded') await undoOrder(trx, payment.order_id)
      await noteIntent(trx, payment, intent)
    })
  } catch (error) {
    if (!isRefusal(error)) throw error
    await run.database.write(BY_STRIPE, async (trx) => {
      await undoOrder(trx, payment.order_id)
      await abandon(trx, payment)
    })
  }
}

const isRefusal = (error: unknown) =>
  error instanceof StripeTrouble && (error.kind === 'refused' || error.kind === 'declined')

/** There is nothing at Stripe that could be paid: an order that waits for it is given up. */
async function abandon(trx: Trx, { id, order_id }: CardPayment) {
  await patch(trx, 'sales_payment', id, { status: 'abandoned', checked_at: trx.act.now })
  const order = await trx.selectFrom('sales_order').select('status').where('id', '=', order_id).executeTakeFirst()
  if (order?.status === 'pending') await cancelOrder(trx, order_id, { reason: 'payment' })
}

async function noteIntent(trx: Trx, { id }: CardPayment, intent: Parameters<typeof applyIntent>[2]) {
  await applyIntent(trx, await paymentById(trx, id), intent)
  await patch(trx, 'sales_payment', id, { checked_at: trx.act.now })
}

async function refundsToFinish(db: Db, { now, state }: Run) {
  const refunds = await db
    .selectFrom('refund')
    .selectAll()
    .where('status', 'in', ['intended', 'pending'])
    .orderBy('id')
    .execute()
  return refunds
    .filter((refund) => (refund.refund_id === null ? isLeft(refund.created_at, now(), state) : isDue(refund, now())))
    .slice(0, AT_ONCE)
}

async function finishRefund(run: Run, refund: Awaited<ReturnType<typeof refundsToFinish>>[number]) {
  if (refund.refund_id !== null) return await followRefund(run, run.stripe, refund)
  await makeRefund(run, run.stripe, refund, true).catch((error: unknown) => {
    if (!isFinal(error)) throw error
  })
}

/** Asks ever less often about what does not change: a fifth of its age from one time to the next. */
function isDue({ created_at, checked_at }: { created_at: number; checked_at: number | null }, now: number): boolean {
  if (checked_at === null || checked_at > now) return true
  return now - checked_at >= Math.min(Math.max((now - created_at) / 5, MINUTE / 2), 6 * HOUR)
}

async function openDisputes(db: Db, { now }: Run): Promise<DisputeTable[]> {
  const disputes = await db
    .selectFrom('dispute')
    .selectAll()
    .where('status', 'not in', CLOSED_DISPUTES)
    .orderBy('id')
    .execute()
  return disputes.filter((dispute) => isDue(dispute, now())).slice(0, AT_ONCE)
}

/** Asks how a dispute stands: of two events of one second nobody knows which came first. */
async function followDispute({ stripe, database }: Run, { id, payment_id, dispute_id }: DisputeTable) {
  const dispute = await ask(stripe, Dispute, (api) => api.disputes.retrieve(dispute_id)).catch(unseen)
  await database.write(BY_STRIPE, async (trx) => {
    await patch(trx, 'dispute', id, { checked_at: trx.act.now })
    if (dispute) await applyDispute(trx, await paymentById(trx, payment_id), dispute, { moved: null })
  })
}

/** A key that may not read disputes: its events tell of them. */
function unseen(error: unknown) {
  if (mayNot(error)) return null
  throw error
}

type OpenPayment = CardPayment & { isOver: boolean }

/** What can still be paid: at once where its order is over, else when it is due. */
async function openPayments(db: Db, { now }: Run): Promise<OpenPayment[]> {
  const payments = await db
    .selectFrom('sales_payment')
    .innerJoin('sales_order', 'sales_order.id', 'sales_payment.order_id')
    .selectAll('sales_payment')
    .select(['sales_order.status as order_status', 'sales_order.expires_at'])
    .where('intent_id', 'is not', null)
    .where('sales_payment.status', 'not in', ['succeeded', 'canceled', 'abandoned', 'intended', 'unanswered'])
    .orderBy('sales_payment.checked_at')
    .execute()
  return payments
    .map(({ order_status, expires_at, ...payment }) => ({
      ...payment,
      isOver: order_status !== 'pending' || (expires_at !== null && expires_at <= now()),
    }))
    .filter((payment) => payment.isOver || isDue(payment, now()))
    .slice(0, AT_ONCE)
}

/** Asks about an intent, and has it cancelled where its order is over: only then its goods are free. */
async function followIntent({ stripe, database }: Run, payment: OpenPayment) {
  const { isOver } = payment
  try {
    const intent = await (isOver ? cancelIntent : askAboutIntent)(stripe, payment.intent_id!)
    await database.write(BY_STRIPE, (trx) => noteIntent(trx, payment, intent))
  } catch (error) {
    if (!isRefusal(error)) throw error
    // Unknown to Stripe: perhaps it was made under another key.
    const isLost = (error as StripeTrouble).code === 'resource_missing'
    await database.write(BY_STRIPE, async (trx) => {
      if (isOver && isLost) await abandon(trx, payment)
      else await patch(trx, 'sales_payment', payment.id, { checked_at: trx.act.now })
    })
  }
}

/** Cancels the orders whose time was up. Money that comes all the same is flagged. */
async function cancelAllExpired({ database }: CardContext) {
  const by = { ...BY_STRIPE, act: 'expire orders' }
  while ((await database.write(by, (trx) => cancelExpired(trx, { most: AT_ONCE }))) === AT_ONCE) await pause(5)
}
