import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { configFrom } from '../../server/config.ts'
import { api } from '../../server/api/api.ts'
import { PASSWORD } from '../support/shop.ts'
import { formOf, jpeg } from './pictures.ts'
import { openStore, type Store } from './store-shop.ts'
import type { PersonKind } from '../support/person.ts'

/**
 * The permission table: what each kind of caller is answered when everything else about the call is right. Where the call is
 * about a row, it is `owner`'s; `own` is the answer for a row of the caller's own.
 */
type Row = {
  /** anonymous, customer, staff, evaluator, admin */
  answers: [number, number, number, number, number]
  /** What a customer is answered for their own row. */
  own?: number
  /** Path parameter, query, body and headers of a call that would succeed. */
  ask?: (shop: Store, owner: Store['customer']) => Promise<Ask>
}
type Ask = { id?: number | string; query?: string; body?: unknown; headers?: Record<string, string> }

const SECRET = 'whsec_of_a_test'
const ADDRESS = {
  full_name: 'Ann Lee',
  phone_number: '604 555 0100',
  address_line1: '123 Main St',
  city: 'Vancouver',
  state: 'BC',
  postal_code: 'V6B 1A1',
  country: 'Canada',
}
const DEVICE = { brand_name: 'Apple', model_text: 'iPhone 14 Pro', condition: 'A' }

let made = 0
const everybody: Row['answers'] = [200, 200, 200, 200, 200]
const mine: Row['answers'] = [401, 200, 200, 200, 200]
const nobodyElses: Row['answers'] = [401, 404, 404, 404, 404]
const adminsOnly = (success: number): Row['answers'] => [401, 403, 403, 403, success]

const inCart = async (shop: Store, as: Store['customer']) => {
  const product_id = await shop.product()
  await shop.api('POST', '/cart/items', { product_id }, { as })
  return product_id
}
const pickupOf = async (shop: Store, as: Store['customer']) => {
  const form = formOf(DEVICE, [['a.jpg', await jpeg()]])
  return (await shop.api('POST', '/tradein/pickup-requests', form, { as })).body
}
const evaluate = (shop: Store, id: number) =>
  shop.api('PUT', `/admin/tradeins/${id}/evaluate`, { final_offer: 500, status: 'offered' }, { as: shop.admin })

const TABLE: Record<string, Row> = {
  'POST /api/auth/register': {
    answers: [201, 201, 201, 201, 201],
    ask: async () => ({ body: { email: `new${++made}@example.com`, password: 'password123' } }),
  },
  'POST /api/auth/token': {
    answers: everybody,
    ask: async () => ({
      body: new URLSearchParams({ username: 'ann@example.com', password: PASSWORD }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  },
  'GET /api/auth/me': { answers: mine },

  'GET /api/products': { answers: everybody },
  'GET /api/products/search': { answers: everybody, ask: async () => ({ query: '?q=phone' }) },
  'GET /api/products/deals': { answers: everybody },
  'GET /api/products/:product_id': { answers: everybody, ask: async (shop) => ({ id: await shop.product() }) },

  'GET /api/cart': { answers: mine },
  'GET /api/cart/count': { answers: mine },
  'POST /api/cart/items': {
    answers: [401, 201, 201, 201, 201],
    ask: async (shop) => ({ body: { product_id: await shop.product() } }),
  },
  'PUT /api/cart/items/:product_id': {
    answers: nobodyElses,
    own: 200,
    ask: async (shop, owner) => ({ id: await inCart(shop, owner), body: { qty: 2 } }),
  },
  'DELETE /api/cart/items/:product_id': {
    answers: nobodyElses,
    own: 204,
    ask: async (shop, owner) => ({ id: await inCart(shop, owner) }),
  },

  'GET /api/addresses': { answers: mine },
  'POST /api/addresses': { answers: [401, 201, 201, 201, 201], ask: async () => ({ body: ADDRESS }) },
  'PUT /api/addresses/:address_id': {
    answers: nobodyElses,
    own: 200,
    ask: async (shop, as) => ({
      id: (await shop.api('POST', '/addresses', ADDRESS, { as })).body.id,
      body: { city: 'Ottawa' },
    }),
  },
  'DELETE /api/addresses/:address_id': {
    answers: nobodyElses,
    own: 204,
    ask: async (shop, as) => ({ id: (await shop.api('POST', '/addresses', ADDRESS, { as })).body.id }),
  },

  // It gets as far as the payment: there is no Stripe here.
  'POST /api/orders': {
    answers: [401, 500, 500, 500, 500],
    ask: async (shop) => {
      for (const as of [shop.customer, shop.staff, shop.evaluator, shop.admin]) await inCart(shop, as)
      return {}
    },
  },
  'POST /api/orders/checkout': {
    answers: mine,
    ask: async (shop) => ({
      body: { items: [{ id: await shop.product(), price: 899.99, quantity: 1 }], paymentMethod: 'cod' },
    }),
  },
  'GET /api/orders/me': { answers: mine },
  'POST /api/orders/stripe-webhook': {
    answers: everybody,
    ask: async (shop) => {
      const body = JSON.stringify({
        id: `evt_${++made}`,
        object: 'event',
        type: 'unheard.of',
        created: 1,
        data: { object: {} },
      })
      const timestamp = Math.floor(shop.clock.now() / 1_000)
      const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET, timestamp })
      return { body, headers: { 'stripe-signature': signature } }
    },
  },

  'GET /api/admin/orders': { answers: adminsOnly(200) },
  'PUT /api/admin/orders/:order_id': {
    answers: adminsOnly(200),
    own: 403,
    ask: async (shop, owner) => ({
      id: await shop.order(await shop.product(), 1, owner),
      body: { status: 'shipped' },
    }),
  },
  'DELETE /api/admin/orders/:order_id': {
    answers: adminsOnly(204),
    own: 403,
    ask: async (shop, owner) => ({ id: await shop.order(await shop.product(), 1, owner) }),
  },

  'GET /api/categories': { answers: everybody },
  'GET /api/locations': { answers: everybody },
  'GET /api/locations/:location_id': { answers: everybody, ask: async () => ({ id: 'ottawa' }) },

  'POST /api/tradein/estimate': {
    answers: everybody,
    ask: async () => ({ body: { brand: 'Apple', model: 'iPhone 14 Pro', condition: 'A' } }),
  },
  'GET /api/tradein/brands': { answers: everybody },
  'POST /api/tradein/pickup-requests': {
    answers: [401, 201, 201, 201, 201],
    ask: async () => ({ body: formOf(DEVICE) }),
  },
  'GET /api/tradein/pickup-requests/me': { answers: mine },
  'POST /api/tradein/pickup-requests/:pickup_id/respond': {
    answers: nobodyElses,
    own: 200,
    ask: async (shop, owner) => {
      const { id } = await pickupOf(shop, owner)
      await evaluate(shop, id)
      return { id, body: { action: 'accept' } }
    },
  },
  'GET /api/admin/tradeins': { answers: adminsOnly(200) },
  'PUT /api/admin/tradeins/:pickup_id/evaluate': {
    answers: adminsOnly(200),
    own: 403,
    ask: async (shop, owner) => ({
      id: (await pickupOf(shop, owner)).id,
      body: { final_offer: 500, status: 'offered' },
    }),
  },
  'DELETE /api/admin/tradeins/:pickup_id': {
    answers: adminsOnly(204),
    own: 403,
    ask: async (shop, owner) => ({ id: (await pickupOf(shop, owner)).id }),
  },

  'GET /uploads/tradein_photos/:file': {
    answers: [403, 403, 200, 200, 200],
    own: 200,
    ask: async (shop, owner) => ({ id: /[^/]+\.jpg/.exec((await pickupOf(shop, owner)).photos[0])![0] }),
  },
  'GET /uploads/no-picture.svg': { answers: everybody },
  'GET /uploads/products/:file': {
    answers: everybody,
    ask: async (shop) => {
      await pickupOf(shop, shop.customer)
      const photo = await shop.database.db.selectFrom('photo').select(['id', 'sha256']).executeTakeFirstOrThrow()
      await shop.change(await shop.product(), { photo_id: photo.id })
      return { id: `${photo.sha256}.jpg` }
    },
  },
}

const CALLER_KINDS = ['anonymous', 'customer', 'staff', 'evaluator', 'admin'] as const
const open = () => openStore({ config: { stripe: { ...configFrom({}).stripe, webhookSecret: SECRET } } })

async function answer(shop: Store, name: string, kind: PersonKind | 'anonymous', owner: Store['customer']) {
  const [method, path] = name.split(' ') as [string, string]
  const { id, query = '', body, headers = {} } = (await TABLE[name]!.ask?.(shop, owner)) ?? {}
  const as = kind === 'anonymous' ? undefined : shop[kind]
  return await shop.call(method, path.replace(/:\w+/, String(id)) + query, { as, body, headers })
}

test('every endpoint has its row in the permission table, and every row its endpoint', () => {
  const served = api.map(({ method, path }) => `${method} ${path}`)
  expect(Object.keys(TABLE).toSorted()).toEqual(served.toSorted())
})

test('every endpoint answers each kind of caller as the table says', async () => {
  await using shop = await open()
  for (const [name, { answers, own }] of Object.entries(TABLE)) {
    const got: Record<string, number> = {}
    for (const kind of CALLER_KINDS) got[kind] = (await answer(shop, name, kind, shop.other)).status
    expect(got, name).toEqual(Object.fromEntries(CALLER_KINDS.map((kind, index) => [kind, answers[index]])))
    if (own !== undefined) expect((await answer(shop, name, 'customer', shop.customer)).status, name).toBe(own)
  }
})

test('a row of somebody else’s is answered in the same words as one that is not there', async () => {
  await using shop = await open()
  for (const [name, { answers, ask }] of Object.entries(TABLE)) {
    if (answers !== nobodyElses) continue
    const [method, path] = name.split(' ') as [string, string]
    const { id, body } = await ask!(shop, shop.other)
    const call = (id: unknown) => shop.call(method, path.replace(/:\w+/, String(id)), { as: shop.customer, body })
    const [theirs, nobodys] = [await call(id), await call(999_999)]
    expect([name, theirs.status, theirs.text]).toEqual([name, 404, nobodys.text])
  }
})

test('refusals are in the words of the documents, and come before the faults of the body', async () => {
  await using shop = await open()
  for (const { method, path, who } of api) {
    if (who.allow.anonymous) continue
    const call = (as?: Store['customer']) =>
      shop.call(method, path.replace(/:\w+/, 'x'), { as, ...(method !== 'GET' && { body: '{' }) })
    const nobody = await call()
    expect([nobody.status, nobody.body, nobody.headers.get('www-authenticate')]).toEqual([
      401,
      { detail: 'Not authenticated', code: 'not-authenticated' },
      'Bearer',
    ])
    if (path.startsWith('/api/admin'))
      expect([(await call(shop.staff)).status, (await call(shop.staff)).body]).toEqual([
        403,
        { detail: 'Admin role required', code: 'admin-role-required' },
      ])
  }
})

test('paths answer with and without a slash at the end, and name the methods they have', async () => {
  await using shop = await open()
  for (const path of ['/cart', '/cart/count', '/addresses', '/orders/me', '/auth/me'])
    expect((await shop.api('GET', `${path}/`)).text).toBe((await shop.api('GET', path)).text)
  const wrong = await shop.api('PATCH', '/cart/items/1')
  expect([wrong.status, wrong.body, wrong.headers.get('allow')]).toEqual([
    405,
    { detail: 'Method Not Allowed', code: 'method-not-allowed' },
    'PUT, DELETE',
  ])
  expect((await shop.api('GET', '/users/me/items')).status).toBe(404)
})
