import { expect, test } from 'vitest'
import { deleteLocal } from '../../db/local.ts'
import { patch } from '../../db/rows.ts'
import { startSession } from '../../server/shop/people/sessions.ts'
import { bringUpToDate } from '../../server/upkeep.ts'
import { setPassword } from '../../server/shop/people/users.ts'
import { openShop, PASSWORD, type Shop } from '../support/shop.ts'
import { faultsOf } from './repair-shop.ts'

const JOHN = { full_name: 'John Doe', phone: '1234567890', email: 'john@example.com', password: 'password123' }
const DAY = 86_400_000
const by = { actor: null, device: null, act: 'test' }

const register = (shop: Shop, fields: object = {}) =>
  shop.call('POST', '/v1/auth/register', { body: { ...JOHN, ...fields } })
const login = (shop: Shop, fields: object = {}) =>
  shop.call('POST', '/v1/auth/login', { body: { phone: JOHN.phone, password: JOHN.password, ...fields } })
const refresh = (shop: Shop, refresh_token: string) =>
  shop.call('POST', '/v1/auth/refresh', { body: { refresh_token } })
const logout = (shop: Shop, refresh_token: string) => shop.call('POST', '/v1/auth/logout', { body: { refresh_token } })
const myself = async (shop: Shop, token: string) => (await shop.call('GET', '/v1/users', { token })).status

test('registering makes an active customer, as documented', async () => {
  await using shop = await openShop()
  const reply = await register(shop)
  expect(reply.status).toBe(201)
  expect(reply.body).toEqual({
    id: 1,
    full_name: 'John Doe',
    phone: '1234567890',
    email: 'john@example.com',
    profile_picture: null,
    is_active: true,
    is_staff: false,
    created_at: '2026-01-15T09:00:00Z',
  })
})

test('the e-mail may be left out or null, the other three may not', async () => {
  await using shop = await openShop()
  expect((await register(shop, { email: null })).body.email).toBe(null)
  const bare = await shop.call('POST', '/v1/auth/register', { body: {} })
  expect(bare.status).toBe(422)
  expect(bare.body.detail).toEqual([
    { type: 'missing', loc: ['body', 'full_name'], msg: 'Field required' },
    { type: 'missing', loc: ['body', 'phone'], msg: 'Field required' },
    { type: 'missing', loc: ['body', 'password'], msg: 'Field required' },
  ])
})

test('a phone number or e-mail is registered once, however it is written', async () => {
  await using shop = await openShop()
  await register(shop)
  const samePhone = await register(shop, { phone: '(123) 456-7890', email: null })
  expect([samePhone.status, samePhone.body.detail]).toEqual([400, 'Phone already registered'])
  const sameEmail = await register(shop, { phone: '2222', email: 'JOHN@Example.com' })
  expect([sameEmail.status, sameEmail.body.detail]).toEqual([400, 'Email already registered'])
  expect((await shop.database.db.selectFrom('user').select('id').execute()).length).toBe(1)
})

test.each([
  ['ANN@EXAMPLE.COM', 'ann@example.com'],
  ['mu\u0308ller@example.com', 'M\u00dcLLER@example.com'],
  ['stra\u00dfe@example.com', 'STRASSE@example.com'],
  ['\u03bf\u03b4\u03bf\u03c3@example.com', '\u039f\u0394\u039f\u03a3@example.com'],
  ['ann@\uff45xample.com', 'ann@example.com'],
  ['an\u034fn@example.com', 'ann@example.com'],
])('%s and %s are one e-mail address, which either signs in', async (first, second) => {
  await using shop = await openShop()
  expect((await register(shop, { email: first })).status).toBe(201)
  expect(await register(shop, { phone: '2222', email: second })).toMatchObject({
    status: 400,
    body: { detail: 'Email already registered' },
  })
  const body = new URLSearchParams({ username: second, password: JOHN.password })
  const signedIn = await fetch(`${shop.url}/api/auth/token`, { method: 'POST', body })
  expect(signedIn.status).toBe(200)
})

test('a plus before a zero makes no second number of a known one', async () => {
  await using shop = await openShop()
  await shop.database.write(by, (trx) => patch(trx, 'store', 1, { country: 'GB' }))
  expect((await register(shop, { phone: '07700 900461' })).status).toBe(201)
  for (const phone of ['+07700 900461', '+0044 7700 900461', '++ (0)7700 900461'])
    expect([phone, (await register(shop, { phone, email: null })).status]).toEqual([phone, 400])
})

test('a key of before is made anew, and two whose addresses became one both sign in', async () => {
  await using shop = await openShop()
  await register(shop, { email: 'stra\u00dfe@example.com' })
  await register(shop, { phone: '2222', email: 'else@example.com', password: 'another-password' })
  await shop.database.write(by, async (trx) => {
    await patch(trx, 'user', 1, { email_key: 'stra\u00dfe@example.com' })
    await patch(trx, 'user', 2, { email: 'strasse@example.com', email_key: 'strasse@example.com' })
  })
  await bringUpToDate({ database: shop.database })
  for (const [password, sub] of [
    [JOHN.password, 1],
    ['another-password', 2],
  ] as const) {
    const body = new URLSearchParams({ username: 'strasse@example.com', password })
    const reply = await fetch(`${shop.url}/api/auth/token`, { method: 'POST', body })
    expect(reply.status).toBe(200)
    const { access_token } = (await reply.json()) as { access_token: string }
    expect(await shop.call('GET', '/api/auth/me', { token: access_token })).toMatchObject({ body: { id: sub } })
  }
})

test('whoever signs in again and again loses the oldest session, and the newest go on', async () => {
  await using shop = await openShop()
  await register(shop)
  const first = (await login(shop)).body.tokens
  shop.clock.pass(1_000)
  const counted = async () => (await shop.database.db.selectFrom('session').select('id').execute()).length
  const session = { user_id: 1, surface: 'v1', device: null, days: 30 } as const
  await shop.database.write(by, async (trx) => {
    for (let n = 0; n < 199; n++) await startSession(trx, session)
  })
  expect(await counted()).toBe(200)
  expect((await refresh(shop, first.refresh_token)).status).toBe(200)
  shop.clock.pass(1_000)
  const last = (await login(shop)).body.tokens
  expect(await counted()).toBe(200)
  expect((await refresh(shop, first.refresh_token)).status).toBe(401)
  expect(await myself(shop, first.access_token)).toBe(401)
  expect((await refresh(shop, last.refresh_token)).status).toBe(200)
  // A session that has ended makes room before one that goes on.
  await logout(shop, last.refresh_token)
  const { length } = await shop.database.db.selectFrom('session').select('id').where('ended_at', 'is', null).execute()
  await login(shop)
  expect(
    await shop.database.db.selectFrom('session').select('id').where('ended_at', 'is', null).execute(),
  ).toHaveLength(length + 1)
  expect(await counted()).toBe(200)
})

test('two registrations of one phone at the same time make one account', async () => {
  await using shop = await openShop()
  const replies = await Promise.all(Array.from({ length: 6 }, () => register(shop, { email: null })))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400, 400, 400, 400])
})

test('what cannot be a name, phone, e-mail or password is refused at its field', async () => {
  await using shop = await openShop()
  for (const [fields, fault] of [
    [{ phone: '12' }, 'body.phone string_too_short'],
    [{ phone: '1'.repeat(21) }, 'body.phone string_too_long'],
    [{ phone: '12345x' }, 'body.phone value_error'],
    [{ phone: 1_234_567 }, 'body.phone string_type'],
    [{ password: 'seven77' }, 'body.password string_too_short'],
    [{ password: 'a'.repeat(73) }, 'body.password string_too_long'],
    [{ password: 'ü'.repeat(37) }, 'body.password string_too_long'],
    [{ full_name: '   ' }, 'body.full_name string_too_short'],
    [{ full_name: '\u2800' }, 'body.full_name string_too_short'],
    [{ email: 'nobody' }, 'body.email value_error'],
  ] as const) {
    const reply = await register(shop, fields)
    expect(reply.status, fault).toBe(422)
    expect(faultsOf(reply)).toEqual([fault])
  }
})

test('a password of exactly 72 bytes is taken and opens the door, a longer one with the same beginning does not', async () => {
  await using shop = await openShop()
  const password = 'ü'.repeat(36)
  expect((await register(shop, { password })).status).toBe(201)
  expect((await login(shop, { password })).status).toBe(200)
  expect((await login(shop, { password: password + 'x' })).status).toBe(401)
})

test('signing in gives the user and both tokens, and the access token names the user', async () => {
  await using shop = await openShop()
  const { body: user } = await register(shop)
  const reply = await login(shop, { phone: '123-456 7890' })
  expect(reply.status).toBe(200)
  expect(reply.body.user).toEqual(user)
  const { access_token, refresh_token, token_type } = reply.body.tokens
  expect(token_type).toBe('bearer')
  const claims = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString())
  expect(claims).toMatchObject({ sub: String(user.id), exp: shop.clock.now() / 1000 + 86_400 })
  expect(await myself(shop, access_token)).toBe(200)
  const kept = JSON.stringify(await shop.database.db.selectFrom('session').selectAll().execute())
  expect(kept).not.toContain(refresh_token)
  expect(kept).not.toContain(access_token)
})

test('an unknown phone and a wrong password are answered alike', async () => {
  await using shop = await openShop()
  await register(shop)
  const wrong = await login(shop, { password: 'password124' })
  const unknown = await login(shop, { phone: '000000' })
  const blank = await login(shop, { phone: 'x' })
  expect([wrong.status, wrong.text]).toEqual([401, '{"detail":"Invalid credentials","code":"credentials-invalid"}'])
  expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text])
  expect([blank.status, blank.text]).toEqual([wrong.status, wrong.text])
})

test('an inactive person learns so only with the right password', async () => {
  await using shop = await openShop()
  const admin = await shop.person('admin')
  const { body: user } = await register(shop)
  await shop.call('PATCH', `/v1/users/${user.id}`, { as: admin, body: { is_active: false } })
  expect((await login(shop, { password: 'password124' })).status).toBe(401)
  const right = await login(shop)
  expect([right.status, right.body.detail]).toEqual([403, 'User is inactive'])
})

test('a person without a password cannot sign in', async () => {
  await using shop = await openShop()
  const walkIn = await shop.person('customer', { phone: '777' })
  await shop.database.write({ actor: null, device: null, act: 'test' }, (trx) =>
    deleteLocal(trx, 'credential', { user_id: walkIn.id }),
  )
  expect((await login(shop, { phone: '777', password: PASSWORD })).status).toBe(401)
})

test('a refresh token gives new access tokens for 30 days and is not rotated', async () => {
  await using shop = await openShop()
  await register(shop)
  const { refresh_token, access_token } = (await login(shop)).body.tokens
  shop.clock.pass(DAY)
  expect(await myself(shop, access_token)).toBe(401)
  const first = await refresh(shop, refresh_token)
  expect(first.status).toBe(200)
  expect(Object.keys(first.body).toSorted()).toEqual(['access_token', 'token_type'])
  expect(await myself(shop, first.body.access_token)).toBe(200)
  expect((await refresh(shop, refresh_token)).status).toBe(200)
  shop.clock.pass(29 * DAY)
  const late = await refresh(shop, refresh_token)
  expect([late.status, late.body.detail]).toEqual([401, 'Refresh token not found or expired'])
})

test('what is no refresh token is refused as such', async () => {
  await using shop = await openShop()
  await register(shop)
  const { access_token } = (await login(shop)).body.tokens
  for (const token of ['', 'nonsense', access_token]) {
    const reply = await refresh(shop, token)
    expect([reply.status, reply.body.detail]).toEqual([401, 'Invalid refresh token'])
  }
  const unknown = await refresh(shop, 'A'.repeat(43))
  expect([unknown.status, unknown.body.detail]).toEqual([401, 'Refresh token not found or expired'])
  expect(faultsOf(await shop.call('POST', '/v1/auth/refresh', { body: {} }))).toEqual(['body.refresh_token missing'])
})

test('signing out ends the session with its access tokens, needs no header and may be repeated', async () => {
  await using shop = await openShop()
  await register(shop)
  const ended = (await login(shop)).body.tokens
  const kept = (await login(shop)).body.tokens
  for (const token of [ended.refresh_token, ended.refresh_token, 'nonsense']) {
    const reply = await logout(shop, token)
    expect([reply.status, reply.body]).toEqual([200, { message: 'Logged out successfully' }])
  }
  expect(await myself(shop, ended.access_token)).toBe(401)
  expect((await refresh(shop, ended.refresh_token)).status).toBe(401)
  expect(await myself(shop, kept.access_token)).toBe(200)
})

test('deactivating a person ends all of their sessions at once', async () => {
  await using shop = await openShop()
  const admin = await shop.person('admin')
  const { body: user } = await register(shop)
  const sessions = [(await login(shop)).body.tokens, (await login(shop)).body.tokens]
  await shop.call('PATCH', `/v1/users/${user.id}`, { as: admin, body: { is_active: false } })
  for (const { access_token, refresh_token } of sessions) {
    expect(await myself(shop, access_token)).toBe(401)
    expect((await refresh(shop, refresh_token)).status).toBe(401)
  }
  await shop.call('PATCH', `/v1/users/${user.id}`, { as: admin, body: { is_active: true } })
  expect(await myself(shop, sessions[0].access_token)).toBe(401)
  expect((await login(shop)).status).toBe(200)
})

test('a new password ends the other sessions at once', async () => {
  await using shop = await openShop()
  const { body: user } = await register(shop)
  const here = (await login(shop)).body.tokens
  const elsewhere = (await login(shop)).body.tokens
  const { sid } = shop.context.tokens.verify(here.access_token)!
  const hash = await shop.context.passwords.hash('another password')
  await shop.database.write({ actor: user.id, device: null, act: 'test' }, (trx) =>
    setPassword(trx, user.id, hash, { keepSession: sid }),
  )
  expect(await myself(shop, here.access_token)).toBe(200)
  expect(await myself(shop, elsewhere.access_token)).toBe(401)
  expect((await refresh(shop, elsewhere.refresh_token)).status).toBe(401)
  expect((await login(shop)).status).toBe(401)
  expect((await login(shop, { password: 'another password' })).status).toBe(200)
})

test('removing a person ends their sessions, and their phone is free again', async () => {
  await using shop = await openShop()
  const admin = await shop.person('admin')
  const { body: user } = await register(shop)
  const { access_token } = (await login(shop)).body.tokens
  expect((await shop.call('DELETE', `/v1/users/${user.id}`, { as: admin })).status).toBe(204)
  expect(await myself(shop, access_token)).toBe(401)
  expect((await login(shop)).status).toBe(401)
  const again = await register(shop)
  expect([again.status, again.body.id === user.id]).toEqual([201, false])
})

test('no password or token enters the log or the journal', async () => {
  await using shop = await openShop()
  await register(shop)
  const { tokens } = (await login(shop)).body
  await login(shop, { password: 'a wrong password' })
  const journal = JSON.stringify(await shop.database.db.selectFrom('journal').selectAll().execute())
  const hash = (await shop.database.db.selectFrom('credential').select('password_hash').executeTakeFirst())
    ?.password_hash
  for (const secret of [JOHN.password, 'a wrong password', tokens.access_token, tokens.refresh_token, hash!]) {
    expect(journal).not.toContain(secret)
    expect(shop.logged.join('')).not.toContain(secret)
  }
})
