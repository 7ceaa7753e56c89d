import { expect, test } from 'vitest'
import { findLocation } from '../../../server/shop/stock/locations.ts'
import { addProduct } from '../../../server/shop/stock/product-changes.ts'
import { openShop } from '../../support/shop.ts'
import { browserWith, faultsOf } from '../counter-shop.ts'

const SHOP = {
  code: 'TEST-CODE-2345',
  owner: {
    full_name: 'Olga Owner',
    phone: '+49 30 123',
    email: 'olga@shop.example',
    password: 'very secret words',
    pin: '4711',
  },
  shop: {
    name: 'Fix & Co',
    currency: 'EUR',
    time_zone: 'Europe/Berlin',
    tax_mode: 'included',
    tax_rate: 1900,
    phone: '030 123',
    address: 'Hauptstr. 1',
  },
}

test('a new shop says that set-up is open, to anybody', async () => {
  await using shop = await openShop()
  const { body } = await shop.call('GET', '/counter/session')
  expect(body).toMatchObject({
    setup_open: true,
    user: null,
    locked: false,
    terminal: 'T1',
    shop: { code: 'S1', name: 'My shop' },
  })
})

test('set-up makes the shop and its first admin, who is signed in', async () => {
  await using shop = await openShop()
  const reply = await shop.call('POST', '/counter/setup', { body: SHOP })
  expect(reply.status).toBe(201)
  expect(reply.body).toMatchObject({
    setup_open: false,
    locked: false,
    user: { full_name: 'Olga Owner', role: 'admin', is_staff: true, has_pin: true },
    shop: {
      name: 'Fix & Co',
      currency: 'EUR',
      time_zone: 'Europe/Berlin',
      tax_mode: 'included',
      tax_rate: 1900,
      phone: '030 123',
      address: 'Hauptstr. 1',
    },
  })
  expect(await shop.call('GET', '/counter/session', browserWith(reply))).toMatchObject({
    body: { user: { full_name: 'Olga Owner' } },
  })
  const login = await shop.call('POST', '/v1/auth/login', {
    body: { phone: '+49 30 123', password: 'very secret words' },
  })
  expect(login.status).toBe(200)
})

test('the shop itself takes the place of the documented locations', async () => {
  await using shop = await openShop()
  await shop.call('POST', '/counter/setup', { body: SHOP })
  const { body } = await shop.call('GET', '/api/locations')
  expect(body).toEqual([{ id: 'fix-co', name: 'Fix & Co', code: 'S1', hub_name: 'Fix & Co' }])
})

test('a location where products lie already outlives set-up', async () => {
  await using shop = await openShop()
  await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    const { id: category_id } = await trx.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
    const { id: location_id } = await findLocation(trx, 'ottawa')
    const product = { brand: 'Apple', model: 'iPhone', name: 'iPhone', condition: 'A' as const, price_cents: 1 }
    await addProduct(trx, { ...product, category_id, location_id })
  })
  await shop.call('POST', '/counter/setup', { body: SHOP })
  const { body } = await shop.call('GET', '/api/locations')
  expect(body.map(({ id }: { id: string }) => id)).toEqual(['ottawa', 'fix-co'])
})

test('set-up closes with the first admin', async () => {
  await using shop = await openShop()
  expect((await shop.call('POST', '/counter/setup', { body: SHOP })).status).toBe(201)
  const again = await shop.call('POST', '/counter/setup', {
    body: { ...SHOP, owner: { ...SHOP.owner, phone: '555 99' } },
  })
  expect(again).toMatchObject({ status: 403, body: { detail: 'The shop is set up already', code: 'setup-closed' } })
})

test('of two set-ups at once one wins', async () => {
  await using shop = await openShop()
  const other = { ...SHOP, owner: { ...SHOP.owner, phone: '555 99', email: 'other@shop.example' } }
  const replies = await Promise.all([SHOP, other].map((body) => shop.call('POST', '/counter/setup', { body })))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 403])
})

test('without the code nothing is set up, and guessing ends', async () => {
  await using shop = await openShop()
  const guess = (code: string) => shop.call('POST', '/counter/setup', { body: { ...SHOP, code } })
  for (let n = 0; n < 5; n++)
    expect(await guess(`WRONG-${n}`)).toMatchObject({
      status: 403,
      body: { detail: 'Wrong set-up code', code: 'setup-code-wrong' },
    })
  const refused = await guess(SHOP.code)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  shop.clock.pass(15 * 60_000 + 1)
  expect((await guess('test code 2345')).status).toBe(201)
})

test('a currency, time zone or PIN that does not exist is refused, all at once', async () => {
  await using shop = await openShop()
  const body = {
    ...SHOP,
    owner: { ...SHOP.owner, pin: '12ab' },
    shop: { ...SHOP.shop, currency: 'XQX', time_zone: 'Europe/Nowhere' },
  }
  const reply = await shop.call('POST', '/counter/setup', { body })
  expect(reply.status).toBe(422)
  expect(faultsOf(reply)).toEqual([
    'body.owner.pin value_error',
    'body.shop.currency value_error',
    'body.shop.time_zone value_error',
  ])
  const guessable = await shop.call('POST', '/counter/setup', {
    body: { ...SHOP, owner: { ...SHOP.owner, pin: '1234' } },
  })
  expect(guessable).toMatchObject({ status: 422, body: { detail: [{ code: 'pin-guessable' }] } })
  const yen = await shop.call('POST', '/counter/setup', { body: { ...SHOP, shop: { ...SHOP.shop, currency: 'JPY' } } })
  expect(yen.body.detail).toMatchObject([{ loc: ['body', 'shop', 'currency'], code: 'currency-decimals' }])
  expect((await shop.call('GET', '/counter/session')).body.setup_open).toBe(true)
})

test('a shop to try things on opens with a day of work in it, and the server says meanwhile how far it is', async () => {
  await using shop = await openShop()
  const progress = async () => (await shop.call('GET', '/counter/setup')).body
  expect(await progress()).toBeNull()
  const seen: { done: number; all: number }[] = []
  const making = shop.call('POST', '/counter/setup', { body: { ...SHOP, demo: true } })
  const asking = setInterval(() => void progress().then((said) => said && seen.push(said)), 100)
  const reply = await making.finally(() => clearInterval(asking))
  expect(await progress()).toBeNull()
  expect(new Set(seen.map(({ done }) => done)).size).toBeGreaterThan(1)
  const [{ all } = { all: 0 }] = seen
  expect(seen.filter((said) => said.all !== all || said.done > all)).toEqual([])
  expect(reply).toMatchObject({
    status: 201,
    body: { user: { full_name: 'Olga Owner' }, shop: { name: 'Fix & Co', currency: 'EUR' } },
  })
  const { body } = await shop.call('GET', '/counter/repairs?limit=200', browserWith(reply))
  expect(Number(body.total)).toBeGreaterThan(20)
})

test('a German shop to try things on speaks German: faults, device types, words and messages', async () => {
  await using shop = await openShop()
  const reply = await shop.call('POST', '/counter/setup', { body: { ...SHOP, language: 'de', demo: true } })
  const { body } = await shop.call('GET', '/counter/catalogue', browserWith(reply))
  const names = (list: { name: string }[]) => list.map(({ name }) => name)
  expect(names(body.problems)).toContain('Display defekt')
  expect(names(body.problems)).not.toContain('Screen broken')
  expect(names(body.types)).not.toContain('Phone')
  const repairs = (await shop.call('GET', '/counter/repairs?limit=200', browserWith(reply))).body.rows
  const notes: string[] = repairs.map(({ note }: { note: string }) => note)
  expect(notes).toContain('Hintere Kamera unscharf, vordere in Ordnung')
  expect(notes.filter((note) => / the |camera|speaker/i.test(note))).toEqual([])
  const { timeline, intake } = (await shop.call('GET', `/counter/tickets/${repairs.at(-1).id}`, browserWith(reply)))
    .body
  expect([...intake.accessories, ...timeline.map(({ text }: { text: string | null }) => text)].join()).not.toMatch(
    /Charger|Ready|price|ordered|Opened|Called/,
  )
})
