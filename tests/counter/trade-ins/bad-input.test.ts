import { expect, test } from 'vitest'
import { IMEI, openTradeIns } from './trade-in-shop.ts'

type Shop = Awaited<ReturnType<typeof openTradeIns>>

/** Another walk-in with the same device, who is told yes to it. */
async function offeredAgain(shop: Shop, from: object = {}) {
  const { id, version } = await shop.evaluated(from)
  const customer = { full_name: 'Another Seller' }
  return (await shop.counter('POST', `/buy-ins/${id}/seller`, { version, customer })).body
}

/** Buys the phone of a walk-in, and lets it go. */
async function bought(shop: Shop) {
  const { pickup_id, version } = await shop.offered()
  const { unit_id } = (await shop.buy(pickup_id, shop.purchase(version))).body
  await shop.byAdmin('POST', `/units/${unit_id}/hold/release`, { reason: 'Police have seen it' })
  const [product] = (await shop.counter('GET', '/products')).body
  const order = async (): Promise<number> => {
    const items = [{ id: product.id, price: 299, quantity: 1 }]
    const body = { items, paymentMethod: 'cod' }
    return (await shop.call('POST', '/api/orders/checkout', { as: shop.customer, body })).body.order_id
  }
  return { unit_id: unit_id as number, order }
}

test.each(['L1 1', 'M0 0 L1 1"/><script>alert(1)</script>', 'M1 1\nL2 2', 'Sam Seller'])(
  'what is no line is no signature: %s',
  async (signature) => {
    await using shop = await openTradeIns()
    const { pickup_id, version } = await shop.offered()
    const declaration = { ...shop.purchase(version).declaration, signature }
    const { status, body } = await shop.buy(pickup_id, shop.purchase(version, { declaration }))
    const fault = { loc: ['body', 'declaration', 'signature'], code: 'signature-invalid' }
    expect([status, body.detail]).toMatchObject([422, [fault]])
    for (const table of ['declaration', 'seller_identity', 'receipt'] as const)
      expect(await shop.database.db.selectFrom(table).select('id').execute(), table).toEqual([])
  },
)

test('a device that lies in stock, or waits there for its buyer, is not bought again', async () => {
  await using shop = await openTradeIns()
  const { order } = await bought(shop)
  const { pickup_id, version } = await offeredAgain(shop)
  const refusal = async () => {
    const { status, body } = await shop.buy(pickup_id, shop.purchase(version, { other_owner: true }))
    return [status, body.code, body.params]
  }
  const inStock = [409, 'device-is-here', { where: 'stock', name: 'iPhone 13 128GB' }]
  expect(await refusal()).toEqual(inStock)
  await order()
  expect(await refusal()).toEqual(inStock)
})

test('a device that is here for another repair is not bought; one whose own repair became the offer is', async () => {
  await using shop = await openTradeIns()
  const taken = await shop.takeIn({ device: { ...shop.kind, serial_number: IMEI } })
  const customer = { id: taken.customer_id }
  const other = await shop.evaluated()
  const walkIn = { version: other.version, customer }
  const first = (await shop.counter('POST', `/buy-ins/${other.id}/seller`, walkIn)).body
  expect((await shop.buy(first.pickup_id, shop.purchase(first.version))).body).toMatchObject({
    code: 'device-is-here',
    params: { where: 'repair', name: taken.ticket_number },
  })
  const own = await shop.evaluated({ serial_number: undefined, order_id: taken.order_id })
  const offer = (await shop.counter('POST', `/buy-ins/${own.id}/seller`, { version: own.version, customer })).body
  expect((await shop.buy(offer.pickup_id, shop.purchase(offer.version))).status).toBe(201)
})

test('what was sold last week is bought again, as another unit with a hold of its own', async () => {
  await using shop = await openTradeIns()
  const { unit_id, order } = await bought(shop)
  const order_id = await order()
  await shop.counter('POST', `/sales-orders/${order_id}/payments`, { method: 'Cash' })
  await shop.call('PUT', `/api/admin/orders/${order_id}`, { as: shop.admin, body: { status: 'completed' } })
  shop.clock.pass(7 * 86_400_000)
  const [staff, admin] = [await shop.person('staff'), await shop.person('admin')]
  const as = { as: staff }
  const { id, version } = await shop.evaluated({}, undefined, as)
  const body = { version, customer: { full_name: 'Her Brother' } }
  const offer = (await shop.counter('POST', `/buy-ins/${id}/seller`, body, as)).body
  const again = await shop.buy(offer.pickup_id, shop.purchase(offer.version, { other_owner: true }), as)
  expect(again.status).toBe(201)
  expect(again.body.unit_id).not.toBe(unit_id)
  expect(again.body.hold_until).toBeGreaterThan(shop.clock.now())
  // The order of then is given back no unit that is here as another.
  const refund = await shop.call('PUT', `/api/admin/orders/${order_id}`, { as: admin, body: { status: 'refunded' } })
  expect(refund.status).toBeLessThan(500)
  const here = await shop.database.db
    .selectFrom('stock_movement')
    .select(['unit_id', ({ fn }) => fn.sum<number>('quantity').as('here')])
    .groupBy('unit_id')
    .execute()
  expect(here.toSorted((a, b) => a.unit_id! - b.unit_id!)).toEqual([
    { unit_id, here: 0 },
    { unit_id: again.body.unit_id, here: 1 },
  ])
})

test.each([
  ['an IMEI whose check digit is wrong', '490154203237519', 'fail', 'pass'],
  ['a MEID', 'A0000000002B33', 'not-checked', 'pass'],
  ['the EID of an eSIM', '89049032004008882600004821908637', 'not-checked', 'pass'],
  // Whether it is here already nobody can tell.
  ['no number', null, 'not-checked', 'not-checked'],
])('a device with %s is bought under what there is, and its paper says what was checked', async (_, ...given) => {
  const [number, luhn, here] = given
  await using shop = await openTradeIns()
  const buy = async () => {
    const begun = (await shop.counter('POST', '/buy-ins', { serial_number: number ?? undefined })).body
    const device = { ...shop.device, serial_number: number }
    const answers = shop.answers('yes', 'yes', 'near')
    const { version } = (await shop.counter('PUT', `/buy-ins/${begun.id}`, { version: begun.version, device, answers }))
      .body
    const customer = { full_name: 'Sam Seller' }
    const offer = (await shop.counter('POST', `/buy-ins/${begun.id}/seller`, { version, customer })).body
    return await shop.buy(offer.pickup_id, shop.purchase(offer.version))
  }
  const first = await buy()
  expect([first.status, first.body]).toMatchObject([
    201,
    {
      serial_number: number,
      checks: [{ kind: 'luhn', result: luhn }, { kind: 'duplicate', result: here }, {}, {}, {}],
    },
  ])
  // What has no number may be any other; what has one is here.
  expect((await buy()).body.code).toBe(number === null ? undefined : 'device-is-here')
})

test.each([
  ['activation-lock', 'device-fails-check'],
  ['lost-stolen', 'device-fails-check'],
  ['network-lock', undefined],
])('a check of the %s that fails: nobody is paid for a lock or a loss', async (kind, code) => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const begun = (await shop.counter('POST', '/buy-ins', { serial_number: IMEI })).body
  const check = { kind, result: 'fail', source: 'Its maker' }
  expect((await shop.counter('POST', `/buy-ins/${begun.id}/checks`, check)).status).toBe(201)
  const reply = await shop.buy(pickup_id, shop.purchase(version))
  expect([reply.status, reply.body.code]).toEqual([code ? 400 : 201, code])
  // It was looked at again, and is off by now.
  const again = await shop.counter('POST', `/buy-ins/${begun.id}/checks`, { ...check, result: 'pass' })
  expect(again.status).toBe(201)
  if (code) expect((await shop.buy(pickup_id, shop.purchase(version))).status).toBe(201)
})

test('a price that ends while an evaluation is open is not offered as it was seen', async () => {
  await using shop = await openTradeIns()
  const ends = shop.clock.now() + 60_000
  for (const { id } of (await shop.counter('GET', '/trade-in-prices')).body)
    await shop.byAdmin('PATCH', `/trade-in-prices/${id}`, { valid_until: ends })
  const { brand_id } = shop.kind
  const line = { brand_id, model: 'iPhone 13', storage: '128GB', condition: 'B', price_cents: 15_000 }
  await shop.byAdmin('POST', '/trade-in-prices', { ...line, valid_from: ends })
  const { id, version, offer } = await shop.evaluated()
  expect(offer.price_cents).toBe(19_000)
  const make = (seen_cents: number) =>
    shop.counter('POST', `/buy-ins/${id}/seller`, { version, seen_cents, customer: { full_name: 'Sam Seller' } })
  shop.clock.pass(60_000)
  const refused = await make(19_000)
  expect([refused.status, refused.body.code]).toEqual([409, 'offer-sum-changed'])
  expect(await shop.database.db.selectFrom('pickup_request').select('id').execute()).toEqual([])
  const now = (await shop.counter('GET', `/buy-ins/${id}`)).body
  expect(now.offer.price_cents).toBe(15_000)
  const made = await make(15_000)
  expect([made.status, made.text]).toEqual([201, expect.any(String)])
})

test('an offer that its customer says yes to while the counter changes it is accepted as they saw it, or asked anew', async () => {
  await using shop = await openTradeIns()
  const pickup_id = await shop.requested()
  const evaluate = async (charging: string) => {
    const answers = shop.answers('yes', charging, 'near')
    return await shop.evaluated({ serial_number: undefined, pickup_id }, answers)
  }
  const first = await evaluate('yes')
  await shop.counter('POST', `/buy-ins/${first.id}/offer`, { version: first.version })
  const as = shop.customer
  expect((await shop.call('GET', '/api/tradein/pickup-requests/me', { as })).body[0].evaluation.final_offer).toBe(190)
  const second = await evaluate('no')
  const [said, made] = await Promise.all([
    shop.call('POST', `/api/tradein/pickup-requests/${pickup_id}/respond`, { as, body: { action: 'accept' } }),
    shop.counter('POST', `/buy-ins/${second.id}/offer`, { version: second.version }),
  ])
  expect(made.status).toBe(201)
  expect(said.status === 200 || said.body.code === 'offer-changed').toBe(true)
  const request = (await shop.counter('GET', `/trade-ins/${pickup_id}`)).body
  // Whoever came first: the newer offer waits for an answer of its own, and nobody is bound to what they did not see.
  expect([request.status, request.answered_offer_cents, request.offers.at(-1).price_cents]).toEqual([
    'offered',
    null,
    16_500,
  ])
  const late = { action: 'accept' }
  const path = `/api/tradein/pickup-requests/${pickup_id}/respond`
  const unseen = await shop.call('POST', path, { as, body: late })
  expect(unseen.body.code).toBe('offer-changed')
  await shop.call('GET', '/api/tradein/pickup-requests/me', { as })
  expect((await shop.call('POST', path, { as, body: late })).status).toBe(200)
})
