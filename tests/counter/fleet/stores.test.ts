import { expect, test } from 'vitest'
import { inStore } from '../../../db/handle.ts'
import { insert, patch } from '../../../db/rows.ts'
import { upsertLocal } from '../../../db/local.ts'
import { write } from '../../sync/enrol/office.ts'
import { openTwoStores, send, type StoreOfTest, type TwoStores, workIn } from '../../sync/support/two-stores.ts'
import type { Person } from '../../support/person.ts'
import { openCounter } from '../counter-shop.ts'

const DAY = 86_400_000

const sideBySide = async (office: TwoStores, query = '', as: Person = office.owner) =>
  await send(office, as, { method: 'GET', path: `/counter/fleet/stores${query}` })

/** Takes a device in at a store, and money for it. */
async function earn(office: TwoStores, { staff, code }: StoreOfTest, cents: number, method: string) {
  const step = async (path: string, body: object, verb = 'POST') => {
    const reply = await send(office, staff, { method: verb, path: `/counter/${path}`, body })
    if (reply.status >= 300) throw new Error(reply.text)
    return reply.body
  }
  const customer = { full_name: `${code} customer`, phone: `0171 ${office.clock.now() % 10_000_000}` }
  const device = { model_id: office.stock.model_id }
  const { order_id } = await step('intakes', { customer, device, estimate_cents: 10_000 })
  const { payment } = await step(`tickets/${order_id}/payments`, { amount_cents: cents, method })
  office.clock.pass(1_000)
  return { order_id: order_id as number, payment_id: payment.id as number }
}

test('each store shows what it has taken by method, what went back, and a line for all of them', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  await earn(office, north, 4_000, 'Cash')
  await earn(office, north, 1_500, 'Card')
  const { order_id, payment_id } = await earn(office, south, 7_000, 'Cash')
  const correction = { amount_cents: 6_000, reason: 'Too dear' }
  await send(office, south.staff, { method: 'PATCH', path: `/counter/tickets/${order_id}/payments/${payment_id}`, body: correction }) // oxfmt-ignore
  const { body } = await sideBySide(office)
  expect(body.stores.map(({ code }: { code: string }) => code)).toEqual(['S1', 'S2', 'S3'])
  const [own, inNorth, inSouth] = body.stores
  expect(own).toMatchObject({ takings: [], taken_cents: 0, open: 0 })
  expect(inNorth).toMatchObject({ came_in_cents: 5_500, went_back_cents: 0, taken_cents: 5_500, open: 2 })
  expect(inNorth.takings).toEqual([
    { method: 'Cash', came_in_cents: 4_000, went_back_cents: 0, taken_cents: 4_000 },
    { method: 'Card', came_in_cents: 1_500, went_back_cents: 0, taken_cents: 1_500 },
  ])
  expect(inSouth).toMatchObject({ taken_cents: 6_000, open: 1 })
  expect(body.total).toMatchObject({ taken_cents: 11_500, open: 3 })
  expect(body.total.takings).toMatchObject([{ method: 'Cash', taken_cents: 10_000 }, { method: 'Card', taken_cents: 1_500 }]) // oxfmt-ignore
})

test('what it counts is what the rows come to, whatever was done: repairs, the web shop, purchases and stock', async () => {
  await using office = await openTwoStores()
  await workIn(office, office.south, 7)
  await workIn(office, office.north, 8)
  const { body } = await sideBySide(office, '?span=month')
  const { db } = office.database
  for (const { id, ...told } of body.stores) {
    const all = async (table: 'payment_entry' | 'sales_payment_entry') =>
      (await db.selectFrom(table).select('amount_cents').where('store_id', '=', id).execute()).reduce((sum, { amount_cents }) => sum + amount_cents, 0) // oxfmt-ignore
    expect([id, told.taken_cents]).toEqual([id, (await all('payment_entry')) + (await all('sales_payment_entry'))])
    const receipts = await db.selectFrom('receipt').select('total_cents').where('store_id', '=', id).execute()
    expect([id, told.bought_cents + receipts.reduce((sum, { total_cents }) => sum + total_cents, 0)]).toEqual([id, 0])
    const moved = await db.selectFrom('stock_movement').select(['product_id', 'quantity']).where('store_id', '=', id).execute() // oxfmt-ignore
    const pieces = new Map<number, number>()
    for (const { product_id, quantity } of moved) pieces.set(product_id, (pieces.get(product_id) ?? 0) + quantity)
    const there = await db.selectFrom('product').select(['id', 'price_cents']).where('deleted_at', 'is', null).execute()
    const held = there.map(({ id: product, price_cents }) => ({
      n: Math.max(0, pieces.get(product) ?? 0),
      price_cents,
    }))
    expect([id, told.pieces]).toEqual([id, held.reduce((sum, { n }) => sum + n, 0)])
    expect([id, told.stock_cents]).toEqual([id, held.reduce((sum, { n, price_cents }) => sum + n * price_cents, 0)])
  }
  // Each number is that of the list that it leads to.
  for (const [figure, query] of [
    ['open', 'open=1'],
    ['repairing', 'status=Repairing'],
    ['overdue', 'overdue=1'],
    ['ready', 'ready=1'],
    ['owed', 'owed=1'],
  ] as const)
    for (const { id, ...told } of body.stores) {
      const path = `/counter/repairs/count?${query}&store_id=${id}`
      const { body: counted } = await send(office, office.owner, { method: 'GET', path })
      expect([figure, id, String(told[figure])]).toEqual([figure, id, counted.total])
    }
  expect(body.total.open).toBeGreaterThan(0)
  expect(body.total.taken_cents).toBeGreaterThan(0)
})

test('a day begins at each store by its own clocks', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  await write(office, async (trx) => {
    await patch(trx, 'store', north.id, { time_zone: 'Pacific/Auckland' })
    await patch(trx, 'store', south.id, { time_zone: 'America/Los_Angeles' })
  })
  // 15 January, 09:00 UTC: 22:00 in Auckland, 01:00 in Los Angeles. Four hours on it is the 16th in Auckland.
  await earn(office, north, 1_000, 'Cash')
  await earn(office, south, 2_000, 'Cash')
  office.clock.pass(4 * 3_600_000)
  await earn(office, north, 4_000, 'Cash')
  await earn(office, south, 8_000, 'Cash')
  const taken = async (query: string) =>
    (await sideBySide(office, query)).body.stores.slice(1).map((store: { taken_cents: number }) => store.taken_cents)
  expect(await taken('?day=2026-01-15')).toEqual([1_000, 10_000])
  expect(await taken('?day=2026-01-16')).toEqual([4_000, 0])
  expect(await taken('')).toEqual([4_000, 10_000])
  expect(await taken('?day=2026-01-18&span=week')).toEqual([5_000, 10_000])
  expect(await taken('?day=2026-01-31&span=month')).toEqual([5_000, 10_000])
  expect(await taken('?day=2026-02-01&span=month')).toEqual([0, 0])
  expect((await sideBySide(office, '?day=2026-02-30')).status).toBe(422)
})

test('a store says when its terminals were heard, and what waits there', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const now = office.clock.now()
  const said = { version: '1', schema: 1, clock_offset: 0, waiting_since: null, troubles_there: null, verdict: 'go' }
  await write(office, async (trx) => {
    const terminal = (store: StoreOfTest, name: string) =>
      insert(inStore(trx, store.id), 'node', { name, terminal: name })
    const [first, second] = [await terminal(north, 'T1'), await terminal(north, 'T2')]
    await terminal(south, 'T1')
    await upsertLocal(
      trx,
      'node_contact',
      { node_id: first },
      { ...said, seen_at: now - DAY, waiting: 14, troubles: 1 },
    )
    await upsertLocal(trx, 'node_contact', { node_id: second }, { ...said, seen_at: now, waiting: 0, troubles: 0 })
  })
  const { body } = await sideBySide(office)
  expect(body.stores[1]).toMatchObject({ terminals: 2, heard_at: now - DAY, waiting: 14, troubles: 1 })
  expect(body.stores[2]).toMatchObject({ terminals: 1, heard_at: null, waiting: 0 })
  expect(body.total).toMatchObject({ terminals: 3, waiting: 14, troubles: 1 })
})

test('an admin of one store has its column alone; staff and machines without a head office have none', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  await earn(office, north, 4_000, 'Cash')
  await earn(office, south, 7_000, 'Cash')
  const { body } = await sideBySide(office, '', north.admin)
  expect(body.stores).toMatchObject([{ id: north.id, taken_cents: 4_000 }])
  expect(body.total.taken_cents).toBe(4_000)
  expect((await sideBySide(office, '', north.staff)).status).toBe(403)
  await using shop = await openCounter()
  const refused = await shop.counter('GET', '/fleet/stores', undefined, { as: shop.admin })
  expect([refused.status, refused.body.code]).toEqual([409, 'no-head-office'])
})

test('each list at head office is narrowed to a store, and each row says whose it is', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const first = await earn(office, north, 4_000, 'Cash')
  const second = await earn(office, south, 7_000, 'Cash')
  const list = async (query: string) =>
    (await send(office, office.owner, { method: 'GET', path: `/counter/repairs${query}` })).body.rows.map(
      ({ id, store_id }: { id: number; store_id: number }) => [id, store_id],
    )
  expect(await list('')).toEqual([[second.order_id, south.id], [first.order_id, north.id]]) // oxfmt-ignore
  expect(await list(`?store_id=${north.id}`)).toEqual([[first.order_id, north.id]])
  expect(await list(`?store_id=${north.id}&open=1&sort=due`)).toEqual([[first.order_id, north.id]])
  const counts = await send(office, office.owner, {
    method: 'GET',
    path: `/counter/repairs/counts?store_id=${south.id}`,
  })
  expect(counts.body).toMatchObject({ open: '1', owed: '1' })
  // So are the web shop's orders and what people offer.
  await workIn(office, south, 7)
  for (const path of ['sales-orders', 'trade-ins']) {
    const stores = async (query: string) =>
      (await send(office, office.owner, { method: 'GET', path: `/counter/${path}${query}` })).body.map(
        (row: { store_id: number }) => row.store_id,
      )
    expect([path, new Set(await stores(''))]).toEqual([path, new Set([south.id])])
    expect([path, await stores(`?store_id=${north.id}`)]).toEqual([path, []])
    expect([path, await stores(`?store_id=${south.id}`)]).toEqual([path, await stores('')])
  }
  const boot = async (as: Person) => (await send(office, as, { method: 'GET', path: '/counter/session' })).body.stores
  expect(await boot(office.owner)).toMatchObject([{ code: 'S1' }, { code: 'S2' }, { code: 'S3' }])
  expect(await boot(north.admin)).toEqual([])
})
