import { expect, test } from 'vitest'
import { type CardShop, openCardShop } from '../../api/card-shop.ts'

const CASH = { reason: 'In cash, on 15 January' }

/** An order that was cancelled before its money came. */
async function paidLate(shop: CardShop): Promise<number> {
  const { order_id, intent_id } = await shop.buy(await shop.product())
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'cancelled' }, { as: shop.admin })
  shop.stripe.confirm(intent_id)
  await shop.deliver(...shop.stripe.events)
  return order_id
}

test('money that went back outside Stripe is due no more and cannot go back to the card', async () => {
  await using shop = await openCardShop()
  const order_id = await paidLate(shop)
  const reply = await shop.elsewhere(order_id, CASH)
  expect([reply.status, reply.body]).toMatchObject([
    201,
    { status: 'succeeded', amount_cents: 89_999, refund_id: null, ...CASH },
  ])
  shop.clock.pass(86_400_000)
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({
    status: 'cancelled',
    refund_due: false,
    paid_cents: 89_999,
    refunded_cents: 89_999,
    refunds: [CASH],
  })
  for (const [again, detail] of [
    [await shop.refund(order_id), 'There is nothing left to refund'],
    [await shop.elsewhere(order_id, CASH), 'Nothing is to be paid back on this order'],
  ] as const)
    expect([again.status, again.body.detail]).toEqual([400, detail])
  expect(shop.stripe.refunds.size).toBe(0)
})

test('who noted that money went back outside Stripe, and why, is in the journal', async () => {
  await using shop = await openCardShop()
  await shop.elsewhere(await paidLate(shop), CASH)
  const entries = await shop.database.db
    .selectFrom('journal')
    .select(['actor', 'entity', 'after'])
    .where('entity', 'in', ['refund', 'sales_payment'])
    .orderBy('seq')
    .execute()
  expect(entries.slice(-2)).toEqual([
    { actor: shop.staff.id, entity: 'refund', after: expect.stringContaining(CASH.reason) },
    { actor: shop.staff.id, entity: 'sales_payment', after: JSON.stringify({ refund_due: 0, trouble: 'late' }) },
  ])
})

test('money that was taken at the desk and went back there is due no more, and went back once', async () => {
  await using shop = await openCardShop()
  const order_id = await shop.order(await shop.product())
  const taken = { as: shop.staff, body: { method: 'Cash' } }
  await shop.call('POST', `/counter/sales-orders/${order_id}/payments`, taken)
  for (const status of ['cancelled', 'refunded']) {
    await shop.api('PUT', `/admin/orders/${order_id}`, { status }, { as: shop.admin })
    await shop.elsewhere(order_id, CASH)
    expect(await shop.sale(order_id)).toMatchObject({ status, refund_due: false, refunded_cents: 89_999 })
  }
})

test('what was taken at the desk and goes back in another way has a receipt of its own for each part', async () => {
  await using shop = await openCardShop()
  const body = { name: 'Fix & Co', currency: 'USD', time_zone: 'UTC', tax_mode: 'included', tax_rate: 1_900 }
  await shop.call('PUT', '/counter/shop', { as: shop.admin, body })
  const order_id = await shop.order(await shop.product())
  await shop.call('POST', `/counter/sales-orders/${order_id}/payments`, { as: shop.staff, body: { method: 'Cash' } })
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'cancelled' }, { as: shop.admin })
  await shop.elsewhere(order_id, { ...CASH, amount_cents: 10_000 })
  expect(await shop.sale(order_id)).toMatchObject({ refund_due: true, refunded_cents: 10_000 })
  expect((await shop.elsewhere(order_id, { reason: 'By transfer' })).body.amount_cents).toBe(79_999)
  const sale = await shop.sale(order_id)
  expect(sale).toMatchObject({ status: 'cancelled', refund_due: false, refunded_cents: 89_999, refunds: [] })
  expect(
    sale.payments[0].entries.map(({ amount_cents, kind, reference, receipt }: any) => [
      receipt.number,
      kind,
      amount_cents,
      receipt.taxes[0].cents,
      reference,
    ]),
  ).toEqual([
    ['S1-T1-R000001', 'charge', 89_999, 14_370, null],
    ['S1-T1-R000002', 'refund', -10_000, -1_597, CASH.reason],
    ['S1-T1-R000003', 'refund', -79_999, -12_773, 'By transfer'],
  ])
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'refunded' }, { as: shop.admin })
  expect((await shop.sale(order_id)).refunded_cents).toBe(89_999)
})

test('what went back outside Stripe in parts is due until the last of them', async () => {
  await using shop = await openCardShop()
  const order_id = await paidLate(shop)
  const tooMuch = await shop.elsewhere(order_id, { ...CASH, amount_cents: 90_000 })
  expect([tooMuch.status, tooMuch.body.detail]).toEqual([400, 'Only 899.99 can be refunded'])
  await shop.elsewhere(order_id, { ...CASH, amount_cents: 500 })
  expect((await shop.sale(order_id)).refund_due).toBe(true)
  expect((await shop.refund(order_id)).body.amount_cents).toBe(89_499)
  expect((await shop.sale(order_id)).refund_due).toBe(false)
})

test('a part that failed to go back by card and went back otherwise leaves the rest of the order as it is', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  const { refund_id } = (await shop.refund(order_id, { amount_cents: 500 })).body
  shop.stripe.finishRefund(refund_id, false)
  await shop.deliver(...shop.stripe.events)
  expect((await shop.elsewhere(order_id, CASH)).body.amount_cents).toBe(500)
  expect(await shop.sale(order_id)).toMatchObject({ status: 'paid', refund_due: false, trouble: null })
  expect((await shop.refund(order_id)).body.amount_cents).toBe(89_499)
})

test('while a refund is under way nobody notes that its money went back otherwise', async () => {
  await using shop = await openCardShop()
  const order_id = await paidLate(shop)
  shop.stripe.refunding.status = 'pending'
  await shop.refund(order_id)
  const reply = await shop.elsewhere(order_id, CASH)
  expect([reply.status, reply.body.detail]).toEqual([409, 'A refund of this order is still under way'])
})

test.each([[{}], [{ reason: '' }], [{ ...CASH, amount_cents: -1 }]])(
  'money that went back outside Stripe is not noted by %j',
  async (body) => {
    await using shop = await openCardShop()
    const order_id = await paidLate(shop)
    expect((await shop.elsewhere(order_id, body)).status).toBe(422)
    expect((await shop.sale(order_id)).refund_due).toBe(true)
  },
)

test('an order of which nothing is due, or that there is not, notes no money that went back', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  expect((await shop.elsewhere(order_id, CASH)).body.detail).toBe('Nothing is to be paid back on this order')
  expect((await shop.elsewhere(999, CASH)).status).toBe(404)
})
