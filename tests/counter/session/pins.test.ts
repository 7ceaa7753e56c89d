import { expect, test } from 'vitest'
import { updateLocal } from '../../../db/local.ts'
import { deactivate } from '../../../server/shop/people/users.ts'
import { PASSWORD } from '../../support/shop.ts'
import { ANONYMOUS, browserWith, type Counter, openCounter } from '../counter-shop.ts'

const setPin = (shop: Counter, person: Counter['staff'], pin: string) =>
  shop.counter('POST', '/session/pin', { pin, password: PASSWORD }, { as: person })

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
  await setPin(shop, gone, '2580')
  await shop.write((trx) => deactivate(trx, gone.id))
  const pin_hash = await shop.context.passwords.hash('2580')
  await shop.write((trx) => updateLocal(trx, 'credential', { user_id: shop.customer.id }, { pin_hash }))
  const browser = await shop.signIn(shop.staff)
  for (const { id } of [gone, shop.customer, shop.admin])
    expect((await shop.counter('POST', '/session/switch', { user_id: id, pin: '2580' }, browser)).status).toBe(401)
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
  expect(await shop.counter('POST', '/session/pin', { pin: '4711', password: 'wrong' })).toMatchObject({
    status: 400,
    body: { detail: 'Wrong password', code: 'password-wrong' },
  })
  expect((await shop.counter('POST', '/session/pin', { pin: '4711', password: PASSWORD })).status).toBe(204)
  const { body } = await shop.counter('GET', '/staff')
  expect(body.map(({ full_name, has_pin }: any) => [full_name, has_pin])).toEqual([
    ['Ada Admin', false],
    ['Kim Clerk', true],
    ['Eve Tester', false],
  ])
})

test('nobody chooses a PIN whose digits are all alike or run up or down, nor is given one', async () => {
  await using shop = await openCounter()
  const admin = await shop.signIn(shop.admin)
  const choose = (pin: string) => shop.counter('POST', '/session/pin', { pin, password: PASSWORD })
  const give = (pin: string) => shop.counter('PUT', `/people/${shop.evaluator.id}/pin`, { pin }, admin)
  const person = { full_name: 'Mia Bench', phone: '0170 777', password: PASSWORD, job: 'staff' }
  const add = (pin: string) => shop.counter('POST', '/people', { ...person, pin }, admin)
  for (const pin of ['0000', '77777', '1234', '567890', '4321', '09876'])
    for (const ask of [choose, give, add]) {
      const { status, body } = await ask(pin)
      expect([pin, status, body.detail[0].loc, body.detail[0].code]).toEqual([
        pin,
        422,
        ['body', 'pin'],
        'pin-guessable',
      ])
    }
  for (const pin of ['1235', '00001', '2580']) expect((await choose(pin)).status).toBe(204)
})

test('a guessable PIN of before still opens the counter', async () => {
  await using shop = await openCounter()
  await giveFormerPin(shop, shop.admin, '1234')
  const browser = await shop.signIn(shop.staff)
  const reply = await shop.counter('POST', '/session/switch', { user_id: shop.admin.id, pin: '1234' }, browser)
  expect(reply).toMatchObject({ status: 200, body: { user: { id: shop.admin.id } } })
})

/** A PIN as it was kept before PINs were unique: its bcrypt hash alone. */
async function giveFormerPin(shop: Counter, person: Counter['staff'], pin: string) {
  const pin_hash = await shop.context.passwords.hash(pin)
  await shop.write((trx) => updateLocal(trx, 'credential', { user_id: person.id }, { pin_hash, pin_key: null }))
}

/** A counter with its screen, which is whoever's the last PIN was. */
async function openScreen(shop: Counter) {
  let browser = await shop.signIn(shop.staff)
  return async (body: { pin: string; user_id?: number }) => {
    const reply = await shop.counter('POST', '/session/switch', body, browser)
    if (reply.status === 200) browser = browserWith(reply)
    return reply
  }
}

test('the PIN alone says who', async () => {
  await using shop = await openCounter()
  await setPin(shop, shop.admin, '4711')
  await setPin(shop, shop.staff, '081500')
  const enter = await openScreen(shop)
  expect((await enter({ pin: '4711' })).body).toMatchObject({ user: { id: shop.admin.id, pin_length: 4 } })
  expect((await enter({ pin: '081500' })).body).toMatchObject({ user: { id: shop.staff.id, pin_length: 6 } })
  expect(await enter({ pin: '0815' })).toMatchObject({
    status: 401,
    body: { detail: 'Nobody here has this PIN', code: 'pin-unknown' },
  })
})

test('a PIN belongs to one person at a terminal, also after its owner has left', async () => {
  await using shop = await openCounter()
  expect((await setPin(shop, shop.admin, '4711')).status).toBe(204)
  expect((await setPin(shop, shop.admin, '4711')).status).toBe(204)
  expect(await setPin(shop, shop.staff, '4711')).toMatchObject({ status: 400, body: { code: 'pin-taken' } })
  await setPin(shop, shop.evaluator, '2580')
  await shop.write((trx) => deactivate(trx, shop.evaluator.id))
  expect((await setPin(shop, shop.staff, '2580')).body.code).toBe('pin-taken')
  const enter = await openScreen(shop)
  expect((await enter({ pin: '2580' })).status).toBe(401)
})

test('nobody finds out PINs by choosing them one after the other', async () => {
  await using shop = await openCounter()
  for (let n = 0; n < 10; n++) expect((await setPin(shop, shop.staff, `468${n}`)).status).toBe(204)
  expect((await setPin(shop, shop.staff, '4711')).status).toBe(429)
  shop.clock.pass(15 * 60_000 + 1)
  expect((await setPin(shop, shop.staff, '4711')).status).toBe(204)
})

test('a free PIN is offered, the same to who asks again, and never one that somebody has', async () => {
  await using shop = await openCounter()
  const offered = async (as = shop.staff) =>
    (await shop.counter('GET', '/session/offered-pin', undefined, { as })).body.pin
  const pin = await offered()
  expect(pin).toMatch(/^\d{4}$/)
  expect(await offered()).toBe(pin)
  expect(await offered(shop.admin)).not.toBe(pin)
  await setPin(shop, shop.admin, pin)
  expect(await offered()).not.toBe(pin)
})

test('a PIN of before opens with its tile once, and from then on by itself', async () => {
  await using shop = await openCounter()
  await giveFormerPin(shop, shop.admin, '4711')
  const enter = await openScreen(shop)
  expect((await enter({ pin: '4711' })).status).toBe(401)
  expect((await enter({ pin: '4711', user_id: shop.admin.id })).body).toMatchObject({ pin_shared: false })
  expect((await enter({ pin: '4711' })).body).toMatchObject({ user: { id: shop.admin.id } })
})

test('a PIN of before that is somebody else’s too opens with its tile alone, until its owner chooses another', async () => {
  await using shop = await openCounter()
  await setPin(shop, shop.staff, '4711')
  await giveFormerPin(shop, shop.admin, '4711')
  const enter = await openScreen(shop)
  const asAdmin = { pin: '4711', user_id: shop.admin.id }
  expect((await enter(asAdmin)).body).toMatchObject({ user: { id: shop.admin.id }, pin_shared: true })
  expect((await enter({ pin: '4711' })).body).toMatchObject({ user: { id: shop.staff.id }, pin_shared: false })
  await enter(asAdmin)
  await setPin(shop, shop.admin, '2580')
  expect((await enter({ pin: '2580' })).body).toMatchObject({ user: { id: shop.admin.id }, pin_shared: false })
})

test('ten PINs that fit nobody close all PINs of the terminal from wherever they come; one’s own does not begin anew', async () => {
  await using shop = await openCounter({ config: { trustedProxies: ['loopback'] } })
  await setPin(shop, shop.staff, '4711')
  let browser = await shop.signIn(shop.staff)
  const enter = async (n: number, body: object) => {
    const headers = { ...browser.headers, 'x-forwarded-for': `10.0.0.${n}` }
    const reply = await shop.counter('POST', '/session/switch', body, { ...browser, headers })
    if (reply.status === 200) browser = browserWith(reply)
    return reply
  }
  for (let n = 0; n < 9; n++) expect((await enter(n, { pin: `000${n}` })).status).toBe(401)
  expect((await enter(1, { pin: '4711' })).status).toBe(200)
  expect((await enter(50, { pin: '0009' })).status).toBe(401)
  const closed = await enter(60, { pin: '4711' })
  expect(closed).toMatchObject({ status: 429, body: { code: 'pins-closed' } })
  expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(800)
  expect((await enter(61, { pin: '4711', user_id: shop.staff.id })).body.code).toBe('pins-closed')
  const byPassword = { user_id: shop.staff.id, password: PASSWORD }
  const opened = await shop.counter('POST', '/session/person', byPassword, browser)
  expect(opened.status).toBe(200)
  browser = browserWith(opened)
  shop.clock.pass(15 * 60_000 + 1)
  expect((await enter(60, { pin: '4711' })).status).toBe(200)
})

test('wrong PINs never close the passwords of their address, nor wrong passwords its PINs', async () => {
  await using shop = await openCounter()
  await setPin(shop, shop.staff, '4711')
  const enter = await openScreen(shop)
  const people = [shop.admin, shop.evaluator, ...(await Promise.all([1, 2, 3, 4].map(() => shop.person('staff'))))]
  for (const { id: user_id } of people) for (let n = 0; n < 9; n++) await enter({ pin: '0000', user_id })
  expect((await enter({ pin: '0000', user_id: people[0]!.id })).status).toBe(429)
  await shop.signIn(shop.staff)
})

test('a person who was chosen on the lock screen signs in with their password alone', async () => {
  await using shop = await openCounter()
  const browser = await shop.signIn(shop.staff)
  await shop.counter('POST', '/session/lock', {}, browser)
  const enter = (user_id: number, password: string, options = browser) =>
    shop.counter('POST', '/session/person', { user_id, password }, options)
  expect(await enter(shop.admin.id, 'wrong')).toMatchObject({ status: 401, body: { code: 'credentials-invalid' } })
  expect((await enter(shop.customer.id, PASSWORD)).status).toBe(403)
  expect((await enter(999, PASSWORD)).status).toBe(401)
  expect((await enter(shop.admin.id, PASSWORD, ANONYMOUS)).status).toBe(401)
  expect((await enter(shop.admin.id, PASSWORD, { as: shop.staff })).status).toBe(403)
  const opened = await enter(shop.admin.id, PASSWORD)
  expect(opened).toMatchObject({ status: 200, body: { locked: false, user: { id: shop.admin.id } } })
  expect((await shop.counter('GET', '/search?q=x', undefined, browser)).status).toBe(401)
})
