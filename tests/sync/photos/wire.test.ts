import { hash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { statfsSync, truncateSync } from 'node:fs'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { addShare } from '../../../db/fleet/feed.ts'
import { remove } from '../../../db/rows.ts'
import { findPhoto } from '../../../server/shop/photos/photo-files.ts'
import { MOST_PHOTO_BYTES } from '../../../server/shop/photos/received-photos.ts'
import { jpeg, png } from '../../api/pictures.ts'
import { eventually } from '../../support/eventually.ts'
import { otherNode } from '../../support/other-chain.ts'
import type { Shop } from '../../support/shop.ts'
import { openOffice, pushOf, shutOut, type Wire, wireTo } from '../support/wire.ts'
import { hasFiles, photoFiles, pictureOfOurs } from './support/pictures.ts'

/** Pictures at head office, asked for and sent by hand. */

const BY = { actor: null, device: null, act: 'test' }

type Chain = ReturnType<typeof otherNode>

/** A row of a picture, as the node of the chain writes it; returns its id. */
async function pushRow(wire: Wire, office: Shop, chain: Chain, n: number, sha256: string): Promise<number> {
  const row_id = chain.id(n)
  const after = { store_id: chain.origin + 1, sha256, width: 64, height: 48, bytes: 500 }
  const entries = chain.says(office.clock.now(), [{ entity: 'photo', row_id, kind: 'put', after }])
  const reply = await wire.call('/push', pushOf(entries))
  expect([reply.status, reply.body.troubles]).toEqual([200, []])
  return row_id
}

async function ask(
  office: Shop,
  wire: Wire,
  method: string,
  sha256: string,
  body?: Buffer,
  headers: Record<string, string> = {},
) {
  const authorization = `Bearer ${await wire.token()}`
  const reply = await fetch(`${office.url}/sync/v1/photos/${sha256}`, {
    method,
    headers: { authorization, 'content-type': 'image/jpeg', ...headers },
    ...(body && { body: new Uint8Array(body) }),
  })
  const bytes = Buffer.from(await reply.arrayBuffer())
  const error = () => (JSON.parse(String(bytes)) as { error: string }).error
  return { status: reply.status, headers: reply.headers, bytes, error }
}

async function officeWithRow(picture: { sha256: string }, nodes = 1) {
  const office = await openOffice(nodes)
  const [wire, chain] = [wireTo(office, 1), otherNode(1)]
  const id = await pushRow(wire, office, chain, 1, picture.sha256)
  return { office, wire, id, [Symbol.asyncDispose]: () => office[Symbol.asyncDispose]() }
}

test('a picture that a row names is taken once, whole and small, and given back byte for byte', async () => {
  const picture = await pictureOfOurs()
  await using at = await officeWithRow(picture)
  const { office, wire } = at
  const told: string[] = []
  office.database.onCommit((rows) => void told.push(...rows.map(({ entity, id }) => `${entity} ${id}`)))
  expect((await ask(office, wire, 'HEAD', picture.sha256)).status).toBe(404)
  expect((await ask(office, wire, 'GET', picture.sha256)).error()).toBe('no-photo')
  for (let n = 0; n < 2; n++) {
    const put = await ask(office, wire, 'PUT', picture.sha256, picture.bytes)
    expect([put.status, JSON.parse(String(put.bytes))]).toEqual([200, { sha256: picture.sha256 }])
  }
  expect(told.filter((row) => row.startsWith('photo '))).toEqual([`photo ${at.id}`])
  const found = await ask(office, wire, 'GET', picture.sha256)
  expect(found.bytes.equals(picture.bytes)).toBe(true)
  expect(
    ['content-type', 'x-content-type-options', 'cache-control', 'etag'].map((name) => found.headers.get(name)),
  ).toEqual(['image/jpeg', 'nosniff', 'no-store', `"${picture.sha256}"`])
  const head = await ask(office, wire, 'HEAD', picture.sha256)
  expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([
    200,
    String(picture.bytes.length),
    0,
  ])
  expect(hasFiles(office, picture.sha256)).toBe(true)
  expect(photoFiles(office)).toHaveLength(2)
})

test('a file that was cut short at head office is replaced by the whole one, and by nothing else', async () => {
  const picture = await pictureOfOurs()
  await using at = await officeWithRow(picture)
  const { office, wire } = at
  await ask(office, wire, 'PUT', picture.sha256, picture.bytes)
  const path = (await findPhoto(office.context.config.data, picture.sha256))!.path
  truncateSync(path, 10)
  expect((await ask(office, wire, 'PUT', picture.sha256, picture.bytes.subarray(1))).error()).toBe('hash')
  expect((await ask(office, wire, 'GET', picture.sha256)).bytes.length).toBe(10)
  expect((await ask(office, wire, 'PUT', picture.sha256, picture.bytes)).status).toBe(200)
  expect((await ask(office, wire, 'GET', picture.sha256)).bytes.equals(picture.bytes)).toBe(true)
})

test('a picture that none of its rows names is not taken, given or told of to a node', async () => {
  const [named, unnamed] = [await pictureOfOurs(), await pictureOfOurs('#0000ff')]
  await using at = await officeWithRow(named, 2)
  const { office, wire } = at
  await ask(office, wire, 'PUT', named.sha256, named.bytes)
  const thief = wireTo(office, 2)
  const said = async (by: Wire, method: string, picture: typeof named) => {
    const { status, bytes } = await ask(
      office,
      by,
      method,
      picture.sha256,
      method === 'PUT' ? picture.bytes : undefined,
    )
    return [status, String(bytes)]
  }
  // Another store's picture, and one of nobody: the same words, whatever is asked.
  for (const method of ['HEAD', 'GET', 'PUT'])
    expect(await said(thief, method, named)).toEqual(await said(thief, method, unnamed))
  expect((await said(thief, 'GET', named))[0]).toBe(404)
  expect((await said(wire, 'PUT', unnamed))[0]).toBe(404)
  for (const strange of ['..%2F..%2Fsecret', named.sha256.toUpperCase(), `${named.sha256}0`, ''])
    expect((await ask(office, wire, 'GET', strange)).status).toBe(404)
  expect(photoFiles(office)).toHaveLength(2)
  // Once its row is brought into that store, too, it is for it as well.
  await office.database.write(BY, (trx) => addShare(trx, 'photo', at.id, 'store:3'))
  expect((await said(thief, 'GET', named))[0]).toBe(200)
})

test('bytes that are others than the row says, or no picture of ours, are refused and nothing of them is kept', async () => {
  await using office = await openOffice()
  const [wire, chain] = [wireTo(office, 1), otherNode(1)]
  const { sha256, bytes } = await pictureOfOurs()
  const large = await sharp({ create: { width: 3_000, height: 20, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer()
  const [page, withPlace] = [Buffer.from('<script>alert(1)</script>'), await jpeg()]
  const named = [bytes, large, page, withPlace, await png(), bytes.subarray(0, bytes.length - 20)]
  const rows = named.map((one, index) => ({
    entity: 'photo' as const,
    row_id: chain.id(index + 1),
    kind: 'put' as const,
    after: { store_id: 2, sha256: hash('sha256', one), width: 64, height: 48, bytes: one.length },
  }))
  await wire.call('/push', pushOf(chain.says(office.clock.now(), rows)))
  const put = async (name: string, body: Buffer) => {
    const reply = await ask(office, wire, 'PUT', name, body)
    return [reply.status, reply.error()]
  }
  expect(await put(sha256, Buffer.concat([bytes, Buffer.from('x')]))).toEqual([422, 'hash'])
  expect(await put(sha256, bytes.subarray(1))).toEqual([422, 'hash'])
  for (const one of named.slice(1)) expect(await put(hash('sha256', one), one)).toEqual([422, 'no-picture'])
  expect(await put(sha256, randomBytes(MOST_PHOTO_BYTES + 1))).toEqual([413, 'too-large'])
  expect(photoFiles(office)).toEqual([])
  expect((await ask(office, wire, 'PUT', sha256, bytes)).status).toBe(200)
})

test('a picture that is cut off in the middle leaves nothing, and is taken when it comes again', async () => {
  const picture = await pictureOfOurs('#123456', 800, 600)
  await using at = await officeWithRow(picture)
  const { office, wire } = at
  const sending = request(`${office.url}/sync/v1/photos/${picture.sha256}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await wire.token()}`, 'content-length': String(picture.bytes.length) },
  })
  sending.on('error', () => {}) // It is this test that breaks it off.
  sending.write(picture.bytes.subarray(0, 1_000))
  await eventually(() => expect(photoFiles(office)).toHaveLength(1))
  sending.destroy()
  await eventually(() => expect(photoFiles(office)).toEqual([]))
  // Two at once are one.
  const both = await Promise.all([1, 2].map(() => ask(office, wire, 'PUT', picture.sha256, picture.bytes)))
  expect(both.map(({ status }) => status)).toEqual([200, 200])
  expect(photoFiles(office)).toHaveLength(2)
})

test('a picture whose row is removed is neither given nor taken any more, also where it comes late', async () => {
  const picture = await pictureOfOurs()
  await using at = await officeWithRow(picture)
  const { office, wire, id } = at
  // It is looked at while its row goes.
  const { imageWorkers } = office.context.run
  const check = imageWorkers.check.bind(imageWorkers)
  let removed = false
  office.context.run.imageWorkers = {
    ...imageWorkers,
    check: async (...asked) => {
      const checked = await check(...asked)
      await office.database.write(BY, (trx) => remove(trx, 'photo', id))
      removed = true
      return checked
    },
  }
  expect((await ask(office, wire, 'PUT', picture.sha256, picture.bytes)).error()).toBe('no-photo')
  expect([removed, photoFiles(office)]).toEqual([true, []])
  for (const method of ['HEAD', 'GET']) expect((await ask(office, wire, method, picture.sha256)).status).toBe(404)
  expect((await ask(office, wire, 'PUT', picture.sha256, picture.bytes)).error()).toBe('no-photo')
})

test('a disk that is nearly full takes no picture, says when to come again, and takes it once there is room', async () => {
  const picture = await pictureOfOurs()
  await using at = await officeWithRow(picture)
  const { office, wire } = at
  const { bavail, bsize } = statfsSync(office.context.config.data)
  office.context.config.photoReserve = bavail * bsize * 2
  const full = await ask(office, wire, 'PUT', picture.sha256, picture.bytes)
  expect([full.status, full.error(), full.headers.get('retry-after')]).toEqual([507, 'disk-nearly-full', '300'])
  expect(photoFiles(office)).toEqual([])
  office.context.config.photoReserve = 0
  expect((await ask(office, wire, 'PUT', picture.sha256, picture.bytes)).status).toBe(200)
})

test('nobody without a token, nor a node that was shut out, is given or sends a picture; and it is asked for in three ways alone', async () => {
  const picture = await pictureOfOurs()
  await using at = await officeWithRow(picture)
  const { office, wire } = at
  const path = `${office.url}/sync/v1/photos/${picture.sha256}`
  expect((await fetch(path)).status).toBe(401)
  expect((await fetch(path, { method: 'PUT', body: new Uint8Array(picture.bytes) })).status).toBe(401)
  const posted = await ask(office, wire, 'POST', picture.sha256, picture.bytes)
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'HEAD, GET, PUT'])
  const authorization = `Bearer ${await wire.token()}`
  const unmeasured = request(path, { method: 'PUT', headers: { authorization, 'transfer-encoding': 'chunked' } })
  unmeasured.end(picture.bytes)
  const [reply] = (await once(unmeasured, 'response')) as [{ statusCode: number; resume(): void }]
  reply.resume()
  expect(reply.statusCode).toBe(411)
  await shutOut(office, 1)
  const shut = await ask(office, wire, 'GET', picture.sha256)
  expect([shut.status, shut.error()]).toEqual([403, 'revoked'])
  expect(photoFiles(office)).toEqual([])
})
