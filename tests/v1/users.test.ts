import { expect, test } from 'vitest'
import { removeUser } from '../../server/shop/people/users.ts'
import { faultsOf, openRepairShop } from './repair-shop.ts'

const JANE = {
  full_name: 'Jane Doe',
  phone: '9876543210',
  email: 'jane@example.com',
  password: 'password123',
  is_staff: true,
}

test('people are listed in id order, ten to a page, with their count', async () => {
  await using shop = await openRepairShop()
  for (let i = 0; i < 8; i++) await shop.person('customer')
  const all = await shop.v1('GET', '/users')
  expect(all.body.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(all.headers.get('x-total-count')).toBe('13')
  const rest = await shop.v1('GET', '/users?limit=5&offset=10')
  expect(rest.body.map(({ id }: { id: number }) => id)).toEqual([11, 12, 13])
  expect(rest.headers.get('x-total-count')).toBe('13')
  const past = await shop.v1('GET', '/users?offset=50')
  expect([past.text, past.headers.get('x-total-count')]).toEqual(['[]', '13'])
})

test('a page that cannot be is refused', async () => {
  await using shop = await openRepairShop()
  for (const [query, faults] of [
    ['limit=0', 'query.limit greater_than_equal'],
    ['limit=101', 'query.limit less_than_equal'],
    ['limit=ten', 'query.limit int_parsing'],
    ['offset=-1', 'query.offset greater_than_equal'],
    ['limit=x&offset=x', 'query.limit int_parsing,query.offset int_parsing'],
    ['limit=&offset=x', 'query.offset int_parsing'],
  ]) {
    for (const path of [
      '/users',
      '/devices',
      '/orders',
      '/payments',
      '/assigns',
      '/devices/types',
      '/devices/brands',
      '/devices/models',
      '/problems',
    ])
      expect(faultsOf(await shop.v1('GET', `${path}?${query}`)).join()).toBe(faults)
  }
})

test('a customer sees only themselves', async () => {
  await using shop = await openRepairShop()
  const list = await shop.v1('GET', '/users', undefined, { as: shop.customer })
  expect(list.body.map(({ full_name }: { full_name: string }) => full_name)).toEqual(['Ann'])
  expect(list.headers.get('x-total-count')).toBe('1')
  expect((await shop.v1('GET', `/users/${shop.customer.id}`, undefined, { as: shop.customer })).status).toBe(200)
  const other = await shop.v1('GET', `/users/${shop.other.id}`, undefined, { as: shop.customer })
  expect([other.status, other.body]).toEqual([404, { detail: 'User not found', code: 'user-not-found' }])
})

test('an admin adds staff who can sign in', async () => {
  await using shop = await openRepairShop()
  const reply = await shop.v1('POST', '/users', JANE)
  expect(reply.status).toBe(201)
  expect(reply.body).toEqual({
    id: 6,
    full_name: 'Jane Doe',
    phone: '9876543210',
    email: 'jane@example.com',
    profile_picture: null,
    is_active: true,
    is_staff: true,
    created_at: '2026-01-15T09:00:00Z',
  })
  const login = await shop.v1('POST', '/auth/login', { phone: JANE.phone, password: JANE.password })
  expect((await shop.v1('GET', '/devices', undefined, { token: login.body.tokens.access_token })).status).toBe(200)
  const again = await shop.v1('POST', '/users', { ...JANE, email: null })
  expect([again.status, again.body.detail]).toEqual([400, 'Phone already registered'])
})

test('a person added without the flag is no staff', async () => {
  await using shop = await openRepairShop()
  const { is_staff: _, ...plain } = JANE
  expect((await shop.v1('POST', '/users', plain)).body.is_staff).toBe(false)
})

test('name, e-mail and picture are changed, what is left out or null stays', async () => {
  await using shop = await openRepairShop()
  const path = `/users/${shop.customer.id}`
  const changes = {
    full_name: 'John Updated',
    email: 'john.updated@example.com',
    profile_picture: 'https://example.com/avatar.jpg',
  }
  const before = (await shop.v1('GET', path)).body
  const reply = await shop.v1('PATCH', path, changes, { as: shop.customer })
  expect([reply.status, reply.body]).toEqual([200, { ...before, ...changes }])
  expect((await shop.v1('PATCH', path, { full_name: null, email: null }, { as: shop.customer })).body).toEqual(
    reply.body,
  )
  expect((await shop.v1('PATCH', path, {})).body).toEqual(reply.body)
  expect((await shop.v1('GET', path)).body).toEqual(reply.body)
})

test('an e-mail that somebody else has is refused, one’s own is not', async () => {
  await using shop = await openRepairShop()
  await shop.v1('PATCH', `/users/${shop.other.id}`, { email: 'bob@example.com' })
  const taken = await shop.v1('PATCH', `/users/${shop.customer.id}`, { email: 'BOB@example.com' })
  expect([taken.status, taken.body.detail]).toEqual([400, 'Email already registered'])
  expect((await shop.v1('PATCH', `/users/${shop.other.id}`, { email: 'Bob@example.com' })).status).toBe(200)
})

test('only an admin shuts people out, others are not heard', async () => {
  await using shop = await openRepairShop()
  const own = await shop.v1(
    'PATCH',
    `/users/${shop.customer.id}`,
    { is_active: false, full_name: 'Anna' },
    { as: shop.customer },
  )
  expect([own.status, own.body.is_active, own.body.full_name]).toEqual([200, true, 'Anna'])
  const off = await shop.v1('PATCH', `/users/${shop.customer.id}`, { is_active: false })
  expect([off.status, off.body.is_active]).toEqual([200, false])
  const on = await shop.v1('PATCH', `/users/${shop.customer.id}`, { is_active: true })
  expect(on.body.is_active).toBe(true)
})

test('nobody deactivates or removes themselves, nor the last admin', async () => {
  await using shop = await openRepairShop()
  const path = `/users/${shop.admin.id}`
  expect((await shop.v1('PATCH', path, { is_active: false, full_name: 'Gone' })).status).toBe(400)
  expect((await shop.v1('DELETE', path)).status).toBe(400)
  await expect(
    shop.database.write({ actor: null, device: null, act: 'user remove' }, (trx) => removeUser(trx, shop.admin.id)),
  ).rejects.toMatchObject({ status: 400 })
  const { body } = await shop.v1('GET', path)
  expect([body.is_active, body.full_name]).toEqual([true, shop.admin.full_name])
})

test('two admins who remove each other at the same time leave one', async () => {
  await using shop = await openRepairShop()
  const second = await shop.person('admin')
  const replies = await Promise.all([
    shop.v1('DELETE', `/users/${second.id}`),
    shop.v1('DELETE', `/users/${shop.admin.id}`, undefined, { as: second }),
  ])
  expect(replies.filter(({ status }) => status === 204).length).toBe(1)
  const admins = await shop.database.db
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'admin')
    .where('deleted_at', 'is', null)
    .execute()
  expect(admins.length).toBe(1)
})

test('a removed person is gone from the API and stays in the journal', async () => {
  await using shop = await openRepairShop()
  const path = `/users/${shop.other.id}`
  const gone = await shop.v1('DELETE', path)
  expect([gone.status, gone.text, gone.headers.get('content-type')]).toEqual([204, '', null])
  for (const method of ['GET', 'DELETE']) expect((await shop.v1(method, path)).status).toBe(404)
  expect((await shop.v1('PATCH', path, { full_name: 'Back' })).status).toBe(404)
  expect((await shop.v1('GET', '/users')).text).not.toContain('Bob')
  const entry = await shop.database.db
    .selectFrom('journal')
    .select(['actor', 'act', 'kind'])
    .where('entity', '=', 'user')
    .where('kind', '=', 'del')
    .executeTakeFirst()
  expect(entry).toEqual({ actor: shop.admin.id, act: 'DELETE /v1/users/:user_id', kind: 'del' })
})

test('an id that is none is a fault of the path', async () => {
  await using shop = await openRepairShop()
  expect(faultsOf(await shop.v1('GET', '/users/me'))).toEqual(['path.user_id int_parsing'])
  expect(faultsOf(await shop.v1('GET', '/users/99999999999999999999'))).toEqual(['path.user_id int_parsing_size'])
  expect((await shop.v1('GET', '/users/0')).status).toBe(404)
  expect((await shop.v1('GET', '/users/-1')).status).toBe(404)
  expect((await shop.v1('GET', '/users/9007199254740991')).status).toBe(404)
})
