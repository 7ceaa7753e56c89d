import { expect, test } from 'vitest'
import { insert } from '../../../db/rows.ts'
import { addToCart, findCart } from '../../../server/shop/sales/carts.ts'
import {
  cancelExpired,
  cancelOrder,
  markPaid,
  markRefunded,
  undoOrder,
} from '../../../server/shop/sales/order-outcome.ts'
import { CARD, placeOrder } from '../../../server/shop/sales/orders.ts'
import { openStore, type Store } from '../../api/store-shop.ts'

const MINUTE = 60_000

/** An order by card whose intent is yet to be asked for. */
const byCard = async (shop: Store, product_id: number, qty = 1) => {
  const wanted = { user_id: shop.customer.id, lines: [{ product_id, qty }], payment_method: CARD, minutes: 30 }
  const { order, payment } = await shop.write((trx) => placeOrder(trx, wanted))
  return { order_id: order.id, payment_id: payment!.id }
}
const charge = (shop: Store, ids: { order_id: number; payment_id: number }) =>
  shop.write(async (trx) => {
    await insert(trx, 'sales_payment_entry', { ...ids, amount_cents: 89_999, kind: 'charge', reference: 'pi_1' })
    return await markPaid(trx, ids)
  })
const orderRow = async (shop: Store, id: number) =>
  await shop.database.db
    .selectFrom('sales_order')
    .select(['status', 'cancel_reason', 'expires_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
const paymentRow = async (shop: Store, id: number) =>
  await shop.database.db.selectFrom('sales_payment').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

test('an order by card intends its payment under a key of its own', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  const [one, two] = [await byCard(shop, product), await byCard(shop, product)]
  expect(await orderRow(shop, one.order_id)).toEqual({
    status: 'pending',
    cancel_reason: null,
    expires_at: shop.clock.now() + 30 * MINUTE,
  })
  const payment = await paymentRow(shop, one.payment_id)
  expect(payment).toMatchObject({ method: CARD, amount_cents: 89_999, status: 'intended', intent_id: null })
  expect((await paymentRow(shop, two.payment_id)).intent_key).not.toBe(payment.intent_key)
})

test('an order whose payment could not begin puts everything back, once', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  await shop.write((trx) => addToCart(trx, shop.customer.id, { product_id: product, qty: 3 }))
  const { order_id, payment_id } = await byCard(shop, product, 5)
  await shop.write((trx) => addToCart(trx, shop.customer.id, { product_id: product, qty: 1 }))
  for (let i = 0; i < 2; i++) await shop.write((trx) => undoOrder(trx, order_id))
  expect((await findCart(shop.database.db, shop.customer.id, shop.clock.now()))!.items).toMatchObject([
    { product_id: product, qty: 4 },
  ])
  expect(await shop.stock(product)).toBe(10)
  expect(await orderRow(shop, order_id)).toMatchObject({ status: 'cancelled', cancel_reason: 'undone' })
  expect((await paymentRow(shop, payment_id)).status).toBe('abandoned')
})

test('an order that was paid meanwhile is not undone', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  const ids = await byCard(shop, product)
  expect(await charge(shop, ids)).toBe('paid')
  await shop.write((trx) => undoOrder(trx, ids.order_id))
  expect((await orderRow(shop, ids.order_id)).status).toBe('paid')
  expect(await shop.stock(product)).toBe(9)
})

test('what was not paid in time gives its stock back; what was, or is paid at the counter, keeps it', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  const [unpaid, paid] = [await byCard(shop, product, 2), await byCard(shop, product, 3)]
  const counter = await shop.order(product)
  await charge(shop, paid)
  shop.clock.pass(30 * MINUTE - 1)
  expect(await shop.write((trx) => cancelExpired(trx))).toBe(0)
  shop.clock.pass(1)
  expect(await shop.write((trx) => cancelExpired(trx))).toBe(1)
  expect(await shop.write((trx) => cancelExpired(trx))).toBe(0)
  expect(await orderRow(shop, unpaid.order_id)).toMatchObject({ status: 'cancelled', cancel_reason: 'expired' })
  expect((await orderRow(shop, paid.order_id)).status).toBe('paid')
  expect((await orderRow(shop, counter)).status).toBe('pending')
  expect(await shop.stock(product)).toBe(6)
})

test('who wants what an expired order keeps need not wait for it to be cancelled', async () => {
  await using shop = await openStore()
  const [wanted, other] = [await shop.product({ stock: 1 }), await shop.product({ stock: 1 })]
  const [kept, elsewhere] = [await byCard(shop, wanted), await byCard(shop, other)]
  const buy = async () => {
    const items = [{ id: wanted, price: 899.99, quantity: 1 }]
    return (await shop.api('POST', '/orders/checkout', { items, paymentMethod: 'cod' })).status
  }
  expect(await buy()).toBe(400)
  shop.clock.pass(30 * MINUTE)
  expect(await buy()).toBe(200)
  expect((await orderRow(shop, kept.order_id)).status).toBe('cancelled')
  expect((await orderRow(shop, elsewhere.order_id)).status).toBe('pending')
})

test('money for an order that is over is flagged for refund, never dropped', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  const [cancelled, removed] = [await byCard(shop, product), await byCard(shop, product)]
  await shop.write((trx) => cancelOrder(trx, cancelled.order_id, { reason: 'expired' }))
  await shop.api('DELETE', `/admin/orders/${removed.order_id}`, undefined, { as: shop.admin })
  for (const ids of [cancelled, removed]) {
    expect(await charge(shop, ids)).toBe('too-late')
    expect((await orderRow(shop, ids.order_id)).status).toBe('cancelled')
    expect((await paymentRow(shop, ids.payment_id)).refund_due).toBe(1)
  }
  expect(await shop.stock(product)).toBe(10)
})

test('cancelling or refunding by hand an order that was paid by card flags its money', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  for (const status of ['cancelled', 'refunded']) {
    const ids = await byCard(shop, product)
    await charge(shop, ids)
    await shop.api('PUT', `/admin/orders/${ids.order_id}`, { status }, { as: shop.admin })
    expect((await orderRow(shop, ids.order_id)).status).toBe(status)
    expect((await paymentRow(shop, ids.payment_id)).refund_due).toBe(1)
    await shop.write((trx) => markRefunded(trx, ids.order_id))
    expect((await paymentRow(shop, ids.payment_id)).refund_due).toBe(0)
  }
  expect(await shop.stock(product)).toBe(10)
})

test('what nobody paid by card cannot be refunded', async () => {
  await using shop = await openStore()
  const { order_id } = await byCard(shop, await shop.product())
  const refund = () => shop.api('PUT', `/admin/orders/${order_id}`, { status: 'refunded' }, { as: shop.admin })
  expect([(await refund()).status, (await refund()).body]).toEqual([
    400,
    { detail: 'Nothing was paid on this order', code: 'nothing-paid' },
  ])
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'cancelled' }, { as: shop.admin })
  expect((await refund()).status).toBe(400)
})

test('an order that somebody marked paid by hand does not expire', async () => {
  await using shop = await openStore()
  const { order_id } = await byCard(shop, await shop.product())
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'paid' }, { as: shop.admin })
  shop.clock.pass(31 * MINUTE)
  expect(await shop.write((trx) => cancelExpired(trx))).toBe(0)
})
