import { expect, test } from 'vitest'
import { nodeKeysOf } from '../../../server/sync/node-keys.ts'
import { helloOf, openOffice, secretOfNode, shutOut, wireTo } from '../support/wire.ts'

const MINUTE = 60_000

const ask = (office: Awaited<ReturnType<typeof openOffice>>, body: unknown, headers = {}) =>
  office.call('POST', '/sync/v1/token', { body, headers })

test('a node that signs with its key is given a token, by which it is heard for a quarter of an hour', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const reply = await ask(office, wire.signed())
  expect(reply).toMatchObject({ status: 200, body: { good_for: 900, server_time: office.clock.now() } })
  const { token } = reply.body
  expect((await wire.call('/hello', helloOf(office), { token })).status).toBe(200)
  office.clock.pass(15 * MINUTE - 1_000)
  expect((await wire.call('/hello', helloOf(office), { token })).status).toBe(200)
  office.clock.pass(1_000)
  const late = await wire.call('/hello', helloOf(office), { token })
  expect(late).toMatchObject({ status: 401, body: { error: 'token' } })
})

test('whoever signs with another key, for another node, or something else, is refused', async () => {
  await using office = await openOffice(2)
  const stranger = wireTo(office, 1, nodeKeysOf(secretOfNode(2)))
  const own = wireTo(office, 1)
  const asked = own.signed()
  for (const body of [
    stranger.signed(),
    { ...asked, node: 2 },
    { ...asked, epoch: 2 },
    { ...asked, at: asked.at + 1 },
    { ...asked, nonce: `${asked.nonce}x` },
    { ...asked, signature: '' },
    wireTo(office, 99).signed(),
    // Head office itself has no key in its row.
    wireTo(office, 0).signed(),
  ])
    expect(await ask(office, body)).toMatchObject({ status: 401, body: { error: 'signature' } })
  for (const body of [{}, [], '"x"', { ...asked, nonce: 'short' }, { ...asked, node: -1 }, { ...asked, at: 1.5 }])
    expect(await ask(office, body)).toMatchObject({ status: 422, body: { error: 'malformed' } })
  expect((await ask(office, asked)).status).toBe(200)
})

test('a node whose clock is wrong is told the time, and let in once it signs with that', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const now = office.clock.now()
  for (const at of [now + 10 * MINUTE + 1, now - 10 * MINUTE - 1, 0]) {
    const reply = await ask(office, wire.signed({ at }))
    expect(reply).toMatchObject({ status: 401, body: { error: 'clock', server_time: now } })
  }
  expect((await ask(office, wire.signed({ at: now + 10 * MINUTE }))).status).toBe(200)
  expect((await ask(office, wire.signed({ at: now - 10 * MINUTE }))).status).toBe(200)
  // Nobody else learns the time by it.
  const stranger = wireTo(office, 1, nodeKeysOf('a secret that is nobody’s, of thirty-two characters'))
  expect((await ask(office, stranger.signed({ at: 0 }))).body).not.toHaveProperty('server_time')
})

test('what was signed is good once, and never again', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const asked = wire.signed({ at: office.clock.now() + 9 * MINUTE })
  expect((await ask(office, asked)).status).toBe(200)
  for (const passing of [0, 5, 10, 4]) {
    office.clock.pass(passing * MINUTE)
    expect(await ask(office, asked)).toMatchObject({ status: 401, body: { error: 'replayed' } })
  }
  office.clock.pass(MINUTE)
  expect(await ask(office, asked)).toMatchObject({ status: 401, body: { error: 'clock' } })
})

test('a node that signs in without end is told to wait, and no other with it', async () => {
  await using office = await openOffice(2)
  const wire = wireTo(office, 1)
  const statuses: number[] = []
  for (let n = 0; n < 61; n++) statuses.push((await ask(office, wire.signed())).status)
  expect(statuses).toEqual([...Array.from({ length: 60 }, () => 200), 429])
  expect((await ask(office, wireTo(office, 2).signed())).status).toBe(200)
  office.clock.pass(11 * MINUTE)
  expect((await ask(office, wire.signed())).status).toBe(200)
})

test('of a node that was shut out nothing is heard but what it has to say, whenever it was given its token', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const before = await wire.token()
  await shutOut(office, 1)
  for (const token of [before, await wire.token()]) {
    const hello = await wire.call('/hello', helloOf(office), { token })
    expect(hello).toMatchObject({ status: 200, body: { verdict: 'revoked' } })
    for (const path of ['/pull', '/credentials', '/sign-in'])
      expect(await wire.call(path, {}, { token })).toMatchObject({ status: 403, body: { error: 'revoked' } })
  }
})

test('a person’s token is no node’s, and a node’s no person’s', async () => {
  await using office = await openOffice()
  const admin = await office.person('admin')
  const wire = wireTo(office, 1)
  const asked = await wire.call('/hello', helloOf(office), { token: admin.token })
  expect(asked).toMatchObject({ status: 401, body: { error: 'token' } })
  const token = await wire.token()
  expect((await office.call('GET', '/counter/people', { token: admin.token })).status).toBe(200)
  for (const path of ['/v1/orders', '/counter/people', '/api/cart'])
    expect((await office.call('GET', path, { token })).status).toBe(401)
  for (const wrong of [`${token}x`, token.slice(0, -10), 'x', 'a.b.c'])
    expect((await wire.call('/hello', helloOf(office), { token: wrong })).status).toBe(401)
})

test('who fails again and again from one address waits, and nobody else does', async () => {
  await using office = await openOffice(1, { config: { trustedProxies: ['loopback'] } })
  const wire = wireTo(office, 1)
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const wrong = () => ({ ...wire.signed(), node: 2 })
  const statuses: number[] = []
  for (let n = 0; n < 31; n++) statuses.push((await ask(office, wrong(), from('203.0.113.7'))).status)
  expect(statuses).toEqual([...Array.from({ length: 30 }, () => 401), 429])
  const refused = await ask(office, wire.signed(), from('203.0.113.7'))
  expect(refused).toMatchObject({ status: 429, body: { error: 'too-many-attempts' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await ask(office, wire.signed(), from('203.0.113.8'))).status).toBe(200)
})
