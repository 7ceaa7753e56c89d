import { expect, test } from 'vitest'
import { v1 } from '../../server/v1/v1.ts'
import { openRepairShop, type RepairShop } from './repair-shop.ts'

/** Every column of every table that no body documents, and what an intruder would like it to be. */
const PRIVILEGED = {
  id: 4_711,
  store_id: 4_711,
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
  phone_key: '+4711',
  email_key: 'x',
  password_hash: 'x',
  source_key: 'x',
  created_at: '2001-01-01T00:00:00Z',
  updated_at: '2001-01-01T00:00:00Z',
  deleted_at: '2001-01-01T00:00:00Z',
  completed_at: '2001-01-01T00:00:00Z',
  assigned_at: '2001-01-01T00:00:00Z',
  paid_at: '2001-01-01T00:00:00Z',
  total_cost: '0.01',
  cost_cents: 1,
  amount_cents: 1,
  due_amount_cents: 1,
  ticket_number: 'S1-T1-999999',
  receipt_number: 'S1-T1-999999',
  name_key: 'x',
  serial_key: 'x',
  actor_id: 4_711,
}

type Case = { path?: string; body: object; as?: 'customer' | 'staff' | 'admin'; documented?: string[]; never?: object }

/** Each endpoint that takes a body about a row, with a body that succeeds and the privileged fields it documents. */
const CASES: Record<string, (shop: RepairShop) => Promise<Case>> = {
  'POST /auth/register': async () => ({
    body: { full_name: 'Eve', phone: '666', password: 'password123' },
    never: { profile_picture: 'x' },
  }),
  'POST /users': async () => ({
    body: { full_name: 'Eve', phone: '666', password: 'password123', is_staff: false },
    documented: ['is_staff'],
  }),
  'PATCH /users/:user_id': async (shop) => ({
    path: `/users/${shop.customer.id}`,
    body: { full_name: 'Eve' },
    as: 'customer',
    never: { phone: '4711', password: 'password124' },
  }),
  'POST /devices/types': async () => ({ body: { name: 'Tablet' } }),
  'POST /devices/brands': async () => ({ body: { name: 'Apple' } }),
  'POST /problems': async () => ({ body: { name: 'Battery' } }),
  'POST /devices/models': async (shop) => ({ body: { ...shop.kind, name: 'XPS 15' } }),
  'POST /devices': async (shop) => ({ body: shop.kind, as: 'customer', never: { owner_id: shop.other.id } }),
  'PATCH /devices/:device_id': async (shop) => ({
    path: `/devices/${(await shop.device()).id}`,
    body: { notes: 'x' },
    as: 'customer',
    never: { owner_id: shop.other.id, serial_number: 'EVE' },
  }),
  'POST /orders': async (shop) => ({ body: { device_id: (await shop.device()).id, cost: '10' } }),
  'PATCH /orders/:order_id': async (shop) => ({
    path: `/orders/${(await shop.order()).id}`,
    body: { note: 'x' },
    never: { customer_id: shop.other.id, device_id: (await shop.device()).id },
  }),
  'POST /payments': async (shop) => ({ body: { order_id: (await shop.order()).id, amount: '1' } }),
  'PATCH /payments/:payment_id': async (shop) => ({
    path: `/payments/${(await shop.payment()).id}`,
    body: { amount: '2' },
    never: { order_id: (await shop.order()).id, due_amount: '5' },
  }),
  'POST /assigns': async (shop) => ({ body: { order_id: (await shop.order()).id, user_id: shop.staff.id } }),
  'POST /orders/assign': async (shop) => ({ body: { order_id: (await shop.order()).id, user_id: shop.staff.id } }),
}

/** They take secrets, and give or end a session. */
const NO_ROW = ['POST /auth/login', 'POST /auth/refresh', 'POST /auth/logout']

test('every endpoint with a body is held to the fields it documents', () => {
  const withBody = v1.filter(({ body }) => body).map(({ method, path }) => `${method} ${path.slice('/v1'.length)}`)
  expect([...Object.keys(CASES), ...NO_ROW].toSorted()).toEqual(withBody.toSorted())
})

test.each(Object.keys(CASES))('%s stores no field that it does not document', async (name) => {
  const [method] = name.split(' ') as [string]
  const answer = async (spoiled: boolean) => {
    await using shop = await openRepairShop()
    const { path = name.split(' ')[1]!, body, as = 'admin', documented = [], never = {} } = await CASES[name]!(shop)
    const privileged = Object.fromEntries(
      Object.entries({ ...PRIVILEGED, ...never }).filter(([field]) => !documented.includes(field)),
    )
    const reply = await shop.v1(method, path, spoiled ? { ...privileged, ...body } : body, { as: shop[as] })
    expect(reply.status).toBeLessThan(300)
    const rows: Record<string, unknown> = {}
    for (const table of [
      'user',
      'device_type',
      'brand',
      'model',
      'problem',
      'device',
      'repair_order',
      'payment',
      'payment_entry',
      'assignment',
    ] as const)
      rows[table] = await shop.database.db.selectFrom(table).selectAll().orderBy('id').execute()
    return { reply: reply.body, rows }
  }
  expect(await answer(true)).toEqual(await answer(false))
})

test('__proto__ and constructor in a body pollute nothing', async () => {
  await using shop = await openRepairShop()
  for (const body of [
    '{"__proto__":{"is_staff":true,"role":"admin"},"name":"A"}',
    '{"constructor":{"prototype":{"is_staff":true}},"name":"B"}',
  ]) {
    const reply = await shop.v1('POST', '/devices/types', body)
    expect(reply.status).toBe(201)
  }
  expect(({} as { is_staff?: unknown }).is_staff).toBe(undefined)
  const hidden = await shop.v1('POST', '/devices/types', '{"__proto__":{"name":"C"}}')
  expect(hidden.status).toBe(422)
})
