import { expect, test } from 'vitest'
import { insertMany } from '../../db/rows.ts'
import { SALES_STATUSES } from '../../server/domain/sales-status.ts'
import { openStore, type Store } from './store-shop.ts'

const admin = (shop: Store, method: string, path: string, body?: unknown) =>
  shop.api(method, `/admin/orders${path}`, body, { as: shop.admin })
const set = (shop: Store, id: number, status: string) => admin(shop, 'PUT', `/${id}`, { status })

test('orders are shown with who placed them, newest first', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  const shippingAddress = { street: '123 Main St', city: 'Vancouver', postal_code: 'V6B 1A1', floor: 3 }
  const items = [{ id, price: 899.99, quantity: 2 }]
  await shop.api('POST', '/orders/checkout', { items, paymentMethod: 'cod', shippingAddress })
  await shop.order(id, 1, shop.other)
  const reply = await admin(shop, 'GET', '')
  expect([reply.status, reply.headers.get('x-total-count')]).toEqual([200, '2'])
  expect(reply.body[1]).toEqual({
    order: {
      id: 1,
      user_id: shop.customer.id,
      status: 'pending',
      subtotal: 1799.98,
      tax: 0,
      shipping_fee: 0,
      total: 1799.98,
      notes: null,
      shipping_address_json: shippingAddress,
      created_at: '2026-01-15T09:00:00Z',
    },
    user: { id: shop.customer.id, email: 'ann@example.com', full_name: 'Ann' },
  })
  expect(reply.body[0]).toMatchObject({ order: { id: 2, shipping_address_json: null }, user: { full_name: 'Bob' } })
  expect((await admin(shop, 'GET', '?limit=1&offset=1')).body).toEqual([reply.body[1]])
  for (const query of ['limit=0', 'limit=1001', 'offset=-1', 'limit=x'])
    expect((await admin(shop, 'GET', `?${query}`)).status).toBe(422)
})

test('an address that is mere text is kept too', async () => {
  await using shop = await openStore()
  const items = [{ id: await shop.product(), price: 899.99, quantity: 1 }]
  await shop.api('POST', '/orders/checkout', { items, paymentMethod: 'cod', shippingAddress: '123 Main St' })
  expect((await admin(shop, 'GET', '')).body[0].order.shipping_address_json).toEqual({ address: '123 Main St' })
})

test('status and notes are changed, each alone or both', async () => {
  await using shop = await openStore()
  const id = await shop.order(await shop.product())
  const both = await admin(shop, 'PUT', `/${id}`, { status: 'shipped', notes: 'By express', total: 1, user_id: 9 })
  expect([both.status, both.body]).toEqual([
    200,
    {
      id,
      user_id: shop.customer.id,
      status: 'shipped',
      subtotal: 899.99,
      tax: 0,
      shipping_fee: 0,
      total: 899.99,
      notes: 'By express',
      shipping_address_json: null,
      created_at: '2026-01-15T09:00:00Z',
    },
  ])
  expect((await admin(shop, 'PUT', `/${id}`, { notes: 'Left at the door' })).body).toMatchObject({
    status: 'shipped',
    notes: 'Left at the door',
  })
  expect((await admin(shop, 'PUT', `/${id}`, { status: null, notes: null })).body.notes).toBe('Left at the door')
  const lost = await set(shop, id, 'lost')
  expect([lost.status, lost.body.detail[0]]).toMatchObject([422, { type: 'enum', loc: ['body', 'status'] }])
  for (const reply of [await set(shop, 999, 'paid'), await admin(shop, 'DELETE', '/999')])
    expect([reply.status, reply.body]).toEqual([404, { detail: 'Order not found', code: 'sales-order-not-found' }])
})

test('every documented status can be reached in its order', async () => {
  await using shop = await openStore()
  const id = await shop.order(await shop.product())
  for (const status of SALES_STATUSES) expect((await set(shop, id, status)).body.status).toBe(status)
})

test('cancelling gives the stock back once', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  const id = await shop.order(product, 3)
  expect(await shop.stock(product)).toBe(7)
  for (let i = 0; i < 2; i++) expect((await set(shop, id, 'cancelled')).status).toBe(200)
  expect(await shop.stock(product)).toBe(10)
  const back = await set(shop, id, 'paid')
  expect([back.status, back.body]).toMatchObject([400, { detail: 'An order that is cancelled cannot become paid' }])
  expect((await set(shop, id, 'refunded')).status).toBe(200)
  expect(await shop.stock(product)).toBe(10)
})

test('refunding gives the stock back, and is the end', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  const id = await shop.order(product, 3)
  for (const status of ['paid', 'refunded']) expect((await set(shop, id, status)).status).toBe(200)
  expect(await shop.stock(product)).toBe(10)
  for (const status of ['pending', 'paid', 'shipped', 'completed', 'cancelled'])
    expect((await set(shop, id, status)).status).toBe(400)
})

test('a paid order never looks unpaid again', async () => {
  await using shop = await openStore()
  const id = await shop.order(await shop.product())
  for (const status of ['paid', 'shipped', 'completed', 'shipped', 'paid']) {
    expect((await set(shop, id, status)).status).toBe(200)
    expect((await set(shop, id, 'pending')).status).toBe(400)
  }
})

test('a removed order is gone from every list; unpaid it gives its stock back, paid it keeps it', async () => {
  await using shop = await openStore()
  const product = await shop.product()
  const [unpaid, paid] = [await shop.order(product, 2), await shop.order(product, 3)]
  await set(shop, paid, 'paid')
  for (const id of [unpaid, paid]) {
    const reply = await admin(shop, 'DELETE', `/${id}`)
    expect([reply.status, reply.text, reply.headers.get('content-type')]).toEqual([204, '', null])
    expect((await admin(shop, 'DELETE', `/${id}`)).status).toBe(404)
    expect((await set(shop, id, 'paid')).status).toBe(404)
  }
  expect([(await admin(shop, 'GET', '')).body, (await shop.api('GET', '/orders/me')).body]).toEqual([[], []])
  expect(await shop.stock(product)).toBe(7)
  const rows = await shop.database.db.selectFrom('sales_order').select(['id', 'status']).orderBy('id').execute()
  expect(rows).toEqual([
    { id: unpaid, status: 'cancelled' },
    { id: paid, status: 'paid' },
  ])
})

test('the newest thousand are shown unless said otherwise', async () => {
  await using shop = await openStore()
  const money = { subtotal_cents: 1, tax_cents: 0, shipping_fee_cents: 0, total_cents: 1, currency: 'USD' }
  const order = { user_id: shop.customer.id, status: 'paid' as const, payment_method: 'cod', ...money }
  await shop.write((trx) =>
    insertMany(
      trx,
      'sales_order',
      Array.from({ length: 1001 }, () => order),
    ),
  )
  const { body, headers } = await admin(shop, 'GET', '')
  expect([body.length, body[0].order.id, headers.get('x-total-count')]).toEqual([1000, 1001, '1000+'])
})

test('nobody but admins, in the documents’ words', async () => {
  await using shop = await openStore()
  const id = await shop.order(await shop.product())
  for (const as of [shop.customer, shop.staff, shop.evaluator])
    for (const [method, path, body] of [
      ['GET', ''],
      ['PUT', `/${id}`, { status: 'nonsense' }],
      ['DELETE', `/${id}`],
    ] as const) {
      const reply = await shop.api(method, `/admin/orders${path}`, body, { as })
      expect([reply.status, reply.body]).toEqual([403, { detail: 'Admin role required', code: 'admin-role-required' }])
    }
})
