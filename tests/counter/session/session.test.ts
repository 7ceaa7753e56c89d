import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { deactivate } from '../../../server/shop/people/users.ts'
import { PASSWORD } from '../../support/shop.ts'
import { ANONYMOUS, browserWith, openCounter } from '../counter-shop.ts'

test('the cookie of a sign-in is out of reach of scripts and other sites', async () => {
  await using shop = await openCounter()
  const reply = await shop.counter('POST', '/session', { login: shop.staff.phone, password: PASSWORD }, ANONYMOUS)
  expect(reply).toMatchObject({
    status: 200,
    body: { user: { full_name: 'Kim Clerk', role: 'customer', is_staff: true, has_pin: false }, locked: false },
  })
  expect(reply.headers.get('set-cookie')).toMatch(
    /^fixpoint=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
  )
  expect((await shop.counter('GET', '/search?q=x', undefined, browserWith(reply))).status).toBe(200)
})

test('the page knows who works for all stores, and who at one alone', async () => {
  await using shop = await openCounter()
  const everywhere = async () => (await shop.counter('GET', '/session')).body.user.works_everywhere
  expect(await everywhere()).toBe(true)
  const { id } = await shop.database.db.selectFrom('store').select('id').executeTakeFirstOrThrow()
  await shop.write((trx) => patch(trx, 'user', shop.staff.id, { works_at: id }))
  expect(await everywhere()).toBe(false)
})

test('the cookie is Secure when the request came by https', async () => {
  await using shop = await openCounter({ config: { trustedProxies: ['127.0.0.1'] } })
  const headers = { 'x-forwarded-proto': 'https' }
  const reply = await shop.counter(
    'POST',
    '/session',
    { login: shop.staff.phone, password: PASSWORD },
    { ...ANONYMOUS, headers },
  )
  expect(reply.headers.get('set-cookie')).toMatch(/; Secure$/)
})

test('an e-mail address signs in as well as a phone number', async () => {
  await using shop = await openCounter()
  const person = await shop.person('staff', { email: 'Mia@Shop.example' })
  const reply = await shop.counter('POST', '/session', { login: 'mia@shop.example', password: PASSWORD }, ANONYMOUS)
  expect(reply.body.user.id).toBe(person.id)
})

test('a customer has no place behind the counter', async () => {
  await using shop = await openCounter()
  const reply = await shop.counter('POST', '/session', { login: shop.customer.phone, password: PASSWORD }, ANONYMOUS)
  expect(reply).toMatchObject({
    status: 403,
    body: { detail: 'Only people who work here can sign in at the counter', code: 'not-staff' },
  })
  expect(reply.headers.get('set-cookie')).toBeNull()
})

test('a wrong password is 401, and five of them close the account to that address', async () => {
  await using shop = await openCounter()
  const signIn = (password: string) =>
    shop.counter('POST', '/session', { login: shop.staff.phone, password }, ANONYMOUS)
  for (let n = 0; n < 5; n++) expect((await signIn('wrong')).status).toBe(401)
  expect((await signIn(PASSWORD)).status).toBe(429)
})

test('signing out ends the session and takes the cookie away', async () => {
  await using shop = await openCounter()
  const browser = await shop.signIn(shop.staff)
  const reply = await shop.counter('DELETE', '/session', undefined, browser)
  expect(reply.status).toBe(204)
  expect(reply.headers.get('set-cookie')).toMatch(/^fixpoint=; Path=\/; Max-Age=0/)
  expect((await shop.counter('GET', '/search?q=x', undefined, browser)).status).toBe(401)
  expect((await shop.counter('DELETE', '/session', undefined, browser)).status).toBe(204)
})

test('signing in again ends the session that the browser had', async () => {
  await using shop = await openCounter()
  const before = await shop.signIn(shop.staff)
  await shop.counter('POST', '/session', { login: shop.admin.phone, password: PASSWORD }, before)
  expect((await shop.counter('GET', '/search?q=x', undefined, before)).status).toBe(401)
})

test('a locked screen answers nothing but who could unlock it', async () => {
  await using shop = await openCounter()
  const browser = await shop.signIn(shop.staff)
  expect((await shop.counter('POST', '/session/lock', {}, browser)).body).toMatchObject({
    locked: true,
    user: { full_name: 'Kim Clerk' },
  })
  expect((await shop.counter('GET', '/session', undefined, browser)).body.locked).toBe(true)
  expect((await shop.counter('GET', '/search?q=x', undefined, browser)).status).toBe(423)
  expect((await shop.call('GET', '/health', browser)).status).toBe(200)
  expect((await shop.counter('GET', '/staff', undefined, browser)).status).toBe(200)
  expect((await shop.counter('DELETE', '/session', undefined, browser)).status).toBe(204)
})

test('locking the counter leaves the API sessions of the same person alone', async () => {
  await using shop = await openCounter()
  await shop.counter('POST', '/session/lock', {})
  expect((await shop.counter('GET', '/search?q=x')).status).toBe(200)
})

test('deactivation ends the counter session at once', async () => {
  await using shop = await openCounter()
  const browser = await shop.signIn(shop.staff)
  await shop.write((trx) => deactivate(trx, shop.staff.id))
  expect((await shop.counter('GET', '/search?q=x', undefined, browser)).status).toBe(401)
  expect((await shop.counter('GET', '/session', undefined, browser)).body.user).toBeNull()
})

test('neither password nor PIN nor cookie is logged', async () => {
  await using shop = await openCounter()
  await shop.counter('POST', '/session/pin', { pin: '47110815', password: PASSWORD })
  const browser = await shop.signIn(shop.staff)
  await shop.counter('POST', '/session/switch', { user_id: shop.staff.id, pin: '47110815' }, browser)
  const logged = shop.logged.join('\n')
  for (const secret of [PASSWORD, '47110815', browser.headers!['cookie']!.slice(9)])
    expect(logged).not.toContain(secret)
})

test('beside a locked screen everybody still sees what is open to everybody', async () => {
  await using shop = await openCounter()
  const browser = await shop.signIn(shop.staff)
  await shop.counter('POST', '/session/lock', {}, browser)
  expect((await shop.call('GET', '/api/products', browser)).status).toBe(200)
  expect((await shop.call('GET', '/openapi.json', browser)).status).toBe(200)
  expect((await shop.counter('GET', '/repairs', undefined, browser)).status).toBe(423)
})
