import { expect, test } from 'vitest'
import { type CardShop, openCardShop } from './card-shop.ts'

const dueAtDesk = async (shop: CardShop) =>
  (await shop.call('GET', '/counter/sales-orders?refund_due=true', { as: shop.staff })).body

test('money for an order that an admin deleted is not lost from sight', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id)
  await shop.api('DELETE', `/admin/orders/${order_id}`, undefined, { as: shop.admin })
  await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({ status: 'cancelled', paid_cents: 89_999, refund_due: true })
})

test('money for an order that was removed although it counted as paid is seen until it is paid back', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.buy(id)
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'shipped' }, { as: shop.admin })
  await shop.api('DELETE', `/admin/orders/${order_id}`, undefined, { as: shop.admin })
  shop.stripe.confirm(intent_id)
  await shop.deliver(...shop.stripe.events)
  expect(await dueAtDesk(shop)).toMatchObject([{ id: order_id, paid_cents: 89_999, refund_due: true, trouble: 'late' }])
  expect((await shop.refund(order_id)).body.status).toBe('succeeded')
  await shop.deliver(...shop.stripe.events)
  const gone = await shop.call('GET', `/counter/sales-orders/${order_id}`, { as: shop.staff })
  expect([gone.status, await shop.stock(id)]).toEqual([404, 9])
})

test('the money of a paid order that an admin deletes is due back, and its goods are free', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id } = await shop.paid(id)
  expect((await shop.api('DELETE', `/admin/orders/${order_id}`, undefined, { as: shop.admin })).status).toBe(204)
  expect(await dueAtDesk(shop)).toMatchObject([
    { id: order_id, status: 'cancelled', paid_cents: 89_999, refund_due: true },
  ])
  expect(await shop.stock(id)).toBe(10)
  await shop.refund(order_id, { amount_cents: 9_999 })
  expect(await dueAtDesk(shop)).toMatchObject([{ id: order_id, refunded_cents: 9_999 }])
  await shop.refund(order_id)
  expect([await dueAtDesk(shop), await shop.stock(id)]).toEqual([[], 10])
})

test('money that was taken at the desk for an order that an admin deletes is due back too', async () => {
  await using shop = await openCardShop()
  const order_id = await shop.order(await shop.product())
  const taken = { as: shop.staff, body: { method: 'Cash' } }
  expect((await shop.call('POST', `/counter/sales-orders/${order_id}/payments`, taken)).status).toBe(201)
  await shop.api('DELETE', `/admin/orders/${order_id}`, undefined, { as: shop.admin })
  expect(await dueAtDesk(shop)).toMatchObject([{ id: order_id, refund_due: true }])
  expect((await shop.elsewhere(order_id, { reason: 'In cash' })).status).toBe(201)
  expect(await dueAtDesk(shop)).toEqual([])
})

test('an order that was sent stays sold when an admin deletes it, and can still be refunded', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id } = await shop.paid(id)
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'shipped' }, { as: shop.admin })
  await shop.api('DELETE', `/admin/orders/${order_id}`, undefined, { as: shop.admin })
  const sales = async () => (await shop.call('GET', '/counter/sales-orders', { as: shop.staff })).body
  expect([await sales(), await shop.stock(id)]).toEqual([[], 9])
  expect((await shop.refund(order_id)).status).toBe(201)
  expect(await sales()).toEqual([])
})

test('an order that was set back to paid is here again: deleted, its goods are free and its money is due', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id } = await shop.paid(id)
  for (const status of ['shipped', 'paid']) {
    await shop.api('PUT', `/admin/orders/${order_id}`, { status }, { as: shop.admin })
    expect(await shop.stock(id)).toBe(9)
  }
  await shop.api('DELETE', `/admin/orders/${order_id}`, undefined, { as: shop.admin })
  expect([await dueAtDesk(shop), await shop.stock(id)]).toMatchObject([[{ id: order_id, refund_due: true }], 10])
})

test('a dispute about a deleted order is seen, and what it gives back is due', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  await shop.api('DELETE', `/admin/orders/${order_id}`, undefined, { as: shop.admin })
  const { id } = shop.stripe.openDispute(intent_id)
  await shop.deliver(...shop.stripe.events)
  const disputed = (await shop.call('GET', '/counter/sales-orders?disputed=true', { as: shop.staff })).body
  expect(disputed).toMatchObject([{ id: order_id, refund_due: false }])
  shop.stripe.stepDispute(id, 'won')
  await shop.deliver(...shop.stripe.events)
  expect(await dueAtDesk(shop)).toMatchObject([{ id: order_id, disputed: false }])
})
