import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { EVERY_TRY, openCardShop } from '../../api/card-shop.ts'
import { openCounter } from '../counter-shop.ts'

const REFUND = 'POST /v1/refunds'

test('a whole refund pays everything back, ends the order and gives its goods back, once', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.paid(id, 2)
  const reply = await shop.refund(order_id, { reason: 'Changed their mind' })
  expect([reply.status, reply.body]).toMatchObject([201, { status: 'succeeded', amount_cents: 179_998, failure: null }])
  await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({
    status: 'refunded',
    paid_cents: 179_998,
    refunded_cents: 179_998,
    refund_due: false,
    refunds: [{ reason: 'Changed their mind' }],
  })
  expect([await shop.stock(id), shop.stripe.refunds.size]).toEqual([10, 1])
  const again = await shop.refund(order_id)
  expect([again.status, again.body.detail]).toEqual([400, 'There is nothing left to refund'])
  const entry = await shop.database.db
    .selectFrom('sales_payment_entry')
    .select(['actor_id', 'reference'])
    .where('kind', '=', 'refund')
    .executeTakeFirstOrThrow()
  expect(entry).toEqual({ actor_id: shop.staff.id, reference: [...shop.stripe.refunds.keys()][0] })
  expect(shop.stripe.intent(intent_id).status).toBe('succeeded')
})

test('parts are paid back up to what is left, with the goods that come back', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id } = await shop.paid(id, 2)
  const first = await shop.refund(order_id, { amount_cents: 89_999, restock: [{ product_id: id, qty: 1 }] })
  expect(first.body).toMatchObject({ status: 'succeeded', amount_cents: 89_999 })
  expect([await shop.status(order_id), await shop.stock(id)]).toEqual(['paid', 9])
  const tooMuch = await shop.refund(order_id, { amount_cents: 90_000 })
  expect([tooMuch.status, tooMuch.body.detail]).toEqual([400, 'Only 899.99 can be refunded'])
  await shop.refund(order_id, { restock: [] })
  expect([await shop.status(order_id), await shop.stock(id)]).toEqual(['refunded', 9])
})

test('goods that do not come back stay out of stock', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id } = await shop.paid(id)
  await shop.refund(order_id, { restock: [] })
  expect([await shop.status(order_id), await shop.stock(id)]).toEqual(['refunded', 9])
})

test.each([
  [{ amount_cents: 0 }, 400, 'A refund is above 0'],
  [{ amount_cents: -1 }, 422, undefined],
  [{ amount_cents: 1.5 }, 422, undefined],
  [{ restock: [{ product_id: 1, qty: 3 }] }, 400, 'The order has 1 of product 1, not 3'],
  [{ restock: [{ product_id: 77, qty: 1 }] }, 400, 'The order has 0 of product 77, not 1'],
])('a refund of %j is refused before Stripe is asked', async (body, status, detail) => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  const reply = await shop.refund(order_id, body)
  expect(reply.status).toBe(status)
  if (detail) expect(reply.body.detail).toBe(detail)
  expect(shop.stripe.asked.filter(({ path }) => path === REFUND)).toEqual([])
})

test('what was not paid by card cannot be paid back to one', async () => {
  await using shop = await openCardShop()
  const order_id = await shop.order(await shop.product())
  const reply = await shop.refund(order_id)
  expect([reply.status, reply.body.detail]).toEqual([400, 'Nothing was paid by card on this order'])
  expect((await shop.refund(999)).status).toBe(404)
})

test('two refunds at the same moment never pay back more than was paid', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  const replies = await Promise.all([1, 2, 3].map(() => shop.refund(order_id, { amount_cents: 60_000 })))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400])
  expect((await shop.sale(order_id)).refunded_cents).toBe(60_000)
})

test.each(['cut-after', 'cut-before', 'hang-after', 'down', 'html'] as const)(
  'a refund that Stripe does not answer (%s) is made once, as soon as it does',
  async (fault) => {
    await using shop = await openCardShop()
    const { order_id } = await shop.paid(await shop.product())
    shop.stripe.break(fault, { ...EVERY_TRY, on: /refunds/ })
    const reply = await shop.refund(order_id, { amount_cents: 500 })
    expect([reply.status, reply.body.status]).toEqual([201, 'intended'])
    const rest = await shop.refund(order_id, { amount_cents: 89_500 })
    expect(rest.body.detail).toBe('Only 894.99 can be refunded')
    shop.stripe.mend()
    // Stripe forgets its keys after a day: the refund is found by our mark.
    shop.clock.pass(2 * 86_400_000)
    await shop.reconcile()
    expect(await shop.sale(order_id)).toMatchObject({ refunded_cents: 500, refunds: [{ status: 'succeeded' }] })
    expect(shop.stripe.refunds.size).toBe(1)
  },
)

test('a refund whose answer could not be written down is the same refund when it is asked for again', async () => {
  await using shop = await openCardShop()
  const { database, staff, stripe } = shop
  const { order_id } = await shop.paid(await shop.product())
  const ask = () =>
    shop.call('POST', `/counter/sales-orders/${order_id}/refunds`, {
      as: staff,
      body: { amount_cents: 500 },
      headers: { 'idempotency-key': 'one' },
    })
  const { write } = database
  stripe.done.hook = () => {
    stripe.done.hook = null
    database.write = async () => {
      database.write = write
      throw new Error('The disk is full')
    }
  }
  expect((await ask()).body.status).toBe('intended')
  await ask()
  shop.clock.pass(3 * 60_000)
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ refunded_cents: 500, refunds: [{ status: 'succeeded' }] })
  expect([stripe.refunds.size, shop.logged.join()]).toEqual([1, expect.stringContaining('The disk is full')])
})

test('a refund that Stripe will not make has failed, and its amount can be refunded again', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  const { id } = shop.stripe.openDispute(intent_id)
  const reply = await shop.refund(order_id, { amount_cents: 500 })
  expect([reply.status, reply.body.detail]).toEqual([409, 'Stripe refused the refund (charge_disputed)'])
  expect(await shop.sale(order_id)).toMatchObject({
    refunded_cents: 0,
    refund_due: true,
    trouble: 'refund-failed',
    refunds: [{ status: 'failed', failure: 'charge_disputed' }],
  })
  shop.stripe.stepDispute(id, 'won')
  expect((await shop.refund(order_id)).body.amount_cents).toBe(89_999)
  expect(await shop.sale(order_id)).toMatchObject({ status: 'refunded', refund_due: false })
})

test('a refund of a payment that Stripe does not know is made once the right key is there', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  const intent = shop.stripe.intent(intent_id)
  shop.stripe.intents.delete(intent_id)
  const reply = await shop.refund(order_id)
  expect([reply.status, reply.body]).toMatchObject([201, { status: 'intended', failure: null }])
  shop.clock.pass(3 * 60_000)
  await shop.reconcile()
  const again = await shop.refund(order_id)
  expect([again.status, again.body.detail]).toEqual([400, 'There is nothing left to refund'])
  shop.stripe.intents.set(intent_id, intent)
  shop.clock.pass(25 * 3_600_000) // An idempotency key keeps its refusal for a day.
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ status: 'refunded', refunded_cents: 89_999 })
  expect(shop.stripe.refunds.size).toBe(1)
})

test('a refund on its way that Stripe does not know for a while is still on its way', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  shop.stripe.refunding.status = 'pending'
  const { refund_id } = (await shop.refund(order_id)).body
  const refund = shop.stripe.refund(refund_id)
  shop.stripe.refunds.delete(refund_id)
  shop.clock.pass(60_000)
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ refund_due: false, refunds: [{ status: 'pending' }] })
  shop.stripe.refunds.set(refund_id, refund)
  shop.stripe.finishRefund(refund_id, true)
  await shop.deliver(shop.event('refund.updated'))
  expect(await shop.sale(order_id)).toMatchObject({ status: 'refunded', refunded_cents: 89_999 })
})

test('a refund that was written off because Stripe did not know it is one again once Stripe says so', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  shop.stripe.refunding.status = 'pending'
  const { id, refund_id } = (await shop.refund(order_id)).body
  await shop.write((trx) => patch(trx, 'refund', id, { status: 'failed', failure: 'resource_missing' }))
  shop.stripe.finishRefund(refund_id, true)
  for (let n = 0; n < 2; n++) await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({
    status: 'refunded',
    refunded_cents: 89_999,
    refund_due: false,
    refunds: [{ status: 'succeeded', failure: null }],
  })
})

const WORDS = ['refund.created', 'refund.updated', 'charge.refunded']

test.each([
  ['in their order', WORDS],
  ['backwards', WORDS.toReversed()],
])(
  'a refund that we took for failed and Stripe made after all counts once, whether its words come %s',
  async (_, words) => {
    await using shop = await openCardShop()
    const { order_id, intent_id } = await shop.paid(await shop.product())
    shop.stripe.break('refused', { on: /POST .*refunds/ })
    expect((await shop.refund(order_id, { amount_cents: 500 })).status).toBe(409)
    const { metadata } = shop.stripe.asked.findLast(({ path }) => path === REFUND)!.params as { metadata: object }
    const { id } = shop.stripe.createRefund({ payment_intent: intent_id, amount: 500, metadata }, 'pending')
    shop.stripe.finishRefund(id, true)
    for (let n = 0; n < 2; n++) await shop.deliver(...words.map((word) => shop.event(word)))
    expect(await shop.sale(order_id)).toMatchObject({
      status: 'paid',
      refunded_cents: 500,
      refund_due: false,
      refunds: [{ status: 'succeeded', failure: null, refund_id: id }],
    })
    expect((await shop.refund(order_id)).body.amount_cents).toBe(89_499)
    expect(await shop.sale(order_id)).toMatchObject({ status: 'refunded', refunded_cents: 89_999 })
  },
)

test('a refund that failed at Stripe stays failed, whatever older word of it comes', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  shop.stripe.refunding.status = 'pending'
  const { refund_id } = (await shop.refund(order_id)).body
  shop.stripe.finishRefund(refund_id, true)
  const arrived = shop.event('refund.updated')
  shop.stripe.finishRefund(refund_id, false)
  await shop.deliver(shop.event('refund.failed'), arrived)
  expect(await shop.sale(order_id)).toMatchObject({
    refunded_cents: 0,
    refunds: [{ status: 'failed', failure: 'expired_or_canceled_card' }],
  })
})

test('a refund that fails later comes back, and somebody is told', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  const { refund_id } = (await shop.refund(order_id)).body
  shop.stripe.finishRefund(refund_id, false)
  await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({
    status: 'refunded',
    refunded_cents: 0,
    refund_due: true,
    trouble: 'refund-failed',
    refunds: [{ status: 'failed', failure: 'expired_or_canceled_card' }],
  })
  await shop.refund(order_id)
  expect(await shop.sale(order_id)).toMatchObject({ refunded_cents: 89_999, refund_due: false, trouble: null })
})

test.each([{ amount_received: 100 }, { currency: 'eur' }])(
  'money that was wrong (%j) and went back outside Stripe is due no more, whatever comes of its order',
  async (wrong) => {
    await using shop = await openCardShop()
    const { order_id, intent_id } = await shop.buy(await shop.product())
    shop.stripe.confirm(intent_id)
    const event = shop.event('payment_intent.succeeded')
    const told = { ...event, data: { object: { ...event.data.object, ...wrong } } }
    await shop.deliver(told)
    expect((await shop.elsewhere(order_id, { reason: 'In cash, on 15 January' })).status).toBe(201)
    shop.clock.pass(60 * 60_000)
    await shop.deliver({ ...told, id: 'evt_again' })
    await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'cancelled' }, { as: shop.admin })
    expect(await shop.sale(order_id)).toMatchObject({ status: 'cancelled', refund_due: false, trouble: null })
  },
)

test('a refund that is on its way arrives without a webhook', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  shop.stripe.refunding.status = 'pending'
  expect((await shop.refund(order_id)).body.status).toBe('pending')
  expect(await shop.status(order_id)).toBe('paid')
  shop.stripe.finishRefund([...shop.stripe.refunds.keys()][0]!, true)
  shop.clock.pass(60_000)
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ status: 'refunded', refunds: [{ status: 'succeeded' }] })
})

test('the same Idempotency-Key makes one refund', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.paid(await shop.product())
  const refund = () =>
    shop.call('POST', `/counter/sales-orders/${order_id}/refunds`, {
      as: shop.staff,
      body: { amount_cents: 500 },
      headers: { 'idempotency-key': 'once' },
    })
  const [first, second] = [await refund(), await refund()]
  expect([second.status, second.text, shop.stripe.refunds.size]).toEqual([201, first.text, 1])
})

test('sales are listed newest first, by status, page by page', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  for (let n = 0; n < 3; n++) await shop.order(id)
  await shop.paid(id)
  const ids = async (query: string) => {
    const { body, headers } = await shop.call('GET', `/counter/sales-orders?${query}`, { as: shop.staff })
    return [body.map((order: { id: number }) => order.id), headers.get('x-total-count')]
  }
  expect(await ids('')).toEqual([[4, 3, 2, 1], '4'])
  expect(await ids('limit=2&before=4')).toEqual([[3, 2], '4'])
  expect(await ids('status=paid')).toEqual([[4], '1'])
  expect(await ids('refund_due=false&disputed=false&limit=1')).toEqual([[4], '4'])
})

test('an order that is not there is not found, whether Stripe is configured or not', async () => {
  await using shop = await openCounter()
  const reply = await shop.counter('POST', '/sales-orders/999/refunds', {})
  expect([reply.status, reply.body]).toEqual([404, { detail: 'Order not found', code: 'sales-order-not-found' }])
})
