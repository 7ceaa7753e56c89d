import { expect, test } from 'vitest'
import { insert, insertMany } from '../../db/rows.ts'
import type { Heading } from '../../server/counter/repairs/list-place.ts'
import { repairsOfFaults } from '../../server/counter/queries/faults.ts'
import { sieveOf } from '../../server/counter/queries/repair-filter.ts'
import { walkRepairs } from '../../server/counter/repairs/repair-walks.ts'
import { listCardSales } from '../../server/shop/sales/order-list.ts'
import { listSalesOrders } from '../../server/shop/sales/orders.ts'
import { newestPickups } from '../../server/shop/trade-ins/trade-ins.ts'
import { ENGINE } from '../support/database.ts'
import { openWatched } from '../support/watched-statements.ts'
import { openCounter } from './counter-shop.ts'
import { EMPTY_ORDER } from '../support/empty-order.ts'

const HOUR = 3_600_000

/** Rows that came in another order than their ids were given out in, as those of several nodes, or of an import, do. */
async function openAged() {
  const shop = await openCounter()
  const now = shop.clock.now()
  const customer = { full_name: 'Ines Aged', role: 'customer' as const, is_staff: false, is_active: true }
  const customer_id = await shop.write((trx) => insert(trx, 'user', { ...customer, created_at: now - 9 * HOUR }))
  return {
    ...shop,
    customer_id,
    /** When the first, second and third of three rows came; by `order` the second is the newest, and the first the oldest. */
    ages: [now - 3 * HOUR, now - HOUR, now - 2 * HOUR],
    idsOf: (rows: readonly { id: number }[]) => rows.map(({ id }) => id),
  }
}

/** The newest first. */
const order = <T>([first, second, third]: readonly T[]) => [second!, third!, first!]

test('repairs are listed, found and shown by when they came, and wait longest first, whatever their ids are', async () => {
  await using shop = await openAged()
  const { brand_id, device_type_id, model_id } = shop.kind
  const { customer_id } = shop
  const ids = await shop.write(async (trx) => {
    const device_id = await insert(trx, 'device', { brand_id, device_type_id, model_id, owner_id: customer_id })
    const repair = { device_id, customer_id, cost_cents: 0, discount_cents: 0, status: 'Pending' as const }
    return await insertMany(
      trx,
      'repair_order',
      shop.ages.map((created_at, n) => ({ ...repair, ticket_number: `S1-T1-90000${n}`, note: 'Wobbly', created_at })),
    )
  })
  const newest = order(ids)
  const listed = async (query: string) => shop.idsOf((await shop.counter('GET', `/repairs?${query}`)).body.rows)
  expect(await listed('')).toEqual(newest)
  expect(await listed('status=Pending')).toEqual(newest)
  expect(await listed('q=wobbly')).toEqual(newest)
  for (const sort of ['status', 'device', 'customer']) expect(await listed(`sort=${sort}`), sort).toEqual(newest)
  expect(await listed('sort=ticket')).toEqual(newest.toReversed())
  const first = (await shop.counter('GET', '/repairs?limit=1')).body
  const second = (await shop.counter('GET', `/repairs?limit=1&after=${first.next}`)).body
  expect([...shop.idsOf(first.rows), ...shop.idsOf(second.rows)]).toEqual(newest.slice(0, 2))
  expect(await listed(`after=${second.next}`)).toEqual(newest.slice(2))
  const { columns } = (await shop.counter('GET', '/board')).body
  expect(shop.idsOf(columns.find(({ status }: any) => status === 'Pending').rows)).toEqual(newest.toReversed())
  expect(shop.idsOf((await shop.counter('GET', '/search?q=wobbly')).body.tickets)).toEqual(newest)
  expect(shop.idsOf((await shop.counter('GET', `/customers/${customer_id}`)).body.tickets)).toEqual(newest)
  expect(shop.idsOf((await shop.counter('GET', '/devices/1')).body.tickets)).toEqual(newest)
  expect(shop.idsOf((await shop.ticket(ids[0]!)).device.past_tickets)).toEqual(newest.slice(0, 2))
  // What the documents list in id order stays so.
  expect(shop.idsOf((await shop.call('GET', '/v1/orders', { as: shop.admin })).body)).toEqual(ids)
})

test('orders of the web shop are listed by when they came, at the desk page by page', async () => {
  await using shop = await openAged()
  const ids = await shop.write((trx) =>
    insertMany(
      trx,
      'sales_order',
      shop.ages.map((created_at) => ({
        user_id: shop.customer.id,
        status: 'paid' as const,
        ...EMPTY_ORDER,
        created_at,
      })),
    ),
  )
  const newest = order(ids)
  expect(shop.idsOf((await shop.call('GET', '/api/orders/me', { as: shop.customer })).body)).toEqual(newest)
  const all = (await shop.call('GET', '/api/admin/orders', { as: shop.admin })).body
  expect(all.map((row: { order: { id: number } }) => row.order.id)).toEqual(newest)
  const page = async (query: string) => shop.idsOf((await shop.counter('GET', `/sales-orders?limit=2${query}`)).body)
  expect(await page('')).toEqual(newest.slice(0, 2))
  expect(await page(`&before=${newest[1]}`)).toEqual(newest.slice(2))
  expect(await page(`&before=${newest[2]}`)).toEqual([])
  expect(await page('&before=999999')).toEqual([])
})

test('what customers offer is listed by when it came, and their own page and addresses with it', async () => {
  await using shop = await openAged()
  const user_id = shop.customer.id
  const ids = await shop.write((trx) =>
    insertMany(
      trx,
      'pickup_request',
      shop.ages.map((created_at) => ({
        user_id,
        brand_id: shop.kind.brand_id,
        model_text: 'iPhone 13',
        condition: 'B' as const,
        status: 'offered' as const,
        created_at,
      })),
    ),
  )
  const addresses = await shop.write((trx) =>
    insertMany(
      trx,
      'address',
      shop.ages.map((created_at, n) => ({
        user_id,
        full_name: 'Cora Customer',
        phone_number: '0170 1',
        address_line1: `${n} Road`,
        city: 'Ottawa',
        state: 'ON',
        postal_code: 'K1A',
        country: 'CA',
        is_default: false,
        created_at,
      })),
    ),
  )
  const newest = order(ids)
  expect(shop.idsOf((await shop.counter('GET', '/trade-ins')).body)).toEqual(newest)
  expect(shop.idsOf((await shop.counter('GET', '/trade-ins?status=offered')).body)).toEqual(newest)
  const all = (await shop.call('GET', '/api/admin/tradeins', { as: shop.admin })).body
  expect(all.map((row: { pickup: { id: number } }) => row.pickup.id)).toEqual(newest)
  const waiting = (await shop.counter('GET', '/tasks')).body
  expect(waiting.map((task: { about: { about_id: number } }) => task.about.about_id)).toEqual(newest.toReversed())
  const own = (await shop.call('GET', '/counter/account', { as: shop.customer })).body
  expect(shop.idsOf(own.offers)).toEqual(newest)
  const places = (await shop.call('GET', '/api/addresses', { as: shop.customer })).body
  expect(shop.idsOf(places)).toEqual(order(addresses))
})

test('customers, their devices and what moved of a product are listed by when they came', async () => {
  await using shop = await openAged()
  const { brand_id, device_type_id, model_id } = shop.kind
  const people = await shop.write((trx) =>
    insertMany(
      trx,
      'user',
      shop.ages.map((created_at, n) => ({
        full_name: `Tilda Twin ${n}`,
        role: 'customer' as const,
        is_staff: false,
        is_active: true,
        created_at: created_at + 24 * HOUR,
      })),
    ),
  )
  const devices = await shop.write((trx) =>
    insertMany(
      trx,
      'device',
      shop.ages.map((created_at, n) => {
        const serial_number = `ZZ${n}99`
        const named = { brand_id, device_type_id, model_id, serial_number, serial_key: serial_number }
        return { ...named, owner_id: shop.customer_id, created_at }
      }),
    ),
  )
  expect(shop.idsOf((await shop.counter('GET', '/customers?q=')).body).slice(0, 3)).toEqual(order(people))
  expect(shop.idsOf((await shop.counter('GET', '/customers?q=twin')).body)).toEqual(order(people))
  const found = (await shop.counter('GET', '/search?q=twin')).body
  expect(shop.idsOf(found.customers)).toEqual(order(people))
  expect(shop.idsOf((await shop.counter('GET', '/search?q=iphone')).body.devices)).toEqual(order(devices))
  const card = (await shop.counter('GET', `/customers/${shop.customer_id}`)).body
  expect(shop.idsOf(card.devices)).toEqual(order(devices))
  const [category] = (await shop.counter('GET', '/categories')).body
  const phone = { brand: 'Fairphone', model: 'Fairphone 5', name: 'Fairphone 5', condition: 'B', price_cents: 100 }
  const { id: product_id } = (await shop.counter('POST', '/products', { category_id: category.id, ...phone })).body
  const movements = await shop.write((trx) =>
    insertMany(
      trx,
      'stock_movement',
      shop.ages.map((created_at) => ({ product_id, quantity: 1, kind: 'receipt' as const, created_at })),
    ),
  )
  expect(shop.idsOf((await shop.counter('GET', `/products/${product_id}/stock`)).body)).toEqual(order(movements))
})

test('of several that are meant, the one that came last counts, whatever its id', async () => {
  await using shop = await openAged()
  const { brand_id, device_type_id, model_id } = shop.kind
  const { customer_id: owner_id, customer } = shop
  const [category] = (await shop.counter('GET', '/categories')).body
  const phone = {
    brand: 'Apple',
    model: 'iPhone 13',
    name: 'iPhone 13',
    condition: 'B',
    price_cents: 100,
    serialised: true,
  }
  const { id: product_id } = (await shop.counter('POST', '/products', { category_id: category.id, ...phone })).body
  const made = await shop.write(async (trx) => {
    const aged = <T extends object>(row: T) => shop.ages.map((created_at) => ({ ...row, created_at }))
    const device_id = await insert(trx, 'device', { brand_id, device_type_id, model_id, owner_id })
    const repair = { device_id, customer_id: owner_id, cost_cents: 0, discount_cents: 0, status: 'Pending' as const }
    const numbered = aged(repair).map((row, n) => ({ ...row, ticket_number: `S1-T1-90000${n}` }))
    const repairs = await insertMany(trx, 'repair_order', numbered)
    const problem_id = await insert(trx, 'problem', { name: 'Wet', name_key: 'wet' })
    for (const [n, order_id] of repairs.entries()) {
      const created_at = shop.ages[n]!
      const intake_id = await insert(trx, 'intake', {
        order_id,
        created_at,
        accessories: '[]',
        condition: '{}',
        terms_accepted: true,
      })
      await insert(trx, 'intake_problem', { intake_id, problem_id, created_at })
    }
    const request = { user_id: customer.id, brand_id, model_text: 'iPhone 13', condition: 'B' as const }
    const offered = aged({ ...request, status: 'offered' as const, order_id: repairs[0]! })
    const unit = {
      product_id,
      serial_number: 'ZZ99',
      serial_key: 'ZZ99',
      condition: 'B' as const,
      origin: 'purchase' as const,
    }
    return {
      device_id,
      repairs,
      requests: await insertMany(trx, 'pickup_request', offered),
      units: await insertMany(trx, 'unit', aged(unit)),
    }
  })
  const newest = order(made.repairs)
  const second = await shop.counter('POST', '/intakes', {
    customer: { id: owner_id },
    device: { id: made.device_id },
  })
  expect(second.body.params).toEqual({ number: 'S1-T1-900001' })
  const found = await Promise.all([1, 2, 3].map((limit) => repairsOfFaults(shop.database.db, 'wet', limit)))
  expect(found).toEqual([1, 2, 3].map((limit) => newest.slice(0, limit)))
  expect((await shop.ticket(made.repairs[0]!)).trade_in.id).toBe(order(made.requests)[0])
  const counted = await shop.counter('POST', `/products/${product_id}/stock/counts`, { serial_numbers: ['ZZ99'] })
  expect(counted.status).toBe(201)
  const [movement] = (await shop.counter('GET', `/products/${product_id}/stock`)).body
  expect(movement.unit_id).toBe(order(made.units)[0])
})

test.skipIf(ENGINE === 'postgres')('no long list sorts a whole table to find its newest rows', async () => {
  await using watched = await openWatched()
  const { db } = watched
  const walk = async (by: Heading, statuses: ('Pending' | 'Completed')[] | null, keys: (string | number)[]) => {
    const sieve = { ...sieveOf(db, {}, 1, null), statuses }
    for (const after of [undefined, { id: 5, at: 9, keys }])
      for (const descending of [false, true]) await walkRepairs(db, sieve, { by, descending }, { after, limit: 50 })
  }
  for (const statuses of [null, ['Pending', 'Completed'] as const]) {
    const wanted = statuses && [...statuses]
    await walk('ticket', wanted, [9, 5])
    await walk('status', wanted, [0])
    await walk('promised', wanted, [])
  }
  await listCardSales(db, { limit: 50 })
  await listCardSales(db, { limit: 50, status: 'paid' })
  await listSalesOrders(db, { own: null }).limit(50).offset(1_000).execute()
  await newestPickups(db, { own: null }).limit(50).offset(1_000).execute()
  await newestPickups(db, { own: null }).where('pickup_request.status', '=', 'offered').limit(50).execute()
  const plans = watched.plans()
  expect(plans.length).toBeGreaterThan(30)
  expect(plans.filter(({ steps }) => steps.some((step) => step.includes('USE TEMP B-TREE')))).toEqual([])
})
