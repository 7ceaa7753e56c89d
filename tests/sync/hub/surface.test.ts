import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import express from 'express'
import { expect, test } from 'vitest'
import { lookAtClock } from '../../../server/follow-clock.ts'
import { type SurfaceLimits, syncSurface } from '../../../server/sync/hub/surface.ts'
import { becomeRole, otherNode } from '../../support/other-chain.ts'
import type { Shop } from '../../support/shop.ts'
import { customerOf, helloOf, NOTHING_HEARD, openOffice, pushOf, wireTo } from '../support/wire.ts'

/** What stands between a node and the calls: bodies, encodings, guards, and what is said of the database. */

const MOST = 8 * 1024 * 1024

type Sent = { status: number; headers: Record<string, string | string[] | undefined>; body: any; bytes: Buffer }

/** Sends bytes as they are, and gives back the reply as it came. */
async function send(
  office: Shop,
  path: string,
  body: Buffer | string,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Sent> {
  const sending = request(office.url + path, {
    method,
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers },
  })
  return await new Promise((resolve, reject) => {
    sending.on('error', reject)
    sending.on('response', (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const plain = reply.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
        resolve({ status: reply.statusCode!, headers: reply.headers, body: JSON.parse(plain.toString()), bytes })
      })
    })
    sending.end(body)
  })
}

const bearer = async (office: Shop, node = 1) => ({ authorization: `Bearer ${await wireTo(office, node).token()}` })

const journalOf = async ({ database: { db } }: Shop, origin: number) =>
  (await db.selectFrom('journal').select('seq').where('origin', '=', origin).execute()).length

test('only head office answers; a machine that is alone or a terminal says that it is none', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const token = await wire.token()
  for (const role of ['alone', 'terminal'] as const) {
    await becomeRole(office.database, role)
    for (const path of ['/token', '/hello', '/push', '/pull', '/nothing'])
      expect(await wire.call(path, {}, { token })).toMatchObject({ status: 404, body: { error: 'no-head-office' } })
  }
  await becomeRole(office.database, 'head-office')
  expect((await wire.call('/hello', helloOf(office), { token })).status).toBe(200)
  expect(await wire.call('/nothing', {}, { token })).toMatchObject({ status: 404, body: { error: 'unknown-call' } })
  expect((await wire.call('/hello/', helloOf(office), { token })).status).toBe(200)
})

test('without a token of a node no call is answered, whatever cookie or session comes with it', async () => {
  await using office = await openOffice()
  const admin = await office.person('admin')
  for (const path of ['/hello', '/push', '/pull']) {
    const headers = { cookie: `fixpoint=${admin.token}`, origin: office.url }
    expect(await office.call('POST', `/sync/v1${path}`, { body: {}, headers })).toMatchObject({
      status: 401,
      body: { error: 'token', detail: expect.any(String) },
    })
    for (const authorization of ['Basic eDp5', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(5_000)}`])
      expect((await office.call('POST', `/sync/v1${path}`, { body: {}, headers: { authorization } })).status).toBe(401)
  }
})

test('a foreign name is refused as everywhere; an Origin makes no difference to a machine', async () => {
  await using office = await openOffice()
  const hello = JSON.stringify(helloOf(office))
  const headers = await bearer(office)
  expect((await send(office, '/sync/v1/hello', hello, { ...headers, host: 'evil.example' })).status).toBe(421)
  const elsewhere = await send(office, '/sync/v1/hello', hello, { ...headers, origin: 'https://elsewhere.example' })
  expect(elsewhere.status).toBe(200)
  expect(elsewhere.headers).not.toHaveProperty('access-control-allow-origin')
  expect(elsewhere.headers).toMatchObject({ 'cache-control': 'no-store' })
})

test('another method, type or encoding, and what is no JSON, is refused with its reason', async () => {
  await using office = await openOffice()
  const headers = await bearer(office)
  const hello = JSON.stringify(helloOf(office))
  const to = (body: Buffer | string, more: Record<string, string> = {}, method?: string) =>
    send(office, '/sync/v1/hello', body, { ...headers, ...more }, method)
  expect(await to('', {}, 'GET')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  expect(await to(hello, { 'content-type': 'text/plain' })).toMatchObject({
    status: 415,
    body: { error: 'wrong-type' },
  })
  for (const encoding of ['br', 'deflate', 'gzip, gzip', 'x'])
    expect(await to(hello, { 'content-encoding': encoding })).toMatchObject({
      status: 415,
      body: { error: 'wrong-type' },
    })
  for (const body of ['', '{', '{"epoch":1}}', Buffer.from([0xff, 0xfe, 0x7b]), Buffer.from('{"a":"\xff"}', 'latin1')])
    expect(await to(body)).toMatchObject({ status: 400, body: { error: 'no-json' } })
  for (const body of [Buffer.from(hello), gzipSync(hello).subarray(0, 40), Buffer.from([0x1f, 0x8b])])
    expect(await to(body, { 'content-encoding': 'gzip' })).toMatchObject({ status: 400, body: { error: 'no-gzip' } })
  const deep = `${'['.repeat(8_000)}${']'.repeat(8_000)}`
  expect(await to(deep)).toMatchObject({ status: 422, body: { error: 'malformed' } })
  expect((await to(gzipSync(hello), { 'content-encoding': 'gzip' })).status).toBe(200)
})

test('a body that is too long is refused, packed or not, and a bomb before it is unpacked', async () => {
  await using office = await openOffice()
  const headers = await bearer(office)
  const to = (path: string, body: Buffer | string, more = {}) =>
    send(office, `/sync/v1${path}`, body, { ...headers, ...more })
  const tooLarge = { status: 413, body: { error: 'too-large' } }
  expect(await to('/hello', ' '.repeat(16_385))).toMatchObject(tooLarge)
  expect(await to('/push', Buffer.alloc(MOST + 1, ' '))).toMatchObject(tooLarge)
  expect(await to('/push', gzipSync(Buffer.alloc(MOST + 1, ' ')), { 'content-encoding': 'gzip' })).toMatchObject(
    tooLarge,
  )
  // A gigabyte of spaces: a megabyte as it comes.
  const members = Array.from({ length: 64 }, () => gzipSync(Buffer.alloc(16 * 1024 * 1024, ' ')))
  const bomb = Buffer.concat(members)
  expect(bomb.length).toBeLessThan(2 * 1024 * 1024)
  const before = process.memoryUsage().rss
  expect(await to('/push', bomb, { 'content-encoding': 'gzip' })).toMatchObject(tooLarge)
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
})

test('a body that says nothing of its length is read up to what it may have', async () => {
  await using office = await openOffice()
  const { authorization } = await bearer(office)
  const { hostname, port } = new URL(office.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {}) // The server may close while this still sends.
  socket.write(
    `POST /sync/v1/hello HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
  )
  for (let n = 0; n < 5; n++) socket.write(`1000\r\n${' '.repeat(4_096)}\r\n`)
  expect(await text(socket)).toMatch(/^HTTP\/1.1 413 [^]*too-large/)
})

test('a body that breaks off leaves nothing, and the next one is taken', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const { authorization } = await bearer(office)
  const chain = otherNode(1)
  const push = JSON.stringify(pushOf(chain.says(office.clock.now(), [customerOf(chain, 1)])))
  const { hostname, port } = new URL(office.url)
  const socket = connect(Number(port), hostname)
  const head = `POST /sync/v1/push HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: ${push.length}\r\n\r\n`
  socket.write(head + push.slice(0, 200))
  await expect.poll(async () => (await wire.call('/push', JSON.parse(push) as object)).status).toBe(429)
  socket.destroy()
  await expect.poll(async () => (await wire.call('/push', JSON.parse(push) as object)).status).toBe(200)
  expect(await journalOf(office, 1)).toBe(1)
})

test('a long answer is packed for who takes it so, and plain for who does not', async () => {
  await using office = await openOffice()
  const headers = await bearer(office)
  const pull = JSON.stringify({ cursors: NOTHING_HEARD })
  const packed = await send(office, '/sync/v1/pull', pull, { ...headers, 'accept-encoding': 'gzip' })
  const plain = await send(office, '/sync/v1/pull', pull, headers)
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: expect.stringMatching(/accept-encoding/i) })
  expect(plain.headers).not.toHaveProperty('content-encoding')
  expect(packed.body).toEqual(plain.body)
  // The seals of head office's own words cannot be packed.
  expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2)
})

test('a damaged database and a contradicted clock take no push, and say when to come again', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const chain = otherNode(1)
  const push = pushOf(chain.says(office.clock.now(), [customerOf(chain, 1)]))
  await wire.call('/hello', helloOf(office))
  office.clock.jump(-86_400_000)
  const contradicted = await wire.call('/push', push)
  expect(contradicted).toMatchObject({ status: 503, body: { error: 'clock' } })
  expect(contradicted.headers.get('retry-after')).toBe('60')
  expect((await wire.call('/pull', { cursors: NOTHING_HEARD })).status).toBe(200)
  office.clock.jump(86_400_000)
  await lookAtClock(office.context)()
  office.database.setDamage('page 7 cannot be')
  const damaged = await wire.call('/push', push)
  expect(damaged).toMatchObject({ status: 503, body: { error: 'database-damaged' } })
  expect(damaged.headers.get('retry-after')).toBe('60')
  expect((await wire.call('/hello', helloOf(office))).status).toBe(503)
  office.database.setDamage(null)
  expect((await wire.call('/push', push)).status).toBe(200)
})

test('a full disk takes nothing, half of nothing either, and says so', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const chain = otherNode(1)
  const push = pushOf(chain.says(office.clock.now(), [customerOf(chain, 1)]))
  await wire.token()
  const { write } = office.database
  office.database.write = async () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  }
  expect(await wire.call('/push', push)).toMatchObject({ status: 507, body: { error: 'disk-full' } })
  office.database.write = write
  expect(await journalOf(office, 1)).toBe(0)
  expect((await wire.call('/push', push)).status).toBe(200)
})

/** Head office's calls on a server of their own, where a request may last `limits`. */
async function serveCalls(office: Shop, limits: SurfaceLimits) {
  const server = express()
    .use('/sync/v1', syncSurface(office.context, undefined, limits))
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('a body that does not arrive in time is given up, of a stranger before that of a node', async () => {
  await using office = await openOffice()
  const { authorization } = await bearer(office)
  const slow = async (url: string, path: string, headers: Record<string, string>) => {
    const sending = request(`${url}/sync/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '1000', ...headers },
    })
    sending.on('error', () => {}) // The server closes the line, since the rest would follow.
    sending.write('{')
    const [reply] = (await once(sending, 'response')) as [IncomingMessage]
    return [reply.statusCode, JSON.parse(await text(reply)).error, reply.headers.connection]
  }
  const given = [408, 'too-slow', 'close']
  await using ofStrangers = await serveCalls(office, { requestMs: 90_000, fileMs: 60_000, strangersMs: 20 })
  expect(await slow(ofStrangers.url, '/token', {})).toEqual(given)
  await using ofNodes = await serveCalls(office, { requestMs: 20, fileMs: 60_000, strangersMs: 90_000 })
  expect(await slow(ofNodes.url, '/push', { authorization })).toEqual(given)
})

test('a push that takes too long is answered, goes on, and is there when the node comes again', async () => {
  await using office = await openOffice()
  await using served = await serveCalls(office, { requestMs: 200, fileMs: 60_000, strangersMs: 200 })
  const { authorization } = await bearer(office)
  const chain = otherNode(1)
  const push = JSON.stringify(pushOf(chain.says(office.clock.now(), [customerOf(chain, 1)])))
  const gate = Promise.withResolvers<void>()
  const { write } = office.database
  office.database.write = async (by, run) => {
    await gate.promise
    return await write(by, run)
  }
  const headers = { authorization, 'content-type': 'application/json' }
  const late = await fetch(`${served.url}/sync/v1/push`, { method: 'POST', headers, body: push })
  expect([late.status, late.headers.get('retry-after'), await late.json()]).toEqual([
    503,
    '5',
    { error: 'too-long', detail: expect.any(String) },
  ])
  const again = await fetch(`${served.url}/sync/v1/push`, { method: 'POST', headers, body: push })
  expect([again.status, await again.json()]).toMatchObject([429, { error: 'push-in-flight' }])
  gate.resolve()
  await expect.poll(() => journalOf(office, 1)).toBe(1)
})
