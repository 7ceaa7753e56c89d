import { expect, test } from 'vitest'
import { addUser } from '../../server/shop/people/users.ts'
import { PASSWORD, openShop, type Shop } from '../support/shop.ts'

const register = (shop: Shop, email: unknown, password: unknown = 'password123', more: object = {}) =>
  shop.call('POST', '/api/auth/register', { body: { email, password, ...more } })
const COUNTER = { actor: null, device: null, act: 'test' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const token = (shop: Shop, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  shop.call('POST', '/api/auth/token', {
    body: new URLSearchParams(fields).toString(),
    headers: { ...FORM, ...headers },
  })
const faults = (body: { detail: { loc: string[]; type: string }[] }) =>
  body.detail.map(({ loc, type }) => `${loc.join('.')} ${type}`).toSorted()

test('somebody registers by e-mail and is signed in as a customer', async () => {
  await using shop = await openShop()
  const reply = await register(shop, 'User@Example.com')
  expect([reply.status, reply.body]).toEqual([
    201,
    { success: true, token: expect.any(String), user: { id: 1, email: 'User@Example.com', role: 'customer' } },
  ])
  const me = await shop.call('GET', '/api/auth/me', { token: reply.body.token })
  expect([me.status, me.body]).toEqual([
    200,
    { id: 1, email: 'User@Example.com', role: 'customer', created_at: '2026-01-15T09:00:00Z' },
  ])
})

test('nobody registers as anything but an active customer', async () => {
  await using shop = await openShop()
  const more = { role: 'admin', is_staff: true, is_active: false, id: 77, full_name: 'Eve', phone: '555' }
  const { body } = await register(shop, 'eve@example.com', 'password123', more)
  expect(body.user).toEqual({ id: 1, email: 'eve@example.com', role: 'customer' })
  const user = await shop.database.db.selectFrom('user').selectAll().executeTakeFirstOrThrow()
  expect(user).toMatchObject({ role: 'customer', is_staff: 0, is_active: 1, full_name: '', phone: null })
})

test('an e-mail address is registered once, in any case', async () => {
  await using shop = await openShop()
  await register(shop, 'user@example.com')
  const again = await register(shop, 'USER@example.com')
  const text = 'Email already registered'
  expect([again.status, again.body]).toMatchObject([400, { detail: text, success: false, error: text }])
})

test('of ten who register the same address at once, one is', async () => {
  await using shop = await openShop()
  const replies = await Promise.all(Array.from({ length: 10 }, () => register(shop, 'user@example.com')))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(9).fill(400)])
})

test('a customer whom the counter knows by that address is not taken over', async () => {
  await using shop = await openShop()
  const known = {
    full_name: 'Ann',
    phone: '555-0199',
    email: 'ann@example.com',
    role: 'customer' as const,
    is_staff: false,
  }
  await shop.database.write(COUNTER, (trx) => addUser(trx, known))
  expect((await register(shop, 'ann@example.com')).status).toBe(400)
  expect((await token(shop, { username: 'ann@example.com', password: 'password123' })).status).toBe(401)
})

test.each(['ann@shop.example\u200b', 'a\u202enn@shop.example', 'ann\u00ad@shop.example', 'ann@<b>.example'])(
  'nobody registers as %j, which looks like another address',
  async (email) => {
    await using shop = await openShop()
    const reply = await shop.call('POST', '/api/auth/register', { body: { email, password: 'correct horse' } })
    expect([reply.status, reply.body.detail[0].loc]).toEqual([422, ['body', 'email']])
  },
)

test('what registration lacks is said all at once', async () => {
  await using shop = await openShop()
  const of = async (body: object) => {
    const reply = await shop.call('POST', '/api/auth/register', { body })
    return [reply.status, ...faults(reply.body)]
  }
  expect(await of({})).toEqual([422, 'body.email missing', 'body.password missing'])
  expect(await of({ email: 'nobody', password: 'short' })).toEqual([
    422,
    'body.email value_error',
    'body.password string_too_short',
  ])
  expect(await of({ email: 1, password: 'ö'.repeat(37) })).toEqual([
    422,
    'body.email string_type',
    'body.password string_too_long',
  ])
})

test('a token is given for the right password, whatever else the form says', async () => {
  await using shop = await openShop()
  await register(shop, 'user@example.com')
  const fields = { grant_type: 'password', scope: '', client_id: 'x', username: 'USER@example.com' }
  const reply = await token(shop, { ...fields, password: 'password123' })
  expect([reply.status, reply.body]).toEqual([200, { access_token: expect.any(String), token_type: 'bearer' }])
  expect((await shop.call('GET', '/api/auth/me', { token: reply.body.access_token })).status).toBe(200)
})

test('a form may come as multipart, as some pages write it', async () => {
  await using shop = await openShop()
  await register(shop, 'user@example.com')
  const body = new FormData()
  body.append('username', 'user@example.com')
  body.append('password', 'password123')
  expect((await shop.call('POST', '/api/auth/token', { body })).body.token_type).toBe('bearer')
  body.set('password', '')
  expect(faults((await shop.call('POST', '/api/auth/token', { body })).body)).toEqual(['body.password missing'])
  const broken = { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=y' } }
  expect((await shop.call('POST', '/api/auth/token', broken)).status).toBe(400)
})

test('wrong passwords and unknown addresses get the same 401', async () => {
  await using shop = await openShop()
  await register(shop, 'user@example.com')
  for (const username of ['user@example.com', 'nobody@example.com', 'nobody']) {
    const reply = await token(shop, { username, password: 'wrong' })
    expect([reply.status, reply.body, reply.headers.get('www-authenticate')]).toEqual([
      401,
      { detail: 'Incorrect email or password', code: 'email-or-password-incorrect' },
      'Bearer',
    ])
  }
})

test('a form without user name or password is 422, another kind of body 415', async () => {
  await using shop = await openShop()
  const empty = await token(shop, { username: '', grant_type: 'password' })
  expect([empty.status, ...faults(empty.body)]).toEqual([422, 'body.password missing', 'body.username missing'])
  const body = { username: 'user@example.com', password: 'password123' }
  expect((await shop.call('POST', '/api/auth/token', { body })).status).toBe(415)
})

test('the sixth wrong password is 429 on both surfaces, the right one included', async () => {
  await using shop = await openShop()
  const ann = await shop.person('customer', { email: 'ann@example.com' })
  const username = 'ann@example.com'
  for (let i = 0; i < 5; i++) expect((await token(shop, { username, password: 'wrong' })).status).toBe(401)
  const late = await token(shop, { username, password: PASSWORD })
  expect([late.status, late.headers.get('retry-after')]).toEqual([429, '900'])
  const byPhone = { phone: ann.phone, password: PASSWORD }
  expect((await shop.call('POST', '/v1/auth/login', { body: byPhone })).status).toBe(429)
})

test('an inactive person is told so after the right password alone', async () => {
  await using shop = await openShop()
  const admin = await shop.person('admin')
  const ann = await shop.person('customer', { email: 'ann@example.com' })
  const before = (await token(shop, { username: 'ann@example.com', password: PASSWORD })).body.access_token
  await shop.call('PATCH', `/v1/users/${ann.id}`, { as: admin, body: { is_active: false } })
  expect((await token(shop, { username: 'ann@example.com', password: 'wrong' })).status).toBe(401)
  const right = await token(shop, { username: 'ann@example.com', password: PASSWORD })
  expect([right.status, right.body]).toEqual([403, { detail: 'User is inactive', code: 'user-inactive' }])
  expect((await shop.call('GET', '/api/auth/me', { token: before })).status).toBe(401)
})

test('a token of either surface is good on both', async () => {
  await using shop = await openShop()
  const ann = await shop.person('customer', { email: 'ann@example.com' })
  const login = await shop.call('POST', '/v1/auth/login', { body: { phone: ann.phone, password: PASSWORD } })
  const me = await shop.call('GET', '/api/auth/me', { token: login.body.tokens.access_token })
  expect(me.body).toMatchObject({ id: ann.id, email: 'ann@example.com' })
  const { access_token } = (await token(shop, { username: 'ann@example.com', password: PASSWORD })).body
  expect((await shop.call('GET', `/v1/users/${ann.id}`, { token: access_token })).body.full_name).toBe(ann.full_name)
  const known = await shop.call('GET', '/v1/users', { token: (await register(shop, 'new@example.com')).body.token })
  expect(known.body).toMatchObject([{ email: 'new@example.com', phone: null, full_name: '' }])
})

test('who registered by phone has no e-mail address here', async () => {
  await using shop = await openShop()
  const ann = await shop.person('customer')
  expect((await shop.call('GET', '/api/auth/me', { as: ann })).body.email).toBe(null)
})

test('a token is no answer for nobody', async () => {
  await using shop = await openShop()
  const none = await shop.call('GET', '/api/auth/me')
  expect([none.status, none.body, none.headers.get('www-authenticate')]).toEqual([
    401,
    { detail: 'Not authenticated', code: 'not-authenticated' },
    'Bearer',
  ])
  const bad = await shop.call('GET', '/api/auth/me', { token: 'x' })
  expect([bad.status, bad.body]).toEqual([401, { detail: 'Could not validate credentials', code: 'session-invalid' }])
})

test('an idempotency key does not make a second token the first', async () => {
  await using shop = await openShop()
  await register(shop, 'user@example.com')
  const fields = { username: 'user@example.com', password: 'password123' }
  const key = { 'idempotency-key': 'k' }
  const [one, two] = [await token(shop, fields, key), await token(shop, fields, key)]
  expect([one.status, two.status]).toEqual([200, 200])
  expect(one.body.access_token).not.toBe(two.body.access_token)
  expect(await shop.database.db.selectFrom('idempotency_key').selectAll().execute()).toEqual([])
})
