import { expect, test } from 'vitest'
import { IMEI, openTradeIns } from './trade-in-shop.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** A phone that is here for repair, at this price, and a purchase of it that came from its ticket. */
async function openRepair(fields: object = {}) {
  const shop = await openTradeIns()
  const device = { model_id: shop.kind.model_id, serial_number: IMEI }
  const repair = await shop.takeIn({ device, customer: { id: shop.customer.id }, ...fields })
  const { order_id, customer_id } = repair
  const buyIt = async (from: object = { order_id, serial_number: undefined }) => {
    shop.clock.pass(MINUTE)
    const { id, version } = await shop.evaluated(from)
    const offered = await shop.counter('POST', `/buy-ins/${id}/seller`, { version, customer: { id: customer_id } })
    shop.clock.pass(MINUTE)
    const reply = await shop.buy(offered.body.pickup_id, shop.purchase(offered.body.version))
    if (reply.status !== 201) throw new Error(reply.text)
    return { ...reply.body, pickup_id: offered.body.pickup_id as number }
  }
  const set = (changes: object) => shop.counter('PATCH', `/tickets/${order_id}`, changes)
  const kinds = async () => (await shop.ticket(order_id)).timeline.map(({ kind }: { kind: string }) => kind)
  const lives = async () => {
    const { device: known } = (await shop.counter('GET', `/devices?serial=${IMEI}`)).body
    const { body } = await shop.counter('GET', `/devices/${known.id}/timeline`)
    return body.map(({ kind }: { kind: string }) => kind)
  }
  return { ...shop, ...repair, order_id: order_id as number, buyIt, set, kinds, lives }
}

test('a repair whose device is bought is over: nobody waits for it, and its money stays due', async () => {
  await using shop = await openRepair({ estimate_cents: 4_900 })
  await shop.set({ status: 'Repairing' })
  const { pickup_id, number } = await shop.buyIt()
  expect(await shop.ticket(shop.order_id)).toMatchObject({
    status: 'Completed',
    due_cents: 4_900,
    picked_up_at: shop.clock.now(),
    customer: { balance_cents: 4_900 },
    trade_in: { id: pickup_id, status: 'accepted', purchase_number: number },
  })
  expect(await shop.kinds()).toEqual(['opened', 'status', 'status', 'bought'])
  for (const which of ['open', 'ready'])
    expect((await shop.counter('GET', `/repairs?${which}=true`)).body.rows).toEqual([])
  expect(await shop.lives()).toEqual(['held', 'bought', 'offered', 'taken-in'])
})

test('one that costs nothing is cancelled', async () => {
  await using shop = await openRepair()
  await shop.buyIt()
  expect(await shop.ticket(shop.order_id)).toMatchObject({
    status: 'Cancelled',
    due_cents: 0,
    picked_up_at: expect.any(Number),
  })
})

test('a device that waits to be fetched is bought by its number: it was repaired, and nobody fetches it', async () => {
  await using shop = await openRepair({ estimate_cents: 4_900 })
  shop.clock.pass(MINUTE)
  await shop.set({ status: 'Completed' })
  const { number } = await shop.buyIt({})
  expect(await shop.ticket(shop.order_id)).toMatchObject({ status: 'Completed', trade_in: { purchase_number: number } })
  expect((await shop.counter('GET', '/repairs?ready=true')).body.rows).toEqual([])
  expect(await shop.lives()).toEqual(['held', 'bought', 'offered', 'repaired', 'taken-in'])
})

test('nobody begins the repair of a device that the shop has bought, until the purchase is taken back', async () => {
  await using shop = await openRepair()
  const { id, number } = await shop.buyIt()
  for (const changes of [{ status: 'Pending' }, { status: 'Repairing' }, { picked_up: false }]) {
    const reply = await shop.set(changes)
    expect([reply.status, reply.body.code, reply.body.params]).toEqual([409, 'device-bought', { number }])
  }
  const other = await shop.takeIn()
  const many = { ids: [other.order_id, shop.order_id], status: 'Repairing' }
  expect((await shop.counter('POST', '/repairs/status', many)).body.code).toBe('device-bought')
  expect((await shop.ticket(other.order_id)).status).toBe('Pending')
  expect((await shop.set({ note: 'Asked for its box' })).status).toBe(200)

  const undo = { reason: 'Changed their mind', approval: shop.approval }
  const back = (await shop.counter('POST', `/purchases/${id}/undo`, undo)).body
  expect(await shop.ticket(shop.order_id)).toMatchObject({ trade_in: { purchase_number: null } })
  expect((await shop.ticket(shop.order_id)).timeline.at(-1)).toMatchObject({ kind: 'given-back', text: back.number })
  expect((await shop.set({ status: 'Repairing' })).body).toMatchObject({ status: 'Repairing', picked_up_at: null })
})

test('the documented API sets a status as it always did', async () => {
  await using shop = await openRepair()
  await shop.buyIt()
  const reply = await shop.call('PATCH', `/v1/orders/${shop.order_id}`, {
    as: shop.staff,
    body: { status: 'Repairing' },
  })
  expect(reply.status).toBe(200)
})

test('who sold us their device reads on their own page that they did, and what they owe', async () => {
  await using shop = await openRepair({ estimate_cents: 4_900 })
  const repairs = async () => (await shop.call('GET', '/counter/account', { as: shop.customer })).body.repairs
  expect(await repairs()).toMatchObject([{ status: 'Pending', bought: false }])
  const { id } = await shop.buyIt()
  expect(await repairs()).toMatchObject([{ status: 'Completed', bought: true, due_cents: 4_900 }])
  await shop.counter('POST', `/purchases/${id}/undo`, { reason: 'Changed their mind', approval: shop.approval })
  expect(await repairs()).toMatchObject([{ status: 'Completed', bought: false }])
})

test('a repair of long ago stays as it is, though nobody wrote down that its device was fetched', async () => {
  await using shop = await openRepair({ estimate_cents: 4_900 })
  await shop.set({ status: 'Completed' })
  const before = await shop.ticket(shop.order_id)
  shop.clock.pass(43 * DAY)
  const as = { as: await shop.person('staff') }
  const { id, version } = await shop.evaluated({}, undefined, as)
  const seller = { version, customer: { full_name: 'Sam Seller' } }
  const offered = (await shop.counter('POST', `/buy-ins/${id}/seller`, seller, as)).body
  const bought = await shop.buy(offered.pickup_id, shop.purchase(offered.version, { other_owner: true }), as)
  expect(bought.status).toBe(201)
  const after = (await shop.counter('GET', `/tickets/${shop.order_id}`, undefined, as)).body
  expect([after.picked_up_at, after.timeline, after.trade_in]).toEqual([null, before.timeline, null])
})

test('who had the device before its seller does not read that they sold it', async () => {
  await using shop = await openRepair({ estimate_cents: 4_900 })
  await shop.set({ status: 'Completed' })
  const { pickup_id, version } = await shop.offered()
  const bought = await shop.buy(pickup_id, shop.purchase(version, { other_owner: true }))
  expect(bought.status).toBe(201)
  expect((await shop.kinds()).at(-1)).toBe('bought')
  const { repairs } = (await shop.call('GET', '/counter/account', { as: shop.customer })).body
  expect(repairs).toMatchObject([{ status: 'Completed', bought: false }])
})

const BACK = [{ status: 'Repairing' }, { picked_up: false }]

test('a device that was fetched before the shop bought it is not a customer’s again, until the purchase is taken back', async () => {
  await using shop = await openRepair()
  await shop.set({ status: 'Completed' })
  await shop.set({ picked_up: true })
  const boughtBy = async () => (await shop.ticket(shop.order_id)).bought_by
  expect(await boughtBy()).toBe(null)
  const { id, number } = await shop.buyIt({})
  for (const changes of BACK) {
    const reply = await shop.set(changes)
    expect([reply.status, reply.body.code, reply.body.params]).toEqual([409, 'device-bought', { number }])
  }
  expect(await boughtBy()).toBe(number)
  await shop.counter('POST', `/purchases/${id}/undo`, { reason: 'Changed their mind', approval: shop.approval })
  expect(await boughtBy()).toBe(null)
  for (const changes of BACK) expect((await shop.set(changes)).status).toBe(200)
})

test('nor is one that was bought, given back and bought again for another request', async () => {
  await using shop = await openRepair()
  const { id } = await shop.buyIt()
  await shop.counter('POST', `/purchases/${id}/undo`, { reason: 'Changed their mind', approval: shop.approval })
  const { number } = await shop.buyIt({})
  for (const changes of BACK) {
    const reply = await shop.set(changes)
    expect([reply.status, reply.body.code, reply.body.params]).toEqual([409, 'device-bought', { number }])
  }
})

test('what is the shop’s own is repaired here, and repaired again', async () => {
  await using shop = await openRepair()
  await shop.buyIt()
  shop.clock.pass(MINUTE)
  const { order_id } = await shop.takeIn({ device: { id: (await shop.ticket(shop.order_id)).device.id } })
  for (const status of ['Repairing', 'Completed', 'Repairing'])
    expect((await shop.counter('PATCH', `/tickets/${order_id}`, { status })).status).toBe(200)
})

test('what is owed for a repair is read where its device is bought, and is asked for until it is paid', async () => {
  await using shop = await openRepair({ estimate_cents: 4_900 })
  const other = await shop.takeIn({ estimate_cents: 1_000 })
  await shop.set({ status: 'Completed' })
  const { order_id } = shop
  const owed = { order_id, ticket_number: (await shop.ticket(order_id)).ticket_number, due_cents: 4_900 }
  const { id, version } = await shop.evaluated({ order_id, serial_number: undefined })
  const named = { version, customer: { id: shop.customer_id } }
  const offered = (await shop.counter('POST', `/buy-ins/${id}/seller`, named)).body
  const request = async (options?: object) =>
    (await shop.counter('GET', `/trade-ins/${offered.pickup_id}`, undefined, options)).body
  expect((await request()).owed_repair).toEqual(owed)
  expect((await request({ as: shop.evaluator })).owed_repair).toBe(undefined)
  const bought = (await shop.buy(offered.pickup_id, shop.purchase(offered.version))).body
  const facts = async () => (await shop.counter('GET', `/purchases/${bought.id}/facts`)).body
  expect((await facts()).owed_repair).toEqual(owed)

  const asked = async () => {
    const ids = ({ rows }: { rows: { id: number }[] }) => rows.map((row) => row.id).toSorted((a, b) => a - b)
    const list = await shop.counter('GET', '/repairs?owed=true')
    const sorted = await shop.counter('GET', '/repairs?owed=true&sort=due')
    const { owed_cents, owed_count } = (await shop.counter('GET', '/today')).body
    expect(ids(sorted.body)).toEqual(ids(list.body))
    return { ids: ids(list.body), owed_cents, owed_count }
  }
  const both = [order_id, other.order_id].toSorted((a, b) => a - b)
  expect(await asked()).toEqual({ ids: both, owed_cents: 5_900, owed_count: '2' })
  const paid = await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 4_900, method: 'Cash' })
  expect(paid.status).toBe(201)
  expect(await asked()).toEqual({ ids: [other.order_id], owed_cents: 1_000, owed_count: '1' })
  expect([(await facts()).owed_repair, (await request()).owed_repair]).toEqual([null, null])
})
