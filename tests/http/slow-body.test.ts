import { request } from 'node:http'
import { json as jsonOf } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { updateLocal } from '../../db/local.ts'
import { patch } from '../../db/rows.ts'
import { deactivate } from '../../server/shop/people/users.ts'
import { endSession } from '../../server/shop/people/sessions.ts'
import { type Counter, openCounter } from '../counter/counter-shop.ts'
import { PASSWORD } from '../support/shop.ts'

/** Begins a request, does something once the server has begun to read its body, and then sends the rest of it. */
async function sendSlowly(
  shop: Counter,
  { path, body, token }: { path: string; body: object; token: string },
  meanwhile: () => Promise<unknown>,
) {
  const text = JSON.stringify(body)
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    expect: '100-continue',
  }
  const sending = request(shop.url + path, { method: 'POST', headers })
  const answered = new Promise<{ status: number; body: any }>((resolve, reject) => {
    sending.on('error', reject)
    sending.on('response', (reply) => resolve(jsonOf(reply).then((body) => ({ status: reply.statusCode!, body }))))
  })
  sending.flushHeaders()
  await new Promise((resolve) => sending.once('continue', resolve))
  sending.write(text.slice(0, 5))
  await meanwhile()
  sending.end(text.slice(5))
  return await answered
}

const brand = (shop: Counter) => ({ path: '/v1/devices/brands', body: { name: 'Slow' }, token: shop.staff.token })
const brandsNamed = async (shop: Counter, name: string) =>
  await shop.database.db.selectFrom('brand').select('id').where('name', '=', name).execute()

test('what is sent slowly is done while the session lives', async () => {
  await using shop = await openCounter()
  expect((await sendSlowly(shop, brand(shop), async () => {})).status).toBe(201)
  expect(await brandsNamed(shop, 'Slow')).toHaveLength(1)
})

test.each([
  ['the session ended', 401, (shop: Counter) => shop.write((trx) => endSession(trx, `test-${shop.staff.id}`))],
  ['the person was shut out', 401, (shop: Counter) => shop.write((trx) => deactivate(trx, shop.staff.id))],
  [
    'the person lost the right to do it',
    403,
    (shop: Counter) => shop.write((trx) => patch(trx, 'user', shop.staff.id, { is_staff: false })),
  ],
  [
    'the screen was locked',
    423,
    (shop: Counter) =>
      shop.write((trx) => updateLocal(trx, 'session', { id: `test-${shop.staff.id}` }, { locked_at: trx.act.now })),
  ],
] as const)('a body that comes after %s has no effect', async (_, status, happen) => {
  await using shop = await openCounter()
  expect((await sendSlowly(shop, brand(shop), () => happen(shop))).status).toBe(status)
  expect(await brandsNamed(shop, 'Slow')).toEqual([])
  const pin = { path: '/counter/session/pin', body: { pin: '4711', password: PASSWORD }, token: shop.staff.token }
  expect((await sendSlowly(shop, pin, async () => {})).status).toBe(status)
})

test('a PIN whose hash is ready after the session ended is not set', async () => {
  await using shop = await openCounter()
  const { hash } = shop.context.passwords
  shop.context.passwords.hash = async (...asked) => {
    await shop.write((trx) => endSession(trx, `test-${shop.staff.id}`))
    return await hash(...asked)
  }
  const reply = await shop.counter('POST', '/session/pin', { pin: '4711', password: PASSWORD })
  expect(reply.status).toBe(401)
  const credentials = shop.database.db.selectFrom('credential').select('pin_hash').where('pin_hash', 'is not', null)
  expect(await credentials.execute()).toEqual([])
})
