import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaxRule } from '../../server/domain/money/tax.ts'
import { addTaxes, oneLine, taxOfPaid } from '../../server/domain/money/receipt-tax.ts'
import { formatMoney } from '../../server/domain/money/money.ts'
import { ENGINE } from '../support/database.ts'
import { openRepairShop, type RepairShop } from './repair-shop.ts'

type Step =
  | { do: 'pay'; amount: number; due: number | null }
  | { do: 'correct'; which: number; amount: number; method: string | null }
  | { do: 'remove'; which: number }
  | { do: 'price'; cost: number }
  | { do: 'status'; status: string }
  | { do: 'tax'; mode: TaxRule['mode']; rate: number }

const cents = fc.integer({ min: 0, max: 12_000 })
const which = fc.nat({ max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('pay' as const), amount: cents, due: fc.option(cents) }),
  fc.record({
    do: fc.constant('correct' as const),
    which,
    amount: cents,
    method: fc.constantFrom(null, 'Cash', 'Card'),
  }),
  fc.record({ do: fc.constant('remove' as const), which }),
  fc.record({ do: fc.constant('price' as const), cost: cents }),
  fc.record({ do: fc.constant('status' as const), status: fc.constantFrom('Pending', 'Completed', 'Cancelled') }),
  fc.record({
    do: fc.constant('tax' as const),
    mode: fc.constantFrom('included' as const, 'added' as const, 'none' as const),
    rate: fc.constantFrom(0, 700, 1_900, 2_000),
  }),
)

async function take(shop: RepairShop, order_id: number, payments: number[], step: Step) {
  const id = 'which' in step ? payments[step.which % payments.length] : undefined
  if (step.do === 'pay') {
    const due_amount = step.due === null ? null : formatMoney(step.due)
    const reply = await shop.v1('POST', '/payments', { order_id, amount: formatMoney(step.amount), due_amount })
    if (reply.status === 201) payments.push(reply.body.id)
    return reply.status
  }
  if (step.do === 'price')
    return (await shop.v1('PATCH', `/orders/${order_id}`, { cost: formatMoney(step.cost) })).status
  if (step.do === 'status') return (await shop.v1('PATCH', `/orders/${order_id}`, { status: step.status })).status
  if (step.do === 'tax') return await setTax(shop, step)
  if (id === undefined) return 404
  if (step.do === 'correct') {
    const body = { amount: formatMoney(step.amount), payment_method: step.method }
    return (await shop.v1('PATCH', `/payments/${id}`, body)).status
  }
  const reply = await shop.v1('DELETE', `/payments/${id}`)
  payments.splice(payments.indexOf(id), 1)
  return reply.status
}

async function setTax(shop: RepairShop, { mode, rate }: TaxRule) {
  const { name, currency, time_zone } = (await shop.call('GET', '/counter/shop', { as: shop.admin })).body
  const body = { name, currency, time_zone, tax_mode: mode, tax_rate: rate }
  return (await shop.call('PUT', '/counter/shop', { as: shop.admin, body })).status
}

/** The receipts of a ticket have the tax of what is paid on it, and the money of it, once each. */
async function checkReceipts(shop: RepairShop, order_id: number) {
  const { body } = await shop.call('GET', `/counter/tickets/${order_id}`, { as: shop.admin })
  const { receipts, cost_cents, discount_cents, paid_cents } = body
  expect(receipts.map(({ number }: any) => number)).toEqual([...new Set(receipts.map(({ number }: any) => number))])
  expect(receipts.reduce((sum: number, { amount_cents }: any) => sum + amount_cents, 0)).toBe(paid_cents)
  const last = receipts.at(-1)
  if (!last) return
  expect(last.paid_cents).toBe(paid_cents)
  const stated = addTaxes(receipts.map(({ taxes }: any) => new Map(taxes.map(({ rate, cents }: any) => [rate, cents]))))
  // What the price and the rate have become since, the next receipt puts right.
  const rule = { mode: last.tax_mode, rate: last.tax_rate }
  expect([...stated].filter(([, tax]) => tax !== 0)).toEqual([
    ...taxOfPaid(oneLine(last.cost_cents - last.discount_cents, rule), paid_cents),
  ])
  expect(paid_cents).toBeLessThanOrEqual(cost_cents - discount_cents)
}

async function check(shop: RepairShop, order_id: number, count: number) {
  const list = (await shop.v1('GET', `/payments?order_id=${order_id}&limit=100`)).body
  const order = (await shop.v1('GET', `/orders/${order_id}`)).body
  const entries = await shop.database.db
    .selectFrom('payment_entry')
    .select(['payment_id', 'amount_cents'])
    .where('order_id', '=', order_id)
    .execute()
  const sumOf = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0)
  const shown = list.map(({ amount }: { amount: string }) => Math.round(Number(amount) * 100))
  const paid = sumOf(entries.map(({ amount_cents }) => amount_cents))
  expect(list.length).toBe(count)
  expect(sumOf(shown)).toBe(paid)
  expect(paid).toBeLessThanOrEqual(Math.round(Number(order.total_cost) * 100))
  for (const { id, amount, due_amount, status } of list) {
    expect(amount).toBe(
      formatMoney(sumOf(entries.filter(({ payment_id }) => payment_id === id).map(({ amount_cents }) => amount_cents))),
    )
    expect(Number(amount)).toBeLessThanOrEqual(Number(due_amount))
    const nothing = order.status === 'Completed' ? 'Due' : 'Unpaid'
    const follows = amount === due_amount ? 'Paid' : Number(amount) > 0 ? 'Partial' : nothing
    expect([amount, due_amount, status]).toEqual([amount, due_amount, follows])
  }
}

test('whatever is paid, corrected, removed and repriced, what was paid is the sum of its entries and never above the total', async () => {
  await using shop = await openRepairShop()
  const { id: device_id } = await shop.device()
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
    const { id: order_id } = await shop.order({ device_id, cost_cents: 10_000 })
    const payments: number[] = []
    for (const each of steps) {
      expect([200, 201, 204, 400, 404]).toContain(await take(shop, order_id, payments, each))
      await check(shop, order_id, payments.length)
      await checkReceipts(shop, order_id)
    }
  })
  await fc.assert(property, { numRuns: ENGINE === 'sqlite' ? 60 : 15 })
})
