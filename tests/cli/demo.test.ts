import { expect, test } from 'vitest'
import type { Trx } from '../../db/handle.ts'
import { checkContent } from '../../db/check/check-content.ts'
import { isOverdue } from '../../server/domain/repair-status.ts'
import { imeiKind } from '../../server/domain/imei.ts'
import { PICKUP_STATUSES } from '../../server/domain/pickup-status.ts'
import { SALES_STATUSES } from '../../server/domain/sales-status.ts'
import { categoriesCalled } from '../../server/shop/stock/categories.ts'
import { listDeals, listProducts } from '../../server/shop/stock/product-list.ts'
import { addProduct } from '../../server/shop/stock/product-changes.ts'
import { addStarters } from '../../server/shop/devices/starter-catalogue.ts'
import { heldUnits } from '../../server/shop/stock/sellable.ts'
import { stockOf } from '../../server/shop/stock/ledger.ts'
import { estimateFor } from '../../server/shop/trade-ins/prices.ts'
import { openCommandLine } from './command-line.ts'

test('the demonstration is a believable shop, and a second one changes nothing', async () => {
  await using cli = await openCommandLine()
  const first = await cli.run(['demo'])
  expect(first.code).toBe(0)
  expect(first.out.match(/password \S+ +PIN \d{4}/g)).toHaveLength(3)

  const head = await cli.look(async ({ db, scan }) => {
    const orders = await db
      .selectFrom('repair_order')
      .select(['status', 'created_at', 'completed_at', 'estimated_completion_date as promised_at'])
      .execute()
    expect(orders.length).toBeGreaterThan(55)
    expect(new Set(orders.map(({ status }) => status)).size).toBe(4)
    const now = Date.now()
    expect(orders.filter((order) => isOverdue(order, now)).length).toBeGreaterThan(1)
    expect(orders.every(({ created_at, completed_at }) => created_at <= now && (completed_at ?? now) <= now)).toBe(true)
    const people = await db.selectFrom('user').select(['role', 'is_staff']).execute()
    expect(people.filter(({ is_staff }) => is_staff === 1)).toHaveLength(3)
    expect(people.filter(({ role }) => role === 'admin')).toHaveLength(1)
    const payments = await db.selectFrom('payment').select('status').execute()
    expect(new Set(payments.map(({ status }) => status))).toEqual(new Set(['Paid', 'Partial']))
    const phones = await db
      .selectFrom('device')
      .innerJoin('device_type', 'device_type.id', 'device.device_type_id')
      .select('serial_number')
      .where('device_type.name', '=', 'Phone')
      .execute()
    expect(phones.every(({ serial_number }) => imeiKind(serial_number!) === 'valid')).toBe(true)
    expect((await checkContent({ scan })).findings).toEqual([])
    return await db.selectFrom('self').select(['seq', 'chain']).executeTakeFirstOrThrow()
  })

  expect((await cli.run(['demo'])).out).toContain('is in this shop already')
  expect(await cli.look(({ db }) => db.selectFrom('self').select(['seq', 'chain']).executeTakeFirstOrThrow())).toEqual(
    head,
  )
})

test('the demonstration has a store: a catalogue with stock, orders and trade-ins in every state', async () => {
  await using cli = await openCommandLine()
  expect((await cli.run(['demo'])).code).toBe(0)
  await cli.look(async ({ db }) => {
    const { rows } = await listProducts(db, {}, {})
    // The catalogue, and a product for each device that was bought in.
    expect(rows).toHaveLength(62)
    for (const category of ['Phones', 'Laptops', 'Tablets', 'Accessories'])
      expect((await listProducts(db, { category }, {})).rows.length).toBeGreaterThan(9)
    expect(new Set(rows.map(({ condition }) => condition)).size).toBe(5)
    const catalogue = rows.filter(({ web, cities }) => web === null && cities !== '[]')
    expect(catalogue).toHaveLength(60)
    expect(catalogue.every(({ highlights, hub_name }) => highlights !== '[]' && hub_name !== null)).toBe(true)
    const brighton = (await listProducts(db, { city: 'brighton' }, {})).rows.length
    expect([brighton > 20, brighton < 60]).toEqual([true, true])
    expect((await listDeals(db, { tenths: 100, at: 0 }, { limit: 100, offset: 0 })).rows.length).toBeGreaterThan(30)

    const stock = await stockOf(
      db,
      rows.map(({ id }) => id),
    )
    expect([...stock.values()].filter((left) => left === 0).length).toBeGreaterThan(3)
    expect([...stock.values()].every((left) => left >= 0)).toBe(true)
    const units = await db.selectFrom('unit').select(['serial_number', 'origin', 'cost_cents']).execute()
    expect(units.length).toBeGreaterThan(5)
    expect(new Set(units.map(({ origin }) => origin))).toEqual(new Set(['purchase', 'trade-in']))

    const orders = await db.selectFrom('sales_order').select(['id', 'status', 'created_at', 'total_cents']).execute()
    expect(new Set(orders.map(({ status }) => status))).toEqual(new Set(SALES_STATUSES))
    expect(orders.every(({ created_at, total_cents }) => created_at <= Date.now() && total_cents > 0)).toBe(true)
    expect(await db.selectFrom('sales_payment').select('id').execute()).toEqual([])

    const pickups = await db.selectFrom('pickup_request').select(['id', 'status', 'estimated_price_cents']).execute()
    expect(new Set(pickups.map(({ status }) => status))).toEqual(new Set(PICKUP_STATUSES))
    const asked = await db.selectFrom('pickup_request').select('address').where('channel', 'is', null).execute()
    expect(asked.length).toBeGreaterThan(8)
    for (const { address } of asked)
      expect(JSON.parse(address!)).toMatchObject({ street: expect.any(String), city: expect.any(String) })
    for (const city of ['Vancouver', 'Ottawa']) {
      const { total } = await listProducts(db, { city }, {})
      expect(Number(total)).toBeGreaterThan(20)
    }
    const evaluations = await db.selectFrom('evaluation').select('pickup_id').execute()
    expect(evaluations).toHaveLength(pickups.filter(({ status }) => status !== 'requested').length)

    // One hold is over, one is not; somebody thinks it over, and two devices are being looked at.
    const purchases = await db.selectFrom('receipt').select(['number', 'total_cents']).orderBy('id').execute()
    expect(purchases.map(({ number }) => number)).toEqual(['S1-T1-P000001', 'S1-T1-P000002'])
    expect(await heldUnits(db, Date.now())).toHaveLength(1)
    expect(await db.selectFrom('buy_in_draft').select('id').execute()).toHaveLength(2)
    const walkIns = db.selectFrom('pickup_request').select('status').where('channel', '=', 'counter').orderBy('id')
    expect((await walkIns.execute()).map(({ status }) => status)).toEqual(['accepted', 'accepted', 'offered'])

    const device = { brand: 'Apple', model: 'iPhone 13', storage: '128 gb', condition: 'B' as const }
    const offers = await Promise.all(
      [-60, 0, 40].map((days) => estimateFor(db, device, Date.now() + days * 86_400_000)),
    )
    expect(offers.map(({ estimated_cents }) => estimated_cents)).toEqual([28_050, 25_500, 22_950])
    expect(await db.selectFrom('trade_in_deduction').select('name').execute()).toHaveLength(4)
  })
  const verified = await cli.run(['verify'])
  expect([verified.code, verified.err]).toEqual([0, ''])
})

test('the demonstration of a German shop speaks German, and leaves what the shop sells already alone', async () => {
  await using cli = await openCommandLine()
  await cli.run(['status'])
  await cli.look(({ write }) => write({ actor: null, device: null, act: 'test' }, (trx) => addStarters(trx, 'de')))
  await cli.look(({ write }) => write({ actor: null, device: null, act: 'test' }, addOwnPhone))
  expect((await cli.run(['demo'])).code).toBe(0)
  await cli.look(async ({ db }) => {
    const { rows } = await listProducts(db, { brand: 'Apple', condition: 'D' }, {})
    expect(rows.map(({ name, price_cents }) => [name, price_cents])).toEqual([['IPHONE 11 64GB', 14_000]])
    const said = (await listProducts(db, { condition: 'A' }, {})).rows[0]!.highlights
    expect(JSON.parse(said)).toContain('12 Monate Garantie')
    const deductions = await db.selectFrom('trade_in_deduction').select('name').execute()
    expect(deductions.map(({ name }) => name)).toContain('Netzteil fehlt')
  })
})

const addOwnPhone = async (trx: Trx) => {
  const [phones] = await categoriesCalled(trx, 'Phone')
  const phone = { brand: 'apple', model: 'iPhone 11', name: 'IPHONE 11 64GB', condition: 'D' as const }
  return await addProduct(trx, { ...phone, category_id: phones!.id, price_cents: 14_000 })
}
