import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import express from 'express'
import { type Logger, pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { endpoints } from '../../server/app.ts'
import { closeListener, listenersOf } from '../../server/http/bounds/listener.ts'
import { openBodyRoom } from '../../server/http/bounds/body-room.ts'
import { everyone } from '../../server/http/auth/permissions.ts'
import { events, read } from '../../server/http/endpoint.ts'
import { text } from '../../server/http/fields.contract.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { eventually } from '../support/eventually.ts'

/** What others keep open while a test looks. */
const held: Socket[] = []
afterEach(() => {
  for (const socket of held.splice(0)) socket.destroy()
})

/** A connection from another address of this machine, and what it has heard. */
async function connectFrom(shop: Shop, localAddress: string) {
  const socket = connect({ port: Number(new URL(shop.url).port), host: '127.0.0.1', localAddress })
  held.push(socket)
  const seen = { socket, heard: '', closed: false }
  socket.on('data', (text) => void (seen.heard += String(text)))
  socket.on('error', () => {}) // A connection that is cut off says so by its closing.
  socket.on('close', () => void (seen.closed = true))
  await once(socket, 'connect')
  return seen
}

/** Until something is heard or the connection is closed; for so many ms at most. */
async function hearing(seen: Awaited<ReturnType<typeof connectFrom>>, ms = 2_000) {
  await vi.waitUntil(() => seen.heard !== '' || seen.closed, { timeout: ms, interval: 5 }).catch(() => null) // Nothing was heard, which the test looks at.
  return seen
}

const LONG = 'Content-Length: 9999'

/** Begins a sign-in whose body is announced and not sent. */
async function beginSignIn(shop: Shop, framing: string, from = '127.0.0.1', more = '') {
  const seen = await connectFrom(shop, from)
  const head = `POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${more}`
  seen.socket.write(`${head}${framing}\r\n\r\n`)
  return seen
}

const isHere = ({ remoteAddress }: { remoteAddress?: string | undefined }) => remoteAddress === '127.0.0.1'
const health = async (shop: Shop) => (await fetch(`${shop.url}/health`)).status
/** The answer to a small body from here: 400 while there is room for it, for nothing is asked. */
const ask = (shop: Shop) => shop.call('POST', '/api/tradein/estimate', { body: {} })
const signIn = (shop: Shop) => shop.call('POST', '/v1/auth/login', { body: { phone: '555 0100', password: 'wrong' } })

test('what anyone may send without signing in is small, but for an event of Stripe and an estimate with its notes', () => {
  const limits = endpoints.flatMap(({ method, path, who, body }) =>
    who.allow.anonymous && body && 'limit' in body ? [[`${method} ${path}`, body.limit] as const] : [],
  )
  expect(limits.length).toBeGreaterThan(7)
  expect(limits.filter(([, limit]) => limit > 16_384)).toEqual([
    ['POST /api/orders/stripe-webhook', 262_144],
    ['POST /api/tradein/estimate', 131_072],
  ])
  const files = endpoints.filter(({ who, body }) => who.allow.anonymous && body?.kind === 'multipart')
  expect(files).toEqual([])
})

test('a sign-in as large as its fields allow is read, and one that is larger is not', async () => {
  await using shop = await openShop()
  const at = async (password: string) =>
    (await shop.call('POST', '/v1/auth/login', { body: { phone: '555 0100', password } })).status
  expect([await at('𝒳'.repeat(1_000)), await at('x'.repeat(17_000))]).toEqual([401, 413])
})

test('what says that it is too large is refused before it is there', async () => {
  await using shop = await openShop()
  const seen = await hearing(await beginSignIn(shop, 'Content-Length: 17000'))
  expect(seen.heard).toContain('HTTP/1.1 413')
})

test('an address has so many bytes on their way, and whoever is beyond it is told when to try again', async () => {
  await using shop = await openShop()
  shop.context.run.bodies = openBodyRoom({ each: 10_000, all: 1_000_000 })
  const first = await beginSignIn(shop, LONG)
  await eventually(async () => expect((await ask(shop)).status).toBe(429))
  const { headers, body } = await ask(shop)
  expect([headers.get('retry-after'), body.code]).toEqual(['5', 'too-much-at-once'])
  expect([await health(shop), (await shop.call('GET', '/v1/orders')).status]).toEqual([200, 401])
  first.socket.destroy()
  await eventually(async () => expect((await ask(shop)).status).toBe(400))
})

test('all addresses have so many bytes on their way, and this machine goes on signing in', async () => {
  await using shop = await openShop({ config: { trustedProxies: ['127.0.0.5'] } })
  shop.context.run.bodies = openBodyRoom({ each: 10_000, all: 15_000 })
  const from = (address: string) => `X-Forwarded-For: ${address}\r\n`
  const first = await beginSignIn(shop, LONG, '127.0.0.5', from('10.0.0.1'))
  const second = async () => await beginSignIn(shop, LONG, '127.0.0.5', from('10.0.0.2'))
  await eventually(async () => {
    const { heard } = await hearing(await second())
    expect(heard).toMatch(/^HTTP\/1\.1 503 .*\r\nretry-after: 5\r\n.*"server-crowded"/is)
  })
  expect([(await ask(shop)).status, (await signIn(shop)).status]).toEqual([400, 401])
  first.socket.destroy()
  await eventually(async () => expect((await hearing(await second(), 100)).heard).toBe(''))
})

test('what a customer sends is counted as theirs wherever they are, and the desk is not counted', () => {
  const room = openBodyRoom({ each: 10_000, all: 15_000 })
  const customer = { who: 'person 7', kind: 'customer' as const, isHere: false }
  const leave = room.enter(customer, 10_000)
  expect(() => room.enter(customer, 1)).toThrow('You are sending too much at once')
  expect(() => room.enter({ ...customer, who: 'person 8' }, 10_000)).toThrow('Too much is coming in at once')
  room.enter({ who: 'person 1', kind: 'desk', isHere: false }, 1_000_000)
  leave()
  leave()
  room.enter({ ...customer, who: 'person 8' }, 10_000)
  expect(() => room.enter(customer, 10_000)).toThrow('Too much is coming in at once')
})

test.each(['Content-Length: 20\r\nContent-Encoding: gzip', 'Transfer-Encoding: chunked'])(
  'a body with %j counts as the longest that is read',
  async (framing) => {
    await using shop = await openShop()
    shop.context.run.bodies = openBodyRoom({ each: 16_385, all: 1_000_000 })
    await beginSignIn(shop, framing)
    await eventually(async () => expect((await ask(shop)).body.code).toBe('too-much-at-once'))
  },
)

test("a stranger's body that does not come is given up, and its connection with it", async () => {
  await using shop = await openShop()
  shop.context.run.bodies = openBodyRoom(undefined, 100)
  const seen = await beginSignIn(shop, 'Content-Length: 100')
  await eventually(() => expect(seen).toMatchObject({ closed: true, heard: expect.stringContaining('408') }))
  expect(seen.heard).toContain('body-too-slow')
})

test('an address has so many connections, and others and this machine still get in', async () => {
  await using shop = await openShop({ limits: { each: 3, all: 5, isHere } })
  const three = await Promise.all([1, 2, 3].map(() => connectFrom(shop, '127.0.0.2')))
  const fourth = await connectFrom(shop, '127.0.0.2')
  await eventually(() => expect(fourth.closed).toBe(true))
  const others = [await connectFrom(shop, '127.0.0.3'), await connectFrom(shop, '127.0.0.3')]
  const beyond = await connectFrom(shop, '127.0.0.4')
  await eventually(() => expect(beyond.closed).toBe(true))
  expect([...three, ...others].filter(({ closed }) => closed)).toEqual([])
  expect(await health(shop)).toBe(200)
  expect(shop.logged.filter((line) => line.includes('too many connections'))).toHaveLength(1)

  three[0]!.socket.destroy()
  await eventually(async () => {
    const again = await connectFrom(shop, '127.0.0.2')
    again.socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect((await hearing(again)).heard).toContain('200 OK')
  })
})

test('a trusted proxy brings more connections than an address may have', async () => {
  const config = { trustedProxies: ['127.0.0.5'] }
  await using shop = await openShop({ config, limits: { each: 1, all: 1, proxies: 3, isHere } })
  const three = await Promise.all([1, 2, 3].map(() => connectFrom(shop, '127.0.0.5')))
  const fourth = await connectFrom(shop, '127.0.0.5')
  await eventually(() => expect(fourth.closed).toBe(true))
  expect(three.filter(({ closed }) => closed)).toEqual([])
})

test('a connection that says nothing, or never ends its head, is ended', async () => {
  await using shop = await openShop({ limits: { headersMs: 200, requestMs: 2_000, lookMs: 50 } })
  const silent = await connectFrom(shop, '127.0.0.1')
  const slow = await connectFrom(shop, '127.0.0.1')
  slow.socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n')
  await eventually(() => expect([silent.closed, slow.closed]).toEqual([true, true]))
})

test('who does not read the events that they asked for is cut off', async () => {
  const told = { stopped: false }
  const flood = read('GET /flood', { who: everyone, response: events(z.object({ text: text() })) }, () => (send) => {
    const sending = setInterval(() => send({ text: 'x'.repeat(500_000) }), 1)
    return () => {
      clearInterval(sending)
      told.stopped = true
    }
  })
  await using shop = await openShop({ endpoints: [flood] })
  const deaf = await connectFrom(shop, '127.0.0.1')
  deaf.socket.pause()
  deaf.socket.write('GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await eventually(() => expect(told.stopped).toBe(true))
})

test('a connection that could not be accepted ends no server', async () => {
  const told: unknown[] = []
  const log = { ...pino({ level: 'silent' }), warn: (fields: object) => told.push(fields) } as unknown as Logger
  const server = listenersOf(express(), log)().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const error = Object.assign(new Error('accept ENETDOWN'), { code: 'ENETDOWN' })
  server.emit('error', error)
  expect(told).toEqual([{ err: error }])
  await closeListener(server, 0)
})
