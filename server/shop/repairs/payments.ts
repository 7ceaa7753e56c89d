import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'
import { insert, patch, refuseOthers, remove } from '../../../db/rows.ts'
import { type OrderStatus, type PaymentStatus, paymentStatus } from '../../domain/repair-status.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import type { Scope } from '../../http/auth/permissions.ts'
import { takeNumbers } from '../document-numbers.ts'
import { type NewMovement, recordMovement } from './receipts.ts'
import { isOrderShownTo } from '../people/unconfirmed.ts'

/**
 * Payments on repairs. The money itself is in `payment_entry`, which only grows: taking, correcting and removing a payment
 * append differences, each under a receipt of its own, and what a payment holds is their sum. All amounts in cents.
 */

/** `due_amount_cents` is what the payment was to settle, before it. */
export type Payment = {
  id: number
  order_id: number
  due_amount_cents: number
  amount_cents: number
  status: PaymentStatus
  payment_method: string | null
  transaction_id: string | null
  /** What the customer handed over in cash. */
  tendered_cents: number | null
  paid_at: number
  created_at: number
  updated_at: number
}

export type NewPayment = {
  order_id: number
  /** All that is still owed unless said otherwise. */
  due_amount_cents?: number | undefined
  amount_cents?: number | undefined
  /** Follows from the amounts; one that contradicts them is refused. */
  status?: PaymentStatus | undefined
  payment_method?: string | null | undefined
  transaction_id?: string | null | undefined
  tendered_cents?: number | null | undefined
}

export type PaymentCorrection = Partial<
  Pick<NewPayment, 'amount_cents' | 'status' | 'payment_method' | 'transaction_id'>
>

/**
 * Takes money on an order, or notes that none was given, and returns the payment. What moves money has a receipt number.
 * A cancelled repair is asked for nothing, but what is given for it, as a fee for the diagnosis, is taken.
 * @throws 404 for the order, 400 for more than is owed or a status that contradicts the amounts
 */
export async function takePayment(trx: Trx, wanted: NewPayment): Promise<Payment> {
  const { order_id, amount_cents = 0, payment_method = null, transaction_id = null, tendered_cents = null } = wanted
  const { owed, status: orderStatus } = await billOf(trx, order_id)
  const { due_amount_cents = owed } = wanted
  if (due_amount_cents > owed) throw badRequest('due-exceeds-owed', 'Due amount exceeds what is owed')
  if (amount_cents > due_amount_cents) throw exceeds()
  const status = statusOf({ due_amount_cents, amount_cents, payment_method, status: wanted.status, orderStatus })
  const { now } = trx.act
  const how = { payment_method, transaction_id }
  const payment = { order_id, due_amount_cents, status, ...how, tendered_cents, paid_at: now }
  const id = await insert(trx, 'payment', payment)
  await recordMoney(trx, { payment_id: id, order_id, kind: 'payment' }, [{ amount_cents, ...how }])
  return { id, ...payment, amount_cents, created_at: now, updated_at: now }
}

/**
 * The payment with this id, if its order is within the scope.
 * @throws 404
 */
export async function findPayment(db: Db, id: number, scope: Scope): Promise<Payment> {
  const payment = await listPayments(db, scope).where('payment.id', '=', id).executeTakeFirst()
  if (!payment) throw notFound('payment-not-found', 'Payment not found')
  return payment
}

export type PaymentFilter = { status?: PaymentStatus | undefined; order_id?: number | undefined }

/** Payments on orders within the scope, in id order. */
export function listPayments(db: Db, { own }: Scope, { status, order_id }: PaymentFilter = {}) {
  return db
    .selectFrom('payment')
    .select((query) => [
      'payment.id',
      'payment.order_id',
      'payment.due_amount_cents',
      'payment.status',
      'payment.payment_method',
      'payment.transaction_id',
      'payment.tendered_cents',
      'payment.paid_at',
      'payment.created_at',
      'payment.updated_at',
      query
        .selectFrom('payment_entry')
        .select(sql<number>`coalesce(sum(amount_cents), 0)`.as('amount'))
        .whereRef('payment_entry.payment_id', '=', 'payment.id')
        .$asScalar()
        .$notNull()
        .as('amount_cents'),
    ])
    .where('payment.deleted_at', 'is', null)
    .$if(own !== null, (query) =>
      query.where('payment.order_id', 'in', (orders) =>
        orders
          .selectFrom('repair_order')
          .select('repair_order.id')
          .where('customer_id', '=', own!)
          .where(isOrderShownTo(own!))
          .where('deleted_at', 'is', null),
      ),
    )
    .$if(status !== undefined, (query) => query.where('payment.status', '=', status!))
    .$if(order_id !== undefined, (query) => query.where('payment.order_id', '=', order_id!))
    .orderBy('payment.id')
}

/**
 * Corrects a payment and returns it; the former figures stay in its entries and in the journal. Another method takes all of
 * the money back and in again.
 * @throws 404, 400 for more than this payment was to settle or than is owed, or a status that contradicts the amounts
 */
export async function correctPayment(trx: Trx, id: number, wanted: PaymentCorrection): Promise<Payment> {
  const payment = await findPayment(trx, id, { own: null })
  await refuseOthers(trx, 'payment', id)
  const { order_id, due_amount_cents } = payment
  const { owed, status: orderStatus } = await billOf(trx, order_id)
  const { amount_cents = payment.amount_cents, payment_method, transaction_id } = wanted
  const difference = amount_cents - payment.amount_cents
  if (amount_cents > due_amount_cents || difference > owed) throw exceeds()
  const before = { payment_method: payment.payment_method, transaction_id: payment.transaction_id }
  const after = {
    payment_method: payment_method ?? payment.payment_method,
    transaction_id: transaction_id === undefined ? payment.transaction_id : transaction_id,
  }
  const figures = { due_amount_cents, amount_cents, payment_method: after.payment_method }
  const status = statusOf({ ...figures, status: wanted.status ?? keptPlaceholderStatus(payment, figures), orderStatus })
  await patch(trx, 'payment', id, { status, ...after })
  const sameWay = after.payment_method === before.payment_method
  const legs = sameWay
    ? [{ amount_cents: difference, ...after }]
    : [
        { amount_cents: -payment.amount_cents, ...before },
        { amount_cents, ...after },
      ]
  await recordMoney(trx, { payment_id: id, order_id, kind: 'correction' }, legs)
  return await findPayment(trx, id, { own: null })
}

/** What a note of nothing paid says, as long as it still is one. */
const keptPlaceholderStatus = (payment: Payment, after: Figures) =>
  isUnpaidPlaceholder(payment) && isUnpaidPlaceholder(after) ? payment.status : undefined

/**
 * Takes a payment back: its amount is owed again.
 * @throws 404
 */
export async function removePayment(trx: Trx, id: number): Promise<void> {
  await takeBack(trx, await findPayment(trx, id, { own: null }))
}

/** Takes back every payment on an order. @throws RowOfAnotherNode where another machine took one */
export async function removePaymentsOf(trx: Trx, order_id: number): Promise<void> {
  const payments = await listPayments(trx, { own: null }, { order_id }).execute()
  for (const payment of payments) await takeBack(trx, payment)
}

/** Takes back the payments on an order that this machine took; those of others are theirs to take back. */
export async function removeOwnPaymentsOf(trx: Trx, order_id: number): Promise<void> {
  const payments = listPayments(trx, { own: null }, { order_id }).where(idOf(await ownedNodes(trx), 'payment.id'))
  for (const payment of await payments.execute()) await takeBack(trx, payment)
}

/** Those of these orders that were paid more than they come to, by how many cents: two machines took what was owed. */
export async function overpaid(db: Db, order_ids: readonly number[]): Promise<Map<number, number>> {
  const paid = await paidOn(db, order_ids)
  if (paid.size === 0) return new Map()
  const orders = await db
    .selectFrom('repair_order')
    .select(['id', 'cost_cents', 'discount_cents'])
    .where('id', 'in', [...paid.keys()])
    .where('deleted_at', 'is', null)
    .execute()
  const above = orders.map(
    (order) => [order.id, paid.get(order.id)! - order.cost_cents + order.discount_cents] as const,
  )
  return new Map(above.filter(([, cents]) => cents > 0))
}

async function takeBack(trx: Trx, { id, order_id, amount_cents, payment_method, transaction_id }: Payment) {
  await refuseOthers(trx, 'payment', id)
  const leg = { amount_cents: -amount_cents, payment_method, transaction_id }
  await recordMoney(trx, { payment_id: id, order_id, kind: 'removal' }, [leg])
  await remove(trx, 'payment', id)
}

/** What was paid on each of these orders, in cents; an order without money is missing. */
export async function paidOn(db: Db, order_ids: readonly number[]): Promise<Map<number, number>> {
  if (order_ids.length === 0) return new Map()
  const sums = await db
    .selectFrom('payment_entry')
    .select(({ fn }) => ['order_id', fn.sum<number>('amount_cents').as('paid')])
    .where('order_id', 'in', order_ids)
    .groupBy('order_id')
    .execute()
  return new Map(sums.map(({ order_id, paid }) => [order_id, paid]))
}

/** Brings this machine's notes of what is owed in step with the repair, another's stay as they are: Due once it is completed, else Unpaid. */
export async function refreshPlaceholders(trx: Trx, order_id: number, orderStatus: OrderStatus): Promise<void> {
  const placeholders = await listPayments(trx, { own: null }, { order_id })
    .where('payment.status', 'in', ['Due', 'Unpaid'])
    .where(idOf(await ownedNodes(trx), 'payment.id'))
    .execute()
  const status = orderStatus === 'Completed' ? 'Due' : 'Unpaid'
  for (const { id } of placeholders) await patch(trx, 'payment', id, { status })
}

type Bill = { owed: number; status: OrderStatus }

async function billOf(db: Db, order_id: number): Promise<Bill> {
  const order = await db
    .selectFrom('repair_order')
    .select(['cost_cents', 'discount_cents', 'status'])
    .where('id', '=', order_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!order) throw notFound('order-not-found', 'Order not found')
  const paid = (await paidOn(db, [order_id])).get(order_id) ?? 0
  return { status: order.status, owed: Math.max(0, order.cost_cents - order.discount_cents - paid) }
}

type Figures = Pick<Payment, 'due_amount_cents' | 'amount_cents' | 'payment_method'>

/** Says that something is owed and nothing was given, by no means at all. */
const isUnpaidPlaceholder = ({ due_amount_cents, amount_cents, payment_method }: Figures) =>
  due_amount_cents > 0 && amount_cents === 0 && payment_method === null

/** The status of a payment. Of a note both Due and Unpaid are true, and the word that was sent is kept. */
function statusOf(payment: Figures & { status?: PaymentStatus | undefined; orderStatus: OrderStatus }): PaymentStatus {
  const { due_amount_cents, amount_cents, status, orderStatus } = payment
  const follows = paymentStatus(due_amount_cents, amount_cents, orderStatus)
  if (status === undefined || status === follows) return follows
  if (isUnpaidPlaceholder(payment) && (status === 'Due' || status === 'Unpaid')) return status
  throw badRequest(
    'payment-status-contradicts',
    `Status '${status}' contradicts the amounts: it would be '${follows}'`,
    { status, follows },
  )
}

const exceeds = () => badRequest('payment-exceeds-due', 'Payment exceeds the amount due')

type Leg = Pick<NewMovement, 'amount_cents' | 'payment_method' | 'transaction_id'>

/** Money that moved, one receipt for all of it; what moved nothing has none. */
async function recordMoney(trx: Trx, of: Pick<NewMovement, 'payment_id' | 'order_id' | 'kind'>, legs: readonly Leg[]) {
  const moved = legs.filter(({ amount_cents }) => amount_cents !== 0)
  if (moved.length === 0) return
  const [receipt_number] = await takeNumbers(trx, 'receipt')
  for (const leg of moved) await recordMovement(trx, { ...of, ...leg, receipt_number: receipt_number! })
}
