import { expect, test } from 'vitest'
import { IMEI, openTradeIns } from './trade-in-shop.ts'

type Bought = Awaited<ReturnType<typeof openBought>>

/** A shop that has bought a phone, and may sell it. */
async function openBought(from: object = {}) {
  const shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered(from)
  const bought = (await shop.buy(pickup_id, shop.purchase(version))).body
  await shop.byAdmin('POST', `/units/${bought.unit_id}/hold/release`, { reason: 'Police have seen it' })
  const [product] = (await shop.counter('GET', '/products')).body
  const { device } = (await shop.counter('GET', `/trade-ins/${pickup_id}`)).body
  const undo = () =>
    shop.counter('POST', `/purchases/${bought.id}/undo`, { reason: 'Changed their mind', approval: shop.approval })
  const keptBecause = async () => (await shop.counter('GET', `/trade-ins/${pickup_id}`)).body.purchase?.kept_because
  return { ...shop, bought, product_id: product.id as number, device_id: device.id as number, undo, keptBecause }
}

const order = async (shop: Bought): Promise<number> => {
  const body = { items: [{ id: shop.product_id, price: 299, quantity: 1 }], paymentMethod: 'cod' }
  const reply = await shop.call('POST', '/api/orders/checkout', { as: shop.customer, body })
  expect(reply.status).toBe(200)
  return reply.body.order_id
}

const count = async (shop: Bought, serial_numbers: string[]) =>
  expect((await shop.counter('POST', `/products/${shop.product_id}/stock/counts`, { serial_numbers })).status).toBe(201)

/** What may have become of a unit since it was bought, and why it then stays. */
const TOUCHED: Record<string, [string, (shop: Bought) => Promise<unknown>]> = {
  'is repaired here': ['unit-touched', (shop) => shop.takeIn({ device: { id: shop.device_id } })],
  'was repaired here': [
    'unit-touched',
    async (shop) => {
      shop.clock.pass(1_000)
      const { order_id } = await shop.takeIn({ device: { id: shop.device_id } })
      await shop.counter('POST', '/repairs/status', { ids: [order_id], status: 'Completed' })
    },
  ],
  'waits for its buyer': ['unit-not-in-stock', order],
  'was ordered, and the order given up': [
    'unit-touched',
    async (shop) => shop.counter('POST', `/sales-orders/${await order(shop)}/cancel`, {}),
  ],
  'is lost by a count': ['unit-not-in-stock', (shop) => count(shop, [])],
  'was lost by a count, and found by another': [
    'unit-touched',
    async (shop) => {
      await count(shop, [])
      await count(shop, [IMEI])
    },
  ],
  'is written off': [
    'unit-not-in-stock',
    (shop) =>
      shop.counter('POST', `/products/${shop.product_id}/stock/write-offs`, {
        unit_ids: [shop.bought.unit_id],
        note: 'Broken',
      }),
  ],
}

test.each(Object.keys(TOUCHED))('a purchase whose unit %s is not taken back, and nothing is written', async (name) => {
  await using shop = await openBought()
  const [code, touch] = TOUCHED[name]!
  expect(await shop.keptBecause()).toBe(null)
  await touch(shop)
  expect(await shop.keptBecause()).toBe(code)
  const refused = await shop.undo()
  expect([refused.status, refused.body.code]).toEqual([400, code])
  const receipts = await shop.database.db.selectFrom('receipt').select('number').execute()
  expect(receipts).toEqual([{ number: 'S1-T1-P000001' }])
})

test('a ticket of its device that was cancelled keeps no purchase from being taken back', async () => {
  await using shop = await openBought()
  shop.clock.pass(1_000)
  const { order_id } = await shop.takeIn({ device: { id: shop.device_id } })
  expect(await shop.keptBecause()).toBe('unit-touched')
  await shop.counter('POST', '/repairs/status', { ids: [order_id], status: 'Cancelled' })
  expect(await shop.keptBecause()).toBe(null)
  expect((await shop.undo()).status).toBe(201)
})

test('a purchase is taken back where the only tickets of its device are of before, or of the repair that it came from', async () => {
  await using shop = await openTradeIns()
  const device = { ...shop.kind, serial_number: IMEI }
  const first = await shop.takeIn({ device })
  await shop.counter('POST', '/repairs/status', { ids: [first.order_id], status: 'Completed' })
  const { device_id } = first
  const customer = { id: first.customer_id }
  const { order_id } = await shop.takeIn({ customer, device: { id: device_id } })
  const { pickup_id, version } = await (async () => {
    const { id, version: seen } = await shop.evaluated({ serial_number: undefined, order_id })
    return (await shop.counter('POST', `/buy-ins/${id}/seller`, { version: seen, customer })).body
  })()
  const bought = await shop.buy(pickup_id, shop.purchase(version))
  expect([bought.status, bought.text]).toEqual([201, expect.any(String)])
  const undo = { reason: 'Changed their mind', approval: shop.approval }
  expect((await shop.counter('POST', `/purchases/${bought.body.id}/undo`, undo)).status).toBe(201)
})
