import { hash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { insert, remove } from '../../db/rows.ts'
import { json, multipart } from '../../server/http/body.ts'
import { uploads } from '../../server/http/uploads.contract.ts'
import { act, write } from '../../server/http/endpoint.ts'
import { badRequest } from '../../server/http/errors.ts'
import { id, name, optional, text } from '../../server/http/fields.contract.ts'
import { signedIn } from '../../server/http/auth/permissions.ts'
import { forgetExpired } from '../../server/cleanup.ts'
import { endCutOff } from '../../server/http/idempotency.ts'
import { ENGINE } from '../support/database.ts'
import { openShop, type Shop } from '../support/shop.ts'

const New = z.object({ name: name(), description: optional(text()) })
const Brand = z.object({ id: id(), name: text() })

/** Holds the act open; no test but one closes it. */
let gate = Promise.withResolvers<void>()
gate.resolve()

const brands = [
  write(
    'POST /logos',
    {
      who: signedIn,
      body: multipart(z.object({ logo: uploads() }), { most: 1, size: 10_000 }),
      response: Brand,
      status: 201,
    },
    async ({ trx }, { body }) => {
      const { name } = body.logo[0]!
      return { id: await insert(trx, 'brand', { name, name_key: name }), name }
    },
  ),
  write('POST /brands', { who: signedIn, body: json(New), response: Brand, status: 201 }, async ({ trx }, { body }) => {
    if (body.name === 'bad') throw badRequest('brand-bad', 'Bad brand')
    return { id: await insert(trx, 'brand', { name: body.name, name_key: body.name }), name: body.name }
  }),
  act(
    'POST /slow-brands',
    { who: signedIn, body: json(New), response: Brand, status: 201 },
    async ({ write }, { body }) => {
      await gate.promise
      if (body.name === 'bad') throw badRequest('brand-bad', 'Bad brand')
      return {
        id: await write((trx) => insert(trx, 'brand', { name: body.name, name_key: body.name })),
        name: body.name,
      }
    },
  ),
  act(
    'POST /cut-off-brands',
    { who: signedIn, body: json(New), response: Brand, status: 201 },
    async ({ write }, { body }) => {
      const id = await write((trx) => insert(trx, 'brand', { name: body.name, name_key: body.name }))
      await gate.promise
      return { id, name: body.name }
    },
  ),
  act(
    'POST /finished-brands',
    { who: signedIn, body: json(New), response: Brand, status: 201 },
    async ({ finish }, { body }) => {
      const made = await finish(async (trx) => ({
        id: await insert(trx, 'brand', { name: body.name, name_key: body.name }),
        name: body.name,
      }))
      await gate.promise
      return made
    },
  ),
  act(
    'POST /left-brands',
    { who: signedIn, body: json(New), response: Brand, status: 201 },
    async ({ write, leave }, { body }) => {
      const id = await write(async (trx) => {
        const made = await insert(trx, 'brand', { name: body.name, name_key: body.name })
        leave(made)
        return made
      })
      await gate.promise
      return { id, name: body.name }
    },
    async ({ db }, _, id) => {
      const { name } = await db.selectFrom('brand').select('name').where('id', '=', id).executeTakeFirstOrThrow()
      return { id, name: `${name}, made before` }
    },
  ),
]
/** Fails when its row is there: with `undo` it takes the row away first. */
const failing = (undoes: boolean) =>
  act(
    undoes ? 'POST /undone-brands' : 'POST /failing-brands',
    { who: signedIn, body: json(New), response: Brand, status: 201 },
    async ({ write, undo }, { body }) => {
      const id = await write((trx) => insert(trx, 'brand', { name: body.name, name_key: body.name }))
      if (undoes) await undo((trx) => remove(trx, 'brand', id))
      throw badRequest('brand-bad', 'Bad brand')
    },
  )
const open = () => openShop({ endpoints: [...brands, failing(true), failing(false)] })
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const countOf = async (shop: Shop) =>
  (await shop.database.db.selectFrom('brand').select('id').where('starter', 'is', null).execute()).length

test.each(['/brands', '/slow-brands'])(
  '%s: the same key and body are answered with the same bytes, once done',
  async (path) => {
    await using shop = await open()
    const as = await shop.person('staff')
    const first = await shop.call('POST', path, { as, body: { name: 'A', description: null }, ...keyed('k1') })
    const again = await shop.call('POST', path, { as, body: { name: 'A' }, ...keyed('k1') })
    expect([again.status, again.text]).toEqual([201, first.text])
    expect(await countOf(shop)).toBe(1)
  },
)

test.each(['/brands', '/slow-brands'])('%s: the same key with another body is refused', async (path) => {
  await using shop = await open()
  const as = await shop.person('staff')
  await shop.call('POST', path, { as, body: { name: 'A' }, ...keyed('k1') })
  expect((await shop.call('POST', path, { as, body: { name: 'B' }, ...keyed('k1') })).status).toBe(422)
  expect(await countOf(shop)).toBe(1)
})

test('in a write the second request waits and gets the stored answer', async () => {
  await using shop = await open()
  const as = await shop.person('staff')
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => shop.call('POST', '/brands', { as, body: { name: 'A' }, ...keyed('k1') })),
  )
  expect(new Set(replies.map((reply) => `${reply.status} ${reply.text}`)).size).toBe(1)
  expect(await countOf(shop)).toBe(1)
})

test('in an act the second request is told 409 while the first is at work', async () => {
  await using shop = await open()
  const as = await shop.person('staff')
  const post = () => shop.call('POST', '/slow-brands', { as, body: { name: 'A' }, ...keyed('k1') })
  gate = Promise.withResolvers<void>()
  const first = post()
  const claimed = () => shop.database.db.selectFrom('idempotency_key').select('key').execute()
  while ((await claimed()).length === 0) await pause(5)
  expect((await Promise.all([post(), post()])).map((reply) => reply.status)).toEqual([409, 409])
  gate.resolve()
  expect((await first).status).toBe(201)
  expect(await countOf(shop)).toBe(1)
})

/** An act that has had its effect and does not answer before the gate is opened. */
async function cutOffIn(shop: Awaited<ReturnType<typeof open>>, path: string) {
  const as = await shop.person('staff')
  const post = (name = 'A') => shop.call('POST', path, { as, body: { name }, ...keyed('k1') })
  gate = Promise.withResolvers<void>()
  const first = post()
  while ((await countOf(shop)) === 0) await pause(5)
  return { post, first }
}

test('an act that was cut off after its effect is never done again under its key', async () => {
  await using shop = await open()
  const { post, first } = await cutOffIn(shop, '/cut-off-brands')
  shop.clock.pass(10 * 60_000) // Longer than anything may be at work.
  const again = await post()
  expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('its answer was lost')])
  gate.resolve()
  expect((await first).status).toBe(201)
  expect((await post()).text).toBe((await first).text)
  expect(await countOf(shop)).toBe(1)
})

test('an act that was cut off after it had finished is answered by the bytes that nobody got', async () => {
  await using shop = await open()
  const { post, first } = await cutOffIn(shop, '/finished-brands')
  const again = await post()
  expect([again.status, again.body.name]).toEqual([201, 'A'])
  expect((await post('B')).status).toBe(422)
  gate.resolve()
  expect((await first).text).toBe(again.text)
  expect(await countOf(shop)).toBe(1)
})

test('an act that was cut off is answered by what it has made, and with the same bytes from then on', async () => {
  await using shop = await open()
  const { post, first } = await cutOffIn(shop, '/left-brands')
  expect((await post()).body.code).toBe('request-in-progress')
  // As when the server begins anew; the database of several servers waits until it is too long ago.
  await endCutOff(shop.database)
  if (shop.database.engine === 'postgres') shop.clock.pass(10 * 60_000)
  const [second, third] = [await post(), await post()]
  expect([second.status, second.body.name]).toEqual([201, 'A, made before'])
  expect(third.text).toBe(second.text)
  expect(await countOf(shop)).toBe(1)
  gate.resolve()
  await first
})

test.skipIf(ENGINE === 'postgres')(
  'a server that begins gives the keys back under which nothing was written',
  async () => {
    await using shop = await open()
    const as = await shop.person('staff')
    const post = () => shop.call('POST', '/slow-brands', { as, body: { name: 'A' }, ...keyed('k1') })
    gate = Promise.withResolvers<void>()
    const first = post()
    const claimed = () => shop.database.db.selectFrom('idempotency_key').select('key').execute()
    while ((await claimed()).length === 0) await pause(5)
    await endCutOff(shop.database)
    expect(await claimed()).toEqual([])
    gate.resolve()
    expect((await first).status).toBe(201)
  },
)

test('an act that fails after its effect is not done again under its key; one that was undone may be', async () => {
  await using shop = await open()
  const as = await shop.person('staff')
  const post = (path: string) => shop.call('POST', path, { as, body: { name: 'A' }, ...keyed('k1') })
  expect((await post('/failing-brands')).status).toBe(400)
  expect((await post('/failing-brands')).status).toBe(409)
  expect(await countOf(shop)).toBe(1)
  expect([(await post('/undone-brands')).status, (await post('/undone-brands')).status]).toEqual([400, 400])
})

test.each(['/brands', '/slow-brands'])(
  '%s: a refusal is not kept, so that the key can be tried again',
  async (path) => {
    await using shop = await open()
    const as = await shop.person('staff')
    expect((await shop.call('POST', path, { as, body: { name: 'bad' }, ...keyed('k1') })).status).toBe(400)
    expect((await shop.call('POST', path, { as, body: { name: 'good' }, ...keyed('k1') })).status).toBe(201)
  },
)

test('a key belongs to one user and one path, and is forgotten after 24 hours', async () => {
  await using shop = await open()
  const [one, other] = [await shop.person('staff'), await shop.person('admin')]
  const post = (as: typeof one, path = '/brands') =>
    shop.call('POST', path, { as, body: { name: 'A' }, ...keyed('k1') })
  const ids = [await post(one), await post(other), await post(one, '/slow-brands')].map((reply) => reply.body.id)
  expect(new Set(ids).size).toBe(3)
  shop.clock.pass(24 * 3_600_000 + 1)
  const later = { ...one, token: shop.context.tokens.issue({ sub: one.id, sid: `test-${one.id}` }) }
  expect((await post(later)).body.id).not.toBe(ids[0])
  expect(await countOf(shop)).toBe(4)
  await forgetExpired(shop.database, shop.clock.now())
  expect(await shop.database.db.selectFrom('idempotency_key').select('user_id').execute()).toEqual([
    { user_id: one.id },
  ])
})

test('what is kept under a key can be read by nobody who has the file alone', async () => {
  await using shop = await open()
  const as = await shop.person('staff')
  const first = await shop.call('POST', '/brands', { as, body: { name: 'Secret' }, ...keyed('k1') })
  const kept = await shop.database.db.selectFrom('idempotency_key').selectAll().executeTakeFirstOrThrow()
  expect(JSON.stringify(kept)).not.toContain('Secret')
  const guessed = JSON.stringify([null, null, { name: 'Secret' }])
  expect(kept.fingerprint).not.toBe(hash('sha256', guessed, 'base64url'))
  expect((await shop.call('POST', '/brands', { as, body: { name: 'Secret' }, ...keyed('k1') })).text).toBe(first.text)
})

test('a key that is no key is refused', async () => {
  await using shop = await open()
  const as = await shop.person('staff')
  for (const key of ['two words', 'x'.repeat(256)])
    expect((await shop.call('POST', '/brands', { as, body: { name: 'A' }, ...keyed(key) })).status).toBe(400)
})

test('a file counts by what is in it: the same again is the same request, another one is not', async () => {
  await using shop = await open()
  const { token } = await shop.person('staff')
  const post = async (bytes: string) => {
    const body = new FormData()
    body.append('logo', new Blob([bytes]), 'logo.png')
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'k1' }
    return await fetch(`${shop.url}/logos`, { method: 'POST', body, headers })
  }
  const first = await (await post('red')).text()
  expect(await (await post('red')).text()).toBe(first)
  expect((await post('blue')).status).toBe(422)
  expect(await countOf(shop)).toBe(1)
})
