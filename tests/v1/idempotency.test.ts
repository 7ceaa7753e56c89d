import { expect, test } from 'vitest'
import { openRepairShop, type RepairShop } from './repair-shop.ts'

const key = (value: string) => ({ headers: { 'idempotency-key': value } })

async function counts(shop: RepairShop) {
  const { db } = shop.database
  const of = async (table: 'user' | 'payment' | 'repair_order') =>
    (await db.selectFrom(table).select('id').execute()).length
  return { payments: await of('payment'), orders: await of('repair_order'), users: await of('user') }
}

test('a payment sent again is taken once and answered with the same bytes', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const first = await shop.v1('POST', '/payments', { order_id, amount: '10.00' }, key('a'))
  shop.clock.pass(60_000)
  const again = await shop.v1('POST', '/payments/', { amount: 10, order_id, ignored: 1 }, key('a'))
  expect([again.status, again.text]).toEqual([first.status, first.text])
  expect((await counts(shop)).payments).toBe(1)
  const other = await shop.v1('POST', '/payments', { order_id, amount: '11.00' }, key('a'))
  expect(other.status).toBe(422)
  expect((await counts(shop)).payments).toBe(1)
})

test('one order sent ten times at once is opened once', async () => {
  await using shop = await openRepairShop()
  const { id: device_id } = await shop.device()
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => shop.v1('POST', '/orders', { device_id }, key('a'))),
  )
  expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(replies[0]!.status).toBe(201)
  expect((await counts(shop)).orders).toBe(1)
})

test('a person added twice at once is added once', async () => {
  await using shop = await openRepairShop()
  const before = (await counts(shop)).users
  const body = { full_name: 'Jane', phone: '777', password: 'password123' }
  const replies = await Promise.all([
    shop.v1('POST', '/users', body, key('a')),
    shop.v1('POST', '/users', body, key('a')),
  ])
  for (const { status } of replies) expect([201, 409]).toContain(status)
  expect(replies.map(({ status }) => status)).toContain(201)
  expect((await shop.v1('POST', '/users', body, key('a'))).status).toBe(201)
  expect((await counts(shop)).users).toBe(before + 1)
  const kept = await shop.database.db.selectFrom('idempotency_key').selectAll().execute()
  expect(JSON.stringify(kept)).not.toContain('password123')
})

test('a refusal is not kept: what was wrong can be put right under the same key', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  expect((await shop.v1('POST', '/payments', { order_id, amount: '999' }, key('a'))).status).toBe(400)
  expect((await shop.v1('POST', '/payments', { order_id, amount: '9.99' }, key('a'))).status).toBe(201)
})

test('signing in is never kept', async () => {
  await using shop = await openRepairShop()
  const body = { phone: shop.admin.phone, password: shop.admin.password }
  const [first, second] = [
    await shop.v1('POST', '/auth/login', body, key('a')),
    await shop.v1('POST', '/auth/login', body, key('a')),
  ]
  expect(first.body.tokens.refresh_token).not.toBe(second.body.tokens.refresh_token)
  expect(await shop.database.db.selectFrom('idempotency_key').selectAll().execute()).toEqual([])
})
