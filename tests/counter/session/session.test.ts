import { expect, test } from 'vitest'
import { updateLocal } from '../../../db/local.ts'
import { deactivate } from '../../../server/shop/people/users.ts'
import { PASSWORD } from '../../support/shop.ts'
import { ANONYMOUS, browserWith, type Counter, openCounter } from '../counter-shop.ts'

const setPin = (shop: Counter, person: Counter['staff'], pin: string) =>
  shop.counter('POST', '/session/pin', { pin, password: PASSWORD }, { as: person })

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

test('a PIN hands the counter to another person, and the session before it ends', async () => {
  await using shop = await openCounter()
  await setPin(shop, shop.admin, '4711')
  const clerk = await shop.signIn(shop.staff)
  await shop.counter('POST', '/session/lock', {}, clerk)
  const reply = await shop.counter('POST', '/session/switch', { user_id: shop.admin.id, pin: '4711' }, clerk)
  expect(reply).toMatchObject({ status: 200, body: { locked: false, user: { full_name: 'Ada Admin', has_pin: true } } })
  expect((await shop.counter('GET', '/search?q=x', undefined, browserWith(reply))).status).toBe(200)
  expect((await shop.counter('GET', '/search?q=x', undefined, clerk)).status).toBe(401)
})

test('the password unlocks for whoever has no PIN', async () => {
  await using shop = await openCounter()
  const browser = await shop.signIn(shop.staff)
  await shop.counter('POST', '/session/lock', {}, browser)
  const reply = await shop.counter('POST', '/session', { login: shop.staff.phone, password: PASSWORD }, browser)
  expect(reply).toMatchObject({ status: 200, body: { locked: false } })
})

test('five wrong PINs close that person to this address, the right one included, and nobody else', async () => {
  await using shop = await openCounter()
  await setPin(shop, shop.admin, '4711')
  await setPin(shop, shop.staff, '0815')
  const browser = await shop.signIn(shop.staff)
  const enter = (user_id: number, pin: string) => shop.counter('POST', '/session/switch', { user_id, pin }, browser)
  for (let n = 0; n < 5; n++)
    expect(await enter(shop.admin.id, '0000')).toMatchObject({
      status: 401,
      body: { detail: 'Wrong PIN', code: 'pin-wrong' },
    })
  const refused = await enter(shop.admin.id, '4711')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800)
  expect((await enter(shop.staff.id, '0815')).status).toBe(200)
})

test('ten wrong PINs close that person from wherever they were tried, for 15 minutes; passwords still open', async () => {
  await using shop = await openCounter({ config: { trustedProxies: ['loopback'] } })
  await setPin(shop, shop.admin, '4711')
  const browser = await shop.signIn(shop.staff)
  const from = (n: number) => ({ ...browser, headers: { ...browser.headers, 'x-forwarded-for': `10.0.0.${n}` } })
  const enter = (n: number, pin: string) =>
    shop.counter('POST', '/session/switch', { user_id: shop.admin.id, pin }, from(n))
  const guesses = await Promise.all(Array.from({ length: 16 }, (_, n) => enter(n, '0000')))
  expect(guesses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    ...Array.from({ length: 10 }, () => 401),
    ...Array.from({ length: 6 }, () => 429),
  ])
  expect((await enter(99, '4711')).status).toBe(429)
  await shop.signIn(shop.admin)
  shop.clock.pass(15 * 60_000 + 1)
  expect((await enter(99, '4711')).status).toBe(200)
})

test('wrong PINs at several tablets, each time followed by the right one, never close that person', async () => {
  await using shop = await openCounter({ config: { trustedProxies: ['loopback'] } })
  await setPin(shop, shop.admin, '4711')
  let browser = await shop.signIn(shop.staff)
  const enter = (tablet: number, pin: string) => {
    const headers = { ...browser.headers, 'x-forwarded-for': `10.0.0.${tablet}` }
    return shop.counter('POST', '/session/switch', { user_id: shop.admin.id, pin }, { ...browser, headers })
  }
  for (const tablet of [1, 2, 3]) {
    for (let n = 0; n < 4; n++) expect((await enter(tablet, '0000')).status).toBe(401)
    const unlocked = await enter(4, '4711')
    expect(unlocked.status).toBe(200)
    browser = browserWith(unlocked)
  }
})

test('nobody takes over with the PIN of a customer, of a person without one, or of somebody who left', async () => {
  await using shop = await openCounter()
  const gone = await shop.person('staff')
  await setPin(shop, gone, '1234')
  await shop.write((trx) => deactivate(trx, gone.id))
  const pin_hash = await shop.context.passwords.hash('1234')
  await shop.write((trx) => updateLocal(trx, 'credential', { user_id: shop.customer.id }, { pin_hash }))
  const browser = await shop.signIn(shop.staff)
  for (const { id } of [gone, shop.customer, shop.admin])
    expect((await shop.counter('POST', '/session/switch', { user_id: id, pin: '1234' }, browser)).status).toBe(401)
})

test('a token of an API cannot be handed over', async () => {
  await using shop = await openCounter()
  await setPin(shop, shop.admin, '4711')
  expect((await shop.counter('POST', '/session/switch', { user_id: shop.admin.id, pin: '4711' })).status).toBe(403)
})

test('a PIN is four to eight digits and asks for the password', async () => {
  await using shop = await openCounter()
  expect((await shop.counter('POST', '/session/pin', { pin: '12ab', password: PASSWORD })).status).toBe(422)
  expect((await shop.counter('POST', '/session/pin', { pin: '123', password: PASSWORD })).status).toBe(422)
  expect(await shop.counter('POST', '/session/pin', { pin: '1234', password: 'wrong' })).toMatchObject({
    status: 400,
    body: { detail: 'Wrong password', code: 'password-wrong' },
  })
  expect((await shop.counter('POST', '/session/pin', { pin: '1234', password: PASSWORD })).status).toBe(204)
  const { body } = await shop.counter('GET', '/staff')
  expect(body.map(({ full_name, has_pin }: any) => [full_name, has_pin])).toEqual([
    ['Ada Admin', false],
    ['Kim Clerk', true],
    ['Eve Tester', false],
  ])
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
  await setPin(shop, shop.staff, '47110815')
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
