import { randomUUID } from 'node:crypto'
import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import { insert, insertMany } from '../../../db/rows.ts'
import type { SalesOrderTable, SalesPaymentTable } from '../../../db/schema/store-tables.ts'
import { MAX_CENTS, sum, times } from '../../domain/money/money.ts'
import { taxOf } from '../../domain/money/tax.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import type { Scope } from '../../http/auth/permissions.ts'
import { takeFromCart } from './carts.ts'
import { cancelExpired } from './order-outcome.ts'
import type { ProductQuantity } from '../stock/ledger.ts'
import { holdsAt, shownOnWeb } from '../stock/sellable.ts'
import { STORE_OF } from '../stock/shelf.ts'
import { takeStock } from '../stock/take-stock.ts'

/** What the store sells. All amounts in cents, at the prices of the moment in which the order was placed. */

export type SalesOrder = Pick<SalesOrderTable, (typeof COLUMNS)[number]>
export type SalesPayment = Pick<SalesPaymentTable, (typeof PAYMENT_COLUMNS)[number]>

/** `price_cents` is what the customer was shown; any price will do where it is missing. */
export type WantedSale = ProductQuantity & { price_cents?: number }

export type NewSale = {
  user_id: number
  lines: readonly WantedSale[]
  /** `card` is paid through Stripe, anything else at the counter. */
  payment_method: string
  /** A JSON object. */
  shipping_address?: string | null
  /** Until the order gives its stock back if it was not paid. */
  minutes: number
}

export const CARD = 'card'

const COLUMNS = [
  'id',
  'user_id',
  'status',
  'subtotal_cents',
  'tax_cents',
  'shipping_fee_cents',
  'total_cents',
  'currency',
  'payment_method',
  'notes',
  'shipping_address',
  'expires_at',
  'cancel_reason',
  'created_at',
  'updated_at',
] as const

const PAYMENT_COLUMNS = [
  'id',
  'order_id',
  'method',
  'amount_cents',
  'currency',
  'status',
  'intent_id',
  'intent_key',
  'refund_due',
  'checked_at',
] as const

/**
 * Places an order at today's prices: its stock is taken and what was bought leaves the cart. An order by card comes with
 * the payment that Stripe is yet to be asked for; any other waits for the counter. It belongs to the store of its goods, with
 * its lines and its payment: to that of the first where they lie in several.
 * @throws 404 for a product, 400 for no lines, a price that is not today's, too large a sum, and what is out of stock
 */
export async function placeOrder(
  trx: Trx,
  { user_id, lines, payment_method, shipping_address = null, minutes }: NewSale,
): Promise<{ order: SalesOrder; payment: SalesPayment | null }> {
  const priced = await pricesOf(trx, lines)
  if (priced.length === 0) throw badRequest('cart-empty', 'Cart is empty')
  const byCard = payment_method === CARD
  const its = inStore(trx, await storeOfGoods(trx, priced[0]!))
  const order = {
    user_id,
    status: 'pending' as const,
    ...(await totalsOf(its, priced)),
    payment_method,
    notes: null,
    shipping_address,
    expires_at: trx.act.now + minutes * 60_000,
    cancel_reason: null,
  }
  await cancelExpired(trx, { products: priced.map(({ product_id }) => product_id) })
  const id = await insert(its, 'sales_order', order)
  await takeStock(trx, id, priced)
  const taken = await takeFromCart(trx, user_id, priced)
  const rows = priced.map((line) => ({ order_id: id, ...line, from_cart: taken.get(line.product_id) ?? 0 }))
  await insertMany(its, 'sales_line', rows)
  const { now } = trx.act
  return {
    order: { id, ...order, created_at: now, updated_at: now },
    payment: byCard ? await intendPayment(its, id, order) : null,
  }
}

type PricedLine = ProductQuantity & { title: string; unit_price_cents: number; line_total_cents: number }

/** One line for each product at its price of now. */
async function pricesOf(trx: Trx, lines: readonly WantedSale[]): Promise<PricedLine[]> {
  const products = new Map((await productsOf(trx, lines)).map((product) => [product.id, product]))
  if (lines.some(({ product_id }) => !products.has(product_id)))
    throw notFound('product-not-found', 'Product not found')
  for (const { product_id, price_cents } of lines) {
    const { name, price_cents: today } = products.get(product_id)!
    if (price_cents !== undefined && price_cents !== today)
      throw badRequest('price-changed', `Price of '${name}' has changed`, { name })
  }
  return [...products.values()].map(({ id, name, price_cents }) => {
    const qty = sum(lines.filter(({ product_id }) => product_id === id).map((line) => line.qty))
    if (qty > MAX_CENTS / price_cents) throw tooMuch()
    const line_total_cents = times(price_cents, qty)
    return { product_id: id, title: name, unit_price_cents: price_cents, qty, line_total_cents }
  })
}

/** Those of them that the web shop shows. */
async function productsOf(trx: Trx, lines: readonly WantedSale[]) {
  if (lines.length === 0) return []
  const ids = [...new Set(lines.map(({ product_id }) => product_id))]
  const products = await trx
    .selectFrom('product')
    .select(['id', 'name', 'price_cents'])
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .where(await shownOnWeb(trx, holdsAt(trx)))
    .execute()
  return products.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
}

async function storeOfGoods(trx: Trx, { product_id }: ProductQuantity): Promise<number> {
  const product = trx.selectFrom('product').select(STORE_OF.web.as('store_id')).where('id', '=', product_id)
  return (await product.executeTakeFirstOrThrow()).store_id
}

/** What comes on top of the prices is the shop's to say; tax that is in them already is not told apart. */
async function totalsOf(trx: Trx, lines: readonly PricedLine[]) {
  const { currency, tax_mode, tax_rate } = await trx
    .selectFrom('store')
    .select(['currency', 'tax_mode', 'tax_rate'])
    .where('id', '=', trx.act.node.store_id)
    .executeTakeFirstOrThrow()
  const amounts = lines.map(({ line_total_cents }) => line_total_cents)
  const subtotal_cents = sum(amounts)
  const rule = { mode: tax_mode, rate: tax_rate }
  const tax_cents = tax_mode === 'added' ? sum(amounts.map((cents) => taxOf(cents, rule).tax)) : 0
  const total_cents = subtotal_cents + tax_cents
  if (total_cents > MAX_CENTS) throw tooMuch()
  return { subtotal_cents, tax_cents, shipping_fee_cents: 0, total_cents, currency }
}

const tooMuch = () => badRequest('order-total-too-high', 'An order comes to at most 99999999.99')

async function intendPayment(
  trx: Trx,
  order_id: number,
  { total_cents, currency }: Pick<SalesOrder, 'total_cents' | 'currency'>,
): Promise<SalesPayment> {
  const payment = {
    order_id,
    method: CARD,
    amount_cents: total_cents,
    currency,
    status: 'intended',
    intent_id: null,
    intent_key: randomUUID(),
    refund_due: 0 as const,
    checked_at: null,
  }
  return { id: await insert(trx, 'sales_payment', payment), ...payment }
}

/** One that was undone was never ordered, as its buyer was told. */
const ordered = (db: Db) =>
  db
    .selectFrom('sales_order')
    .select(COLUMNS)
    .where('deleted_at', 'is', null)
    .where('cancel_reason', 'is distinct from', 'undone')

const salesOrderById = prepared((db, id: number) => ordered(db).where('id', '=', id))

/**
 * The order with this id, if within the scope.
 * @throws 404
 */
export async function findSalesOrder(db: Db, id: number, { own }: Scope): Promise<SalesOrder> {
  const [order] = await salesOrderById(db, id)
  if (!order || (own !== null && order.user_id !== own)) throw notFound('sales-order-not-found', 'Order not found')
  return order
}

/** Orders within the scope, newest first. */
export function listSalesOrders(
  db: Db,
  { own }: Scope,
  { status }: { status?: SalesOrder['status'] | undefined } = {},
) {
  return ordered(db)
    .$if(own !== null, (query) => query.where('user_id', '=', own!))
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
}
