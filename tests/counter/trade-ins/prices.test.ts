import { expect, test } from 'vitest'
import { insert, patch } from '../../../db/rows.ts'
import type { CallOptions } from '../../support/shop.ts'
import { openTradeIns } from './trade-in-shop.ts'

type Shop = Awaited<ReturnType<typeof openTradeIns>>

const put = (shop: Shop, body: object, as: CallOptions = shop.asAdmin) =>
  shop.counter('PUT', '/trade-in-prices', body, as)
const rowOf = async (shop: Shop, as?: CallOptions) => {
  const { rows } = (await shop.counter('GET', '/trade-in-prices/sheet', undefined, as)).body
  return rows.find(({ model }: { model: string }) => model === 'iPhone 13')
}
const iPhone = (shop: Shop, prices: object) => ({
  brand_id: shop.kind.brand_id,
  model: 'IPHONE 13',
  storage: '128 gb',
  prices,
})
const historyOf = async (shop: Shop, condition: string) => {
  const query = `brand_id=${shop.kind.brand_id}&model=iphone%2013&storage=128GB&condition=${condition}`
  const lines = (await shop.counter('GET', `/trade-in-prices/history?${query}`)).body
  return lines.map(({ price_cents, valid_from, valid_until }: any) => [price_cents, valid_from, valid_until])
}

test('a change of prices starts new lines from that moment on, and the old ones stay and end then', async () => {
  await using shop = await openTradeIns()
  const reply = await put(shop, { rows: [iPhone(shop, { A: 25_000, B: 19_000, C: 12_000 })] })
  const { from } = reply.body
  expect(reply.body).toEqual({ changed: 2, from })
  expect(await historyOf(shop, 'A')).toEqual([
    [25_000, from, null],
    [24_000, null, from],
  ])
  expect(await historyOf(shop, 'B')).toEqual([[19_000, null, null]])
  expect(await historyOf(shop, 'C')).toEqual([[12_000, from, null]])
  expect((await shop.evaluated({}, shop.answers('yes', 'yes', 'none'))).offer.price_cents).toBe(25_000)
  shop.clock.pass(1_000)
  expect((await put(shop, { rows: [iPhone(shop, { A: null })] })).body.changed).toBe(1)
  expect((await rowOf(shop)).prices).toMatchObject({
    A: { price_cents: null, next: null },
    B: { price_cents: 19_000, since: null, next: null },
    C: { price_cents: 12_000, since: from },
    D: { price_cents: null },
  })
})

test('prices from a day on count from its first moment in the shop, and what is changed before ends there', async () => {
  await using shop = await openTradeIns()
  const { id } = await shop.database.db.selectFrom('store').select('id').executeTakeFirstOrThrow()
  await shop.write((trx) => patch(trx, 'store', id, { time_zone: 'Europe/Berlin' }))
  const day = new Date(shop.clock.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  const planned = await put(shop, { from: day, rows: [iPhone(shop, { A: 30_000 })] })
  expect(new Date(planned.body.from).toISOString()).toMatch(/T2[23]:00:00/)
  expect((await rowOf(shop)).prices.A).toEqual({
    price_cents: 24_000,
    since: null,
    next: { price_cents: 30_000, at: planned.body.from },
  })
  const now = (await put(shop, { rows: [iPhone(shop, { A: 26_000 })] })).body.from
  expect(await historyOf(shop, 'A')).toEqual([
    [30_000, planned.body.from, null],
    [26_000, now, planned.body.from],
    [24_000, null, now],
  ])
  await put(shop, { from: day, rows: [iPhone(shop, { A: 31_000 })] })
  expect((await historyOf(shop, 'A'))[0]).toEqual([31_000, planned.body.from, null])
  shop.clock.pass(4 * 86_400_000)
  const later = await shop.signIn(shop.admin)
  expect((await rowOf(shop, later)).prices.A).toMatchObject({ price_cents: 31_000, next: null })
  const late = await put(shop, { from: day, rows: [iPhone(shop, { A: 1 })] }, later)
  expect([late.status, late.body.code]).toEqual([400, 'day-not-ahead'])
  expect((await put(shop, { from: '2026-02-30', rows: [] }, later)).status).toBe(422)
})

test('of many prices all are set or none, and of one that comes twice the last', async () => {
  await using shop = await openTradeIns()
  const rows = [iPhone(shop, { A: 1_000 }), { ...iPhone(shop, { A: 2_000 }), brand_id: 999 }]
  expect((await put(shop, { rows })).status).toBe(404)
  expect((await historyOf(shop, 'A')).length).toBe(1)
  const twice = [iPhone(shop, { A: 1_000 }), { ...iPhone(shop, { A: 2_000 }), model: 'iPhone 13' }]
  expect((await put(shop, { rows: twice })).body.changed).toBe(1)
  expect((await rowOf(shop)).prices.A.price_cents).toBe(2_000)
  expect((await put(shop, { rows: [iPhone(shop, { A: -1 })] })).status).toBe(422)
})

test('five thousand rows are set at once, and set again', async () => {
  await using shop = await openTradeIns()
  const rows = (more: number) =>
    Array.from({ length: 5_000 }, (_, index) => ({
      brand_id: shop.kind.brand_id,
      model: `Model ${index}`,
      storage: '128GB',
      prices: { A: 10_000 + index + more, E: 1_000 },
    }))
  expect((await put(shop, { rows: rows(0) })).body.changed).toBe(10_000)
  shop.clock.pass(1_000)
  expect((await put(shop, { rows: rows(1) })).body.changed).toBe(5_000)
  expect((await shop.counter('GET', '/trade-in-prices/sheet')).body.rows.length).toBe(5_001)
}, 120_000)

test('a price that ends tonight, and another from tomorrow on, change nothing of an offer that is open', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const lines = (await shop.counter('GET', '/trade-in-prices')).body
  for (const { id } of lines)
    await shop.byAdmin('PATCH', `/trade-in-prices/${id}`, { valid_until: shop.clock.now() + 3_600_000 })
  await put(shop, { rows: [iPhone(shop, { B: 1_000 })] })
  shop.clock.pass(2 * 3_600_000)
  const standing = await shop.database.db
    .selectFrom('offer')
    .select(['version', 'base_cents', 'price_cents'])
    .where('pickup_id', '=', pickup_id)
    .execute()
  expect(standing).toEqual([{ version, base_cents: 19_000, price_cents: 19_000 }])
  const bought = await shop.buy(pickup_id, shop.purchase(version))
  expect([bought.status, bought.body.total_cents]).toEqual([201, 19_000])
})

test('the sheet shows what such units were bought for and sold at, and how many are here; to evaluators without sums', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  await shop.buy(pickup_id, shop.purchase(version))
  expect(await rowOf(shop)).toMatchObject({
    brand_name: 'Apple',
    model: 'iPhone 13',
    storage: '128GB',
    device_type: 'Phone',
    sold: 0,
    sold_cents: null,
    bought: 1,
    bought_cents: 19_000,
    here: 1,
    by_grade: [{ condition: 'B', bought: 1, here: 1 }],
  })
  const { product_id } = await shop.database.db.selectFrom('unit').select('product_id').executeTakeFirstOrThrow()
  await shop.write(async (trx) => {
    const sums = { subtotal_cents: 0, tax_cents: 0, shipping_fee_cents: 0, total_cents: 0, currency: 'EUR' }
    for (const [status, unit_price_cents] of [
      ['paid', 30_000],
      ['completed', 34_000],
      ['shipped', 31_000],
      ['cancelled', 1],
    ] as const) {
      const order = { user_id: shop.customer.id, status, payment_method: 'cash', ...sums }
      const order_id = await insert(trx, 'sales_order', order)
      const line = { order_id, product_id, title: 'iPhone', unit_price_cents, qty: 1 }
      await insert(trx, 'sales_line', { ...line, line_total_cents: unit_price_cents, from_cart: 0 })
    }
  })
  expect(await rowOf(shop)).toMatchObject({ sold: 3, sold_cents: 31_000 })
  const seen = (await shop.counter('GET', '/trade-in-prices/sheet', undefined, { as: shop.evaluator })).body.rows[0]
  expect(seen).toMatchObject({ sold: 3, here: 1, prices: { A: { price_cents: 24_000 } } })
  expect([seen, seen.by_grade[0]].flatMap((one) => Object.keys(one))).not.toContain('sold_cents')
  expect([seen, seen.by_grade[0]].flatMap((one) => Object.keys(one))).not.toContain('bought_cents')
  shop.clock.pass(91 * 86_400_000)
  expect(await rowOf(shop, await shop.signIn(shop.staff))).toMatchObject({
    sold: 0,
    sold_cents: null,
    bought: 0,
    here: 1,
  })
})

test('the sheet is exported as CSV, and no cell of it is a formula to a spreadsheet', async () => {
  await using shop = await openTradeIns()
  await put(shop, { rows: [{ ...iPhone(shop, { C: 5_050 }), model: '=1+1', storage: 'a "b"; c' }] })
  const csv = async (query = '') => {
    const { text, headers } = await shop.counter('GET', `/trade-in-prices.csv${query}`)
    expect(headers.get('content-type')).toMatch(/^text\/csv/)
    return text.replace('\ufeff', '').split('\r\n')
  }
  expect(await csv()).toEqual([
    'brand,model,storage,A,B,C,D,E',
    `Apple,'=1+1,"a ""b""; c",,,50.50,,`,
    'Apple,iPhone 13,128GB,240.00,190.00,,,',
    '',
  ])
  expect((await csv('?decimal=comma'))[2]).toBe('Apple;iPhone 13;128GB;240,00;190,00;;;')
})

test('a deduction is named once, however it is written, and again when the other is gone', async () => {
  await using shop = await openTradeIns()
  const add = (name: string) => shop.counter('POST', '/trade-in-deductions', { name, amount_cents: 1 }, shop.asAdmin)
  const twice = await add('CHARGING  port')
  expect([twice.status, twice.body.code, twice.body.params]).toEqual([
    400,
    'deduction-exists',
    { name: 'Charging port' },
  ])
  const { id } = (await add('Camera')).body
  const rename = (name: string) => shop.counter('PATCH', `/trade-in-deductions/${id}`, { name }, shop.asAdmin)
  expect((await rename('charging port')).body.code).toBe('deduction-exists')
  expect((await rename('CAMERA')).body.name).toBe('CAMERA')
  await shop.byAdmin('DELETE', `/trade-in-deductions/${id}`)
  expect((await add('Camera')).status).toBe(201)
})
