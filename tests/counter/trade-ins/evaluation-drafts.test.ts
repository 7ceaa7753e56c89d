import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { insertLocal } from '../../../db/local.ts'
import { cleanUp } from '../../../server/cleanup.ts'
import { formOf, jpeg } from '../../api/pictures.ts'
import { listPhotoFiles } from '../../../server/shop/photos/photo-files.ts'
import { IMEI, openTradeIns } from './trade-in-shop.ts'

/** Of the same eight digits as `IMEI`, each with its check digit. */
const ALIKE = ['490154201111111', '490154202222222']

test('the first eight digits of an IMEI suggest models that were here with them, the most frequent first', async () => {
  await using shop = await openTradeIns()
  const takeIn = (model_name: string, serial_number: string) =>
    shop.takeIn({
      device: { device_type_id: shop.kind.device_type_id, brand_name: 'Apple', model_name, serial_number },
    })
  await takeIn('iPhone 13 mini', ALIKE[0]!)
  await takeIn('iPhone 13', ALIKE[1]!)
  await takeIn('iPhone 13', '490154203333333')
  // Of another factory, and no IMEI at all.
  await takeIn('iPhone 12', '356714983926607')
  await takeIn('iPhone 11', '49015420ABCDEFG')
  const begun = (await shop.counter('POST', '/buy-ins', { serial_number: '4901 5420 3237 518' })).body
  expect(begun.suggested.map(({ brand, model }: any) => `${brand} ${model}`)).toEqual([
    'Apple iPhone 13',
    'Apple iPhone 13 mini',
  ])
  const named = { ...shop.device, serial_number: begun.device.serial_number }
  const put = await shop.counter('PUT', `/buy-ins/${begun.id}`, { version: begun.version, device: named })
  expect(put.body.suggested).toEqual([])
})

test('whoever begins with a number or a ticket whose evaluation is under way goes on with that one', async () => {
  await using shop = await openTradeIns()
  const begin = async (from: object) => (await shop.counter('POST', '/buy-ins', from)).body
  const first = await begin({ serial_number: IMEI })
  expect((await begin({ serial_number: '49-015420-323751-8' })).id).toBe(first.id)
  const { order_id } = await shop.takeIn()
  const ofTicket = await begin({ order_id })
  expect(ofTicket.id).not.toBe(first.id)
  expect((await begin({ order_id })).id).toBe(ofTicket.id)
  expect((await shop.counter('POST', '/buy-ins', { order_id: 999_999 })).body.code).toBe('order-not-found')
})

test('a number that is scanned later says which device it is, and who is on file as its owner', async () => {
  await using shop = await openTradeIns()
  const { id: customer } = shop.customer
  await shop.takeIn({ customer: { id: customer }, device: { ...shop.kind, serial_number: IMEI } })
  const begun = (await shop.counter('POST', '/buy-ins', {})).body
  expect(begun.seller).toBeNull()
  const device = { serial_number: IMEI, device_type_id: null, brand: '', model: '', storage: null }
  const put = async (version: number, changes: object) =>
    (await shop.counter('PUT', `/buy-ins/${begun.id}`, { version, device: { ...device, ...changes } })).body
  const known = await put(begun.version, {})
  expect(known).toMatchObject({
    device: { brand: 'Apple', model: 'iPhone 13', serial_number: IMEI, device_id: expect.any(Number) },
    seller: { id: customer, full_name: 'Cora Customer', named: false },
    elsewhere: { where: 'repair' },
  })
  const other = await put(known.version, { serial_number: ALIKE[0], brand: 'Apple', model: 'iPhone 13' })
  expect(other).toMatchObject({ device: { device_id: null }, seller: null, elsewhere: null })
})

test('who sells is known from the request, and the page has all by which it works an offer out', async () => {
  await using shop = await openTradeIns()
  const begun = (await shop.counter('POST', '/buy-ins', { pickup_id: await shop.requested() })).body
  expect(begun.seller).toMatchObject({ id: shop.customer.id, named: true })
  // Of its kind the shop asks.
  expect(begun.device.device_type_id).toBe(shop.kind.device_type_id)
  expect(begun.pricing).toMatchObject({
    entries: [
      { storage_key: '128GB', condition: 'A', price_cents: 24_000 },
      { storage_key: '128GB', condition: 'B', price_cents: 19_000 },
    ],
    deductions: [{ name: 'Charging port', amount_cents: 2_500, percent_tenths: null }],
  })
})

test('a higher price than the sum needs a photo of this device, and a photo that is left out is none', async () => {
  await using shop = await openTradeIns()
  const { id } = await shop.evaluated()
  const file: [string, Buffer] = ['back.jpg', await jpeg(800, 600)]
  const { photos } = (await shop.counter('POST', `/buy-ins/${id}/photos`, formOf({}, [file]))).body
  const photo_id: number = photos[0].id
  const offer = async (photo: number | null) => {
    const { version } = (await shop.counter('GET', `/buy-ins/${id}`)).body
    const other_price = { price_cents: 20_000, reason: 'As new', photo_id: photo }
    const changed = await shop.counter('PUT', `/buy-ins/${id}`, { version, other_price })
    if (changed.status !== 200) return changed
    const body = { version: changed.body.version, customer: { full_name: 'Sam Seller' }, approval: shop.approval }
    return await shop.counter('POST', `/buy-ins/${id}/seller`, body)
  }
  expect((await offer(null)).body.code).toBe('offer-needs-photo')
  expect((await offer(photo_id + 1)).body.code).toBe('photo-not-found')
  const small = await fetch(`${shop.url}/counter/buy-ins/${id}/photos/${photo_id}?size=thumbnail`, {
    headers: { authorization: `Bearer ${shop.staff.token}` },
  })
  expect(small.headers.get('content-type')).toBe('image/jpeg')
  await shop.counter('PUT', `/buy-ins/${id}`, {
    version: (await shop.counter('GET', `/buy-ins/${id}`)).body.version,
    other_price: { price_cents: 20_000, reason: 'As new', photo_id },
  })
  expect((await shop.counter('DELETE', `/buy-ins/${id}/photos/${photo_id}`)).status).toBe(204)
  expect((await shop.counter('DELETE', `/buy-ins/${id}/photos/${photo_id}`)).body.code).toBe('photo-not-found')
  const without = (await shop.counter('GET', `/buy-ins/${id}`)).body
  expect([without.photos, without.other_price.photo_id]).toEqual([[], null])
  expect((await offer(photo_id)).body.code).toBe('photo-not-found')
})

test('each change of an evaluation is told to whoever listens, though it enters no journal', async () => {
  await using shop = await openTradeIns()
  const heard: string[] = []
  using _ = { [Symbol.dispose]: shop.database.onCommit((rows) => heard.push(...rows.map(({ entity }) => entity))) }
  const { id, version } = await shop.evaluated()
  await shop.counter('DELETE', `/buy-ins/${id}?version=${version}`)
  expect(heard.filter((entity) => entity === 'buy_in_draft')).toHaveLength(3)
})

test('an evaluation that somebody went on with is not ended by who has not seen that, and they are told who and when', async () => {
  await using shop = await openTradeIns()
  const { id, version } = await shop.evaluated()
  const end = (seen: string) => shop.counter('DELETE', `/buy-ins/${id}${seen}`)
  shop.clock.pass(60_000)
  const answers = shop.answers('yes', 'no', 'near')
  const changed = await shop.counter('PUT', `/buy-ins/${id}`, { version, answers }, { as: shop.evaluator })
  const refused = await end(`?version=${version}`)
  expect([refused.status, refused.body]).toMatchObject([
    409,
    { code: 'evaluation-changed', params: { name: 'Eve Tester', at: changed.body.updated_at } },
  ])
  expect((await end('')).status).toBe(422)
  expect((await shop.counter('GET', `/buy-ins/${id}`)).body.answers).toHaveLength(3)
  expect((await end(`?version=${changed.body.version}`)).status).toBe(204)
  expect((await end(`?version=${changed.body.version}`)).body.code).toBe('evaluation-not-found')
})

const photoOf = async (background: string, [width, height] = [640, 480]): Promise<[string, Buffer]> => [
  'photo.jpg',
  await jpeg(width, height, background),
]

test('photos of 12 megapixels from five phones at once are there, and nobody who answers meanwhile is in conflict', async () => {
  await using shop = await openTradeIns()
  const { id, ...draft } = await shop.evaluated()
  const phones = await Promise.all(
    ['#102030', '#203040', '#304050', '#405060', '#506070'].map(async (background) => ({
      as: await shop.person('evaluator'),
      photo: await photoOf(background, [4_000, 3_000]),
    })),
  )
  const sending = phones.map(({ as, photo }) =>
    shop.counter('POST', `/buy-ins/${id}/photos`, formOf({}, [photo]), { as }),
  )
  let version: number = draft.version
  const statuses: number[] = []
  const arrived = Promise.all(sending)
  let isThere = false
  void arrived.then(() => (isThere = true))
  for (let n = 0; !isThere || n < 5; n++) {
    const answers = shop.answers('yes', n % 2 === 0 ? 'no' : 'yes', 'near')
    const kept = await shop.counter('PUT', `/buy-ins/${id}`, { version, answers })
    statuses.push(kept.status)
    version = kept.body.version
  }
  expect((await arrived).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
  expect(new Set(statuses)).toEqual(new Set([200]))
  const now = (await shop.counter('GET', `/buy-ins/${id}`)).body
  expect([now.photos.length, now.version, now.updated_by_name]).toEqual([5, version, 'Kim Clerk'])
  // What was seen without the photos is offered with them.
  const offer = { version, customer: { full_name: 'Sam Seller' } }
  const { pickup_id } = (await shop.counter('POST', `/buy-ins/${id}/seller`, offer)).body
  expect((await shop.counter('GET', `/trade-ins/${pickup_id}`)).body.photos).toHaveLength(5)
})

test('leaving a photo out is a newer state only where somebody had said what it shows', async () => {
  await using shop = await openTradeIns()
  const { id } = await shop.evaluated()
  const files = [await photoOf('#102030'), await photoOf('#203040')]
  const { photos, version } = (await shop.counter('POST', `/buy-ins/${id}/photos`, formOf({}, files))).body
  const leaveOut = (n: number) => shop.counter('DELETE', `/buy-ins/${id}/photos/${photos[n].id}`)
  await leaveOut(0)
  const other_price = { price_cents: 20_000, reason: 'As new', photo_id: photos[1].id }
  const named = await shop.counter('PUT', `/buy-ins/${id}`, { version, other_price })
  expect(named.status).toBe(200)
  await leaveOut(1)
  const stale = await shop.counter('PUT', `/buy-ins/${id}`, { version: named.body.version, other_price })
  expect(stale.body.code).toBe('evaluation-changed')
})

test('whoever ends an evaluation while photos come in leaves none of them behind', async () => {
  await using shop = await openTradeIns()
  const { id, version } = await shop.evaluated()
  const colours = ['#102030', '#203040', '#304050', '#405060']
  const photos = await Promise.all(colours.map((colour) => photoOf(colour)))
  const sent = photos.map((photo) => shop.counter('POST', `/buy-ins/${id}/photos`, formOf({}, [photo])))
  await Promise.race(sent)
  expect((await shop.counter('DELETE', `/buy-ins/${id}?version=${version}`)).status).toBe(204)
  for (const { status } of await Promise.all(sent)) expect([201, 404]).toContain(status)
  const left = shop.database.db.selectFrom('photo').select('id').where('deleted_at', 'is', null)
  expect(await left.execute()).toEqual([])
  expect(await listPhotoFiles(shop.context.config.data)).toEqual([])
})

/** More evaluations than one list shows, each begun now. */
const begin500 = (shop: Awaited<ReturnType<typeof openTradeIns>>) =>
  shop.write(async (trx) => {
    const { now } = trx.act
    const device = JSON.stringify({ ...shop.device, device_id: null })
    const empty = { pickup_id: null, order_id: null, device, answers: '[]', offer: 'null', photo_ids: '[]', version: 1 }
    for (let n = 0; n < 500; n++)
      await insertLocal(trx, 'buy_in_draft', {
        ...empty,
        id: randomUUID(),
        updated_by: shop.staff.id,
        created_at: now,
        updated_at: now,
      })
  })

test('of more evaluations than a list shows each keeps its photos, and the oldest has its end', async () => {
  await using shop = await openTradeIns()
  const photo = await photoOf('#102030')
  const begin = async () => {
    const { id, version } = (await shop.counter('POST', '/buy-ins', {})).body
    await shop.counter('POST', `/buy-ins/${id}/photos`, formOf({}, [photo]))
    return { id, version }
  }
  const first = await begin()
  shop.clock.pass(1_000)
  await begin500(shop)
  const other = await begin()
  expect((await shop.counter('DELETE', `/buy-ins/${other.id}?version=${other.version}`)).status).toBe(204)
  expect((await shop.counter('GET', `/buy-ins/${first.id}`)).body.photos).toHaveLength(1)
  expect(await listPhotoFiles(shop.context.config.data)).not.toEqual([])
  // By now the first one has waited 14 days, and the others a second less.
  shop.clock.pass(14 * 86_400_000 - 500)
  await cleanUp(shop.context)
  const left = await shop.database.db.selectFrom('buy_in_draft').select('id').execute()
  expect([left.length, left.some(({ id }) => id === first.id)]).toEqual([500, false])
})
