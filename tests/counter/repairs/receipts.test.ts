import { expect, test } from 'vitest'
import { insert } from '../../../db/rows.ts'
import { type Counter, openCounter } from '../counter-shop.ts'

const SHOP = { name: 'Fix & Co', currency: 'EUR', time_zone: 'Europe/Berlin', tax_mode: 'included', tax_rate: 2_000 }
const setTax = (shop: Counter, tax: object) => shop.counter('PUT', '/shop', { ...SHOP, ...tax }, { as: shop.admin })

const pay = async (shop: Counter, order_id: number, amount_cents: number, method = 'Cash') => {
  const reply = await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents, method })
  expect(reply.status).toBe(201)
  return reply.body.payment
}
const correct = (shop: Counter, order_id: number, payment_id: number, body: object) =>
  shop.counter('PATCH', `/tickets/${order_id}/payments/${payment_id}`, { reason: 'Because', ...body })

/** Number, money, tax of each rate, what was paid with it. */
const receiptsOf = async (shop: Counter, order_id: number) =>
  (await shop.ticket(order_id)).receipts.map(({ number, amount_cents, taxes, paid_cents }: any) => [
    number,
    amount_cents,
    taxes.map(({ rate, cents }: any) => [rate, cents]),
    paid_cents,
  ])

test('each receipt of a part payment states its own share of the tax, and the last one the rest', async () => {
  await using shop = await openCounter()
  await setTax(shop, {})
  const { order_id } = await shop.takeIn({ estimate_cents: 25_000 })
  await pay(shop, order_id, 10_000)
  await pay(shop, order_id, 15_000)
  expect(await receiptsOf(shop, order_id)).toEqual([
    ['S1-T1-R000001', 10_000, [[2_000, 1_667]], 10_000],
    ['S1-T1-R000002', 15_000, [[2_000, 2_500]], 25_000],
  ])
})

test('E31: the last receipt after a change of the rate states the whole tax less what the deposit stated, rate by rate', async () => {
  await using shop = await openCounter()
  await setTax(shop, { tax_rate: 1_900 })
  const { order_id } = await shop.takeIn({ estimate_cents: 25_000 })
  await pay(shop, order_id, 5_000)
  shop.clock.pass(60_000)
  await setTax(shop, { tax_rate: 1_600 })
  await shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Completed' })
  await pay(shop, order_id, 20_000)
  const [deposit, rest] = (await shop.ticket(order_id)).receipts
  expect([deposit.amount_cents, deposit.taxes]).toEqual([5_000, [{ rate: 1_900, cents: 798 }]])
  expect([rest.amount_cents, rest.taxes]).toEqual([
    20_000,
    [
      { rate: 1_600, cents: 3_448 },
      { rate: 1_900, cents: -798 },
    ],
  ])
  expect(rest.taxes.reduce((sum: number, { cents }: any) => sum + cents, 0)).toBe(2_650)
})

test('a price or rate that changes in between is put right by the next receipt, at the rate of the completion', async () => {
  await using shop = await openCounter()
  await setTax(shop, { tax_rate: 1_900 })
  const { order_id } = await shop.takeIn({ estimate_cents: 20_000 })
  await pay(shop, order_id, 5_000)
  shop.clock.pass(60_000)
  await setTax(shop, { tax_rate: 1_600 })
  await shop.counter('PATCH', `/tickets/${order_id}`, { cost_cents: 25_000, status: 'Completed' })
  shop.clock.pass(60_000)
  await setTax(shop, { tax_rate: 700 })
  await pay(shop, order_id, 20_000)
  expect(await receiptsOf(shop, order_id)).toEqual([
    ['S1-T1-R000001', 5_000, [[1_900, 798]], 5_000],
    ['S1-T1-R000002', 20_000, [[1_600, 3_448], [1_900, -798]], 25_000],
  ]) // oxfmt-ignore
})

test('cash that was really the terminal goes back and in again under one receipt, and the one of then stays as it was', async () => {
  await using shop = await openCounter()
  await setTax(shop, {})
  const { order_id } = await shop.takeIn({ estimate_cents: 8_900 })
  const { id } = await pay(shop, order_id, 8_900)
  const [before] = (await shop.ticket(order_id)).receipts
  shop.clock.pass(20 * 3_600_000)
  const change = { amount_cents: 8_900, method: 'Card', reference: 'TERM-9' }
  const { body: ticket } = await correct(shop, order_id, id, change)
  expect(ticket.payments).toMatchObject([{ payment_method: 'Card', transaction_id: 'TERM-9', amount_cents: 8_900 }])
  expect(ticket.receipts[0]).toEqual(before)
  expect(ticket.receipts[1]).toMatchObject({
    number: 'S1-T1-R000002',
    kind: 'correction',
    amount_cents: 0,
    taxes: [],
    legs: [
      { amount_cents: -8_900, payment_method: 'Cash', transaction_id: null },
      { amount_cents: 8_900, payment_method: 'Card', transaction_id: 'TERM-9' },
    ],
  })
  expect(ticket.timeline.slice(-2).map(({ text, amount_cents }: any) => [text, amount_cents])).toEqual([
    ['Cash', -8_900],
    ['Card', 8_900],
  ])
})

test('a correction and a removal have receipts of their own, which take their share of the tax back', async () => {
  await using shop = await openCounter()
  await setTax(shop, {})
  const { order_id } = await shop.takeIn({ estimate_cents: 14_000 })
  const first = await pay(shop, order_id, 10_000)
  await correct(shop, order_id, first.id, { amount_cents: 6_000 })
  const rest = await pay(shop, order_id, 8_000, 'Card')
  await shop.call('DELETE', `/v1/payments/${rest.id}`, { as: shop.admin })
  expect(await receiptsOf(shop, order_id)).toEqual([
    ['S1-T1-R000001', 10_000, [[2_000, 1_666]], 10_000],
    ['S1-T1-R000002', -4_000, [[2_000, -666]], 6_000],
    ['S1-T1-R000003', 8_000, [[2_000, 1_333]], 14_000],
    ['S1-T1-R000004', -8_000, [[2_000, -1_333]], 6_000],
  ])
  const { payments, receipts } = await shop.ticket(order_id)
  expect(payments.map(({ receipt_number }: any) => receipt_number)).toEqual(['S1-T1-R000001'])
  expect(receipts.map(({ kind }: any) => kind)).toEqual(['payment', 'correction', 'payment', 'removal'])
})

test('money of before its receipts were kept with it keeps its number and method, and the next receipt states the rest', async () => {
  await using shop = await openCounter()
  await setTax(shop, {})
  const { order_id } = await shop.takeIn({ estimate_cents: 25_000 })
  const payment_id = await shop.write(async (trx) => {
    const bill = { due_amount_cents: 25_000, cost_cents: 25_000, discount_cents: 0, status: 'Partial' } as const
    const how = { payment_method: 'Cash', receipt_number: 'S1-T1-000412', paid_at: trx.act.now, tendered_cents: 12_000 }
    const payment_id = await insert(trx, 'payment', { order_id, ...bill, ...how })
    const entry = { payment_id, order_id, actor_id: shop.staff.id }
    await insert(trx, 'payment_entry', { ...entry, amount_cents: 12_000, kind: 'payment' })
    await insert(trx, 'payment_entry', { ...entry, amount_cents: -2_000, kind: 'correction' })
    return payment_id
  })
  await correct(shop, order_id, payment_id, { amount_cents: 10_000, method: 'Card' })
  await pay(shop, order_id, 15_000)
  expect(await receiptsOf(shop, order_id)).toEqual([
    ['S1-T1-000412', 12_000, [[2_000, 2_000]], 12_000],
    [null, -2_000, [[2_000, -333]], 10_000],
    ['S1-T1-R000001', 0, [], 10_000],
    ['S1-T1-R000002', 15_000, [[2_000, 2_500]], 25_000],
  ])
  const { receipts, payments } = await shop.ticket(order_id)
  expect(receipts[0]).toMatchObject({
    cashier: 'Kim Clerk',
    legs: [{ payment_method: 'Cash', tendered_cents: 12_000 }],
  })
  expect(payments[0]).toMatchObject({ receipt_number: 'S1-T1-000412', payment_method: 'Card' })
})

test('what was agreed when the device came in stays, however the price changes', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 10_000 })
  expect(await shop.ticket(order_id)).toMatchObject({ agreed_cents: 10_000, total_cents: 10_000 })
  await shop.counter('PATCH', `/tickets/${order_id}`, { cost_cents: 12_000 })
  await shop.counter('PATCH', `/tickets/${order_id}`, { discount_cents: 500 })
  expect(await shop.ticket(order_id)).toMatchObject({ agreed_cents: 10_000, total_cents: 11_500 })
})

test('that nothing came with a device is known only where somebody said so', async () => {
  await using shop = await openCounter()
  const said = async (fields: Record<string, unknown>) => {
    const { intake } = await shop.ticket((await shop.takeIn(fields)).order_id)
    return [intake.accessories, intake.nothing_with_it]
  }
  expect(await said({})).toEqual([[], false])
  expect(await said({ accessories: [], nothing_with_it: true })).toEqual([[], true])
  expect(await said({ accessories: ['Case'], nothing_with_it: true })).toEqual([['Case'], false])
})
