import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { inStore } from '../../db/handle.ts'
import { deleteLocal } from '../../db/local.ts'
import { insert, patch, remove } from '../../db/rows.ts'
import { troublesOf } from '../../db/fleet/waiting.ts'
import { removeOrder } from '../../server/shop/repairs/orders.ts'
import { takeAtDesk } from '../../server/shop/sales/counter-payments.ts'
import { cancelExpired, cancelOrder } from '../../server/shop/sales/order-outcome.ts'
import { afterBatch } from '../../server/sync/after/after-batch.ts'
import { type Fleet, type Member, openFleet, settleAll, takeIn } from './support/fleet.ts'

/** What follows at the owner's, and what becomes a task everywhere. */

const tasksAt = async (member: Member): Promise<any[]> => {
  const { status, body, text } = await member.counter('GET', '/tasks')
  expect([status, text]).toEqual([200, expect.any(String)])
  return body.map(({ kind, about, facts }: any) => ({ kind, ...about, facts }))
}

/** What tasks are about, as people call it. */
const namesAt = async (member: Member): Promise<string[]> =>
  (await member.counter('GET', '/tasks')).body.map(({ device }: any) => device)

const seqOf = async ({ database: { db } }: Member) =>
  (await db.selectFrom('self').select('seq').executeTakeFirstOrThrow()).seq

/** All is well, and settling once more writes nothing. */
async function isSettled({ all }: Fleet): Promise<void> {
  for (const member of all) {
    const before = await seqOf(member)
    // As if nothing of what is kept of what arrived had been settled yet.
    const by = { actor: null, device: null, act: 'test' }
    await member.database.write(by, (trx) => deleteLocal(trx, 'upkeep', { name: 'sync settled' }))
    await afterBatch(member.sync)
    expect(await seqOf(member)).toBe(before)
    expect(await troublesOf(member.database.db)).toEqual([])
    expect((await checkContent(member.database)).findings).toEqual([])
  }
}

const pass = ({ all }: Fleet, ms: number) => {
  for (const { clock } of all) clock.pass(ms)
}

test('payments that a shop took on a repair which head office deleted meanwhile are taken back, by the shop', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue, all } = fleet
  const [shop] = fleet.shops as [Member]
  const { order_id } = await takeIn(shop, catalogue.model_id, '0170 5500001')
  await settleAll(fleet)
  const pay = { amount_cents: 2_000, method: 'Cash' }
  expect((await shop.counter('POST', `/tickets/${order_id}/payments`, pay)).status).toBe(201)
  pass(fleet, 1_000)
  await office.write((trx) => removeOrder(trx, order_id))
  await settleAll(fleet)
  for (const { database, node } of all) {
    const entries = database.db.selectFrom('payment_entry').select(['amount_cents', 'kind']).orderBy('id')
    expect(await entries.execute(), String(node)).toEqual([
      { amount_cents: 2_000, kind: 'payment' },
      { amount_cents: -2_000, kind: 'removal' },
    ])
    const left = database.db.selectFrom('payment').select('id').where('deleted_at', 'is', null)
    expect(await left.execute()).toEqual([])
  }
  await isSettled(fleet)
})

test('notes of what is owed follow a status that was set elsewhere', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue, all } = fleet
  const [shop] = fleet.shops as [Member]
  const { order_id } = await takeIn(shop, catalogue.model_id, '0170 5500001')
  const note = { order_id, due_amount_cents: 9_000, status: 'Unpaid' as const, paid_at: 0 }
  const id = await shop.write((trx) => insert(trx, 'payment', note))
  await settleAll(fleet)
  expect((await office.counter('PATCH', `/tickets/${order_id}`, { status: 'Completed' })).status).toBe(200)
  await settleAll(fleet)
  for (const { database } of all) {
    const payment = database.db.selectFrom('payment').select('status').where('id', '=', id)
    expect(await payment.executeTakeFirst()).toEqual({ status: 'Due' })
  }
  await isSettled(fleet)
})

/** An order of the web shop at head office, of two pieces of a product that lies in the store of the first shop. */
async function webOrder({ office, shops, catalogue: { product_id } }: Fleet): Promise<number> {
  const [{ store }] = shops as [Member]
  return await office.write(async (trx) => {
    const its = inStore(trx, store)
    const user_id = await insert(its, 'user', {
      full_name: 'Wanda Web',
      role: 'customer',
      is_staff: false,
      is_active: true,
    })
    const moved = { product_id, unit_id: null, note: null, receipt_line_id: null, actor_id: null }
    await insert(its, 'stock_movement', { ...moved, quantity: 2, kind: 'receipt', order_id: null })
    const money = { subtotal_cents: 2_000, tax_cents: 0, shipping_fee_cents: 0, total_cents: 2_000, currency: 'USD' }
    const order_id = await insert(its, 'sales_order', {
      user_id, status: 'pending', ...money, payment_method: 'cash', expires_at: trx.act.now + 3_600_000,
    }) // oxfmt-ignore
    const line = { title: 'Fairphone 5', unit_price_cents: 1_000, qty: 2, line_total_cents: 2_000, from_cart: 0 }
    await insert(its, 'sales_line', { order_id, product_id, ...line })
    await insert(its, 'stock_movement', { ...moved, quantity: -2, kind: 'sale', order_id })
    return order_id
  })
}

async function stateOf({ database: { db } }: Member, order_id: number, product_id: number) {
  const order = await db.selectFrom('sales_order').select('status').where('id', '=', order_id).executeTakeFirstOrThrow()
  const moved = db.selectFrom('stock_movement').select(({ fn }) => fn.sum<number>('quantity').as('pieces'))
  const { pieces } = await moved.where('product_id', '=', product_id).executeTakeFirstOrThrow()
  const due = await db.selectFrom('sales_payment').select('refund_due').where('order_id', '=', order_id).execute()
  return { status: order.status, pieces, due: due.map(({ refund_due }) => refund_due) }
}

test('what was returned twice goes out again, and money on a cancelled order is due back', async () => {
  await using fleet = await openFleet(1)
  const { office, all, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  const order_id = await webOrder(fleet)
  await settleAll(fleet)
  expect(await stateOf(shop, order_id, catalogue.product_id)).toMatchObject({ status: 'pending', pieces: 0 })
  await shop.write((trx) => takeAtDesk(trx, order_id, { method: 'Cash' }))
  await shop.write((trx) => cancelOrder(trx, order_id, { reason: 'admin' }))
  pass(fleet, 1_000)
  await office.write((trx) => cancelOrder(trx, order_id, { reason: 'admin' }))
  await settleAll(fleet)
  for (const member of all)
    expect(await stateOf(member, order_id, catalogue.product_id)).toEqual({ status: 'cancelled', pieces: 2, due: [1] })
  await isSettled(fleet)
})

test('a payment that an expiry did not know of stands, its goods are taken again, and nothing is due back', async () => {
  await using fleet = await openFleet(1)
  const { office, all, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  const order_id = await webOrder(fleet)
  await settleAll(fleet)
  await shop.write((trx) => takeAtDesk(trx, order_id, { method: 'Cash' }))
  pass(fleet, 2 * 3_600_000)
  const by = { actor: null, device: null, act: 'expire' }
  expect(await office.database.write(by, (trx) => cancelExpired(trx))).toBe(1)
  await settleAll(fleet)
  for (const member of all)
    expect(await stateOf(member, order_id, catalogue.product_id)).toEqual({ status: 'paid', pieces: 0, due: [0] })
  await isSettled(fleet)
})

test('an order whose goods went back although somebody had gone on with it has them again', async () => {
  await using fleet = await openFleet(1)
  const { office, all, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  const order_id = await webOrder(fleet)
  await settleAll(fleet)
  await office.write((trx) => cancelOrder(trx, order_id, { reason: 'admin' }))
  pass(fleet, 1_000)
  await shop.write((trx) => takeAtDesk(trx, order_id, { method: 'Cash' }))
  await settleAll(fleet)
  for (const member of all)
    expect(await stateOf(member, order_id, catalogue.product_id)).toEqual({ status: 'paid', pieces: 0, due: [0] })
  await isSettled(fleet)
})

test('what two tills did of one thing is a task at each that has it, until it is put right', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const { office, all, catalogue } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const { product_id } = catalogue
  await north.counter('POST', `/products/${product_id}/stock/receipts`, { quantity: 1 })
  const { order_id } = await takeIn(north, catalogue.model_id, '0170 5500001')
  const sold = await webOrder(fleet)
  await office.write((trx) => patch(trx, 'sales_order', sold, { expires_at: null }))
  await settleAll(fleet)
  for (const till of [north, south]) {
    pass(fleet, 1_000)
    const off = await till.counter('POST', `/products/${product_id}/stock/write-offs`, { quantity: 1, note: 'broken' })
    const paid = await till.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 9_000, method: 'Cash' })
    expect([off.status, paid.status]).toEqual([201, 201])
    await till.write((trx) => takeAtDesk(trx, sold, { method: 'Cash' }))
  }
  await settleAll(fleet)
  const payments = office.database.db.selectFrom('sales_payment').select('id').orderBy('id')
  const facts = (await payments.execute()).map(({ id }) => id).join(' ')
  const expected = [
    { kind: 'paid-twice', about_entity: 'repair_order', about_id: order_id, facts: '9000' },
    { kind: 'paid-twice', about_entity: 'sales_order', about_id: sold, facts },
    { kind: 'stock-below-zero', about_entity: 'product', about_id: product_id, facts: '2:-1' },
  ]
  for (const member of all) expect(await tasksAt(member)).toEqual(expected)
  expect((await namesAt(north)).slice(0, 2)).toEqual([expect.stringMatching(/^S\d-T\d-\d{6}$/), `ORD${sold}`])
  // Put aside at one terminal it is put aside at all; put right, it is none.
  const { facts: _, ...first } = expected[0]!
  const aside = { ...first, facts: '9000', put_aside: true }
  expect((await north.counter('POST', '/tasks/notes', aside)).status).toBe(201)
  await south.counter('POST', `/products/${product_id}/stock/receipts`, { quantity: 3 })
  await settleAll(fleet)
  for (const member of all) expect(await tasksAt(member)).toEqual([expected[1]])
  await isSettled(fleet)
})

test('a unit that two tills sold, and a device that two tills bought, name the others', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const { all, catalogue } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const { product_id } = catalogue
  const unit = { product_id, condition: 'B', origin: 'purchase', cost_cents: null, note: null } as const
  const moved = { product_id, note: null, order_id: null, receipt_line_id: null, actor_id: null }
  const buy = (member: Member, serial_key: string) =>
    member.write(async (trx) => {
      const unit_id = await insert(trx, 'unit', { ...unit, serial_number: serial_key, serial_key })
      await insert(trx, 'stock_movement', { ...moved, unit_id, quantity: 1, kind: 'receipt' })
      return unit_id
    })
  const sold = await buy(north, 'sn1')
  await settleAll(fleet)
  const [first, second] = [await buy(north, 'sn2'), await buy(south, 'sn2')]
  const sales: number[] = []
  for (const till of [north, south])
    sales.push(
      await till.write((trx) => insert(trx, 'stock_movement', { ...moved, unit_id: sold, quantity: -1, kind: 'sale' })),
    )
  await settleAll(fleet)
  const about = { kind: 'unit-twice', about_entity: 'unit' }
  for (const member of all)
    expect(await tasksAt(member)).toEqual([
      { ...about, about_id: sold, facts: sales.join(' ') },
      { ...about, about_id: second, facts: String(first) },
    ])
  for (const member of all)
    expect(await namesAt(member)).toEqual([
      expect.stringMatching(/^\D.* · sn1$/),
      expect.stringMatching(/^\D.* · sn2$/),
    ])
  await isSettled(fleet)
})

test('an offer that another one overtook, and a row that came back, are tasks', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const { office, all, catalogue } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const { customer_id } = await takeIn(north, catalogue.model_id, '0170 5500001')
  const other = (await takeIn(south, catalogue.model_id, '0170 5500002')).customer_id
  const offer = {
    condition: 'B',
    base_cents: null,
    source: 'manual',
    deductions: '[]',
    made_by: north.clerk.id,
  } as const
  const pickup_id = await north.write(async (trx) => {
    const asked = {
      user_id: customer_id,
      brand_id: catalogue.brand_id,
      model_text: 'iPhone 13',
      condition: 'B',
    } as const
    const id = await insert(trx, 'pickup_request', { ...asked, status: 'offered' })
    await insert(trx, 'offer', { ...offer, pickup_id: id, version: 1, price_cents: 9_000 })
    return id
  })
  await settleAll(fleet)
  const answer = { status: 'accepted', answered_offer_cents: 9_000 } as const
  await south.write((trx) => patch(trx, 'pickup_request', pickup_id, { ...answer, answered_at: trx.act.now }))
  pass(fleet, 1_000)
  await north.write((trx) => insert(trx, 'offer', { ...offer, pickup_id, version: 2, price_cents: 7_000 }))
  await office.write((trx) => remove(trx, 'user', customer_id))
  await south.write((trx) => remove(trx, 'user', other))
  pass(fleet, 1_000)
  await south.counter('PATCH', `/customers/${customer_id}`, { full_name: 'Renamed' })
  await north.counter('PATCH', `/customers/${other}`, { full_name: 'Renamed too' })
  await settleAll(fleet)
  for (const member of all)
    expect(await tasksAt(member)).toEqual([
      { kind: 'offer-overtaken', about_entity: 'pickup_request', about_id: pickup_id, facts: '9000 7000' },
      { kind: 'came-back', about_entity: 'user', about_id: customer_id, facts: expect.stringMatching(/^0\/1\/\d+$/) },
      { kind: 'came-back', about_entity: 'user', about_id: other, facts: expect.stringMatching(/^2\/1\/\d+$/) },
    ])
  await isSettled(fleet)
})
