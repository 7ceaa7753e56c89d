import { expect, test } from 'vitest'
import { formOf, jpeg } from '../../api/pictures.ts'
import { openTradeIns } from './trade-in-shop.ts'

type Shop = Awaited<ReturnType<typeof openTradeIns>>

const work = async ({ counter }: Shop) => (await counter('GET', '/trade-ins/work')).body
const idsIn = async ({ counter }: Shop, todo: string) =>
  (await counter('GET', `/trade-ins?todo=${todo}`)).body.map(({ id }: { id: number }) => id)
const NOTHING = { collect: 0, evaluate: 0, answer: 0, pay: 0, 'give-back': 0, unpaid_cents: 0 }

/** What its owner and the admin page of the documented API are told of a request. */
async function toldOutside({ call, customer, admin }: Shop) {
  const mine = (await call('GET', '/api/tradein/pickup-requests/me', { as: customer })).body
  const theirs = (await call('GET', '/api/admin/tradeins', { as: admin })).body
  return [mine[0].status, theirs[0].pickup.status]
}

test('a request is in one place of the work at each step, and its owner and the admin page hear of each', async () => {
  await using shop = await openTradeIns()
  const id = await shop.requested()
  const at = `/trade-ins/${id}`
  expect(await work(shop)).toEqual({ ...NOTHING, collect: 1 })
  expect((await shop.counter('PATCH', at, { status: 'collected' })).body).toMatchObject({
    status: 'collected',
    collected_at: shop.clock.now(),
  })
  expect(await work(shop)).toEqual({ ...NOTHING, evaluate: 1 })
  expect(await toldOutside(shop)).toEqual(['collected', 'collected'])
  const draft = await shop.evaluated({ pickup_id: id, serial_number: undefined })
  expect(await idsIn(shop, 'evaluate')).toEqual([id])
  await shop.counter('POST', `/buy-ins/${draft.id}/offer`, { version: draft.version })
  expect(await work(shop)).toEqual({ ...NOTHING, answer: 1, unpaid_cents: 19_000 })
  expect((await shop.counter('GET', at)).body.offers).toMatchObject([{ version: 1, shown: false }])
  expect(await toldOutside(shop)).toEqual(['offered', 'offered'])
  expect((await shop.counter('GET', at)).body.offers).toMatchObject([
    { version: 1, shown: true, made_by_name: 'Kim Clerk', approved_by_name: null },
  ])
  const answered = await shop.counter('POST', `${at}/answer`, { version: 1, answer: 'accepted' })
  expect(answered.body).toMatchObject({
    status: 'accepted',
    answered_at: shop.clock.now(),
    answered_offer_cents: 19_000,
  })
  expect(await work(shop)).toEqual({ ...NOTHING, pay: 1, unpaid_cents: 19_000 })
  expect(await idsIn(shop, 'open')).toEqual([id])
  expect(await toldOutside(shop)).toEqual(['accepted', 'accepted'])
  expect((await shop.buy(id, shop.purchase(1))).status).toBe(201)
  expect(await work(shop)).toEqual(NOTHING)
  expect(await idsIn(shop, 'open')).toEqual([])
  expect((await shop.counter('GET', at)).body.purchase).toMatchObject({
    number: 'S1-T1-P000001',
    total_cents: 19_000,
    kept_because: null,
  })
})

test('a device that its owner keeps waits to be given back; one that was never here does not', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const at = `/trade-ins/${pickup_id}`
  await shop.counter('POST', `${at}/answer`, { version, answer: 'rejected' })
  const unseen = await shop.requested()
  await shop.call('PUT', `/api/admin/tradeins/${unseen}/evaluate`, {
    as: shop.admin,
    body: { final_offer: 90, status: 'rejected' },
  })
  expect(await idsIn(shop, 'give-back')).toEqual([pickup_id])
  expect((await shop.counter('PATCH', at, { given_back: true })).body.given_back_at).toBe(shop.clock.now())
  expect(await work(shop)).toEqual(NOTHING)
  await shop.counter('PATCH', at, { given_back: false })
  expect(await idsIn(shop, 'give-back')).toEqual([pickup_id])
})

test('at the desk the answer is to the offer that lies there, may change until it is paid, and comes before it runs out', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const at = `/trade-ins/${pickup_id}`
  const answer = (answer: string, to = version) => shop.counter('POST', `${at}/answer`, { version: to, answer })
  expect((await answer('accepted', 7)).body.code).toBe('offer-changed')
  expect((await shop.counter('POST', `${at}/answer`, { version, answer: 'perhaps' })).status).toBe(422)
  for (const said of ['rejected', 'accepted']) expect((await answer(said)).body.status).toBe(said)
  expect((await shop.counter('PATCH', at, { status: 'collected' })).body.code).toBe('pickup-gone-on')
  expect((await shop.counter('PATCH', at, { given_back: true })).body.code).toBe('pickup-gone-on')
  expect(
    (await shop.counter('POST', `${at}/answer`, { version, answer: 'accepted' }, { as: shop.evaluator })).status,
  ).toBe(403)
  const unseen = await shop.requested()
  expect(
    (await shop.counter('POST', `/trade-ins/${unseen}/answer`, { version: 1, answer: 'accepted' })).body.code,
  ).toBe('no-offer')
  shop.clock.pass(15 * 86_400_000)
  const as = await shop.person('staff')
  const late = (said: string) => shop.counter('POST', `${at}/answer`, { version, answer: said }, { as })
  expect((await late('accepted')).body.code).toBe('offer-expired')
  expect((await late('rejected')).status).toBe(200)
})

test('after the purchase nobody answers the offer any more', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  await shop.buy(pickup_id, shop.purchase(version))
  const late = await shop.counter('POST', `/trade-ins/${pickup_id}/answer`, { version, answer: 'rejected' })
  expect([late.status, late.body.code]).toEqual([409, 'bought-already'])
})

test('those to collect come in the order of their times, those without one last; a day’s round ends with the day', async () => {
  await using shop = await openTradeIns()
  const [first, second, third] = [await shop.requested(), await shop.requested(), await shop.requested()]
  const hour = 3_600_000
  const now = shop.clock.now()
  await shop.counter('PATCH', `/trade-ins/${third}`, { scheduled_at: now + hour })
  await shop.counter('PATCH', `/trade-ins/${first}`, { scheduled_at: now + 30 * hour })
  expect(await idsIn(shop, 'collect')).toEqual([third, first, second])
  const round = (await shop.counter('GET', `/trade-ins?todo=collect&before=${now + 10 * hour}`)).body
  expect(round.map(({ id }: { id: number }) => id)).toEqual([third])
  await shop.counter('PATCH', `/trade-ins/${third}`, { scheduled_at: null })
  expect(await idsIn(shop, 'collect')).toEqual([first, third, second])
})

test('who pays sees whose the device is on file, and what such units are sold at', async () => {
  await using shop = await openTradeIns()
  const first = await shop.offered()
  await shop.buy(first.pickup_id, shop.purchase(first.version))
  const other = '356938035643809'
  const taken = await shop.takeIn({
    customer: { full_name: 'Amelia Hart', phone: '0170 999' },
    device: { model_id: shop.kind.model_id, serial_number: other },
  })
  await shop.counter('PATCH', `/tickets/${taken.order_id}`, { status: 'Cancelled' })
  const draft = await shop.evaluated({ serial_number: other })
  const named = { version: draft.version, customer: { full_name: 'Sven Seller' } }
  const { pickup_id, version } = (await shop.counter('POST', `/buy-ins/${draft.id}/seller`, named)).body
  const seen = (await shop.counter('GET', `/trade-ins/${pickup_id}`)).body
  expect(seen).toMatchObject({
    device: { serial_number: other, other_owner: { full_name: 'Amelia Hart' } },
    selling_price_cents: 29_900,
  })
  expect(seen.device.checks[0]).toMatchObject({ kind: 'luhn', result: 'pass' })
  expect((await shop.buy(pickup_id, shop.purchase(version))).body.code).toBe('seller-is-not-owner')
  expect((await shop.buy(pickup_id, shop.purchase(version, { other_owner: true }))).status).toBe(201)
})

test('where the law asks for it, a photo of the document is kept for the purchase', async () => {
  await using shop = await openTradeIns()
  await shop.byAdmin('PATCH', '/shop/rules', { seller_fields: ['photo'] })
  const { pickup_id, version } = await shop.offered()
  const body = formOf({}, [['document.jpg', await jpeg()]], 'photos')
  const { photo } = (await shop.counter('POST', `/trade-ins/${pickup_id}/identity-photos`, body)).body
  const identity = { kind: 'private', name: 'Sam Seller' }
  expect((await shop.buy(pickup_id, shop.purchase(version, { identity }))).body.code).toBe('seller-incomplete')
  const bought = await shop.buy(pickup_id, shop.purchase(version, { identity: { ...identity, photo } }))
  expect(bought.body.identity).toMatchObject({ photo_id: expect.any(Number) })
  expect((await shop.counter('GET', `/trade-ins/${pickup_id}`)).body.photos).toEqual([])
})
