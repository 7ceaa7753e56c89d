import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { PASSWORD } from '../../support/shop.ts'
import { type Counter, openCounter } from '../counter-shop.ts'

const PHONE = '0170 123 4567'

/** Somebody registers by this phone number, and signs in. */
async function register(shop: Counter) {
  const account = { full_name: 'Mallory', phone: PHONE, password: PASSWORD }
  const { id } = (await shop.call('POST', '/v1/auth/register', { body: account })).body
  const { tokens } = (await shop.call('POST', '/v1/auth/login', { body: account })).body
  const v1 = (method: string, path: string, body?: unknown) =>
    shop.call(method, `/v1${path}`, { token: tokens.access_token, body })
  return { id: id as number, v1 }
}

const unconfirmed = async (shop: Counter, id: number) =>
  (await shop.counter('GET', `/customers/${id}`)).body.unconfirmed

test('the desk is told who registered alone, through either API, and confirms them before it takes anything in for them', async () => {
  await using shop = await openCounter()
  const { id } = await register(shop)
  const [match] = (await shop.counter('GET', `/customers?q=${encodeURIComponent(PHONE)}`)).body
  expect(match).toMatchObject({ id, unconfirmed: true })
  const byMail = { email: 'eve@example.com', password: PASSWORD }
  const { user } = (await shop.call('POST', '/api/auth/register', { body: byMail })).body
  expect(await unconfirmed(shop, user.id)).toBe(true)
  const intake = shop.intake({ customer: { id } })
  expect(await shop.counter('POST', '/intakes', intake)).toMatchObject({
    status: 409,
    body: { code: 'customer-unconfirmed', params: { name: 'Mallory' } },
  })
  expect((await shop.counter('POST', `/customers/${id}/confirmation`, {})).body.unconfirmed).toBe(false)
  expect((await shop.counter('POST', '/intakes', intake)).status).toBe(201)
})

test('somebody else with that number is taken in beside the account, and each signs in with their own password', async () => {
  await using shop = await openCounter()
  const { id, v1 } = await register(shop)
  const customer = { full_name: 'Nora Real', phone: PHONE }
  expect((await shop.counter('POST', '/intakes', shop.intake({ customer }))).body.code).toBe('phone-of-somebody')
  const taken = await shop.takeIn({ customer: { ...customer, not: id } })
  expect(taken.customer_id).not.toBe(id)
  expect((await v1('GET', '/orders')).body).toEqual([])
  expect((await v1('GET', '/devices')).body).toEqual([])
  expect(await unconfirmed(shop, id)).toBe(true)
  const claimed = await shop.call('POST', '/counter/claim', {
    body: { code: taken.claim_code.code, password: 'another horse' },
  })
  expect(claimed.status).toBe(200)
})

test('a number of somebody whom the desk knows stays theirs, whoever is said to be somebody else', async () => {
  await using shop = await openCounter()
  const known = await shop.takeIn({ customer: { full_name: 'Nora Real', phone: PHONE } })
  const customer = { full_name: 'Norbert Other', phone: PHONE, not: known.customer_id }
  expect((await shop.counter('POST', '/intakes', shop.intake({ customer }))).body.code).toBe('phone-of-somebody')
})

test('an account is shown what the counter took in for it once it is confirmed; what it made itself it always has', async () => {
  await using shop = await openCounter()
  const { id, v1 } = await register(shop)
  const own = (await v1('POST', '/devices', { ...shop.kind, serial_number: 'OWN-1' })).body
  const documented = await shop.call('POST', '/v1/orders', {
    as: shop.staff,
    body: { device_id: own.id, customer_id: id },
  })
  await shop.counter('POST', `/customers/${id}/confirmation`, {})
  const taken = await shop.takeIn({ customer: { id }, estimate_cents: 9_000 })
  await shop.counter('POST', `/tickets/${taken.order_id}/payments`, { amount_cents: 4_000, method: 'Cash' })
  const seen = async () => {
    const ids = async (path: string) => (await v1('GET', path)).body.map((row: { id: number }) => row.id)
    const one = async (path: string) => (await v1('GET', path)).status
    return {
      orders: await ids('/orders'),
      devices: await ids('/devices'),
      payments: (await ids('/payments')).length,
      order: await one(`/orders/${taken.order_id}`),
      device: await one(`/devices/${taken.device_id}`),
    }
  }
  const all = {
    orders: [documented.body.id, taken.order_id],
    devices: [own.id, taken.device_id],
    payments: 1,
    order: 200,
    device: 200,
  }
  expect(await seen()).toEqual(all)
  await shop.write((trx) => patch(trx, 'user', id, { unconfirmed_since: trx.act.now }))
  expect(await seen()).toEqual({
    orders: [documented.body.id],
    devices: [own.id],
    payments: 0,
    order: 404,
    device: 404,
  })
  const { code } = (await shop.counter('POST', `/customers/${id}/claim-code`, {}, { as: shop.admin })).body
  expect(await unconfirmed(shop, id)).toBe(true)
  await shop.call('POST', '/counter/claim', { body: { code, password: PASSWORD } })
  expect(await unconfirmed(shop, id)).toBe(false)
})
