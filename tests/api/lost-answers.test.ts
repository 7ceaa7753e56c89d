import { expect, test } from 'vitest'
import type { Trx } from '../../db/handle.ts'
import { EVERY_TRY, openCardShop } from './card-shop.ts'

/** Longer than anything may be at work. */
const LATER = 10 * 60_000

const FORGETFUL = new Set(['POST /api/orders', 'POST /api/orders/checkout', 'POST /counter/sales-orders/:id/refunds'])

/** A shop whose requests under a key lose their answer after the effect, as with a server that is killed then. */
async function openForgetful() {
  const shop = await openCardShop()
  const { database } = shop.context
  const write = database.write.bind(database)
  const writes = new Map<string, number>()
  database.write = async <T>(by: Parameters<typeof write>[0], run: (trx: Trx) => Promise<T>): Promise<T> => {
    const n = (writes.get(by.act) ?? 0) + 1
    writes.set(by.act, n)
    // The key is taken, the effect written, and then the answer kept.
    if (n === 3 && FORGETFUL.has(by.act)) throw new Error('killed')
    return await write(by, run)
  }
  const ask = (path: string, body: object, as = shop.customer) =>
    shop.call('POST', path, { token: shop.context.tokens.issue({ sub: as.id, sid: `test-${as.id}` }), body, headers })
  return { ...shop, ask }
}

const headers = { 'idempotency-key': 'k1' }

const ordersOf = ({ database: { db } }: Awaited<ReturnType<typeof openForgetful>>) =>
  db.selectFrom('sales_order').select(['id', 'status']).orderBy('id').execute()

test.each(['cod', 'card'])(
  'an order by %s whose answer was lost is the same order under its key',
  async (paymentMethod) => {
    await using shop = await openForgetful()
    const id = await shop.product({ stock: 5 })
    const price = (await shop.call('GET', `/api/products/${id}`)).body.price
    const order = () => shop.ask('/api/orders/checkout', { items: [{ id, price, quantity: 1 }], paymentMethod })
    const first = await order()
    expect((await order()).body.code).toBe('request-in-progress')
    shop.clock.pass(LATER)
    const [second, third] = [await order(), await order()]
    expect([second.status, second.text]).toEqual([200, first.text])
    expect(third.text).toBe(first.text)
    expect(await ordersOf(shop)).toEqual([{ id: first.body.order_id, status: 'pending' }])
    expect(shop.stripe.intents.size).toBe(paymentMethod === 'card' ? 1 : 0)
  },
)

test('the cart is ordered once, though its answer was lost', async () => {
  await using shop = await openForgetful()
  const product_id = await shop.product({ stock: 5 })
  await shop.call('POST', '/api/cart/items', { as: shop.customer, body: { product_id } })
  const first = await shop.ask('/api/orders', {})
  shop.clock.pass(LATER)
  const again = await shop.ask('/api/orders', {})
  expect([again.status, again.text]).toEqual([first.status, first.text])
  expect(await ordersOf(shop)).toHaveLength(1)
})

test('an order by card that was given up meanwhile is said to be, and the same request orders anew', async () => {
  await using shop = await openForgetful()
  const id = await shop.product({ stock: 1 })
  const price = (await shop.call('GET', `/api/products/${id}`)).body.price
  const order = () => shop.ask('/api/orders/checkout', { items: [{ id, price, quantity: 1 }], paymentMethod: 'card' })
  const first = await order()
  shop.clock.pass(2 * 3_600_000)
  await shop.reconcile()
  const gone = await order()
  expect([gone.status, gone.body.code]).toEqual([409, 'order-cancelled-meanwhile'])
  const anew = await order()
  expect(anew.status).toBe(200)
  expect(anew.body.order_id).not.toBe(first.body.order_id)
  expect((await ordersOf(shop)).map(({ status }) => status)).toEqual(['cancelled', 'pending'])
})

test('an order by card that is paid by now is not placed again under its key', async () => {
  await using shop = await openForgetful()
  const id = await shop.product({ stock: 5 })
  const price = (await shop.call('GET', `/api/products/${id}`)).body.price
  const order = () => shop.ask('/api/orders/checkout', { items: [{ id, price, quantity: 1 }], paymentMethod: 'card' })
  const { body } = await order()
  shop.stripe.confirm(body.client_secret.split('_secret_')[0], 'good')
  await shop.deliver(...shop.stripe.events)
  shop.clock.pass(LATER)
  expect((await order()).body.code).toBe('answer-lost')
  expect(await ordersOf(shop)).toEqual([{ id: body.order_id, status: 'paid' }])
})

test('a refund whose answer was lost is the same refund under its key', async () => {
  await using shop = await openForgetful()
  const { order_id } = await shop.paid(await shop.product({ stock: 5 }))
  const refund = () => shop.ask(`/counter/sales-orders/${order_id}/refunds`, { amount_cents: 100 }, shop.staff)
  const first = await refund()
  shop.clock.pass(LATER)
  const [second, third] = [await refund(), await refund()]
  expect([second.status, second.body.id, second.body.status]).toEqual([201, first.body.id, 'succeeded'])
  expect(third.text).toBe(second.text)
  expect(shop.stripe.refunds.size).toBe(1)
})

/** An order by card whose answer was lost, long ago enough to be asked for again. */
async function openLost() {
  const shop = await openForgetful()
  const id = await shop.product({ stock: 5 })
  const price = (await shop.call('GET', `/api/products/${id}`)).body.price
  const order = () => shop.ask('/api/orders/checkout', { items: [{ id, price, quantity: 1 }], paymentMethod: 'card' })
  const first = await order()
  expect(first.status).toBe(200)
  shop.clock.pass(LATER)
  return { ...shop, askAgain: order, first }
}

test('of two requests at once for an answer that was lost one has it, and the other waits', async () => {
  await using shop = await openLost()
  // Stripe is asked once more; meanwhile the same request comes again.
  let beside: Awaited<ReturnType<typeof shop.askAgain>> | undefined
  shop.stripe.done.hook = async () => {
    shop.stripe.done.hook = null
    beside = await shop.askAgain()
  }
  const again = await shop.askAgain()
  expect([again.status, again.text]).toEqual([200, shop.first.text])
  expect([beside?.status, beside?.body.code]).toEqual([409, 'request-in-progress'])
  expect((await shop.askAgain()).text).toBe(shop.first.text)
  expect(await ordersOf(shop)).toEqual([{ id: shop.first.body.order_id, status: 'pending' }])
})

test('an order whose answer was lost stands while Stripe does not answer, and is told as soon as it does', async () => {
  await using shop = await openLost()
  shop.stripe.break('down', EVERY_TRY)
  const silent = await shop.askAgain()
  expect([silent.status, silent.body.code]).toEqual([503, 'order-unanswered'])
  await shop.reconcile()
  expect(await ordersOf(shop)).toEqual([{ id: shop.first.body.order_id, status: 'pending' }])
  const again = await shop.askAgain()
  expect([again.status, again.text]).toEqual([200, shop.first.text])
})
