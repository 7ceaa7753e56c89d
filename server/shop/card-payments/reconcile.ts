import { setTimeout as pause } from 'node:timers/promises'
import type { OrderByItemBuilder } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import type { DisputeTable } from '../../../db/schema/store-tables.ts'
import type { Context } from '../../context.ts'
import { CLOSED_DISPUTES } from '../../domain/sales-status.ts'
import { applyDispute, applyIntent, type CardPayment, paymentById } from './ledger.ts'
import { askAboutIntent, askForIntent, BY_STRIPE, type CardContext, cancelIntent } from './intents.ts'
import { hearEvents, heardUntil, mayNot, type Reconciler, type Run } from './reconcile-events.ts'
import { followRefund, isFinal, makeRefund } from './refunds.ts'
import { cancelExpired, cancelOrder, undoOrder } from '../sales/order-outcome.ts'
import { applyPutOff, eventsPutOff } from './stripe-events.ts'
import { ask, isRefusal, StripeTrouble } from './stripe.ts'
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
/** How long what is half done waits at most from one try to the next. */
const SOON = 10 * MINUTE

/** What was never tried, then what was tried the longest ago. */
const LONGEST_AGO = (order: OrderByItemBuilder) => order.asc().nullsFirst()

export const newReconciler = ({ now }: Pick<Context, 'now'>): Reconciler => ({
  started: now(),
  since: null,
  putOff: 0,
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
  const failures: Failures = { inARow: 0, all: [] }
  await each(failures, await halfDone(db, run), tried(run, 'sales_payment', undoIntent))
  await each(failures, await refundsToFinish(db, run), tried(run, 'refund', finishRefund))
  await each(failures, await openPayments(db, run), tried(run, 'sales_payment', followIntent))
  await each(failures, await eventsPutOff(db, run.state.putOff), (event) => askAgain(run, event))
  await each(failures, [since], () => hearEvents(run, since))
  await each(failures, await openDisputes(db, run), tried(run, 'dispute', followDispute))
  if (failures.all.length > 0) throw failures.all[0]
}

type Failures = { inARow: number; all: unknown[] }

/** How many failures in a row mean that all others will fail too. */
const ENOUGH = 2

/** Does its work on each until too much has failed in a row, but on one at least: no kind of question waits for another. */
async function each<T>(failures: Failures, all: readonly T[], work: (one: T) => Promise<void>) {
  for (const [index, one] of all.entries()) {
    if (index > 0 && failures.inARow >= ENOUGH) break
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
const tried =
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

async function askAgain(run: Run, event: Awaited<ReturnType<typeof eventsPutOff>>[number]) {
  run.state.putOff = event.id
  await applyPutOff(run, event)
}

/** Payments whose buyer never got the secret: nobody is at work on them, and nobody can pay them. */
async function halfDone(db: Db, { now, state }: Run): Promise<CardPayment[]> {
  const payments = await db
    .selectFrom('sales_payment')
    .selectAll()
    .where('status', 'in', ['intended', 'unanswered'])
    .where('intent_key', 'is not', null)
    .orderBy('checked_at', LONGEST_AGO)
    .orderBy('id')
    .execute()
  return payments
    .filter(({ status, created_at }) => status === 'unanswered' || isLeft(created_at, now(), state))
    .filter((payment) => isDue(payment, now(), SOON))
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
    .orderBy('checked_at', LONGEST_AGO)
    .orderBy('id')
    .execute()
  return refunds
    .filter((refund) =>
      refund.refund_id === null
        ? isLeft(refund.created_at, now(), state) && isDue(refund, now(), SOON)
        : isDue(refund, now()),
    )
    .slice(0, AT_ONCE)
}

async function finishRefund(run: Run, refund: Awaited<ReturnType<typeof refundsToFinish>>[number]) {
  if (refund.refund_id !== null) return await followRefund(run, run.stripe, refund)
  await makeRefund(run, run.stripe, refund, true).catch((error: unknown) => {
    if (!isFinal(error)) throw error
  })
}

/** Asks ever less often about what does not change: a fifth of its age from one time to the next, and `most` ms at most. */
function isDue(
  { created_at, checked_at }: { created_at: number; checked_at: number | null },
  now: number,
  most = 6 * HOUR,
): boolean {
  if (checked_at === null || checked_at > now) return true
  return now - checked_at >= Math.min(Math.max((now - created_at) / 5, MINUTE / 2), most)
}

async function openDisputes(db: Db, { now }: Run): Promise<DisputeTable[]> {
  const disputes = await db
    .selectFrom('dispute')
    .selectAll()
    .where('status', 'not in', CLOSED_DISPUTES)
    .orderBy('checked_at', LONGEST_AGO)
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
async function openPayments(db: Db, { now, database }: Run): Promise<OpenPayment[]> {
  const payments = await db
    .selectFrom('sales_payment')
    .innerJoin('sales_order', 'sales_order.id', 'sales_payment.order_id')
    .selectAll('sales_payment')
    .select(['sales_order.status as order_status', 'sales_order.expires_at'])
    .where('intent_id', 'is not', null)
    .where('sales_payment.status', 'not in', ['succeeded', 'canceled', 'abandoned', 'intended', 'unanswered'])
    .orderBy('sales_payment.checked_at', LONGEST_AGO)
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
  while ((await database.write(by, (trx) => cancelExpired(trx, { most: AT_ONCE }))) === AT_ONCE) await pause(5)
}
