import { expect, test } from 'vitest'
import { openStore } from './store-shop.ts'

test('the first look makes the one cart of a person', async () => {
  await using shop = await openStore()
  const first = await shop.api('GET', '/cart')
  const empty = { id: 1, user_id: shop.customer.id, items: [], subtotal: 0 }
  expect([first.status, first.body]).toEqual([200, empty])
  const looks = await Promise.all(
    Array.from({ length: 5 }, () => shop.api('GET', '/cart', undefined, { as: shop.other })),
  )
  expect(looks.map(({ body }) => body.id)).toEqual([2, 2, 2, 2, 2])
  expect((await shop.api('GET', '/cart')).body).toEqual(empty)
})

test('what is put in twice adds up, at the price of now', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  const first = await shop.api('POST', '/cart/items', { product_id: id })
  expect(first.status).toBe(201)
  expect(first.body.items).toEqual([
    { product_id: id, title: 'iPhone 14 Pro 256GB', qty: 1, unit_price: 899.99, line_total: 899.99 },
  ])
  const cover = await shop.product({ name: 'Case', price_cents: 1010 })
  await shop.api('POST', '/cart/items', { product_id: cover, qty: 3 })
  const both = await shop.api('POST', '/cart/items', { product_id: id, qty: 1 })
  expect(both.body).toEqual({
    id: 1,
    user_id: shop.customer.id,
    items: [
      { product_id: id, title: 'iPhone 14 Pro 256GB', qty: 2, unit_price: 899.99, line_total: 1799.98 },
      { product_id: cover, title: 'Case', qty: 3, unit_price: 10.1, line_total: 30.3 },
    ],
    subtotal: 1830.28,
  })
  expect((await shop.api('GET', '/cart')).body).toEqual(both.body)
  expect((await shop.api('GET', '/cart/count')).body).toEqual({ count: 2, total_items: 5 })
  await shop.change(id, { price_cents: 50_000 })
  expect((await shop.api('GET', '/cart')).body.subtotal).toBe(1030.3)
})

test('before there is a cart the count is nothing', async () => {
  await using shop = await openStore()
  expect((await shop.api('GET', '/cart/count')).body).toEqual({ count: 0, total_items: 0 })
})

test('the quantity is set, and 0 or less removes the item', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  await shop.api('POST', '/cart/items', { product_id: id })
  const three = await shop.api('PUT', `/cart/items/${id}`, { qty: 3 })
  expect([three.status, three.body.items[0].qty, three.body.subtotal]).toEqual([200, 3, 2699.97])
  for (const qty of [0, -5]) {
    const none = await shop.api('PUT', `/cart/items/${id}`, { qty })
    expect([none.status, none.body.items, none.body.subtotal]).toEqual([200, [], 0])
    await shop.api('POST', '/cart/items', { product_id: id })
  }
  const removed = await shop.api('DELETE', `/cart/items/${id}`)
  expect([removed.status, removed.text, removed.headers.get('content-type')]).toEqual([204, '', null])
  expect((await shop.api('GET', '/cart')).body.items).toEqual([])
})

test('what is not there is 404', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  const unknown = await shop.api('POST', '/cart/items', { product_id: 999 })
  expect([unknown.status, unknown.body]).toEqual([404, { detail: 'Product not found', code: 'product-not-found' }])
  for (const reply of [
    await shop.api('PUT', `/cart/items/${id}`, { qty: 1 }),
    await shop.api('PUT', `/cart/items/${id}`, { qty: 0 }),
    await shop.api('DELETE', `/cart/items/${id}`),
  ])
    expect([reply.status, reply.body]).toEqual([404, { detail: 'Item not in cart', code: 'item-not-in-cart' }])
})

test('a quantity below 1, of too many or of something else is 422', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  for (const [qty, type] of [
    [0, 'greater_than_equal'],
    [-1, 'greater_than_equal'],
    [10_001, 'less_than_equal'],
    [1.5, 'int_from_float'],
    ['x', 'int_parsing'],
  ] as const) {
    const reply = await shop.api('POST', '/cart/items', { product_id: id, qty })
    expect([reply.status, reply.body.detail[0].type, reply.body.detail[0].loc]).toEqual([422, type, ['body', 'qty']])
  }
  expect((await shop.api('PUT', `/cart/items/${id}`, {})).body.detail[0].type).toBe('missing')
  expect((await shop.api('POST', '/cart/items', { product_id: id, qty: null })).body.items[0].qty).toBe(1)
})

test('a cart holds 10,000 of a product and no more', async () => {
  await using shop = await openStore()
  const id = await shop.product({ price_cents: 9_999_999_999 })
  await shop.api('POST', '/cart/items', { product_id: id, qty: 10_000 })
  const more = await shop.api('POST', '/cart/items', { product_id: id, qty: 1 })
  expect([more.status, more.body]).toMatchObject([400, { detail: 'A cart holds at most 10000 of one product' }])
  expect((await shop.api('GET', '/cart')).body.subtotal).toBe(999_999_999_900)
})

test('a product that left the catalogue is not seen in the cart any more', async () => {
  await using shop = await openStore()
  const [gone, stays] = [await shop.product(), await shop.product({ name: 'Case' })]
  for (const product_id of [gone, stays]) await shop.api('POST', '/cart/items', { product_id })
  await shop.change(gone, { deleted_at: 1 })
  expect((await shop.api('GET', '/cart')).body.items).toMatchObject([{ product_id: stays }])
  expect((await shop.api('GET', '/cart/count')).body).toEqual({ count: 1, total_items: 1 })
  expect((await shop.api('DELETE', `/cart/items/${gone}`)).status).toBe(404)
})

test('nobody reaches into another cart', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  await shop.api('POST', '/cart/items', { product_id: id, qty: 2 })
  for (const as of [shop.other, shop.staff, shop.admin]) {
    expect((await shop.api('GET', '/cart', undefined, { as })).body.items).toEqual([])
    expect((await shop.api('PUT', `/cart/items/${id}`, { qty: 9 }, { as })).status).toBe(404)
    expect((await shop.api('DELETE', `/cart/items/${id}`, undefined, { as })).status).toBe(404)
  }
  expect((await shop.api('GET', '/cart')).body.items[0].qty).toBe(2)
})

test('ten who add at once are all counted, and a repeated key once', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  const add = (headers: Record<string, string> = {}) => shop.api('POST', '/cart/items', { product_id: id }, { headers })
  await Promise.all(Array.from({ length: 10 }, () => add()))
  await Promise.all(Array.from({ length: 10 }, () => add({ 'idempotency-key': 'k' })))
  expect((await shop.api('GET', '/cart')).body.items[0].qty).toBe(11)
})
