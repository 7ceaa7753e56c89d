import { statfsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openUploadRoom } from '../../server/http/bounds/upload-room.ts'
import { openCounter } from '../counter/counter-shop.ts'
import { openShop, type Person, type Shop } from '../support/shop.ts'
import { eventually } from '../support/eventually.ts'
import { formOf, jpeg } from './pictures.ts'

const PHONE = { brand_name: 'Apple', model_text: 'iPhone 14 Pro', condition: 'A' }
const PATH = '/api/tradein/pickup-requests'

const held: Socket[] = []
afterEach(() => {
  for (const socket of held.splice(0)) socket.destroy()
})

/** Begins to send a photo of so many bytes, sends a part of it and waits. */
function beginPhoto(shop: Shop, { token }: Person, length: number, part: Buffer, path = PATH): Socket {
  const socket = connect(Number(new URL(shop.url).port), '127.0.0.1').on('error', () => {}) // The test cuts it off.
  held.push(socket)
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: multipart/form-data; boundary=x',
    `Content-Length: ${length}`,
  ]
  const file =
    '--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
  socket.write(`${head.join('\r\n')}\r\n\r\n${file}`)
  socket.write(part)
  return socket
}

const send = async (shop: Shop, as: Person, files: [string, Buffer][], path = PATH) =>
  await shop.call('POST', path, { as, body: formOf(path === PATH ? PHONE : {}, files) })

test('what is announced and not there yet counts against the room for photos', async () => {
  await using shop = await openShop()
  const { config, run } = shop.context
  const [one, other] = [await shop.person('customer'), await shop.person('customer')]
  const photo: [string, Buffer] = ['a.jpg', await jpeg()]
  const free = () => {
    const { bavail, bsize } = statfsSync(config.data)
    return bavail * bsize
  }
  config.photoReserve = free() * 0.5
  const announced = { announced: free() * 0.9, files: [] }
  const leave = run.uploads.enter({ who: 'somebody', kind: 'customer', isHere: false }, announced)
  expect(await send(shop, other, [photo])).toMatchObject({ status: 507, body: { code: 'disk-nearly-full' } })
  expect((await send(shop, other, [])).status).toBe(201)
  leave()
  expect((await send(shop, other, [photo])).status).toBe(201)

  const socket = beginPhoto(shop, one, 20_000_000, Buffer.alloc(300_000))
  await eventually(() => {
    expect(run.uploads.outstanding('customer')).toBeGreaterThan(19_000_000)
    expect(run.uploads.outstanding('customer')).toBeLessThanOrEqual(20_000_000 - 200_000)
  })
  socket.destroy()
  await eventually(() => expect(run.uploads.outstanding('customer')).toBe(0))
})

test('what customers announce and never send leaves the desk its room, and what the desk announces counts', async () => {
  await using shop = await openCounter()
  const { config, run } = shop.context
  const photo: [string, Buffer] = ['a.jpg', await jpeg()]
  const { order_id } = await shop.takeIn(shop.intake({}))
  const attach = async () => await send(shop, shop.staff, [photo], `/counter/tickets/${order_id}/photos`)
  const { bavail, bsize } = statfsSync(config.data)
  config.photoReserve = bavail * bsize * 0.5
  const announced = { announced: bavail * bsize * 0.9, files: [] }
  run.uploads.enter({ who: 'person 7', kind: 'customer', isHere: false }, announced)
  expect((await send(shop, shop.customer, [photo])).status).toBe(507)
  expect((await attach()).status).toBe(201)
  run.uploads.enter({ who: 'person 8', kind: 'desk', isHere: false }, announced)
  expect((await attach()).status).toBe(507)
})

test('one account of the desk sends from many tablets at once', () => {
  const { enter } = openUploadRoom()
  const from = (kind: 'desk' | 'customer') => () =>
    enter({ who: 'person 1', kind, isHere: false }, { announced: 1, files: [] })
  for (let n = 0; n < 64; n++) from('desk')()
  expect(from('desk')).toThrow('too many photos')
  for (let n = 0; n < 8; n++) from('customer')()
  expect(from('customer')).toThrow('too many photos')
})

test('a body that says nothing of its length counts as all the files that it may bring', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('--x\r\n')) })
  const ending = new AbortController()
  const headers = { authorization: `Bearer ${as.token}`, 'content-type': 'multipart/form-data; boundary=x' }
  const sending = fetch(shop.url + PATH, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
    signal: ending.signal,
  } as never)
  await eventually(() => expect(shop.context.run.uploads.outstanding('customer')).toBe(5 * 5 * 1_048_576))
  ending.abort()
  await expect(sending).rejects.toThrow('aborted')
  await eventually(() => expect(shop.context.run.uploads.outstanding('customer')).toBe(0))
})

test('a person, and all customers together, send so many at once; the desk goes on', async () => {
  await using shop = await openCounter()
  const { run } = shop.context
  run.uploads = openUploadRoom({ each: 2, all: 3, desk: 3 })
  const photo: [string, Buffer] = ['a.jpg', await jpeg()]
  const [eager, other, third] = [shop.customer, await shop.person('customer'), await shop.person('customer')]
  const begin = (who: Person, path?: string) => beginPhoto(shop, who, 1_000_000, Buffer.alloc(1_000), path)
  const outstanding = async (bodies: number) =>
    await eventually(() => expect(Math.round(run.uploads.outstanding('customer') / 1_000_000)).toBe(bodies))

  const first = begin(eager)
  begin(eager)
  await outstanding(2)
  expect(await send(shop, eager, [photo])).toMatchObject({ status: 429, body: { code: 'too-many-photos' } })
  begin(other)
  await outstanding(3)
  const crowded = await send(shop, third, [photo])
  expect([crowded.status, crowded.body.code, crowded.headers.get('retry-after')]).toEqual([503, 'photos-crowded', '5'])

  const { order_id } = await shop.takeIn(shop.intake({}))
  const tickets = `/counter/tickets/${order_id}/photos`
  expect((await send(shop, shop.staff, [photo], tickets)).status).toBe(201)
  for (const n of [4, 5, 6]) {
    begin(shop.staff, tickets)
    await outstanding(n)
  }
  expect((await send(shop, shop.staff, [photo], tickets)).status).toBe(429)
  first.destroy()
  await outstanding(5)
  expect((await send(shop, third, [photo])).status).toBe(201)
})
