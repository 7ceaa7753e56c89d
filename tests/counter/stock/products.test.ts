import { expect, test } from 'vitest'
import { insert } from '../../../db/rows.ts'
import { type Counter, openCounter } from '../counter-shop.ts'

const PHONE = {
  brand: 'Fairphone',
  model: 'Fairphone 5',
  name: 'Fairphone 5 256GB',
  condition: 'B',
  price_cents: 39_900,
  original_price_cents: 49_900,
}

async function openStock() {
  const shop = await openCounter()
  const categories = (await shop.counter('GET', '/categories')).body
  return {
    ...shop,
    categories,
    add: async (fields: object = {}): Promise<any> => {
      const body = { category_id: categories[0].id, ...PHONE, ...fields }
      const reply = await shop.counter('POST', '/products', body)
      if (reply.status !== 201) throw new Error(reply.text)
      return reply.body
    },
    /** Orders pieces by the customer, to be paid at the counter; returns the id. */
    order: async (id: number, quantity: number): Promise<number> => {
      const items = [{ id, price: PHONE.price_cents / 100, quantity }]
      const body = { items, paymentMethod: 'cod' }
      const reply = await shop.call('POST', '/api/orders/checkout', { as: shop.customer, body })
      if (reply.status !== 200) throw new Error(reply.text)
      return reply.body.order_id
    },
  }
}

const asAdmin = (shop: Counter) => ({ as: shop.admin })

test('a product is added, listed, searched, shown and changed', async () => {
  await using shop = await openStock()
  const product = await shop.add({ highlights: ['Fair'], cities: ['Ottawa'] })
  expect(product).toMatchObject({ ...PHONE, stock: 0, serialised: false, highlights: ['Fair'], cities: ['Ottawa'] })
  const { description: _, ...listed } = product
  const list = await shop.counter('GET', '/products')
  expect([list.body, list.headers.get('x-total-count')]).toEqual([[listed], '1'])
  expect((await shop.counter('GET', '/products?q=fairphone%20256&condition=B&city=ottawa')).body).toEqual([listed])
  expect((await shop.counter('GET', '/products?q=galaxy')).body).toEqual([])
  const changed = await shop.counter('PATCH', `/products/${product.id}`, { description: 'As new', condition: 'A' })
  expect(changed.body).toMatchObject({ description: 'As new', condition: 'A', price_cents: 39_900 })
  expect((await shop.counter('GET', `/products/${product.id}`)).body).toEqual(changed.body)
  expect((await shop.call('GET', `/api/products/${product.id}`)).body).toMatchObject({ condition: 'Excellent' })
})

test('the same product is not added twice, nor made of another one', async () => {
  await using shop = await openStock()
  const product = await shop.add()
  const other = await shop.add({ condition: 'C' })
  const again = await shop.counter('POST', '/products', {
    ...PHONE,
    category_id: product.category_id,
    name: 'FAIRPHONE 5  256gb',
  })
  expect([again.status, again.body.detail]).toEqual([400, 'Product already exists'])
  expect((await shop.counter('PATCH', `/products/${other.id}`, { condition: 'B' })).status).toBe(400)
  expect((await shop.counter('PATCH', `/products/${other.id}`, { name: other.name })).status).toBe(200)
  expect((await shop.counter('POST', '/products', { ...PHONE, name: 'x', category_id: 999 })).status).toBe(404)
  await shop.counter('DELETE', `/products/${product.id}`, undefined, asAdmin(shop))
  expect((await shop.add()).id).not.toBe(product.id)
})

test('only an admin changes a price that stands, and the journal keeps the former one', async () => {
  await using shop = await openStock()
  const { id } = await shop.add()
  const change = (body: object, options = {}) => shop.counter('PATCH', `/products/${id}`, body, options)
  const refused = await change({ price_cents: 1 })
  expect([refused.status, refused.body.detail]).toEqual([403, 'Only an admin changes prices'])
  expect((await change({ original_price_cents: 1 })).status).toBe(403)
  expect((await change({ price_cents: 39_900, name: 'Fairphone 5' })).status).toBe(200)
  expect((await change({ price_cents: 29_900 }, asAdmin(shop))).body.price_cents).toBe(29_900)
  const { before } = await shop.database.db
    .selectFrom('journal')
    .select('before')
    .where('entity', '=', 'product')
    .where('kind', '=', 'patch')
    .orderBy('seq', 'desc')
    .executeTakeFirstOrThrow()
  expect(JSON.parse(before!)).toMatchObject({ price_cents: 39_900 })
})

test('a hidden product is gone from both surfaces', async () => {
  await using shop = await openStock()
  const { id } = await shop.add()
  expect((await shop.counter('DELETE', `/products/${id}`)).status).toBe(403)
  expect((await shop.counter('DELETE', `/products/${id}`, undefined, asAdmin(shop))).status).toBe(204)
  expect((await shop.counter('GET', `/products/${id}`)).status).toBe(404)
  expect((await shop.call('GET', `/api/products/${id}`)).status).toBe(404)
  expect((await shop.counter('GET', '/products?q=fairphone')).body).toEqual([])
})

test('pieces are received, counted and written off, and each movement says who', async () => {
  await using shop = await openStock()
  const { id } = await shop.add()
  const stock = (what: string, body: object) => shop.counter('POST', `/products/${id}/stock/${what}`, body)
  expect((await stock('receipts', { quantity: 5 })).body).toEqual({ stock: 5 })
  expect((await stock('write-offs', { quantity: 1, note: 'dropped' })).body).toEqual({ stock: 4 })
  expect((await stock('counts', { quantity: 6 })).body).toEqual({ stock: 6 })
  const over = await stock('write-offs', { quantity: 7, note: 'lost' })
  expect([over.status, over.body.detail]).toEqual([400, 'Only 6 in stock'])
  const { body, headers } = await shop.counter('GET', `/products/${id}/stock?limit=2`)
  expect(headers.get('x-total-count')).toBe('3')
  expect(body).toMatchObject([
    { quantity: 2, kind: 'count', actor_name: 'Kim Clerk' },
    { quantity: -1, kind: 'write-off', note: 'dropped' },
  ])
  expect((await shop.counter('GET', `/products/${id}`)).body.stock).toBe(6)
})

test('what waits for its buyer is counted on the shelf and is not sold again', async () => {
  await using shop = await openStock()
  const { id } = await shop.add()
  const stock = async (what: string, body: object) =>
    (await shop.counter('POST', `/products/${id}/stock/${what}`, body)).body.stock
  await stock('receipts', { quantity: 5 })
  const [pending, paid] = [await shop.order(id, 2), await shop.order(id, 1)]
  const set = (order: number, status: string) =>
    shop.call('PUT', `/api/admin/orders/${order}`, { as: shop.admin, body: { status } })
  await set(paid, 'paid')
  expect(await stock('counts', { quantity: 5 })).toBe(2)
  await set(paid, 'shipped')
  expect(await stock('counts', { quantity: 4 })).toBe(2)
  await set(pending, 'cancelled')
  expect(await stock('counts', { quantity: 4 })).toBe(4)
  await shop.order(id, 3)
  expect(await stock('counts', { quantity: 2 })).toBe(-1)
})

test('a piece that came by a clock which was ahead, left and came again is the one that is counted', async () => {
  await using shop = await openStock()
  const { id } = await shop.add({ serialised: true })
  const stock = (what: string, body: object) => shop.counter('POST', `/products/${id}/stock/${what}`, body)
  const serial_number = '356938035643809'
  await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    const unit = { product_id: id, serial_number, serial_key: serial_number, condition: 'A' as const }
    const ahead = trx.act.now + 86_400_000
    const unit_id = await insert(trx, 'unit', { ...unit, origin: 'purchase', created_at: ahead })
    for (const [kind, quantity] of [['receipt', 1], ['write-off', -1]] as const)
      await insert(trx, 'stock_movement', { product_id: id, unit_id, kind, quantity, created_at: ahead })
  }) // oxfmt-ignore
  expect((await stock('receipts', { units: [{ serial_number }] })).body).toEqual({ stock: 1 })
  const counted = await stock('counts', { serial_numbers: [serial_number] })
  expect([counted.status, counted.body]).toEqual([201, { stock: 1 }])
})

test('a serialised product is received and written off by its units', async () => {
  await using shop = await openStock()
  const { id } = await shop.add({ serialised: true })
  const stock = (what: string, body: object) => shop.counter('POST', `/products/${id}/stock/${what}`, body)
  const units = [{ serial_number: '356938035643809', cost_cents: 20_000, origin: 'trade-in' }, { condition: 'D' }]
  expect((await stock('receipts', { units })).body).toEqual({ stock: 2 })
  const listed = (await shop.counter('GET', `/products/${id}/units`)).body
  expect(listed).toMatchObject([
    { serial_number: '356938035643809', condition: 'B', cost_cents: 20_000, origin: 'trade-in', in_stock: true },
    { serial_number: null, condition: 'D', cost_cents: null, origin: 'purchase', in_stock: true },
  ])
  const second = await shop.counter('GET', `/products/${id}/units?limit=1&offset=1`)
  expect([second.headers.get('x-total-count'), second.body]).toEqual(['2', [listed[1]]])
  expect((await stock('write-offs', { unit_ids: [listed[1].id], note: 'stolen' })).body).toEqual({ stock: 1 })
  expect((await shop.counter('GET', `/products/${id}/units`)).body[1].in_stock).toBe(false)
  expect((await stock('write-offs', { unit_ids: [listed[1].id], note: 'again' })).status).toBe(400)
  expect((await stock('receipts', { quantity: 1 })).body.detail).toBe('Product is kept by serial number')
  const counted = await shop.counter('PATCH', `/products/${id}`, { serialised: false })
  expect([counted.status, counted.body.detail]).toEqual([400, 'Product is in stock: count it out first'])
})

test('the way of counting stays while orders hold pieces, which could not come back', async () => {
  await using shop = await openStock()
  const { id } = await shop.add()
  await shop.counter('POST', `/products/${id}/stock/receipts`, { quantity: 1 })
  const order_id = await shop.order(id, 1)
  const become = (serialised: boolean) => shop.counter('PATCH', `/products/${id}`, { serialised })
  const set = (status: string) =>
    shop.call('PUT', `/api/admin/orders/${order_id}`, { as: shop.admin, body: { status } })
  for (const status of ['pending', 'paid']) {
    await set(status)
    const { status: answer, body } = await become(true)
    expect([answer, body.detail]).toEqual([400, 'Orders hold pieces of it: complete or cancel them first'])
    expect((await become(false)).status).toBe(200)
  }
  await set('completed')
  expect((await become(true)).body).toMatchObject({ serialised: true, stock: 0 })
})

test('a movement says either how many or which', async () => {
  await using shop = await openStock()
  const { id } = await shop.add()
  const refusal = async (what: string, body: object) =>
    (await shop.counter('POST', `/products/${id}/stock/${what}`, body)).status
  expect(await refusal('receipts', {})).toBe(422)
  expect(await refusal('receipts', { quantity: 1, units: [] })).toBe(422)
  expect(await refusal('receipts', { quantity: 0 })).toBe(422)
  expect(await refusal('counts', { quantity: -1 })).toBe(422)
  expect(await refusal('write-offs', { quantity: 1 })).toBe(422)
})

test('a product may lie nowhere again, and lies where it lay when nothing is said of it', async () => {
  await using shop = await openStock()
  const [{ id: location_id }] = (await shop.counter('GET', '/locations')).body
  const { id } = await shop.add({ location_id })
  const lies = async (body: object) => (await shop.counter('PATCH', `/products/${id}`, body)).body.location_id
  expect(await lies({ name: 'Fairphone' })).toBe(location_id)
  expect(await lies({ location_id: null })).toBe(null)
  expect((await shop.call('GET', `/api/products/${id}`)).body.location).toBe('')
  expect((await shop.add({ name: 'Other', location_id: null })).location_id).toBe(null)
})

test('cities that an index row could not hold are refused', async () => {
  await using shop = await openStock()
  const cities = Array.from({ length: 30 }, (_, n) => `${n} ${'Ö'.repeat(60)}`)
  const body = { ...PHONE, category_id: shop.categories[0].id, cities }
  const { status, body: answer } = await shop.counter('POST', '/products', body)
  expect([status, answer.detail[0].loc]).toEqual([422, ['body', 'cities']])
})

test('an admin keeps categories and locations, but none that is used is removed', async () => {
  await using shop = await openStock()
  const as = asAdmin(shop)
  const consoles = await shop.counter(
    'POST',
    '/categories',
    { name: 'Console', shown_as: 'Game consoles', icon: '🎮' },
    as,
  )
  expect(consoles.body).toMatchObject({ slug: 'game-consoles', name: 'Console' })
  expect((await shop.counter('POST', '/categories', { name: 'phones' }, as)).body.detail).toBe(
    'Category already exists',
  )
  expect((await shop.call('GET', '/api/categories')).body.at(-1)).toEqual({
    id: 'game-consoles',
    name: 'Game consoles',
    icon: '🎮',
  })
  const kiel = await shop.counter('POST', '/locations', { name: 'Kiel' }, as)
  expect(kiel.body).toMatchObject({ slug: 'kiel', code: 'KIE', hub_name: 'Kiel' })
  await shop.counter('PATCH', `/locations/${kiel.body.id}`, { hub_name: 'Kiel Hub' }, as)
  expect((await shop.call('GET', '/api/locations/kiel')).body.hub_name).toBe('Kiel Hub')
  const { id } = await shop.add({ category_id: consoles.body.id, location_id: kiel.body.id })
  const remove = async (path: string) => (await shop.counter('DELETE', path, undefined, as)).status
  const both = [`/categories/${consoles.body.id}`, `/locations/${kiel.body.id}`]
  expect([await remove(both[0]!), await remove(both[1]!)]).toEqual([400, 400])
  await remove(`/products/${id}`)
  expect([await remove(both[0]!), await remove(both[1]!), await remove(both[0]!)]).toEqual([204, 204, 404])
  const renamed = await shop.counter('PATCH', `/categories/${shop.categories[0].id}`, { shown_as: 'Mobiles' }, as)
  expect(renamed.body).toMatchObject({ slug: 'phones', name: 'Phone', shown_as: 'Mobiles' })
})
