import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { patch } from '../../db/rows.ts'
import { signed } from '../support/stripe-stand-in.ts'
import { type CardShop, openCardShop } from './card-shop.ts'

const stored = ({ database }: CardShop) =>
  database.db
    .selectFrom('stripe_event')
    .select(['event_id', 'type', 'outcome', 'order_id', 'payload'])
    .orderBy('id')
    .execute()
const outcomes = async (shop: CardShop) => (await stored(shop)).map(({ outcome }) => outcome)
const entries = async (shop: CardShop, order_id: number) =>
  (await shop.sale(order_id)).payments[0].entries.map(
    ({ kind, amount_cents }: { kind: string; amount_cents: number }) => [kind, amount_cents],
  )
const CHARGED = ['charge', 89_999]

test('an order is paid when Stripe says that its money came, and is never on the client’s word', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id)
  expect(await shop.status(order_id)).toBe('pending')
  const reply = await shop.deliver(shop.event('payment_intent.succeeded'))
  expect([reply.status, reply.body]).toEqual([200, { received: true }])
  expect(await shop.sale(order_id)).toMatchObject({ status: 'paid', paid_cents: 89_999, refund_due: false })
  const [mine] = (await shop.api('GET', '/orders/me?status=paid')).body
  expect(mine).toMatchObject({ status: 'paid', payment: { status: 'succeeded', amount: 899.99, currency: 'usd' } })
})

test('an event is applied once, however often and at whatever time it comes, two at the same moment too', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id)
  const event = shop.event('payment_intent.succeeded')
  const replies = await Promise.all([1, 2, 3, 4].map(() => shop.deliver(event)))
  shop.clock.pass(3 * 86_400_000)
  replies.push(await shop.deliver(event))
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect([await entries(shop, order_id), (await stored(shop)).length]).toEqual([[CHARGED], 1])
})

test.each([
  ['no signature', () => ({})],
  ['a signature of nothing', () => ({ 'stripe-signature': 'v1=00,t=1' })],
  ['another secret', (at: number, event: object) => signed(event, at, 'whsec_of_somebody').headers],
  ['one of another body', (at: number, event: object) => signed({ ...event, more: 1 }, at).headers],
  ['one from 301 seconds ago', (at: number, event: object) => signed(event, at - 301_000).headers],
  ['one from the future', (at: number, event: object) => signed(event, at + 302_000).headers],
])('%s is answered 400, and nothing happens', async (_, headersOf) => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id)
  const event = shop.event('payment_intent.succeeded')
  const { body } = signed(event, shop.clock.now())
  const headers = headersOf(shop.clock.now(), event) as Record<string, string>
  const reply = await shop.call('POST', '/api/orders/stripe-webhook', { body, headers })
  expect([reply.status, reply.body]).toEqual([400, { detail: 'Invalid signature', code: 'stripe-signature-invalid' }])
  expect([await shop.status(order_id), await stored(shop)]).toEqual(['pending', []])
})

test('a signature from 299 seconds ago counts, and so does one beside that of an older secret', async () => {
  await using shop = await openCardShop()
  const { body, headers } = signed({ id: 'evt_1', type: 'x', data: { object: {} } }, shop.clock.now() - 299_000)
  expect((await shop.send({ body, headers })).status).toBe(200)
  const now = signed({ id: 'evt_2', type: 'x', data: { object: {} } }, shop.clock.now())
  const both = `${now.headers['stripe-signature']},v1=${'0'.repeat(64)},v0=1`
  expect((await shop.send({ ...now, headers: { 'stripe-signature': both } })).status).toBe(200)
})

test.each([
  '',
  '{',
  '[]',
  '{"id":"evt_1"}',
  '{"id":"evt_1","type":"x","data":{"object":[]}}',
  '{"id":"\\u0000","type":"x","data":{"object":{}}}',
])('a signed body that is no event is answered 400: %s', async (body) => {
  await using shop = await openCardShop()
  const headers = signed({}, shop.clock.now()).headers
  const timestamp = Math.floor(shop.clock.now() / 1_000)
  const secret = shop.stripe.config.webhookSecret!
  headers['stripe-signature'] = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
  expect((await shop.call('POST', '/api/orders/stripe-webhook', { body, headers })).status).toBe(400)
  expect(await stored(shop)).toEqual([])
})

test('without a webhook secret the endpoint says so', async () => {
  await using shop = await openCardShop({ config: { stripe: { key: null, webhookSecret: null, api: null } } })
  const reply = await shop.deliver({ id: 'evt_1', type: 'x', data: { object: {} } })
  expect([reply.status, reply.body.detail]).toEqual([500, 'Stripe webhook not configured'])
})

test('an event of the other mode is recorded and not applied', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id)
  const reply = await shop.deliver({ ...shop.event('payment_intent.succeeded'), livemode: true })
  expect([reply.status, await outcomes(shop), await shop.status(order_id)]).toEqual([200, ['other-mode'], 'pending'])
})

test('an event that says no more than that an intent succeeded pays what was asked for', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  await shop.deliver({ id: 'evt_1', type: 'payment_intent.succeeded', data: { object: { id: intent_id } } })
  expect(await shop.sale(order_id)).toMatchObject({ status: 'paid', paid_cents: 89_999 })
})

test.each(['__proto__', 'constructor', 'toString'])('an event of type %s is of no known type', async (type) => {
  await using shop = await openCardShop()
  const reply = await shop.deliver({ id: 'evt_1', type, data: { object: {} } })
  expect([reply?.status, await outcomes(shop)]).toEqual([200, ['unknown-type']])
})

test('an unknown order, an unknown type and an unreadable object are recorded and answered 200', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.buy(await shop.product())
  const intent = { id: 'pi_of_another_shop', amount: 1, currency: 'usd', metadata: { order_id: String(order_id) } }
  const replies = [
    await shop.deliver({ id: 'evt_1', type: 'payment_intent.succeeded', data: { object: intent } }),
    await shop.deliver({ id: 'evt_2', type: 'customer.created', data: { object: { id: 'cus_1' } } }),
    await shop.deliver({
      id: 'evt_3',
      type: 'payment_intent.succeeded',
      data: { object: { id: 'pi_1', amount: 'all' } },
    }),
  ]
  for (const { status, body } of replies) expect([status, body]).toEqual([200, { received: true }])
  expect([await outcomes(shop), await shop.status(order_id)]).toEqual([
    ['unknown-order', 'unknown-type', 'unreadable'],
    'pending',
  ])
})

test('events that come in the wrong order end where Stripe is', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id, 'declined')
  shop.clock.pass(2_000)
  shop.stripe.confirm(intent_id, 'slow')
  shop.clock.pass(2_000)
  shop.stripe.finish(intent_id, true)
  shop.stripe.createRefund({ payment_intent: intent_id, amount: 500 }, 'pending')
  shop.clock.pass(2_000)
  shop.stripe.finishRefund([...shop.stripe.refunds.keys()][0]!, true)
  await shop.deliver(...shop.stripe.events.toReversed())
  expect(await shop.sale(order_id)).toMatchObject({
    status: 'paid',
    paid_cents: 89_999,
    refunded_cents: 500,
    payments: [{ status: 'succeeded' }],
    refunds: [{ status: 'succeeded', amount_cents: 500 }],
  })
})

test('of two words about an open intent the newer one counts', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id, 'asks')
  shop.clock.pass(2_000)
  shop.stripe.finish(intent_id, false)
  await shop.deliver(shop.event('payment_intent.payment_failed'), shop.event('payment_intent.requires_action'))
  expect((await shop.sale(order_id)).payments[0].status).toBe('requires_payment_method')
})

test('money for a cancelled order is recorded and flagged for refund, and the order stays cancelled', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.buy(id)
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'cancelled' }, { as: shop.admin })
  shop.stripe.confirm(intent_id)
  await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({
    status: 'cancelled',
    paid_cents: 89_999,
    refund_due: true,
    trouble: 'late',
  })
  expect(await shop.stock(id)).toBe(10)
  const due = (await shop.call('GET', '/counter/sales-orders?refund_due=true', { as: shop.staff })).body
  expect(due.map((order: { id: number }) => order.id)).toEqual([order_id])
  expect((await shop.refund(order_id)).body.status).toBe('succeeded')
  expect(await shop.sale(order_id)).toMatchObject({ status: 'cancelled', refunded_cents: 89_999, refund_due: false })
})

test.each([[['paid']], [['paid', 'shipped']], [['completed', 'paid']]])(
  'money by card for an order that somebody made %s is flagged as paid twice, and going back it takes nothing along',
  async (steps) => {
    await using shop = await openCardShop()
    const id = await shop.product()
    const { order_id, intent_id } = await shop.buy(id)
    for (const status of steps) await shop.api('PUT', `/admin/orders/${order_id}`, { status }, { as: shop.admin })
    expect(await shop.sale(order_id)).toMatchObject({ refund_due: false, trouble: null })
    shop.stripe.confirm(intent_id)
    await shop.deliver(...shop.stripe.events)
    expect(await shop.sale(order_id)).toMatchObject({ paid_cents: 89_999, refund_due: true, trouble: 'twice' })
    await shop.refund(order_id, { amount_cents: 500 })
    expect(await shop.sale(order_id)).toMatchObject({ refund_due: true, trouble: 'twice' })
    await shop.refund(order_id)
    await shop.deliver(...shop.stripe.events)
    expect(await shop.sale(order_id)).toMatchObject({ status: steps.at(-1), refund_due: false, trouble: null })
    expect(await shop.stock(id)).toBe(9)
  },
)

test('money by card that was given up, for an order that was paid at the desk meanwhile, is flagged as paid twice', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    const { id } = await trx.selectFrom('sales_payment').select('id').executeTakeFirstOrThrow()
    await patch(trx, 'sales_payment', id, { status: 'abandoned' })
  })
  const taken = { as: shop.staff, body: { method: 'Cash' } }
  expect((await shop.call('POST', `/counter/sales-orders/${order_id}/payments`, taken)).status).toBe(201)
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'shipped' }, { as: shop.admin })
  shop.stripe.confirm(intent_id)
  await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({ status: 'shipped', refund_due: true, trouble: 'twice' })
  expect((await shop.refund(order_id)).body.amount_cents).toBe(89_999)
  expect(await shop.sale(order_id)).toMatchObject({ status: 'shipped', refund_due: false, refunded_cents: 89_999 })
})

test('money by card for an order that was sent before it came pays it', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'shipped' }, { as: shop.admin })
  shop.stripe.confirm(intent_id)
  await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({ status: 'shipped', paid_cents: 89_999, refund_due: false })
})

test.each([
  ['amount', { amount_received: 100 }, [['charge', 100]]],
  ['currency', { currency: 'eur' }, []],
])('money whose %s is not the order’s is flagged and does not pay it', async (trouble, wrong, moved) => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id)
  const event = shop.event('payment_intent.succeeded')
  await shop.deliver({ ...event, data: { object: { ...event.data.object, ...wrong } } })
  expect(await shop.sale(order_id)).toMatchObject({ status: 'pending', refund_due: true, trouble })
  expect(await entries(shop, order_id)).toEqual(moved)
})

test('an intent that was cancelled at Stripe cancels its order and gives its stock back', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.buy(id)
  shop.stripe.cancelIntent(intent_id)
  await shop.deliver(...shop.stripe.events)
  expect([await shop.status(order_id), await shop.stock(id)]).toEqual(['cancelled', 10])
})

test('a refund that was made at Stripe is known by its total alone', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.paid(id)
  shop.stripe.createRefund({ payment_intent: intent_id }, 'succeeded')
  await shop.deliver(shop.event('charge.refunded'))
  expect([await shop.status(order_id), await shop.stock(id)]).toEqual(['refunded', 10])
  await shop.deliver(shop.event('refund.created'))
  expect(await entries(shop, order_id)).toEqual([CHARGED, ['refund', -89_999]])
})

test('what Stripe has to be asked about is asked later, when it cannot be reached', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  shop.stripe.createRefund({ payment_intent: intent_id }, 'succeeded')
  shop.stripe.break('cut-before', { times: 9 })
  expect((await shop.deliver(shop.event('charge.refunded'))).status).toBe(200)
  expect((await outcomes(shop)).at(-1)).toBe('to-ask')
  expect(await shop.status(order_id)).toBe('paid')
  shop.stripe.mend()
  await shop.reconcile()
  expect([await shop.status(order_id), new Set(await outcomes(shop))]).toEqual([
    'refunded',
    new Set(['unknown-type', 'applied']),
  ])
})

test('disputed money is gone until it is reinstated, and disputes are shown', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  const { id } = shop.stripe.openDispute(intent_id)
  await shop.deliver(shop.event('charge.dispute.funds_withdrawn'), shop.event('charge.dispute.created'))
  const disputed = await shop.call('GET', '/counter/sales-orders?disputed=true', { as: shop.staff })
  expect(disputed.body).toMatchObject([
    { id: order_id, status: 'paid', disputed: true, disputes: [{ dispute_id: id, status: 'needs_response' }] },
  ])
  expect(await entries(shop, order_id)).toEqual([CHARGED, ['dispute', -89_999]])
  shop.clock.pass(60_000)
  shop.stripe.stepDispute(id, 'won')
  await shop.deliver(...shop.stripe.events)
  expect(await entries(shop, order_id)).toEqual([CHARGED, ['dispute', -89_999], ['dispute-won', 89_999]])
  expect(await shop.sale(order_id)).toMatchObject({ disputed: false, disputes: [{ status: 'won' }] })
})

test('an order that is cancelled while its money is disputed owes it once the dispute is won', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  const { id } = shop.stripe.openDispute(intent_id)
  await shop.deliver(...shop.stripe.events)
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'cancelled' }, { as: shop.admin })
  expect((await shop.sale(order_id)).refund_due).toBe(false)
  shop.stripe.stepDispute(id, 'won')
  await shop.deliver(...shop.stripe.events)
  expect((await shop.sale(order_id)).refund_due).toBe(true)
})

test('what is kept of an event has no name, address or card in it', async () => {
  await using shop = await openCardShop()
  const { intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id, 'declined')
  shop.stripe.confirm(intent_id)
  shop.stripe.createRefund({ payment_intent: intent_id }, 'succeeded')
  await shop.deliver(...shop.stripe.events)
  const kept = JSON.stringify(await stored(shop)) + shop.logged.join()
  expect(kept).not.toMatch(/Ann Example|Hidden Street|4242|0002|_secret_/)
  expect(kept).toContain(intent_id)
})
