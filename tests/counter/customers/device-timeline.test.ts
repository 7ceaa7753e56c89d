import { expect, test } from 'vitest'
import type { Person } from '../../support/shop.ts'
import { IMEI, openTradeIns } from '../trade-ins/trade-in-shop.ts'

const MINUTE = 60_000

type Lives = Awaited<ReturnType<typeof openLives>>

/** A phone that was repaired, bought in, let go by an admin, ordered on the web and given up again, each a minute after the other. */
async function openLives() {
  const shop = await openTradeIns()
  const next = () => shop.clock.pass(MINUTE)
  const device = { model_id: shop.kind.model_id, serial_number: IMEI }
  const repair = await shop.takeIn({ device, note: 'Fell down the stairs' })
  next()
  await shop.counter('PATCH', `/tickets/${repair.order_id}`, { status: 'Completed' })
  next()
  const { pickup_id, version } = await shop.offered()
  next()
  const reply = await shop.buy(pickup_id, shop.purchase(version, { other_owner: true }))
  if (reply.status !== 201) throw new Error(reply.text)
  const bought = reply.body
  next()
  await shop.byAdmin('POST', `/units/${bought.unit_id}/hold/release`, { reason: 'Police have seen it' })
  next()
  const [product] = (await shop.counter('GET', '/products')).body
  const body = { items: [{ id: product.id, price: 299, quantity: 1 }], paymentMethod: 'cod' }
  const { order_id } = (await shop.call('POST', '/api/orders/checkout', { as: shop.customer, body })).body
  next()
  await shop.counter('POST', `/sales-orders/${order_id}/cancel`, {})
  const { device: known } = (await shop.counter('GET', `/devices?serial=${IMEI}`)).body
  return { ...shop, next, repair, pickup_id, bought, product, order_id, device_id: known.id as number }
}

const timelineOf = (shop: Lives, as: Person = shop.staff) =>
  shop.counter('GET', `/devices/${shop.device_id}/timeline`, undefined, { as })

test('a device shows all its lives on one line, the newest first, each with its document', async () => {
  await using shop = await openLives()
  const { status, body } = await timelineOf(shop)
  expect(status).toBe(200)
  const { pickup_id } = shop
  const ticket = { kind: 'ticket', id: shop.repair.order_id, number: 'S1-T1-000001', pickup_id: null }
  const purchase = { kind: 'purchase', id: shop.bought.id, number: 'S1-T1-P000001', pickup_id }
  const order = { kind: 'web-order', id: shop.order_id, number: `ORD${shop.order_id}`, pickup_id: null }
  const at = (minute: number) => shop.clock.now() - (6 - minute) * MINUTE
  const none = { who: null, document: null, amount_cents: null, text: null, until: null }
  expect(body).toEqual([
    { ...none, kind: 'returned', at: at(6), who: 'Kim Clerk', document: order },
    { ...none, kind: 'sold', at: at(5), document: order },
    { ...none, kind: 'released', at: at(4), who: 'Ada Admin', document: purchase, text: 'Police have seen it' },
    { ...none, kind: 'held', at: at(3), document: purchase, until: shop.bought.hold_until },
    { ...none, kind: 'bought', at: at(3), who: 'Kim Clerk', document: purchase, amount_cents: 19_000 },
    {
      ...none,
      kind: 'offered',
      at: at(2),
      who: 'Kim Clerk',
      amount_cents: 19_000,
      document: { kind: 'trade-in', id: pickup_id, number: String(pickup_id), pickup_id },
    },
    { ...none, kind: 'repaired', at: at(1), document: ticket },
    { ...none, kind: 'taken-in', at: at(0), document: ticket, text: 'Fell down the stairs' },
  ])
})

test('stock and timeline tell the same: counted out, found, written off, received again', async () => {
  await using shop = await openLives()
  const path = `/products/${shop.product.id}/stock`
  const kinds = async () => (await timelineOf(shop)).body.map(({ kind }: { kind: string }) => kind)
  const before = await kinds()
  for (const [kind, step] of [
    ['missed', () => shop.counter('POST', `${path}/counts`, { serial_numbers: [] })],
    ['found', () => shop.counter('POST', `${path}/counts`, { serial_numbers: [IMEI] })],
    ['written-off', () => shop.counter('POST', `${path}/write-offs`, { unit_ids: [shop.bought.unit_id], note: 'Wet' })],
    ['received', () => shop.counter('POST', `${path}/receipts`, { units: [{ serial_number: IMEI }] })],
  ] as const) {
    shop.next()
    expect((await step()).status).toBe(201)
    expect((await kinds())[0]).toBe(kind)
  }
  expect((await kinds()).slice(4)).toEqual(before)
})

test('a purchase that was taken back says so, with why', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const { id } = (await shop.buy(pickup_id, shop.purchase(version))).body
  shop.clock.pass(MINUTE)
  await shop.counter('POST', `/purchases/${id}/undo`, { reason: 'Changed their mind', approval: shop.approval })
  const { device } = (await shop.counter('GET', `/devices?serial=${IMEI}`)).body
  const [back] = (await shop.counter('GET', `/devices/${device.id}/timeline`)).body
  expect(back).toMatchObject({
    kind: 'given-back',
    amount_cents: 19_000,
    text: 'Changed their mind',
    document: { number: 'S1-T1-P000002' },
  })
})

test('an evaluator sees what was offered and paid for it, and no order of the web shop', async () => {
  await using shop = await openLives()
  const { status, body } = await timelineOf(shop, shop.evaluator)
  expect(status).toBe(200)
  const amounts = body.filter(({ amount_cents }: { amount_cents: number | null }) => amount_cents !== null)
  expect(amounts.map(({ kind }: { kind: string }) => kind)).toEqual(['bought', 'offered'])
  expect(JSON.stringify(body)).not.toContain('ORD')
  expect((await shop.counter('GET', '/devices/999/timeline')).status).toBe(404)
})
