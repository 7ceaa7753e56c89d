import { expect, test } from 'vitest'
import { openShop } from '../support/shop.ts'

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

test('locations are listed and found by their id', async () => {
  await using shop = await openShop()
  const ottawa = { id: 'ottawa', name: 'Ottawa', code: 'OTT', hub_name: 'Ottawa Lab' }
  expect((await shop.call('GET', '/api/locations')).body).toEqual([
    { id: 'vancouver', name: 'Vancouver', code: 'VAN', hub_name: 'Vancouver Hub' },
    ottawa,
  ])
  expect((await shop.call('GET', '/api/locations/ottawa/')).body).toEqual(ottawa)
  const missing = await shop.call('GET', '/api/locations/invalid_id')
  expect([missing.status, missing.body]).toEqual([404, { detail: "Location 'invalid_id' not found" }])
})
