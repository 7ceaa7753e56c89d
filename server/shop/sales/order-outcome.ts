import type { Db, Trx } from '../../../db/handle.ts'
import { idOf, isMine, ownedNodes } from '../../../db/ownership.ts'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import { type Changes, patch, remove } from '../../../db/rows.ts'
import type { SalesOrderTable } from '../../../db/schema/store-tables.ts'
import { sum } from '../../domain/money/money.ts'
import { holdsStock, mayBecome, type SalesStatus } from '../../domain/sales-status.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import type { Correction } from '../clock-corrections.ts'
import { putBack } from './carts.ts'
import { recordAtDesk } from './desk-receipts.ts'
import { giveStockBack, type ProductQuantity } from '../stock/ledger.ts'

/** What becomes of an order once it is placed. Money that moved is never forgotten: what must be paid back is flagged. */

type Reason = NonNullable<SalesOrderTable['cancel_reason']>

/** Cancels an order and gives its stock back, once; says whether there was something to cancel. */
export async function cancelOrder(trx: Trx, order_id: number, { reason }: { reason: Reason }): Promise<boolean> {
  const order = await anyOrder(trx, order_id)
  if (!holdsStock(order.status)) return false
  await giveStockBack(trx, order_id)
  await patch(trx, 'sales_order', order_id, { status: 'cancelled', cancel_reason: reason })
  await flagRefunds(trx, order_id)
  return true
}

/**
 * Takes an order back whose payment could not even begin: what left the cart is in it again, as if nothing had been
 * ordered. Leaves alone what is pending no longer.
 */
export async function undoOrder(trx: Trx, order_id: number): Promise<void> {
  const order = await anyOrder(trx, order_id)
  if (order.status !== 'pending') return
  await cancelOrder(trx, order_id, { reason: 'undone' })
  const lines = await trx.selectFrom('sales_line').selectAll().where('order_id', '=', order_id).orderBy('id').execute()
  const taken = lines.map(({ product_id, from_cart }) => ({ product_id, qty: from_cart }))
  await putBack(
    trx,
    order.user_id,
    taken.filter(({ qty }) => qty > 0),
  )
  for (const { id, status } of await paymentsOf(trx, order_id))
    if (status === 'intended') await settle(trx, id, { status: 'abandoned' })
}

/**
 * Money came for an order. `too-late` for one that was cancelled, refunded or removed, `twice` for one that was paid
 * otherwise, or that somebody had marked so: it stays so, and the payment is flagged for refund. `already` for one that was sent ahead of its money.
 */
export async function markPaid(
  trx: Trx,
  { order_id, payment_id }: { order_id: number; payment_id: number },
): Promise<'paid' | 'already' | 'twice' | 'too-late'> {
  const { status, deleted_at } = await anyOrder(trx, order_id)
  const flag = (trouble: 'twice' | 'late') => patch(trx, 'sales_payment', payment_id, { refund_due: true, trouble })
  if (status === 'paid' || (holdsStock(status) && (await wasPaidOtherwise(trx, { order_id, payment_id })))) {
    await flag('twice')
    return 'twice'
  }
  if (!holdsStock(status) || deleted_at !== null) {
    await flag('late')
    return 'too-late'
  }
  if (status !== 'pending') return 'already'
  await patch(trx, 'sales_order', order_id, { status: 'paid' })
  return 'paid'
}

/** All of an order's money went back: so do its goods, all or `some` of them, and nothing is due any more. */
export async function markRefunded(trx: Trx, order_id: number, some?: readonly ProductQuantity[]): Promise<void> {
  await giveStockBack(trx, order_id, some)
  await patch(trx, 'sales_order', order_id, { status: 'refunded' })
  for (const { id } of await paymentsOf(trx, order_id)) await settle(trx, id, { refund_due: false })
}

/**
 * Cancels what was not paid in time, all of it or what keeps some products; `limit` orders at once. Returns how many: none
 * while the clock is not trusted.
 */
export async function cancelExpired(
  trx: Trx,
  { products, limit = 100 }: { products?: readonly number[]; limit?: number } = {},
): Promise<number> {
  const { reading } = trx.act.clock
  if (products?.length === 0 || reading.state !== 'trusted') return 0
  const expired = await expiredBy(trx, trx.act.now)
    .where(idOf(await ownedNodes(trx), 'id'))
    .$if(products !== undefined, (query) =>
      query.where('id', 'in', (lines) =>
        lines.selectFrom('sales_line').select('order_id').where('product_id', 'in', products!),
      ),
    )
    .limit(limit)
    .execute()
  for (const { id } of expired) await cancelOrder(trx, id, { reason: 'expired' })
  return expired.length
}

/**
 * Moves the time of unpaid orders when the clock is set right: by `by` ms where they were placed after `since`, up to `until`,
 * while it was contradicted. One that a wrong clock placed in the future has its whole time from now on, and no more.
 */
export async function moveExpiries(trx: Trx, { since, until, by }: Correction): Promise<void> {
  const { now } = trx.act
  const waiting = await trx
    .selectFrom('sales_order')
    .select(['id', 'created_at', 'expires_at'])
    .where('deleted_at', 'is', null)
    .where('status', '=', 'pending')
    .where('expires_at', 'is not', null)
    .where('created_at', '>', Math.min(since, now))
    .where(idOf(await ownedNodes(trx), 'id'))
    .execute()
  for (const { id, created_at, expires_at } of waiting) {
    const isMeanwhile = created_at > since && created_at <= until
    // A clock that is set forward leaves none in the future, and what ends before it was placed has had its time cut already.
    if (!isMeanwhile && (by > 0 || expires_at! <= created_at)) continue
    const whole = now + expires_at! - created_at
    await patch(trx, 'sales_order', id, { expires_at: isMeanwhile ? expires_at! + by : Math.min(expires_at!, whole) })
  }
}

/** How long an order keeps its goods beyond its time while Stripe could not be asked to let go of its payment, in ms. */
const PAYMENT_GRACE_MS = 10 * 60_000
/** Payments that nobody can make, or that were made. */
const CLOSED = ['intended', 'unanswered', 'abandoned', 'canceled', 'succeeded']

/** Unpaid orders whose time was up at `now`, the longest first. One that can still be paid is Stripe's for a while more. */
export const expiredBy = (db: Db, now: number) =>
  db
    .selectFrom('sales_order')
    .select('id')
    .where('deleted_at', 'is', null)
    .where('status', '=', 'pending')
    .where('expires_at', 'is not', null)
    .where('expires_at', '<=', now)
    .where(({ or, eb, not, exists, selectFrom }) =>
      or([
        eb('expires_at', '<=', now - PAYMENT_GRACE_MS),
        not(
          exists(
            selectFrom('sales_payment')
              .select('sales_payment.id')
              .whereRef('sales_payment.order_id', '=', 'sales_order.id')
              .where('sales_payment.status', 'not in', CLOSED),
          ),
        ),
      ]),
    )
    .orderBy('expires_at')

/**
 * Changes an order by hand; a field that is undefined stays.
 * @throws 404, 400 for a status that cannot follow
 */
export async function changeSalesOrder(
  trx: Trx,
  order_id: number,
  { status, notes }: { status?: SalesStatus | undefined; notes?: string | undefined },
): Promise<void> {
  const order = await visibleOrder(trx, order_id)
  if (notes !== undefined) await patch(trx, 'sales_order', order_id, { notes })
  if (status === undefined || status === order.status) return
  if (!mayBecome(order.status, status)) throw cannotBecome(order.status, status)
  if (status === 'cancelled') return void (await cancelOrder(trx, order_id, { reason: 'admin' }))
  if (status === 'refunded') {
    if (await neverPaid(trx, order)) throw badRequest('nothing-paid', 'Nothing was paid on this order')
    await giveStockBack(trx, order_id)
    await recordCashRefund(trx, order_id)
    await flagRefunds(trx, order_id)
  }
  if (status === 'paid') await markOthersAsDuplicate(trx, order_id)
  await patch(trx, 'sales_order', order_id, { status })
}

const cannotBecome = (from: SalesStatus, to: SalesStatus) =>
  badRequest('order-status-cannot-follow', `An order that is ${from} cannot become ${to}`, { from, to })

/** Somebody says that an order was paid otherwise: what comes by card from now on is paid twice. */
async function markOthersAsDuplicate(trx: Trx, order_id: number) {
  const came = new Set((await balanceOf(trx, order_id)).map(({ payment_id }) => payment_id))
  for (const { id, trouble } of await paymentsOf(trx, order_id))
    if (!came.has(id) && trouble === null) await settle(trx, id, { trouble: 'twice' })
}

/**
 * Hides an order and its payments. One that still waits for its money is cancelled before, and so is one that stands at
 * `paid`, whether it was never sent or was set back: its goods are here and its money is due back, and stays in sight until
 * it went. What stands at `shipped` or `completed` stays sold.
 * @throws 404
 */
export async function removeSalesOrder(trx: Trx, order_id: number): Promise<void> {
  const { status } = await visibleOrder(trx, order_id)
  const isHere = status === 'paid' && (await balanceOf(trx, order_id)).length > 0
  if (status === 'pending' || isHere) await cancelOrder(trx, order_id, { reason: 'admin' })
  for (const { id } of await paymentsOf(trx, order_id)) await remove(trx, 'sales_payment', id)
  await remove(trx, 'sales_order', order_id)
}

const COLUMNS = ['id', 'user_id', 'status', 'payment_method', 'cancel_reason', 'deleted_at'] as const
type Row = Pick<SalesOrderTable, (typeof COLUMNS)[number]>

/** An order, removed or not: money may come for either. */
async function anyOrder(db: Db, id: number): Promise<Row> {
  const order = await db.selectFrom('sales_order').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  if (!order) throw notFound('sales-order-not-found', 'Order not found')
  return order
}

/** One that was undone was never ordered. */
async function visibleOrder(db: Db, id: number): Promise<Row> {
  const order = await anyOrder(db, id)
  if (order.deleted_at !== null || order.cancel_reason === 'undone')
    throw notFound('sales-order-not-found', 'Order not found')
  return order
}

/** What follows for a payment from what became of its order; of another machine's money nothing follows here. */
async function settle(trx: Trx, id: number, changes: Changes<'sales_payment'>) {
  if (await isMine(trx, id)) await patch(trx, 'sales_payment', id, changes)
}

const paymentsOf = (db: Db, order_id: number) =>
  db
    .selectFrom('sales_payment')
    .select(['id', 'status', 'trouble'])
    .where('order_id', '=', order_id)
    .where('deleted_at', 'is', null)
    .execute()

/** Whether somebody said that an order was paid otherwise, or its money is on another payment. */
async function wasPaidOtherwise(db: Db, { order_id, payment_id }: { order_id: number; payment_id: number }) {
  const payment = await db.selectFrom('sales_payment').select('trouble').where('id', '=', payment_id).executeTakeFirst()
  if (payment?.trouble === 'twice') return true
  return (await balanceOf(db, order_id)).some((other) => other.payment_id !== payment_id && other.held > 0)
}

/** What came on each payment of an order and has not gone back, in cents. */
async function balanceOf(db: Db, order_id: number) {
  const sums = await db
    .selectFrom('sales_payment_entry')
    .innerJoin('sales_payment', 'sales_payment.id', 'payment_id')
    .select(['payment_id', 'intent_key', ({ fn }) => fn.sum<number>('sales_payment_entry.amount_cents').as('held')])
    .where('sales_payment_entry.order_id', '=', order_id)
    .groupBy(['payment_id', 'intent_key'])
    .execute()
  const left = []
  for (const row of sums) left.push({ ...row, held: row.held - (await manuallyRefundedOn(db, row.payment_id)) })
  return left
}

/** What went back of a payment outside Stripe, in cents: refunds that have neither an id of it nor a receipt of the desk. */
export async function manuallyRefundedOn(db: Db, payment_id: number): Promise<number> {
  const refunds = await db
    .selectFrom('refund')
    .select('amount_cents')
    .where('payment_id', '=', payment_id)
    .where('status', '=', 'succeeded')
    .where('refund_id', 'is', null)
    .where('request_key', 'not in', (entries) =>
      entries
        .selectFrom('sales_payment_entry')
        .select('reference')
        .$narrowType<{ reference: string }>()
        .where('sales_payment_entry.payment_id', '=', payment_id)
        .where('reference', 'is not', null),
    )
    .execute()
  return sum(refunds.map(({ amount_cents }) => amount_cents))
}

/** Who says that an order is refunded has handed back what was taken at the desk; Stripe gives back what came by card. */
async function recordCashRefund(trx: Trx, order_id: number) {
  for (const { payment_id, intent_key, held } of await balanceOf(trx, order_id)) {
    if (intent_key !== null || held <= 0) continue // Only what is paid through Stripe has a key.
    await recordAtDesk(trx, { payment_id, order_id, amount_cents: -held, kind: 'refund' })
    await settle(trx, payment_id, { refund_due: false })
  }
}

async function flagRefunds(trx: Trx, order_id: number) {
  for (const { payment_id, held } of await balanceOf(trx, order_id))
    if (held > 0) await settle(trx, payment_id, { refund_due: true })
}

/**
 * Money that this machine took at the desk is due back where its order came to be over elsewhere, and is not where the order goes
 * on after all. Of what came by card the ledger of card payments says it.
 */
export async function settleDeskRefunds(trx: Trx, order_id: number): Promise<void> {
  const { status } = await anyOrder(trx, order_id)
  const troubled = new Map((await paymentsOf(trx, order_id)).map(({ id, trouble }) => [id, trouble]))
  for (const { payment_id, intent_key, held } of await balanceOf(trx, order_id))
    if (intent_key === null && troubled.get(payment_id) === null)
      await settle(trx, payment_id, { refund_due: held > 0 && !holdsStock(status) })
}

/** Those of these orders of which more than one payment holds money, with these payments: two machines took it. */
export async function paidTwice(db: Db, order_ids: readonly number[]): Promise<Map<number, number[]>> {
  if (order_ids.length === 0) return new Map()
  const several = await db
    .selectFrom('sales_payment_entry')
    .select('order_id')
    .where(idIn(db, 'order_id', idListParameter(db, order_ids)))
    .groupBy('order_id')
    .having(({ fn }) => fn.count('payment_id').distinct(), '>', 1)
    .execute()
  const twice = new Map<number, number[]>()
  for (const { order_id } of several) {
    const held = (await balanceOf(db, order_id)).filter((payment) => payment.held > 0)
    if (held.length > 1) twice.set(order_id, held.map(({ payment_id }) => payment_id).toSorted((a, b) => a - b)) // oxfmt-ignore
  }
  return twice
}

/** An order by card has no money but what Stripe told of, unless somebody said otherwise by hand. */
const neverPaid = async (db: Db, { id, status, payment_method }: Row) =>
  payment_method === 'card' &&
  (status === 'pending' || status === 'cancelled') &&
  (await balanceOf(db, id)).every(({ held }) => held <= 0)
