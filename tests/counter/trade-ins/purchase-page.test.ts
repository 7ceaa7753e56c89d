import { expect, test } from 'vitest'
import { forgetTradeIns } from '../../../server/cleanup.ts'
import { readPhoto } from '../../../server/shop/photos/photo-files.ts'
import { formOf, jpeg } from '../../api/pictures.ts'
import { IMEI, openTradeIns } from './trade-in-shop.ts'

const DAY = 86_400_000

type TradeIns = Awaited<ReturnType<typeof openTradeIns>>

/** A photo of a document, kept for the purchase of a request: what the purchase names it by. */
async function photographed(shop: TradeIns, pickup_id: number, colour = '#123456'): Promise<string> {
  const body = formOf({}, [['document.jpg', await jpeg(64, 48, colour)]])
  const reply = await shop.counter('POST', `/trade-ins/${pickup_id}/identity-photos`, body)
  if (reply.status !== 201) throw new Error(reply.text)
  return reply.body.photo
}

const IDENTITY = { kind: 'private', name: 'Sam Seller', document_kind: 'id-card', number: 'L01X00T47' }

/** A phone that was bought, with a photo of its seller's card. */
async function openBought() {
  const shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const identity = { ...IDENTITY, photo: await photographed(shop, pickup_id) }
  const payout = [
    { method: 'cash', amount_cents: 9_000 },
    { method: 'transfer', amount_cents: 10_000, reference: 'DE02 1203' },
  ]
  const bought = (await shop.buy(pickup_id, shop.purchase(version, { identity, payout }))).body
  return { ...shop, pickup_id, version, photo_id: bought.identity.photo_id as number, bought }
}

/** The id of a photo that is named so. */
const idOf = (photo: string) => Number(photo.split('.')[0])

const looks = ({ database }: TradeIns) =>
  database.db.selectFrom('till_event').select(['kind', 'user_id', 'document_id']).orderBy('id').execute()

test('a purchase is shown without the papers of its seller, and nobody has looked at them', async () => {
  await using shop = await openBought()
  const { id, unit_id } = shop.bought
  const { status, body } = await shop.counter('GET', `/purchases/${id}/facts`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    number: 'S1-T1-P000001',
    pickup_id: shop.pickup_id,
    unit_id,
    customer: 'Sam Seller',
    total_cents: 19_000,
    original_id: null,
    undone_by: null,
    papers_kept: true,
    kept_because: null,
  })
  expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['identity']))
  expect(body.legs).toEqual([
    { method: 'cash', amount_cents: -9_000 },
    { method: 'transfer', amount_cents: -10_000 },
  ])
  for (const word of ['L01X00T47', 'DE02']) expect(JSON.stringify(body)).not.toContain(word)
  expect(await looks(shop)).toEqual([])
  expect((await shop.counter('GET', '/purchases/999/facts')).status).toBe(404)
})

test('a purchase and what takes it back name each other, and neither is taken back again', async () => {
  await using shop = await openBought()
  const undo = { reason: 'Changed their mind', approval: shop.approval }
  const back = (await shop.counter('POST', `/purchases/${shop.bought.id}/undo`, undo)).body
  const facts = async (id: number) => (await shop.counter('GET', `/purchases/${id}/facts`)).body
  expect(await facts(shop.bought.id)).toMatchObject({ undone_by: { id: back.id, number: 'S1-T1-P000002' } })
  expect(await facts(back.id)).toMatchObject({
    original_id: shop.bought.id,
    original_number: 'S1-T1-P000001',
    total_cents: -19_000,
    note: 'Changed their mind',
  })
})

test('the photo of the seller’s document is for who may see the identity; each look is noted, until its day', async () => {
  await using shop = await openBought()
  const path = `/purchases/${shop.bought.id}/photo`
  for (const as of [shop.evaluator, shop.customer])
    expect((await shop.counter('GET', path, undefined, { as })).status).toBe(403)
  expect(await looks(shop)).toEqual([])
  const seen = await shop.counter('GET', path)
  expect([seen.status, seen.headers.get('content-type'), seen.headers.get('cache-control')]).toEqual([
    200,
    'image/jpeg',
    'no-store',
  ])
  const look = { kind: 'identity-shown', document_id: shop.bought.id }
  expect(await looks(shop)).toEqual([{ ...look, user_id: shop.staff.id }])
  shop.clock.pass(20 * 366 * DAY)
  await forgetTradeIns(shop.database, { data: shop.context.config.data }, shop.clock.now())
  const admin = { as: await shop.person('admin') }
  expect((await shop.counter('GET', path, undefined, admin)).status).toBe(404)
  const facts = await shop.counter('GET', `/purchases/${shop.bought.id}/facts`, undefined, admin)
  expect(facts.body.papers_kept).toBe(false)
  expect(await looks(shop)).toHaveLength(1)
})

test('a purchase without a photo shows none, and nobody has looked', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const { id } = (await shop.buy(pickup_id, shop.purchase(version))).body
  expect((await shop.counter('GET', `/purchases/${id}/photo`)).body.code).toBe('photo-not-found')
  expect(await looks(shop)).toEqual([])
})

test('a unit says what it is sold as, whether it may be sold, and what the web shop makes of it', async () => {
  await using shop = await openBought()
  const path = `/units/${shop.bought.unit_id}`
  const unit = async () => (await shop.counter('GET', path)).body
  const before = await unit()
  expect(before).toMatchObject({
    serial_number: IMEI,
    in_stock: true,
    hold_until: shop.bought.hold_until,
    released: null,
    product: { title: 'Apple iPhone 13 128GB', condition: 'B', price_cents: 29_900, web: null, on_web: false },
  })
  const { product, ...seen } = (await shop.counter('GET', path, undefined, { as: shop.evaluator })).body
  expect([seen.in_stock, product.title, product.price_cents]).toEqual([true, 'Apple iPhone 13 128GB', undefined])
  await shop.byAdmin('POST', `${path}/hold/release`, { reason: 'Police have seen it' })
  expect(await unit()).toMatchObject({
    hold_until: null,
    released: { at: shop.clock.now(), by: 'Ada Admin', reason: 'Police have seen it' },
    product: { web: null, on_web: true },
  })
  await shop.counter('PATCH', `/products/${before.product.id}`, { web: false })
  expect((await unit()).product).toMatchObject({ web: false, on_web: false })
  const device = (await shop.counter('GET', `/devices?serial=${IMEI}`)).body.device
  expect(device.unit_id).toBe(shop.bought.unit_id)
  const undo = { reason: 'Changed their mind', approval: shop.approval }
  await shop.counter('POST', `/purchases/${shop.bought.id}/undo`, undo)
  expect((await unit()).in_stock).toBe(false)
  expect((await shop.counter('GET', `/devices/${device.id}`)).body.unit_id).toBe(null)
  await shop.byAdmin('DELETE', `/products/${before.product.id}`)
  expect((await unit()).product).toBe(null)
  expect((await shop.counter('GET', '/units/999')).status).toBe(404)
})

test('who sees no prices is told that one is missing all the same', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const { unit_id } = (await shop.buy(pickup_id, shop.purchase(version, { selling_price_cents: undefined }))).body
  const product = async (options?: object) =>
    (await shop.counter('GET', `/units/${unit_id}`, undefined, options)).body.product
  expect(await product()).toMatchObject({ price_cents: 0, priced: false })
  const seen = await product({ as: shop.evaluator })
  expect([seen.price_cents, seen.priced]).toEqual([undefined, false])
  await shop.byAdmin('PATCH', `/products/${seen.id}`, { price_cents: 29_900, original_price_cents: 29_900 })
  expect((await product({ as: shop.evaluator })).priced).toBe(true)
})

test('a request says that its device is on hold only for as long as it is', async () => {
  await using shop = await openBought()
  const held = async () => (await shop.counter('GET', `/trade-ins/${shop.pickup_id}`)).body.purchase.hold_until
  expect(await held()).toBe(shop.bought.hold_until)
  await shop.byAdmin('POST', `/units/${shop.bought.unit_id}/hold/release`, { reason: 'Police have seen it' })
  expect(await held()).toBe(null)
})

test('a photo of a document that no purchase has named by the next day goes, with its file; all others stay', async () => {
  await using shop = await openBought()
  const { data } = shop.context.config
  const forget = () => forgetTradeIns(shop.database, { data }, shop.clock.now())
  const other = await shop.evaluated({ serial_number: '356938035643809' })
  const files = formOf({}, [['device.jpg', await jpeg(64, 48, '#00aa00')]])
  const drafted = (await shop.counter('POST', `/buy-ins/${other.id}/photos`, files)).body.photos.at(-1).id
  const unnamed = idOf(await photographed(shop, shop.pickup_id, '#aa0000'))
  const fileOf = async (id: number) => {
    const photo = await shop.database.db
      .selectFrom('photo')
      .select(['sha256', 'deleted_at'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return [photo.deleted_at === null, (await readPhoto(data, photo.sha256, 'full')) !== null]
  }
  shop.clock.pass(DAY - 1_000)
  await forget()
  expect(await fileOf(unnamed)).toEqual([true, true])
  shop.clock.pass(2_000)
  await forget()
  expect(await fileOf(unnamed)).toEqual([false, false])
  for (const id of [shop.photo_id, drafted]) expect(await fileOf(id)).toEqual([true, true])
})

test('a purchase that names a photo which is gone by then is refused, and goes through with another', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const photo = await photographed(shop, pickup_id)
  shop.clock.pass(DAY + 1_000)
  const { data } = shop.context.config
  await forgetTradeIns(shop.database, { data }, shop.clock.now())
  const as = { as: await shop.person('admin') }
  const purchase = (named: string) => shop.purchase(version, { identity: { ...IDENTITY, photo: named } })
  expect((await shop.buy(pickup_id, purchase(photo), as)).body.code).toBe('photo-gone')
  const body = formOf({}, [['document.jpg', await jpeg()]])
  const again = await shop.counter('POST', `/trade-ins/${pickup_id}/identity-photos`, body, as)
  expect((await shop.buy(pickup_id, purchase(again.body.photo), as)).status).toBe(201)
})

test('a purchase names no photo but one that was taken for it: not another seller’s, nor any other of the shop', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const own = await photographed(shop, pickup_id)
  const other = await shop.evaluated({ serial_number: '356938035643809' })
  const named = { version: other.version, customer: { full_name: 'Sven Seller' } }
  const { pickup_id: others } = (await shop.counter('POST', `/buy-ins/${other.id}/seller`, named)).body
  const strange = await photographed(shop, others, '#aa0000')
  const buyWith = (photo: string) => shop.buy(pickup_id, shop.purchase(version, { identity: { ...IDENTITY, photo } }))
  const signature = own.slice(own.indexOf('.'))
  for (const photo of [strange, String(idOf(strange)), `${idOf(strange)}${signature}`, String(idOf(own)), '', '.']) {
    const { status, body } = await buyWith(photo)
    expect([photo, status, body.code]).toEqual([photo, 400, 'photo-gone'])
  }
  const bought = await buyWith(own)
  expect([bought.status, bought.body.identity.photo_id]).toEqual([201, idOf(own)])
})
