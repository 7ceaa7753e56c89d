import type { z } from 'zod'
import type { Trx } from '../../db/handle.ts'
import type { Context } from '../context.ts'
import { json } from '../http/body.ts'
import { act, type ActContext, list, read, type Refusals } from '../http/endpoint.ts'
import { HttpError, inStoreForm, storeRefusal } from '../http/errors.ts'
import { answerLost } from '../http/idempotency.ts'
import { pageOf } from '../http/paging.ts'
import { own } from '../http/auth/permissions.ts'
import type { Session } from '../http/auth/session.ts'
import { cancelledMeanwhile, createIntent, requireStripe } from '../shop/card-payments/intents.ts'
import { findCart } from '../shop/sales/carts.ts'
import { type PastOrder, withHistory } from '../shop/sales/order-history.ts'
import { refuseManyOpenOrders } from '../shop/sales/open-orders.ts'
import { undoOrder } from '../shop/sales/order-outcome.ts'
import { CARD, listSalesOrders, type NewSale, placeOrder, type SalesOrder } from '../shop/sales/orders.ts'
import { holdsAt } from '../shop/stock/sellable.ts'
import { CheckedOut, Checkout, MyOrder, MyOrdersQuery, PlacedOrder } from './orders.contract.ts'
import { originOf, pictureAddress } from './picture-address.ts'

/** What an order is refused for, and its payment by card: then nothing is ordered or charged. */
const REFUSALS = {
  400: {
    'cart-empty': 'Nothing to order',
    'price-changed': 'A price that is not today’s',
    'product-out-of-stock': 'None in stock',
    'product-stock-short': 'Too few in stock',
    'unit-on-hold': 'What there is of it may not be sold yet',
    'order-total-too-high': 'More than an order may come to',
    'too-many-open-orders': 'Too many orders that are to be paid at the counter are open',
    'too-many-open-pieces': 'All unpaid orders hold too many pieces',
    'card-amount-has-decimals': 'The currency has no decimals',
    'card-amount-too-small': 'Too little to be paid by card',
    'card-amount-too-large': 'Too much to be paid by card',
  },
  402: { 'card-declined': 'The card was declined' },
  404: { 'product-not-found': 'Product not found' },
  409: { 'order-cancelled-meanwhile': 'The order was cancelled meanwhile' },
  500: {
    'stripe-not-configured': 'Stripe is not configured',
    'stripe-key-refused': 'Stripe does not accept the key',
  },
  502: { 'stripe-refused-payment': 'Stripe refused the payment' },
  503: {
    'stripe-unreachable': 'Stripe cannot be reached',
    'order-unanswered': 'Stripe cannot be reached; the order stands, and the same request asks again',
  },
} satisfies Refusals

export const orders = [
  act(
    'POST /orders',
    { who: own, response: PlacedOrder, refusals: REFUSALS, summary: 'Orders what is in the cart, to be paid by card' },
    async (context, { session }) => {
      const { order_id, client_secret } = await order(context, session!, async (trx) => ({
        lines: (await findCart(trx, session!.caller.id, holdsAt(trx)))?.items ?? [],
        payment_method: CARD,
      }))
      return { order_id, client_secret: client_secret! }
    },
    async (context, _, id) => {
      const { order_id, client_secret } = await placedBefore(context, id)
      return { order_id, client_secret: client_secret! }
    },
  ),

  act(
    'POST /orders/checkout',
    {
      who: own,
      body: json(Checkout),
      response: CheckedOut,
      refusals: REFUSALS,
      summary: 'Orders these products, to be paid by card or at the counter',
    },
    async (context, { body: { items, paymentMethod, shippingAddress }, session }) => {
      const placed = await order(context, session!, async () => ({
        lines: items.map(({ id, price, quantity }) => ({ product_id: id, price_cents: price, qty: quantity })),
        payment_method: methodOf(paymentMethod),
        shipping_address: shippingAddress ?? null,
      }))
      return checkedOut(placed)
    },
    async (context, _, id) => checkedOut(await placedBefore(context, id)),
  ),

  read(
    'GET /orders/me',
    { who: own, query: MyOrdersQuery, response: list(MyOrder), summary: 'The caller’s orders, newest first' },
    async ({ db }, { query: { status, limit = 50, offset }, scope, ...asked }) => {
      const { rows, total } = await pageOf(db, listSalesOrders(db, scope, { status }), { limit, offset })
      const origin = originOf(asked)
      return { rows: (await withHistory(db, rows)).map((order) => shown(order, origin)), total }
    },
  ),
]

const checkedOut = (placed: Placed) => ({ success: true, orderId: `ORD${placed.order_id}`, ...placed })

/** `Card` and an empty word mean the card too. */
function methodOf(written = ''): string {
  const word = written.trim()
  return word === '' || word.toLowerCase() === CARD ? CARD : word
}

/** `client_secret` is what it is paid with by card. */
type Placed = { order_id: number; client_secret?: string }

type Wanted = Pick<NewSale, 'lines' | 'payment_method' | 'shipping_address'>

/** Places an order and, where it is paid by card, begins its payment; when that cannot be, nothing was ordered. */
async function order(context: ActContext, session: Session, wanted: (trx: Trx) => Promise<Wanted>): Promise<Placed> {
  try {
    const { order, payment } = await context.write(async (trx) => {
      const sale = await wanted(trx)
      const minutes = minutesOf(context, sale.payment_method)
      const placed = await placeOrder(trx, { user_id: session.caller.id, minutes, ...sale })
      if (placed.payment) requireStripe(context)
      await refuseManyOpenOrders(trx, session.caller.id)
      context.leave(placed.order.id)
      return placed
    })
    if (!payment) return { order_id: order.id }
    return { order_id: order.id, client_secret: await beginPayment(context, payment) }
  } catch (error) {
    if (error instanceof HttpError && error.status === 400) throw inStoreForm(error)
    throw error
  }
}

/**
 * An order that was placed and whose answer was lost: Stripe names the same payment again.
 * @throws 409 where it was given up since, and the same request may order anew; where it is paid, and needs no secret any more;
 * 503 while Stripe does not answer
 */
async function placedBefore(context: ActContext, order_id: number): Promise<Placed> {
  const payment = await context.db
    .selectFrom('sales_payment')
    .innerJoin('sales_order', 'sales_order.id', 'order_id')
    .select(['sales_payment.id', 'order_id', 'sales_order.status as order_status'])
    .where('order_id', '=', order_id)
    .where('intent_key', 'is not', null)
    .executeTakeFirst()
  if (!payment) return { order_id }
  if (payment.order_status === 'pending') return { order_id, client_secret: await beginAgain(context, payment) }
  if (payment.order_status !== 'cancelled') throw answerLost()
  await context.undo(async () => {})
  throw cancelledMeanwhile()
}

/** How long an order keeps its stock unpaid. */
const minutesOf = ({ config: { orderMinutes, counterOrderDays } }: Context, payment_method: string) =>
  payment_method === CARD ? orderMinutes : counterOrderDays * 24 * 60

/** Asks Stripe outside any transaction; where Stripe cannot be asked, the order is undone. */
async function beginPayment(context: ActContext, { id, order_id }: { id: number; order_id: number }): Promise<string> {
  try {
    return await createIntent(context, id)
  } catch (error) {
    await context.undo((trx) => undoOrder(trx, order_id))
    throw error
  }
}

/** Asks again, for an order that stands: whoever ordered may have the secret, so that silence does not undo it. */
async function beginAgain(context: ActContext, { id, order_id }: { id: number; order_id: number }): Promise<string> {
  try {
    return await createIntent(context, id)
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    if (error.status === 503)
      throw storeRefusal(
        503,
        'order-unanswered',
        'Stripe cannot be reached. The order stands; send the same request again.',
      )
    await context.undo((trx) => undoOrder(trx, order_id))
    throw error
  }
}

const shown = ({ lines, payment, ...order }: PastOrder, origin: string): z.output<typeof MyOrder> => ({
  ...order,
  ...shownMoney(order),
  items: lines.map(({ unit_price_cents: unit_price, line_total_cents: line_total, product, ...line }) => ({
    ...line,
    unit_price,
    line_total,
    product: product && { ...product, image: pictureAddress(product.image, origin) },
  })),
  payment: payment && { ...payment, amount: payment.amount_cents, currency: payment.currency.toLowerCase() },
})

/** What an order comes to, as /api names it. */
export function shownMoney(
  order: SalesOrder,
): Pick<z.output<typeof MyOrder>, 'subtotal' | 'tax' | 'shipping_fee' | 'total'> {
  const { subtotal_cents: subtotal, tax_cents: tax, shipping_fee_cents: shipping_fee, total_cents: total } = order
  return { subtotal, tax, shipping_fee, total }
}
