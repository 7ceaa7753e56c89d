import { expect, test } from 'vitest'
import { insert, insertMany } from '../../db/rows.ts'
import { openShop } from '../support/shop.ts'
import { openStore } from './store-shop.ts'

test('a new database has the four categories of the documents', async () => {
  await using shop = await openShop()
  const reply = await shop.call('GET', '/api/categories')
  expect([reply.status, reply.headers.get('x-total-count')]).toEqual([200, '4'])
  expect(reply.body).toEqual([
    { id: 'phones', name: 'Phones', icon: '📱' },
    { id: 'laptops', name: 'Laptops', icon: '💻' },
    { id: 'tablets', name: 'Tablets', icon: '📱' },
    { id: 'accessories', name: 'Accessories', icon: '🎧' },
  ])
})

test('a category without an icon of its own answers a parcel', async () => {
  await using shop = await openStore()
  for (const icon of [null, ''])
    await shop.write((trx) =>
      insert(trx, 'category', {
        slug: `c-${icon}`,
        name: 'Cables',
        name_key: `cables ${icon}`,
        shown_as: 'Cables',
        icon,
      }),
    )
  const { body } = await shop.call('GET', '/api/categories')
  expect(body.slice(-2)).toMatchObject([{ name: 'Cables', icon: '📦' }, { name: 'Cables', icon: '📦' }]) // oxfmt-ignore
})

test('locations are listed and found by their id', async () => {
  await using shop = await openShop()
  const ottawa = { id: 'ottawa', name: 'Ottawa', code: 'OTT', hub_name: 'Ottawa Lab' }
  expect((await shop.call('GET', '/api/locations')).body).toEqual([
    { id: 'vancouver', name: 'Vancouver', code: 'VAN', hub_name: 'Vancouver Hub' },
    ottawa,
  ])
  expect((await shop.call('GET', '/api/locations/ottawa/')).body).toEqual(ottawa)
  const missing = await shop.call('GET', '/api/locations/invalid_id')
  expect([missing.status, missing.body]).toMatchObject([404, { detail: "Location 'invalid_id' not found" }])
})

test('empty fields of a query ask nothing', async () => {
  await using shop = await openStore()
  await shop.product()
  const query = 'limit=&offset='
  const as = shop.admin
  for (const path of [
    `/products?category=&min_price=&${query}`,
    `/products/search?q=iPhone&${query}`,
    `/products/deals?min_discount=&${query}`,
    `/tradein/pickup-requests/me?${query}`,
    `/tradein/brands?q=&${query}`,
    `/categories?${query}`,
    `/locations?${query}`,
    `/addresses?${query}`,
    `/admin/orders?${query}`,
    `/admin/tradeins?${query}`,
  ])
    expect((await shop.api('GET', path, undefined, { as })).status, path).toBe(200)
})

test('what is listed whole is shown in pages as soon as it is asked for', async () => {
  await using shop = await openStore()
  const as = shop.customer
  const home = { full_name: 'Ann', phone_number: '123', address_line1: 'x', city: 'x', state: '', postal_code: '' }
  for (const country of ['CA', 'US']) await shop.api('POST', '/addresses', { ...home, country }, { as })
  for (const path of ['/categories', '/locations', '/tradein/brands', '/addresses']) {
    const whole = (await shop.api('GET', path, undefined, { as })).body
    const page = await shop.api('GET', `${path}?limit=1&offset=1`, undefined, { as })
    expect([page.body, page.headers.get('x-total-count')], path).toEqual([[whole[1]], String(whole.length)])
    for (const wrong of ['limit=0', 'limit=101', 'offset=-1'])
      expect((await shop.api('GET', `${path}?${wrong}`, undefined, { as })).status, `${path}?${wrong}`).toBe(422)
  }
  const found = await shop.api('GET', '/tradein/brands?q=SON')
  expect(found.body).toEqual([{ id: expect.any(Number), name: 'Sony' }])
})

test('however many there are, a list is counted to a thousand', async () => {
  await using shop = await openStore()
  const named = Array.from({ length: 1_001 }, (_, n) => ({ name: `N${n}`, name_key: `n${n}` }))
  const place = { code: 'N', hub_name: 'N' }
  const home = { user_id: shop.customer.id, full_name: 'Ann', phone_number: '1', address_line1: 'x', is_default: false }
  const address = { ...home, city: 'x', state: 'x', postal_code: 'x', country: 'x' }
  await shop.write(async (trx) => {
    await insertMany(trx, 'brand', named)
    const shown = named.map((row) => ({ ...row, slug: row.name, shown_as: row.name }))
    await insertMany(trx, 'category', shown)
    const places = named.map(({ name }) => ({ slug: name, name, ...place }))
    await insertMany(trx, 'location', places)
    const addresses = named.map(() => address)
    await insertMany(trx, 'address', addresses)
    await insertMany(trx, 'trade_in_deduction', named)
  })
  const as = shop.customer
  for (const path of ['/api/categories', '/api/locations', '/api/tradein/brands', '/api/addresses'])
    expect((await shop.call('GET', path, { as })).headers.get('x-total-count'), path).toBe('1000+')
  for (const path of ['/categories', '/locations', '/trade-in-deductions']) {
    const { headers, body } = await shop.call('GET', `/counter${path}`, { as: shop.staff })
    expect([headers.get('x-total-count'), body.length > 1_000], path).toEqual(['1000+', true])
  }
})
