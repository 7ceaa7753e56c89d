import sharp from 'sharp'
import { expect, test } from 'vitest'
import { formOf, heic, jpeg, png } from '../../api/pictures.ts'
import { type Counter, openCounter } from '../counter-shop.ts'

const add = (shop: Counter, order_id: number, files: [string, Buffer][], options = {}) =>
  shop.counter('POST', `/tickets/${order_id}/photos`, formOf({}, files), options)

test('photos of a device are kept with its ticket in the order in which they were taken, and the timeline says so', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const first = await add(shop, order_id, [
    ['front.jpg', await jpeg()],
    ['back.heic', heic()],
  ])
  expect([first.status, first.text]).toEqual([201, first.text])
  shop.clock.pass(60_000)
  await add(shop, order_id, [['crack.png', await png()]], { as: shop.admin })
  const { photos, timeline } = await shop.ticket(order_id)
  expect(photos.map(({ width, height, taken_by }: any) => [width, height, taken_by])).toEqual([
    [64, 48, 'Kim Clerk'],
    [120, 80, 'Kim Clerk'],
    [40, 30, 'Ada Admin'],
  ])
  expect(
    timeline.filter(({ kind }: any) => kind === 'photos').map(({ who, to }: { who: string; to: string }) => [who, to]),
  ).toEqual([
    ['Kim Clerk', '2'],
    ['Ada Admin', '1'],
  ])
})

test('a photo is shown to the people behind the counter alone, small or whole', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const { photos } = (await add(shop, order_id, [['a.jpg', await jpeg(1_600, 1_200)]])).body
  const path = `/counter/tickets/${order_id}/photos/${photos[0].id}`
  const look = async (token: string | undefined, query = '') => {
    const reply = await fetch(shop.url + path + query, token ? { headers: { authorization: `Bearer ${token}` } } : {})
    return { status: reply.status, bytes: Buffer.from(await reply.arrayBuffer()), headers: reply.headers }
  }
  for (const person of [shop.staff, shop.evaluator, shop.admin]) expect((await look(person.token)).status).toBe(200)
  expect((await look(shop.customer.token)).status).toBe(403)
  expect((await look(undefined)).status).toBe(401)
  const small = await look(shop.staff.token, '?size=thumbnail')
  expect(small.headers.get('cache-control')).toBe('no-store')
  expect(await sharp(small.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 400, height: 300 })
})

test('a photo of another ticket is not found under this one', async () => {
  await using shop = await openCounter()
  const [one, other] = [await shop.takeIn(), await shop.takeIn()]
  const { photos } = (await add(shop, one.order_id, [['a.jpg', await jpeg()]])).body
  const wrong = `/tickets/${other.order_id}/photos/${photos[0].id}`
  expect((await shop.counter('GET', wrong)).status).toBe(404)
  expect((await shop.counter('DELETE', wrong)).status).toBe(404)
  expect((await add(shop, 999, [['a.jpg', await jpeg()]])).body).toEqual({
    detail: 'Order not found',
    code: 'order-not-found',
  })
})

test('a photo that was taken off a ticket is no longer shown, and the timeline says so', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const { photos } = (await add(shop, order_id, [['a.jpg', await jpeg()]])).body
  const path = `/tickets/${order_id}/photos/${photos[0].id}`
  expect((await shop.counter('DELETE', path)).status).toBe(204)
  expect((await shop.counter('GET', path)).status).toBe(404)
  const ticket = await shop.ticket(order_id)
  expect([ticket.photos, ticket.timeline.at(-1).kind]).toEqual([[], 'photo-removed'])
})

test('what is no picture is refused by its name, and nothing of its request is kept', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const reply = await add(shop, order_id, [
    ['a.jpg', await jpeg()],
    ['notes.txt', Buffer.from('words')],
  ])
  expect([reply.status, reply.body.detail]).toEqual([400, "'notes.txt' is no JPEG, PNG, WebP or HEIC picture"])
  expect((await shop.ticket(order_id)).photos).toEqual([])
  expect(await shop.database.db.selectFrom('photo').select('id').execute()).toEqual([])
})

test('a photo that is sent again under its key is there once', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const headers = { 'idempotency-key': 'photo-1' }
  const bytes = await jpeg()
  const replies = [
    await add(shop, order_id, [['a.jpg', bytes]], { headers }),
    await add(shop, order_id, [['a.jpg', bytes]], { headers }),
  ]
  expect(replies.map(({ status }) => status)).toEqual([201, 201])
  expect(replies[0]!.text).toBe(replies[1]!.text)
  expect((await shop.ticket(order_id)).photos).toHaveLength(1)
})

test('a ticket has forty photos at most', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const bytes = await png()
  const five = Array.from({ length: 5 }, (_, n): [string, Buffer] => [`${n}.png`, bytes])
  for (let n = 0; n < 8; n++) expect((await add(shop, order_id, five)).status).toBe(201)
  const reply = await add(shop, order_id, [['one-more.png', bytes]])
  expect([reply.status, reply.body]).toMatchObject([400, { detail: 'A ticket may have 40 photos' }])
})
