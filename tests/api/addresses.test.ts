import { expect, test } from 'vitest'
import { openStore, type Store } from './store-shop.ts'

const HOME = {
  full_name: 'Ann Lee',
  phone_number: '+1 604 555 0100',
  address_line1: '123 Main St',
  city: 'Vancouver',
  state: 'BC',
  postal_code: 'V6B 1A1',
  country: 'Canada',
}
const add = async (shop: Store, more: object = {}) => (await shop.api('POST', '/addresses', { ...HOME, ...more })).body
const listed = async (shop: Store) =>
  (await shop.api('GET', '/addresses')).body.map(({ id, is_default }: { id: number; is_default: boolean }) => [
    id,
    is_default,
  ])

test('an address is kept as it was given, and the first is the default', async () => {
  await using shop = await openStore()
  const reply = await shop.api('POST', '/addresses', { ...HOME, is_default: false, user_id: 77, id: 77 })
  const kept = {
    id: 1,
    user_id: shop.customer.id,
    ...HOME,
    address_line2: null,
    is_default: true,
    created_at: '2026-01-15T09:00:00Z',
    updated_at: '2026-01-15T09:00:00Z',
  }
  expect([reply.status, reply.body]).toEqual([201, kept])
  const list = await shop.api('GET', '/addresses')
  expect([list.status, list.body, list.headers.get('x-total-count')]).toEqual([200, [kept], '1'])
})

test('one is the default at a time, and comes first; then the newest', async () => {
  await using shop = await openStore()
  for (let i = 0; i < 3; i++) await add(shop)
  expect(await listed(shop)).toEqual([
    [1, true],
    [3, false],
    [2, false],
  ])
  await add(shop, { is_default: true })
  expect(await listed(shop)).toEqual([
    [4, true],
    [3, false],
    [2, false],
    [1, false],
  ])
  await shop.api('PUT', '/addresses/2', { is_default: true })
  expect((await listed(shop))[0]).toEqual([2, true])
  await shop.api('PUT', '/addresses/2', { is_default: false })
  expect((await listed(shop))[0]).toEqual([4, true])
})

test('when the default is removed, the newest of the others follows', async () => {
  await using shop = await openStore()
  for (let i = 0; i < 3; i++) await add(shop)
  const reply = await shop.api('DELETE', '/addresses/1')
  expect([reply.status, reply.text]).toEqual([204, ''])
  expect(await listed(shop)).toEqual([
    [3, true],
    [2, false],
  ])
  await shop.api('DELETE', '/addresses/3')
  await shop.api('DELETE', '/addresses/2')
  expect(await listed(shop)).toEqual([])
  expect((await add(shop)).is_default).toBe(true)
})

test('the only address stays the default when it is told not to be', async () => {
  await using shop = await openStore()
  await add(shop)
  const reply = await shop.api('PUT', '/addresses/1', { is_default: false, city: 'Ottawa' })
  expect([reply.status, reply.body]).toMatchObject([200, { city: 'Ottawa', is_default: true }])
  await add(shop)
  await shop.api('DELETE', '/addresses/2')
  expect(await listed(shop)).toEqual([[1, true]])
})

test('what is changed changes, and the rest stays', async () => {
  await using shop = await openStore()
  await add(shop, { address_line2: 'Unit 5' })
  shop.clock.pass(60_000)
  const reply = await shop.api('PUT', '/addresses/1', { city: 'Ottawa', state: null, address_line2: '' })
  expect([reply.status, reply.body]).toMatchObject([
    200,
    { ...HOME, city: 'Ottawa', address_line2: null, is_default: true, updated_at: '2026-01-15T09:01:00Z' },
  ])
})

test('what is missing or blank is said all at once', async () => {
  await using shop = await openStore()
  const none = await shop.api('POST', '/addresses', { full_name: ' ', is_default: 'x' })
  expect(none.status).toBe(422)
  const faults = none.body.detail.map(({ loc, type }: { loc: string[]; type: string }) => `${loc[1]} ${type}`)
  expect(faults.toSorted()).toEqual([
    'address_line1 missing',
    'city missing',
    'country missing',
    'full_name string_too_short',
    'is_default bool_parsing',
    'phone_number missing',
    'postal_code missing',
    'state missing',
  ])
})

test('other people’s addresses are not there', async () => {
  await using shop = await openStore()
  await add(shop)
  for (const as of [shop.other, shop.staff, shop.admin])
    for (const [method, id] of [
      ['PUT', 1],
      ['DELETE', 1],
      ['PUT', 999],
      ['DELETE', 999],
    ] as const) {
      const reply = await shop.api(method, `/addresses/${id}`, method === 'PUT' ? { city: 'X' } : undefined, { as })
      expect([reply.status, reply.body]).toEqual([404, { detail: 'Address not found', code: 'address-not-found' }])
    }
  expect((await shop.api('GET', '/addresses', undefined, { as: shop.other })).body).toEqual([])
  expect((await shop.api('GET', '/addresses')).body).toMatchObject([HOME])
})

test('a hundred addresses are enough', async () => {
  await using shop = await openStore()
  for (let i = 0; i < 100; i++) await add(shop)
  expect((await shop.api('POST', '/addresses', HOME)).status).toBe(400)
})
