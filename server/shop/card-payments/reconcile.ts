import { setTimeout as pause } from 'node:timers/promises'
import type { OrderByItemBuilder } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'
import { patch } from '../../../db/rows.ts'
import type { DisputeTable } from '../../../db/schema/store-tables.ts'
import type { Context } from '../../context.ts'
import { CLOSED_DISPUTES } from '../../domain/sales-status.ts'
import { applyDispute, applyIntent, type CardPayment, paymentById } from './ledger.ts'
import { askAboutIntent, askForIntent, BY_STRIPE, type CardContext, cancelIntent } from './intents.ts'
import { pollEvents, eventCursor, isPermissionDenied, type Reconciler, type Run } from './reconcile-events.ts'
import { followRefund, isFinal, makeRefund } from './refunds.ts'
import { cancelExpired, cancelOrder, undoOrder } from '../sales/order-outcome.ts'
import { applyDeferred, deferredEvents } from './stripe-events.ts'
import { callStripe, isRefusal, StripeError } from './stripe.ts'
import { Dispute } from './stripe-objects.ts'

/**
 * Brings card payments in step with Stripe where nobody tells us of them: a shop behind a router hears no webhooks, and a
 * crash may fall between Stripe's answer and the row that keeps it. Each run asks about this machine's own; nothing is charged here.
 */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A request that asks Stripe is over by then. */
const REQUEST_TIMEOUT_MS = 2 * MINUTE_MS
const MAX_ROWS_PER_RUN = 100
/** How long what is half done waits at most from one try to the next. */
const MAX_RETRY_DELAY_MS = 10 * MINUTE_MS

/** What was never tried, then what was tried the longest ago. */
const OLDEST_FIRST = (order: OrderByItemBuilder) => order.asc().nullsFirst()

export const newReconciler = ({ now }: Pick<Context, 'now'>): Reconciler => ({
  started: now(),
  since: null,
  lastDeferredId: 0,
  hasFailed: false,
})

/** Reconciles at the start and each minute until the server closes. */
export async function reconcileByTheMinute(context: Context): Promise<void> {
  const state = newReconciler(context)
  const { closing } = context.run
  while (!closing.aborted) {
    await reconcile(context, state)
    await pause(MINUTE_MS, undefined, { signal: closing, ref: false }).catch(() => {}) // The server closes.
  }
}

/** One run: what was half done, then what can still be paid, then what else Stripe tells. Throws nothing. */
export async function reconcile(context: CardContext, state: Reconciler): Promise<void> {
  const { stripe, log, run } = context
  const logFailure = (error: unknown) => {
    if (state.hasFailed || run.closing.aborted) return
    const details = error instanceof StripeError ? { stripe: { kind: error.kind, reason: error.code } } : { err: error }
    log.warn(details, 'card payments could not be reconciled; trying on quietly')
  }
  try {
    if (stripe) await askStripe({ ...context, stripe, state })
    await cancelAllExpired(context)
    if (state.hasFailed) log.info('card payments are reconciled again')
    state.hasFailed = false
  } catch (error) {
    logFailure(error)
    state.hasFailed = true
    await cancelAllExpired(context).catch(logFailure)
  }
}

async function askStripe(run: Run) {
  const { db } = run.database
  const since = (run.state.since ??= await eventCursor(db))
  const failures: Failures = { inARow: 0, all: [] }
  await each(failures, await unfinishedPayments(db, run), recordingFailure(run, 'sales_payment', undoIntent))
  await each(failures, await refundsToFinish(db, run), recordingFailure(run, 'refund', finishRefund))
  await each(failures, await openPayments(db, run), recordingFailure(run, 'sales_payment', followIntent))
  await each(failures, await deferredEvents(db, run.state.lastDeferredId), (event) => askAgain(run, event))
  await each(failures, [since], () => pollEvents(run, since))
  await each(failures, await openDisputes(db, run), recordingFailure(run, 'dispute', followDispute))
  if (failures.all.length > 0) throw failures.all[0]
}

type Failures = { inARow: number; all: unknown[] }

/** How many failures in a row mean that all others will fail too. */
const MAX_FAILURES_IN_A_ROW = 2

/** Does its work on each until too much has failed in a row, but on one at least: no kind of question waits for another. */
async function each<T>(failures: Failures, all: readonly T[], work: (one: T) => Promise<void>) {
  for (const [index, one] of all.entries()) {
    if (index > 0 && failures.inARow >= MAX_FAILURES_IN_A_ROW) break
    await work(one).then(
      () => void (failures.inARow = 0),
      (error: unknown) => {
        failures.inARow += 1
        failures.all.push(error)
      },
    )
  }
}

/** What fails was tried all the same: the next time it comes after the others. */
const recordingFailure =
  <T extends { id: number }>(
    run: Run,
    table: 'sales_payment' | 'refund' | 'dispute',
    work: (run: Run, row: T) => Promise<void>,
  ) =>
  (row: T): Promise<void> =>
    work(run, row).catch(async (error: unknown) => {
      const note = (trx: Trx) => patch(trx, table, row.id, { checked_at: trx.act.now })
      await run.database.write(BY_STRIPE, note).catch(() => {}) // Why the work failed is what is told.
      throw error
    })

async function askAgain(run: Run, event: Awaited<ReturnType<typeof deferredEvents>>[number]) {
  run.state.lastDeferredId = event.id
  await applyDeferred(run, event)
}

/** Payments whose buyer never got the secret: nobody is at work on them, and nobody can pay them. */
async function unfinishedPayments(db: Db, { now, state }: Run): Promise<CardPayment[]> {
  const payments = await db
    .selectFrom('sales_payment')
    .selectAll()
    .where(idOf(await ownedNodes(db), 'id'))
    .where('status', 'in', ['intended', 'unanswered'])
    .where('intent_key', 'is not', null)
    .orderBy('checked_at', OLDEST_FIRST)
    .orderBy('id')
    .execute()
  return payments
    .filter(({ status, created_at }) => status === 'unanswered' || isAbandonedRequest(created_at, now(), state))
    .filter((payment) => isDue(payment, now(), MAX_RETRY_DELAY_MS))
    .slice(0, MAX_ROWS_PER_RUN)
}

/** A row from the future is left from before the clock was set back. */
const isAbandonedRequest = (created_at: number, now: number, { started }: Reconciler) =>
  created_at < started || Math.abs(now - created_at) > REQUEST_TIMEOUT_MS

/** Learns the intent by its key, made now if it never was, and cancels it together with its order. */
async function undoIntent(run: Run, payment: CardPayment) {
  try {
    const { id } = await askForIntent(run.database.db, run.stripe, payment)
    const intent = await cancelIntent(run.stripe, id)
    await run.database.write(BY_STRIPE, async (trx) => {
      if (intent.status !== 'succeeded') await undoOrder(trx, payment.order_id)
      await recordIntent(trx, payment, intent)
    })
  } catch (error) {
    if (!isRefusal(error)) throw error
    await run.database.write(BY_STRIPE, async (trx) => {
      await undoOrder(trx, payment.order_id)
      await abandon(trx, payment)
    })
  }
}

/** There is nothing at Stripe that could be paid: an order that waits for it is given up. */
async function abandon(trx: Trx, { id, order_id }: CardPayment) {
  await patch(trx, 'sales_payment', id, { status: 'abandoned', checked_at: trx.act.now })
  const order = await trx.selectFrom('sales_order').select('status').where('id', '=', order_id).executeTakeFirst()
  if (order?.status === 'pending') await cancelOrder(trx, order_id, { reason: 'payment' })
}

async function recordIntent(trx: Trx, { id }: CardPayment, intent: Parameters<typeof applyIntent>[2]) {
  await applyIntent(trx, await paymentById(trx, id), intent)
  await patch(trx, 'sales_payment', id, { checked_at: trx.act.now })
}

async function refundsToFinish(db: Db, { now, state }: Run) {
  const refunds = await db
    .selectFrom('refund')
    .selectAll()
    .where(idOf(await ownedNodes(db), 'id'))
    .where('status', 'in', ['intended', 'pending'])
    .orderBy('checked_at', OLDEST_FIRST)
    .orderBy('id')
    .execute()
  return refunds
    .filter((refund) =>
      refund.refund_id === null
        ? isAbandonedRequest(refund.created_at, now(), state) && isDue(refund, now(), MAX_RETRY_DELAY_MS)
        : isDue(refund, now()),
    )
    .slice(0, MAX_ROWS_PER_RUN)
}

async function finishRefund(run: Run, refund: Awaited<ReturnType<typeof refundsToFinish>>[number]) {
  if (refund.refund_id !== null) return await followRefund(run, run.stripe, refund)
  await makeRefund(run, run.stripe, refund, true).catch((error: unknown) => {
    if (!isFinal(error)) throw error
  })
}

/** Asks ever less often about what does not change: a fifth of its age from one time to the next, and `maxDelayMs` at most. */
function isDue(
  { created_at, checked_at }: { created_at: number; checked_at: number | null },
  now: number,
  maxDelayMs = 6 * HOUR_MS,
): boolean {
  if (checked_at === null || checked_at > now) return true
  return now - checked_at >= Math.min(Math.max((now - created_at) / 5, MINUTE_MS / 2), maxDelayMs)
}

async function openDisputes(db: Db, { now }: Run): Promise<DisputeTable[]> {
  const disputes = await db
    .selectFrom('dispute')
    .selectAll()
    .where(idOf(await ownedNodes(db), 'id'))
    .where('status', 'not in', CLOSED_DISPUTES)
    .orderBy('checked_at', OLDEST_FIRST)
    .orderBy('id')
    .execute()
  return disputes.filter((dispute) => isDue(dispute, now())).slice(0, MAX_ROWS_PER_RUN)
}

/** Asks how a dispute stands: of two events of one second nobody knows which came first. */
async function followDispute({ stripe, database }: Run, { id, payment_id, dispute_id }: DisputeTable) {
  const dispute = await callStripe(stripe, Dispute, (api) => api.disputes.retrieve(dispute_id)).catch(nullIfDenied)
  await database.write(BY_STRIPE, async (trx) => {
    await patch(trx, 'dispute', id, { checked_at: trx.act.now })
    if (dispute) await applyDispute(trx, await paymentById(trx, payment_id), dispute, { moved: null })
  })
}

/** A key that may not read disputes: its events tell of them. */
function nullIfDenied(error: unknown) {
  if (isPermissionDenied(error)) return null
  throw error
}

type OpenPayment = CardPayment & { isOver: boolean }

/** What can still be paid: at once where its order is over, else when it is due. */
async function openPayments(db: Db, { now, database }: Run): Promise<OpenPayment[]> {
  const payments = await db
    .selectFrom('sales_payment')
    .innerJoin('sales_order', 'sales_order.id', 'sales_payment.order_id')
    .selectAll('sales_payment')
    .select(['sales_order.status as order_status', 'sales_order.expires_at'])
    .where(idOf(await ownedNodes(db), 'sales_payment.id'))
    .where('intent_id', 'is not', null)
    .where('sales_payment.status', 'not in', ['succeeded', 'canceled', 'abandoned', 'intended', 'unanswered'])
    .orderBy('sales_payment.checked_at', OLDEST_FIRST)
    .orderBy('sales_payment.id')
    .execute()
  const { state } = database.clock.read()
  const isTimeUp = (expires_at: number | null) => state === 'trusted' && expires_at !== null && expires_at <= now()
  return payments
    .map(({ order_status, expires_at, ...payment }) => ({
      ...payment,
      isOver: order_status !== 'pending' || isTimeUp(expires_at),
    }))
    .filter((payment) => payment.isOver || isDue(payment, now()))
    .slice(0, MAX_ROWS_PER_RUN)
}

/** Asks about an intent, and has it cancelled where its order is over: only then its goods are free. */
async function followIntent({ stripe, database }: Run, payment: OpenPayment) {
  const { isOver } = payment
  try {
    const intent = await (isOver ? cancelIntent : askAboutIntent)(stripe, payment.intent_id!)
    await database.write(BY_STRIPE, (trx) => recordIntent(trx, payment, intent))
  } catch (error) {
    if (!isRefusal(error)) throw error
    // Unknown to Stripe: perhaps it was made under another key.
    const isLost = error.code === 'resource_missing'
    await database.write(BY_STRIPE, async (trx) => {
      if (isOver && isLost) await abandon(trx, payment)
      else await patch(trx, 'sales_payment', payment.id, { checked_at: trx.act.now })
    })
  }
}

/** Cancels the orders whose time was up. Money that comes all the same is flagged. */
async function cancelAllExpired({ database }: CardContext) {
  const by = { ...BY_STRIPE, act: 'expire orders' }
  while ((await database.write(by, (trx) => cancelExpired(trx, { limit: MAX_ROWS_PER_RUN }))) === MAX_ROWS_PER_RUN)
    await pause(5)
}
