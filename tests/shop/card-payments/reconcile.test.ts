import { expect, test } from 'vitest'
import { insertMinted } from '../../../db/local.ts'
import type { StripeEventTable } from '../../../db/schema/local-tables.ts'
import { KEY } from '../../support/stripe-stand-in.ts'
import { type CardShop, EVERY_TRY, openCardShop } from '../../api/card-shop.ts'

const MINUTE = 60_000

/** What comes of doing something so many times, a second apart. */
async function oneByOne<T, N extends 3 | 4>({ clock }: CardShop, times: N, act: () => Promise<T>) {
  const results: T[] = []
  for (let n = 0; n < times; n++) {
    results.push(await act())
    clock.pass(1_000)
  }
  return results as N extends 3 ? [T, T, T] : [T, T, T, T] // As many as were asked for.
}

test('a payment is found without any webhook', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id)
  shop.clock.pass(MINUTE)
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ status: 'paid', paid_cents: 89_999 })
  await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({ status: 'paid', paid_cents: 89_999 })
})

test('what is made at Stripe itself is heard of without any webhook', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product(), 2)
  shop.clock.pass(20 * 86_400_000)
  shop.stripe.createRefund({ payment_intent: intent_id, amount: 500 }, 'succeeded')
  shop.stripe.openDispute(intent_id)
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ refunded_cents: 500, disputed: true })
})

/** Stripe tells of so much that concerns no order of this shop, some seconds apart, and the shop has heard of it. */
async function sendManyEvents({ stripe, clock, write }: CardShop, times: number, { seconds = 8 } = {}) {
  const happened: Omit<StripeEventTable, 'id'>[] = []
  for (let n = 0; n < times; n++) {
    if (seconds > 0) clock.pass(seconds * 1_000)
    const created = Math.floor(clock.now() / 1_000)
    const event = { id: `evt_of_another_${stripe.events.length}`, type: 'payment_intent.canceled', created }
    stripe.events.push({ ...event, object: 'event', livemode: false, data: { object: { id: 'pi_of_another' } } })
    const { id: event_id, type } = event
    const nothing = { object_id: null, order_id: null, outcome: 'unknown-order', payload: '{}' } as const
    happened.push({ event_id, type, happened_at: created * 1_000, ...nothing })
  }
  await write(async (trx) => {
    for (const event of happened) await insertMinted(trx, 'stripe_event', event)
  })
}

test('what happened before more than a run can hear of is heard in the next ones', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  await shop.reconcile()
  shop.clock.pass(20 * MINUTE)
  shop.stripe.createRefund({ payment_intent: intent_id, amount: 500 }, 'succeeded')
  await sendManyEvents(shop, 10_100)
  for (let run = 0; run < 4; run++) await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ refunded_cents: 500 })
  shop.stripe.asked.splice(0)
  await shop.reconcile()
  expect(shop.stripe.asked.filter(({ path }) => path === 'GET /v1/events').length).toBeLessThan(5)
})

test('more events of one second than Stripe lists at once are all heard', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  shop.clock.pass(20 * MINUTE)
  await sendManyEvents(shop, 120, { seconds: 0 })
  shop.stripe.createRefund({ payment_intent: intent_id, amount: 500 }, 'succeeded')
  await sendManyEvents(shop, 120, { seconds: 0 })
  shop.clock.pass(MINUTE)
  await sendManyEvents(shop, 150, { seconds: 1 })
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ refunded_cents: 500 })
})

test('of two words about a dispute in one second Stripe is asked for the last', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  shop.stripe.stepDispute(shop.stripe.openDispute(intent_id).id, 'under_review')
  await shop.deliver(shop.event('charge.dispute.updated'), shop.event('charge.dispute.created'))
  await shop.reconcile()
  expect((await shop.sale(order_id)).disputes).toMatchObject([{ status: 'under_review' }])
})

test('a key that may only take payments reconciles them all the same', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  shop.stripe.confirm(intent_id)
  shop.clock.pass(MINUTE)
  shop.stripe.break('not-allowed', { times: 9, on: /events|disputes/ })
  await shop.reconcile()
  expect([await shop.status(order_id), shop.state.hasFailed]).toEqual(['paid', false])
})

test('what Stripe will not answer about refunds keeps payments and disputes from nothing', async () => {
  await using shop = await openCardShop()
  const [back, other] = [await shop.paid(await shop.product()), await shop.buy(await shop.product())]
  shop.stripe.break('not-allowed', { times: 9, on: /refunds/ })
  expect((await shop.refund(back.order_id)).body.status).toBe('intended')
  shop.stripe.confirm(other.intent_id)
  shop.stripe.openDispute(other.intent_id)
  shop.clock.pass(3 * MINUTE)
  await shop.reconcile()
  expect(await shop.sale(other.order_id)).toMatchObject({ status: 'paid', disputed: true })
  expect(shop.state.hasFailed).toBe(true)
  shop.stripe.mend()
  shop.clock.pass(MINUTE)
  await shop.reconcile()
  expect([await shop.status(back.order_id), shop.state.hasFailed]).toEqual(['refunded', false])
})

test('an event that Stripe cannot be asked about keeps no other one waiting', async () => {
  await using shop = await openCardShop()
  const both = [await shop.paid(await shop.product()), await shop.paid(await shop.product())]
  shop.stripe.break('cut-before', { times: 9, on: /GET .*refunds/ })
  for (const { intent_id } of both) {
    shop.stripe.createRefund({ payment_intent: intent_id }, 'succeeded')
    await shop.deliver(shop.event('charge.refunded'))
  }
  shop.stripe.mend()
  shop.stripe.break('cut-before', { ...EVERY_TRY, on: /GET .*refunds/ })
  shop.stripe.break('not-allowed', { times: 9, on: /events/ })
  await shop.reconcile()
  expect(await Promise.all(both.map(({ order_id }) => shop.status(order_id)))).toEqual(['paid', 'refunded'])
})

test('a dispute that is won gives its money back, also where no event says so', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  const { id } = shop.stripe.openDispute(intent_id)
  await shop.deliver(shop.event('charge.dispute.funds_withdrawn'))
  const refused = await shop.refund(order_id)
  expect([refused.status, refused.body.detail]).toEqual([400, 'The rest of the money is disputed'])
  shop.stripe.stepDispute(id, 'won')
  shop.clock.pass(MINUTE)
  shop.stripe.break('not-allowed', { times: 9, on: /events/ })
  await shop.reconcile()
  expect((await shop.refund(order_id)).body).toMatchObject({ status: 'succeeded', amount_cents: 89_999 })
})

test('an expired order lets go of its intent before its goods are free', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.buy(id)
  shop.clock.pass(31 * MINUTE)
  await shop.reconcile()
  expect([await shop.status(order_id), await shop.stock(id), shop.stripe.intent(intent_id).status]).toEqual([
    'cancelled',
    10,
    'canceled',
  ])
})

test('an intent that was paid at the last moment wins over its order’s time', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.buy(id)
  shop.clock.pass(31 * MINUTE)
  shop.stripe.confirm(intent_id)
  await shop.reconcile()
  expect([await shop.status(order_id), await shop.stock(id)]).toEqual(['paid', 9])
})

test('while Stripe cannot be reached, expired orders keep their goods for ten minutes more and not for ever', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.buy(id)
  shop.stripe.break('cut-before', { times: 1_000 })
  shop.clock.pass(35 * MINUTE)
  await shop.reconcile()
  expect([await shop.status(order_id), await shop.stock(id)]).toEqual(['pending', 9])
  shop.clock.pass(6 * MINUTE)
  await shop.reconcile()
  expect([await shop.status(order_id), await shop.stock(id)]).toEqual(['cancelled', 10])
  shop.stripe.mend()
  shop.stripe.confirm(intent_id)
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ status: 'cancelled', paid_cents: 89_999, refund_due: true })
})

test('an order that was cancelled by hand can be paid no more', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  await shop.api('PUT', `/admin/orders/${order_id}`, { status: 'cancelled' }, { as: shop.admin })
  await shop.reconcile()
  expect(shop.stripe.intent(intent_id).status).toBe('canceled')
})

test('an open payment is asked about ever less often', async () => {
  await using shop = await openCardShop()
  await shop.buy(await shop.product())
  const asked = () => shop.stripe.asked.filter(({ path }) => path.startsWith('GET /v1/payment_intents/')).length
  for (let minute = 0; minute < 29; minute++) {
    shop.clock.pass(MINUTE)
    await shop.reconcile()
  }
  expect(asked()).toBeGreaterThan(10)
  expect(asked()).toBeLessThan(20)
})

test('trouble is told once, and once that it is over', async () => {
  await using shop = await openCardShop()
  await shop.buy(await shop.product())
  const told = () => shop.logged.filter((line) => line.includes('reconciled'))
  shop.stripe.break('wrong-key', { times: 1_000 })
  for (let run = 0; run < 5; run++) {
    shop.clock.pass(MINUTE)
    await shop.reconcile()
  }
  expect(told()).toHaveLength(1)
  shop.stripe.mend()
  await shop.reconcile()
  expect(told().map((line) => JSON.parse(line).msg)).toEqual([
    'card payments could not be reconciled; trying on quietly',
    'card payments are reconciled again',
  ])
  expect(shop.logged.join()).not.toContain(KEY)
})

test('one payment that always fails keeps no other from its turn', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const [first, second] = [await shop.buy(id), await shop.buy(id)]
  shop.stripe.confirm(second.intent_id)
  shop.clock.pass(MINUTE)
  shop.stripe.break('html', { times: 1_000, on: new RegExp(first.intent_id) })
  await shop.reconcile()
  expect(await shop.status(second.order_id)).toBe('paid')
})

test('failures between which something works stop nobody', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const [first, second, third, fourth] = await oneByOne(shop, 4, () => shop.buy(id))
  for (const { intent_id } of [second, fourth]) shop.stripe.confirm(intent_id)
  shop.clock.pass(MINUTE)
  shop.stripe.break('html', { times: 1_000, on: new RegExp(`${first.intent_id}|${third.intent_id}|events`) })
  await shop.reconcile()
  expect([await shop.status(second.order_id), await shop.status(fourth.order_id)]).toEqual(['paid', 'paid'])
})

test('payments that always fail let the others go first the next time', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const [first, second, third] = await oneByOne(shop, 3, () => shop.buy(id))
  shop.stripe.confirm(third.intent_id)
  shop.stripe.break('html', { times: 1_000, on: new RegExp(`${first.intent_id}|${second.intent_id}|events`) })
  for (let run = 0; run < 2; run++) {
    shop.clock.pass(MINUTE)
    await shop.reconcile()
  }
  expect(await shop.status(third.order_id)).toBe('paid')
})

test('refunds that always fail let the others go first the next time', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  shop.stripe.refunding.status = 'pending'
  const [first, second, third] = await oneByOne(shop, 3, async () => {
    const { order_id } = await shop.paid(id)
    return { order_id, refund_id: (await shop.refund(order_id)).body.refund_id as string }
  })
  shop.stripe.finishRefund(third.refund_id, true)
  shop.stripe.break('html', { times: 1_000, on: new RegExp(`${first.refund_id}|${second.refund_id}|events`) })
  for (let run = 0; run < 2; run++) {
    shop.clock.pass(MINUTE)
    await shop.reconcile()
  }
  expect(await shop.status(third.order_id)).toBe('refunded')
})

test('two kinds of questions that always fail keep the others from nothing', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const [disputed, back] = [await shop.paid(id), await shop.paid(id)]
  await shop.buy(id)
  shop.stripe.refunding.status = 'pending'
  await shop.refund(back.order_id)
  shop.stripe.openDispute(disputed.intent_id)
  shop.clock.pass(MINUTE)
  shop.stripe.break('html', { times: 1_000, on: /GET .*(?:refunds|payment_intents)/ })
  await shop.reconcile()
  expect([(await shop.sale(disputed.order_id)).disputed, shop.state.hasFailed]).toEqual([true, true])
})

test('events that Stripe does not answer about let the others go first the next time', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const all = (await oneByOne(shop, 3, () => shop.paid(id))).map(({ intent_id }) => intent_id)
  shop.stripe.break('html', { times: 1_000, on: /refunds|events/ })
  for (const intent_id of all) {
    shop.stripe.createRefund({ payment_intent: intent_id }, 'succeeded')
    await shop.deliver(shop.event('charge.refunded'))
  }
  shop.stripe.asked.splice(0)
  for (let run = 0; run < 2; run++) await shop.reconcile()
  const asked = shop.stripe.asked.filter(({ path }) => path === 'GET /v1/refunds')
  expect(new Set(asked.map(({ params }) => params['payment_intent']))).toEqual(new Set(all))
})

test('an event about a payment that Stripe does not know is settled', async () => {
  await using shop = await openCardShop()
  const { intent_id } = await shop.paid(await shop.product())
  shop.stripe.createRefund({ payment_intent: intent_id }, 'succeeded')
  shop.stripe.break('missing', { times: 1_000, on: /GET .*refunds/ })
  shop.stripe.break('not-allowed', { times: 1_000, on: /events/ })
  await shop.deliver(shop.event('charge.refunded'))
  await shop.reconcile()
  shop.stripe.asked.splice(0)
  await shop.reconcile()
  expect([shop.stripe.asked.filter(({ path }) => path.includes('refunds')), shop.state.hasFailed]).toEqual([[], false])
})

test('an intent that Stripe does not know any more is given up with its order’s time', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { order_id, intent_id } = await shop.buy(id)
  shop.stripe.intents.delete(intent_id)
  shop.clock.pass(31 * MINUTE)
  await shop.reconcile()
  expect(await shop.sale(order_id)).toMatchObject({ status: 'cancelled', payments: [{ status: 'abandoned' }] })
})

test('a shop without card payments leaves Stripe alone', async () => {
  await using shop = await openCardShop()
  await shop.reconcile()
  expect(shop.stripe.asked).toEqual([])
})
