import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { faultsOf, openCounter } from '../counter-shop.ts'

const DATA = {
  name: 'Fix & Co',
  currency: 'EUR',
  time_zone: 'Europe/Berlin',
  tax_mode: 'included',
  tax_rate: 1_900,
  phone: '030 123',
  address: 'Hauptstr. 1\n10115 Berlin',
  tax_number: 'DE123456789',
  opening_hours: 'Mo–Fr 9–18',
  terms: 'Ask before you leave.',
  public_address: 'https://repairs.example.com',
}

test('an admin changes the shop, and every page that opens shows it', async () => {
  await using shop = await openCounter()
  const put = (body: unknown) => shop.counter('PUT', '/shop', body, { as: shop.admin })
  expect(await put(DATA)).toMatchObject({ status: 200, body: { ...DATA, currency_fixed: false } })
  expect((await shop.counter('GET', '/session')).body.shop).toMatchObject(DATA)
  const { phone: _, terms: __, ...less } = DATA
  expect(await put({ ...less, address: '' })).toMatchObject({
    body: { phone: null, terms: null, address: null, tax_number: 'DE123456789' },
  })
})

test('changes of the shop are in the journal, with who made them', async () => {
  await using shop = await openCounter()
  await shop.counter('PUT', '/shop', DATA, { as: shop.admin })
  const entry = await shop.database.db
    .selectFrom('journal')
    .select(['actor', 'kind', 'after'])
    .where('entity', '=', 'store')
    .orderBy('seq', 'desc')
    .executeTakeFirstOrThrow()
  expect(entry).toMatchObject({ actor: shop.admin.id, kind: 'patch' })
  expect(JSON.parse(entry.after!)).toMatchObject({ name: 'Fix & Co', tax_number: 'DE123456789' })
})

test('the currency is fixed once money was taken; everything else still changes', async () => {
  await using shop = await openCounter()
  const put = (body: unknown) => shop.counter('PUT', '/shop', body, { as: shop.admin })
  await put(DATA)
  const { order_id } = await shop.takeIn({ estimate_cents: 1_000 })
  await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 1_000, method: 'Cash' })
  const refused = await put({ ...DATA, currency: 'USD' })
  expect(refused.status).toBe(422)
  expect(faultsOf(refused)).toEqual(['body.currency value_error'])
  expect(await put({ ...DATA, name: 'Other' })).toMatchObject({ status: 200, body: { currency_fixed: true } })
})

test('a tax rule that changed stays known for the receipts of its time', async () => {
  await using shop = await openCounter()
  const put = (body: unknown) => shop.counter('PUT', '/shop', body, { as: shop.admin })
  await put(DATA)
  const changed = shop.clock.now()
  const { former_taxes: before } = (await put(DATA)).body
  shop.clock.pass(1_000)
  const { body } = await put({ ...DATA, tax_rate: 1_600 })
  expect(body.former_taxes).toEqual([...before, { until: changed + 1_000, mode: 'included', rate: 1_900 }])
  expect((await put({ ...DATA, tax_mode: 'none' })).body).toMatchObject({ tax_mode: 'none', tax_rate: 0 })
})

test('a currency without two decimals is refused, but for the shop that has it already', async () => {
  await using shop = await openCounter()
  const put = (currency: string) => shop.counter('PUT', '/shop', { ...DATA, currency }, { as: shop.admin })
  for (const currency of ['JPY', 'kwd', 'CLP'])
    expect((await put(currency)).body.detail).toMatchObject([{ loc: ['body', 'currency'], code: 'currency-decimals' }])
  expect((await put('usd')).status).toBe(200)
  await shop.write((trx) => patch(trx, 'store', trx.act.node.store_id, { currency: 'JPY' }))
  expect([(await put('JPY')).status, (await put('KWD')).status]).toEqual([200, 422])
})

test('a currency or time zone that does not exist is refused, and nothing changes', async () => {
  await using shop = await openCounter()
  const reply = await shop.counter(
    'PUT',
    '/shop',
    { ...DATA, currency: 'XQX', time_zone: 'Nowhere' },
    { as: shop.admin },
  )
  expect(faultsOf(reply)).toEqual(['body.currency value_error', 'body.time_zone value_error'])
  expect((await shop.counter('GET', '/session')).body.shop.name).toBe('My shop')
})

test('the address for customers is that of a server, without a path, and may be left out', async () => {
  await using shop = await openCounter()
  const put = (public_address?: string) => shop.counter('PUT', '/shop', { ...DATA, public_address }, { as: shop.admin })
  expect((await put('https://Repairs.example.com/some/page')).body.public_address).toBe('https://repairs.example.com')
  expect((await put()).body.public_address).toBe(null)
  for (const wrong of ['repairs.example.com', 'javascript:alert(1)', 'ftp://example.com', 'https://'])
    expect(faultsOf(await put(wrong)), wrong).toEqual(['body.public_address value_error'])
})
