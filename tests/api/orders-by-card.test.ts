import { expect, test } from 'vitest'
import { configFrom, UsageError } from '../../server/config.ts'
import { openStandIn } from '../support/stripe-stand-in.ts'
import { openStore, type Store } from './store-shop.ts'

const TEN = Array.from({ length: 10 })
const statuses = (replies: { status: number }[]) => replies.map(({ status }) => status).toSorted()
const checkout = (shop: Store, id: number, options = {}) =>
  shop.api('POST', '/orders/checkout', { items: [{ id, price: 899.99, quantity: 1 }], paymentMethod: 'card' }, options)

test('what is in the cart is ordered as a whole, and answered with the secret', async () => {
  await using stripe = await openStandIn()
  await using shop = await openStore({ config: { stripe: stripe.config } })
  const id = await shop.product()
  await shop.api('POST', '/cart/items', { product_id: id, qty: 2 })
  const { status, body } = await shop.api('POST', '/orders')
  expect([status, body]).toEqual([200, { order_id: 1, client_secret: [...stripe.intents.values()][0]!.client_secret }])
  expect((await shop.api('GET', '/cart')).body.items).toEqual([])
  expect(await shop.stock(id)).toBe(8)
})

test('one cart that is ordered ten times at once is ordered once', async () => {
  await using stripe = await openStandIn()
  await using shop = await openStore({ config: { stripe: stripe.config } })
  const id = await shop.product()
  await shop.api('POST', '/cart/items', { product_id: id })
  const replies = await Promise.all(TEN.map(() => shop.api('POST', '/orders')))
  expect(statuses(replies)).toEqual([200, ...Array<number>(9).fill(400)])
  expect([stripe.intents.size, await shop.stock(id)]).toEqual([1, 9])
})

test('of ten who want the last unit by card, one is asked to pay', async () => {
  await using stripe = await openStandIn()
  await using shop = await openStore({ config: { stripe: stripe.config } })
  const id = await shop.product({ stock: 1 })
  const buyers = await Promise.all(TEN.map(() => shop.person('customer')))
  const replies = await Promise.all(buyers.map((as) => checkout(shop, id, { as })))
  expect(statuses(replies)).toEqual([200, ...Array<number>(9).fill(400)])
  expect([stripe.intents.size, await shop.stock(id)]).toEqual([1, 0])
})

test('a repeated key is answered with the same secret, and pays for one order', async () => {
  await using stripe = await openStandIn()
  await using shop = await openStore({ config: { stripe: stripe.config } })
  const id = await shop.product()
  const options = { headers: { 'idempotency-key': 'k' } }
  const replies = await Promise.all(TEN.map(() => checkout(shop, id, options)))
  for (const { status } of replies) expect([200, 409]).toContain(status)
  const first = replies.find(({ status }) => status === 200)!
  expect((await checkout(shop, id, options)).text).toBe(first.text)
  expect([stripe.intents.size, await shop.stock(id)]).toEqual([1, 9])
})

test('when Stripe fails, the same key may try again', async () => {
  await using stripe = await openStandIn()
  await using shop = await openStore({ config: { stripe: stripe.config } })
  const id = await shop.product({ stock: 1 })
  const options = { headers: { 'idempotency-key': 'k' } }
  stripe.break('declined', { times: 9 })
  expect((await checkout(shop, id, options)).status).toBe(402)
  stripe.mend()
  expect((await checkout(shop, id, options)).status).toBe(200)
  expect(await shop.stock(id)).toBe(0)
})

test('an order is undone although its buyer signed out while Stripe was asked', async () => {
  await using stripe = await openStandIn()
  await using shop = await openStore({ config: { stripe: stripe.config } })
  const id = await shop.product()
  stripe.done.hook = () =>
    shop.call('PATCH', `/v1/users/${shop.customer.id}`, { as: shop.admin, body: { is_active: false } })
  stripe.break('other-amount')
  expect((await checkout(shop, id)).status).toBe(503)
  expect(await shop.stock(id)).toBe(10)
})

test('an order by card waits for its money as long as it is configured to', async () => {
  await using stripe = await openStandIn()
  const orderMinutes = (written: string) => configFrom({ FIXPOINT_ORDER_MINUTES: written }).orderMinutes
  expect([configFrom({}).orderMinutes, orderMinutes('5')]).toEqual([30, 5])
  for (const written of ['0', '-1', 'x', '1.5', '10081']) expect(() => orderMinutes(written)).toThrow(UsageError)
  await using shop = await openStore({ config: { stripe: stripe.config, orderMinutes: 5 } })
  await checkout(shop, await shop.product())
  const { expires_at } = await shop.database.db.selectFrom('sales_order').selectAll().executeTakeFirstOrThrow()
  expect(expires_at).toBe(shop.clock.now() + 5 * 60_000)
})
