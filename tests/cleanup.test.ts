import { expect, test } from 'vitest'
import { insertLocal } from '../db/local.ts'
import { forgetExpired } from '../server/cleanup.ts'
import { ANONYMOUS, type Counter, openCounter } from './counter/counter-shop.ts'
import { PASSWORD } from './support/shop.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const TABLES = ['session', 'claim_code', 'sign_in_failure', 'idempotency_key'] as const

const counts = async (shop: Counter) =>
  await Promise.all(
    TABLES.map(async (table) => (await shop.database.db.selectFrom(table).selectAll().execute()).length),
  )
const login = (shop: Counter, password: string) =>
  shop.call('POST', '/v1/auth/login', { body: { phone: shop.staff.phone, password } })
const addBrand = (shop: Counter) =>
  shop.call('POST', '/v1/devices/brands', {
    as: shop.staff,
    body: { name: 'Kept' },
    headers: { 'idempotency-key': 'k' },
  })

test('sessions, codes, wrong guesses and kept answers are forgotten once they count no longer', async () => {
  await using shop = await openCounter()
  await shop.counter('POST', `/customers/${shop.customer.id}/claim-code`, undefined, { as: shop.admin })
  await addBrand(shop)
  await login(shop, 'wrong')
  const before = await counts(shop)
  expect(before.every((count) => count > 0)).toBe(true)
  shop.clock.pass(31 * DAY)
  await forgetExpired(shop.database, shop.clock.now())
  expect(await counts(shop)).toEqual([0, 0, 0, 0])
})

test('what still counts stays', async () => {
  await using shop = await openCounter()
  const { code } = (
    await shop.counter('POST', `/customers/${shop.customer.id}/claim-code`, undefined, { as: shop.admin })
  ).body
  const kept = await addBrand(shop)
  for (let i = 0; i < 5; i++) await login(shop, 'wrong')
  shop.clock.pass(HOUR / 5)
  await forgetExpired(shop.database, shop.clock.now())
  expect((await login(shop, PASSWORD)).status).toBe(429)
  expect((await addBrand(shop)).text).toBe(kept.text)
  const claimed = await shop.counter('POST', '/claim', { code, password: 'a new password' }, ANONYMOUS)
  expect(claimed.status).toBe(200)
})

test('a long absence is forgotten in several short writes', async () => {
  await using shop = await openCounter()
  const kept = { user_id: shop.staff.id, method: 'POST', path: '/', fingerprint: 'f', status: 201, headers: '{}' }
  await shop.write(async (trx) => {
    for (let n = 0; n < 1_200; n++) {
      const at = trx.act.now + n
      await insertLocal(trx, 'sign_in_failure', { id: `${n}`, account: 'a', address: 'b', at })
      await insertLocal(trx, 'idempotency_key', { ...kept, key: `${n}`, body: null, created_at: at })
    }
  })
  shop.clock.pass(DAY)
  let writes = 0
  const write: typeof shop.database.write = (by, run) => (writes++, shop.database.write(by, run))
  await forgetExpired({ write }, shop.clock.now())
  expect((await counts(shop))[2]).toBe(0)
  // Three for the guesses, and one for each other kind: answers are kept for a day.
  expect(writes).toBe(8)
})
