import { expect, test } from 'vitest'
import { api } from '../../server/api/api.ts'
import { openStore, type Store } from './store-shop.ts'

/** Columns that no body of the store documents, and what an intruder would like them to be. */
const PRIVILEGED = {
  id: 4_711,
  store_id: 4_711,
  user_id: 4_711,
  cart_id: 4_711,
  order_id: 4_711,
  role: 'admin',
  is_admin: true,
  is_active: false,
  is_staff: true,
  is_lead: true,
  works_at: 1,
  duplicate_of: 1,
  unconfirmed_since: 4_711,
  pin_changed_at: 4_711,
  password_version: 'ffffffffffff-0000-00000000',
  phone_shared_at: 4_711,
  full_name: 'Eve',
  phone: '4711',
  email_key: 'x',
  password_hash: 'x',
  status: 'paid',
  notes: 'x',
  subtotal: 0.01,
  total: 0.01,
  tax: 0,
  total_cents: 1,
  unit_price: 0.01,
  unit_price_cents: 1,
  price_cents: 1,
  title: 'x',
  from_cart: 9,
  expires_at: null,
  cancel_reason: 'admin',
  currency: 'JPY',
  payment_method: 'cod',
  shipping_fee: 0,
  created_at: '2001-01-01T00:00:00Z',
  updated_at: '2001-01-01T00:00:00Z',
  deleted_at: '2001-01-01T00:00:00Z',
  is_default: false,
  refund_due: true,
}

type Case = { path?: string; body: Record<string, unknown>; as?: 'admin'; documented?: string[] }

const ADDRESS = {
  full_name: 'Ann Lee',
  phone_number: '604 555 0100',
  address_line1: '123 Main St',
  city: 'Vancouver',
  state: 'BC',
  postal_code: 'V6B 1A1',
  country: 'Canada',
}

const CASES: Record<string, (shop: Store, product: number) => Promise<Case>> = {
  'POST /auth/register': async () => ({ body: { email: 'eve@example.com', password: 'password123' } }),
  'POST /cart/items': async (_, product_id) => ({ body: { product_id, qty: 2 } }),
  'PUT /cart/items/:product_id': async (shop, product_id) => {
    await shop.api('POST', '/cart/items', { product_id })
    return { path: `/cart/items/${product_id}`, body: { qty: 2 } }
  },
  'POST /addresses': async () => ({ body: ADDRESS, documented: ['full_name', 'is_default'] }),
  'PUT /addresses/:address_id': async (shop) => {
    const { id } = (await shop.api('POST', '/addresses', ADDRESS)).body
    return { path: `/addresses/${id}`, body: { city: 'Ottawa' }, documented: ['full_name', 'is_default'] }
  },
  'POST /orders/checkout': async (_, id) => ({
    body: { items: [{ ...PRIVILEGED, id, price: 899.99, quantity: 1 }], paymentMethod: 'cod' },
  }),
  'PUT /admin/orders/:order_id': async (shop, product) => ({
    path: `/admin/orders/${await shop.order(product)}`,
    body: {},
    as: 'admin',
    documented: ['status', 'notes'],
  }),
}

/** They read a signature, compute a price, take a secret, or are held to their fields by the trade-in tests. */
const ELSEWHERE = ['POST /auth/token', 'POST /orders/stripe-webhook']

test('every endpoint of the store with a body is held to the fields it documents', () => {
  const withBody = api
    .filter(({ body, path }) => body && !path.includes('tradein'))
    .map(({ method, path }) => `${method} ${path.slice('/api'.length)}`)
  expect([...Object.keys(CASES), ...ELSEWHERE].toSorted()).toEqual(withBody.toSorted())
})

test.each(Object.keys(CASES))('%s stores no field that it does not document', async (name) => {
  const [method] = name.split(' ') as [string]
  const answer = async (spoiled: boolean) => {
    await using shop = await openStore()
    const { path = name.split(' ')[1]!, body, as, documented = [] } = await CASES[name]!(shop, await shop.product())
    const privileged = Object.fromEntries(Object.entries(PRIVILEGED).filter(([field]) => !documented.includes(field)))
    const sent = spoiled ? { ...privileged, ...body } : body
    const reply = await shop.api(method, path, sent, as && { as: shop[as] })
    expect(reply.status).toBeLessThan(300)
    const rows: Record<string, unknown> = {}
    for (const table of [
      'user',
      'product',
      'cart',
      'cart_item',
      'address',
      'sales_order',
      'sales_line',
      'sales_payment',
      'stock_movement',
    ] as const)
      rows[table] = await shop.database.db.selectFrom(table).selectAll().orderBy('id').execute()
    const { token: _, ...shown } = reply.body
    return { shown, rows }
  }
  expect(await answer(true)).toEqual(await answer(false))
})

test('__proto__ in a body pollutes nothing', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  const body = `{"__proto__":{"role":"admin"},"items":[{"id":${id},"price":899.99,"quantity":1}],"paymentMethod":"cod","shippingAddress":{"__proto__":{"role":"admin"},"city":"X"}}`
  expect((await shop.api('POST', '/orders/checkout', body)).status).toBe(200)
  expect(({} as { role?: unknown }).role).toBe(undefined)
  const admin = await shop.api('GET', '/admin/orders', undefined, { as: shop.admin })
  expect(admin.body[0].order.shipping_address_json.city).toBe('X')
})
