import { expect, test } from 'vitest'
import { v1 } from '../../server/v1/v1.ts'
import { openRepairShop, type RepairShop } from './repair-shop.ts'
import type { PersonKind } from '../support/person.ts'

/**
 * The permission table: what each kind of caller is answered when everything else about the call is right. `own` is the
 * answer for a row of one's own, the column for a row of somebody else's.
 */
type Row = {
  /** anonymous, customer, staff, evaluator, admin */
  answers: [number, number, number, number, number]
  /** What a customer is answered for their own row. */
  own?: number
  /** Path parameter and body of a call that would succeed, about a row of the customer `owner`. */
  ask?: (shop: RepairShop, owner: number) => Promise<{ id?: number; body?: object }>
}

let made = 0
const named = async () => ({ body: { name: `Thing ${++made}` } })
const login = { phone: '555-0104', password: 'correct horse' }
const deviceOf = async (shop: RepairShop, owner_id: number) => (await shop.device({ owner_id })).id
const orderOf = async (shop: RepairShop, customer_id: number) => (await shop.order({ customer_id })).id
const paymentOf = async (shop: RepairShop, owner: number) =>
  (await shop.payment({ order_id: await orderOf(shop, owner) })).id

const TABLE: Record<string, Row> = {
  'POST /auth/register': {
    answers: [201, 201, 201, 201, 201],
    ask: async () => ({ body: { full_name: 'New', phone: `7000${++made}`, password: 'password123' } }),
  },
  'POST /auth/login': { answers: [200, 200, 200, 200, 200], ask: async () => ({ body: login }) },
  'POST /auth/refresh': {
    answers: [200, 200, 200, 200, 200],
    ask: async (shop) => ({
      body: { refresh_token: (await shop.v1('POST', '/auth/login', login)).body.tokens.refresh_token },
    }),
  },
  'POST /auth/logout': { answers: [200, 200, 200, 200, 200], ask: async () => ({ body: { refresh_token: 'any' } }) },

  'GET /users': { answers: [401, 200, 200, 200, 200] },
  'GET /users/:user_id': { answers: [401, 404, 200, 200, 200], own: 200, ask: async (_, id) => ({ id }) },
  'POST /users': {
    answers: [401, 403, 403, 403, 201],
    ask: async () => ({ body: { full_name: 'New', phone: `8000${++made}`, password: 'password123' } }),
  },
  'PATCH /users/:user_id': {
    answers: [401, 404, 404, 404, 200],
    own: 200,
    ask: async (_, id) => ({ id, body: { full_name: 'Renamed' } }),
  },
  'DELETE /users/:user_id': {
    answers: [401, 403, 403, 403, 204],
    own: 403,
    ask: async (shop) => ({ id: (await shop.person('customer')).id }),
  },

  'POST /devices/types': { answers: [401, 403, 201, 201, 201], ask: named },
  'GET /devices/types': { answers: [401, 200, 200, 200, 200] },
  'POST /devices/brands': { answers: [401, 403, 201, 201, 201], ask: named },
  'GET /devices/brands': { answers: [401, 200, 200, 200, 200] },
  'POST /devices/models': {
    answers: [401, 403, 201, 201, 201],
    ask: async (shop) => ({ body: { ...shop.kind, name: `Thing ${++made}` } }),
  },
  'GET /devices/models': { answers: [401, 200, 200, 200, 200] },
  'GET /problems': { answers: [401, 200, 200, 200, 200] },
  'POST /problems': { answers: [401, 403, 201, 201, 201], ask: named },

  'POST /devices': { answers: [401, 201, 201, 403, 201], ask: async (shop) => ({ body: shop.kind }) },
  'GET /devices': { answers: [401, 200, 200, 200, 200] },
  'GET /devices/:device_id': {
    answers: [401, 404, 200, 200, 200],
    own: 200,
    ask: async (shop, owner) => ({ id: await deviceOf(shop, owner) }),
  },
  'PATCH /devices/:device_id': {
    answers: [401, 404, 200, 403, 200],
    own: 200,
    ask: async (shop, owner) => ({ id: await deviceOf(shop, owner), body: { notes: 'x' } }),
  },
  'DELETE /devices/:device_id': {
    answers: [401, 403, 204, 403, 204],
    own: 403,
    ask: async (shop, owner) => ({ id: await deviceOf(shop, owner) }),
  },

  'POST /orders': {
    answers: [401, 403, 201, 403, 201],
    own: 403,
    ask: async (shop, owner) => ({ body: { device_id: await deviceOf(shop, owner) } }),
  },
  'GET /orders': { answers: [401, 200, 200, 200, 200] },
  'GET /orders/:order_id': {
    answers: [401, 404, 200, 200, 200],
    own: 200,
    ask: async (shop, owner) => ({ id: await orderOf(shop, owner) }),
  },
  'PATCH /orders/:order_id': {
    answers: [401, 403, 200, 403, 200],
    own: 403,
    ask: async (shop, owner) => ({ id: await orderOf(shop, owner), body: { note: 'x' } }),
  },
  'DELETE /orders/:order_id': {
    answers: [401, 403, 403, 403, 204],
    own: 403,
    ask: async (shop, owner) => ({ id: await orderOf(shop, owner) }),
  },

  'POST /payments': {
    answers: [401, 403, 201, 403, 201],
    own: 403,
    ask: async (shop, owner) => ({ body: { order_id: await orderOf(shop, owner), amount: '1' } }),
  },
  'GET /payments': { answers: [401, 200, 200, 403, 200] },
  'GET /payments/:payment_id': {
    answers: [401, 404, 200, 403, 200],
    own: 200,
    ask: async (shop, owner) => ({ id: await paymentOf(shop, owner) }),
  },
  'PATCH /payments/:payment_id': {
    answers: [401, 403, 200, 403, 200],
    own: 403,
    ask: async (shop, owner) => ({ id: await paymentOf(shop, owner), body: { amount: '2' } }),
  },
  'DELETE /payments/:payment_id': {
    answers: [401, 403, 403, 403, 204],
    own: 403,
    ask: async (shop, owner) => ({ id: await paymentOf(shop, owner) }),
  },

  'POST /orders/assign': {
    answers: [401, 403, 201, 403, 201],
    ask: async (shop, owner) => ({ body: { order_id: await orderOf(shop, owner), user_id: shop.staff.id } }),
  },
  'GET /orders/assign/:order_id': {
    answers: [401, 403, 200, 200, 200],
    own: 403,
    ask: async (shop, owner) => ({ id: await orderOf(shop, owner) }),
  },
  'POST /assigns': {
    answers: [401, 403, 201, 403, 201],
    ask: async (shop, owner) => ({ body: { order_id: await orderOf(shop, owner), user_id: shop.staff.id } }),
  },
  'GET /assigns': { answers: [401, 403, 200, 200, 200] },
  'GET /assigns/:assign_id': {
    answers: [401, 403, 200, 200, 200],
    own: 403,
    ask: async (shop) => ({ id: (await shop.assignment()).id }),
  },
  'DELETE /assigns/:assign_id': {
    answers: [401, 403, 204, 403, 204],
    own: 403,
    ask: async (shop) => ({ id: (await shop.assignment()).id }),
  },
}

const CALLER_KINDS = ['anonymous', 'customer', 'staff', 'evaluator', 'admin'] as const
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path.slice('/v1'.length)}`
const pathFor = (path: string, id: number | undefined) => path.replace(/:\w+/, String(id))

test('every endpoint has its row in the permission table, and every row its endpoint', () => {
  expect(Object.keys(TABLE).toSorted()).toEqual(v1.map(nameOf).toSorted())
})

test('every endpoint answers each kind of caller as the table says', async () => {
  await using shop = await openRepairShop()
  for (const name of Object.keys(TABLE)) {
    const { answers, own, ask = async (): ReturnType<NonNullable<Row['ask']>> => ({}) } = TABLE[name]!
    const [method, path] = name.split(' ') as [string, string]
    const call = async (kind: PersonKind | 'anonymous', owner: number) => {
      const { id, body } = await ask(shop, owner)
      const as = kind === 'anonymous' ? undefined : shop[kind]
      return (await shop.v1(method, pathFor(path, id), body, { as })).status
    }
    const got: Record<string, number> = {}
    for (const kind of CALLER_KINDS) got[kind] = await call(kind, shop.other.id)
    expect(got, name).toEqual(Object.fromEntries(CALLER_KINDS.map((kind, index) => [kind, answers[index]])))
    if (own !== undefined) expect(await call('customer', shop.customer.id), name).toBe(own)
  }
})

test('a row of somebody else’s is answered in the same words as one that is not there', async () => {
  await using shop = await openRepairShop()
  for (const [name, { answers, own, ask }] of Object.entries(TABLE)) {
    if (own !== 200 || answers[1] !== 404) continue
    const [method, path] = name.split(' ') as [string, string]
    const { id, body } = await ask!(shop, shop.other.id)
    const theirs = await shop.v1(method, pathFor(path, id), body, { as: shop.customer })
    const nobodys = await shop.v1(method, pathFor(path, 999_999), body, { as: shop.customer })
    expect([name, theirs.status, theirs.text]).toEqual([name, 404, nobodys.text])
    const admin = await shop.v1(method, pathFor(path, 999_999), body)
    expect([name, admin.status, admin.text]).toEqual([name, 404, nobodys.text])
  }
})

test('the role decides before the flag', async () => {
  await using shop = await openRepairShop()
  const { id } = await shop.order()
  const flag = await shop.database.db
    .selectFrom('user')
    .select(['role', 'is_staff'])
    .where('id', '=', shop.evaluator.id)
    .executeTakeFirst()
  expect(flag).toEqual({ role: 'evaluator', is_staff: 1 })
  expect((await shop.v1('PATCH', `/orders/${id}`, { note: 'x' }, { as: shop.evaluator })).status).toBe(403)
})

test('403 comes before the faults of the body, the faults before 404, and 404 before 400', async () => {
  await using shop = await openRepairShop()
  const wrong = { cost: 'x' }
  expect((await shop.v1('PATCH', '/orders/999', wrong, { as: undefined })).status).toBe(401)
  expect((await shop.v1('PATCH', '/orders/999', wrong, { as: shop.customer })).status).toBe(403)
  expect((await shop.v1('PATCH', '/orders/999', wrong)).status).toBe(422)
  expect((await shop.v1('PATCH', '/orders/999', { cost: '1' })).status).toBe(404)
  expect((await shop.v1('POST', '/payments', { order_id: 999, amount: '5', due_amount: '1' })).status).toBe(404)
})

test('paths answer with and without a slash at the end, and name the methods they have', async () => {
  await using shop = await openRepairShop()
  for (const path of ['/users', '/devices/types', '/orders', '/assigns', '/payments', '/problems'])
    expect((await shop.v1('GET', `${path}/`)).text).toBe((await shop.v1('GET', path)).text)
  const wrong = await shop.v1('PUT', '/orders')
  expect([wrong.status, wrong.body, wrong.headers.get('allow')]).toEqual([
    405,
    { detail: 'Method Not Allowed', code: 'method-not-allowed' },
    'POST, GET',
  ])
  expect((await shop.v1('GET', '/orders/assign')).status).toBe(405)
  const unknown = await shop.v1('GET', '/nothing')
  expect([unknown.status, unknown.body]).toEqual([404, { detail: 'Not Found', code: 'path-not-found' }])
})
