import { expect, test } from 'vitest'
import { ownedNodes } from '../../db/ownership.ts'
import { insertMany, patch } from '../../db/rows.ts'
import { renewEmailKeys } from '../../server/shop/people/email-keys.ts'
import { moveHolds } from '../../server/shop/stock/sellable.ts'
import { openCardShop } from '../api/card-shop.ts'
import { becomeAnotherNode, becomeHeir } from '../support/another-node.ts'
import { openRepairShop } from '../v1/repair-shop.ts'

const by = { actor: null, device: null, act: 'test' }
const HOUR = 3_600_000

test('money that another machine took is corrected and taken back there, and by who took its place', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const { id } = await shop.payment({ order_id, amount_cents: 10_000 })
  await becomeAnotherNode(shop.database)
  const before = (await shop.v1('GET', `/payments/${id}`)).body
  const changes = [
    ['PATCH', { amount: '50.00' }],
    ['DELETE', undefined],
  ] as const
  for (const [method, body] of changes)
    expect(await shop.v1(method, `/payments/${id}`, body)).toMatchObject({
      status: 409,
      body: {
        code: 'row-of-another-terminal',
        detail: 'This belongs to S1-T1: it is changed there.',
        params: { terminal: 'S1-T1' },
      },
    })
  expect((await shop.v1('GET', `/payments/${id}`)).body).toEqual(before)
  expect((await shop.v1('POST', '/payments', { order_id, amount: '20.00', payment_method: 'Cash' })).status).toBe(201)
  await becomeHeir(shop.database)
  expect((await shop.v1('PATCH', `/payments/${id}`, { amount: '50.00' })).body).toMatchObject({ amount: '50.00' })
})

test('a repair with money that another machine took is not deleted here', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const { id } = await shop.payment({ order_id, amount_cents: 10_000 })
  await becomeAnotherNode(shop.database)
  expect(await shop.v1('DELETE', `/orders/${order_id}`, undefined, { as: shop.admin })).toMatchObject({ status: 409 })
  expect((await shop.v1('GET', `/payments/${id}`)).body).toMatchObject({ order_id, amount: '100.00' })
})

test('money on a card that another machine took goes back there, and what Stripe tells of it is that machine’s to settle', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.paid(await shop.product())
  await becomeAnotherNode(shop.database)
  const asked = shop.stripe.asked.length
  for (const reply of [await shop.refund(order_id), await shop.refund(order_id, { amount: 5 })])
    expect(reply).toMatchObject({ status: 409, body: { code: 'row-of-another-terminal' } })
  expect(shop.stripe.asked).toHaveLength(asked)
  shop.stripe.createRefund({ payment_intent: intent_id, amount: 500 }, 'succeeded')
  expect((await shop.deliver(...shop.stripe.events)).status).toBe(200)
  expect(await shop.sale(order_id)).toMatchObject({ refunded_cents: 0 })
  const outcomes = await shop.database.db.selectFrom('stripe_event').select('outcome').execute()
  expect(outcomes.at(-1)).toEqual({ outcome: 'other-node' })
})

test('a clock that is set right moves what this machine wrote by it, and not what others did', async () => {
  await using shop = await openCardShop()
  const [theirs, product] = [await shop.product(), await shop.product()]
  const hold_until = shop.clock.now() + 30 * 24 * HOUR
  const unit = (product_id: number) => ({ product_id, condition: 'A', origin: 'other', hold_until }) as const
  const [first] = await shop.database.write(by, (trx) => insertMany(trx, 'unit', [unit(theirs)]))
  await becomeAnotherNode(shop.database)
  const [second] = await shop.database.write(by, (trx) => insertMany(trx, 'unit', [unit(product)]))
  const [since, until] = [shop.clock.now() - HOUR, shop.clock.now() + HOUR]
  await shop.database.write(by, (trx) => moveHolds(trx, { since, until, by: -5 * 24 * HOUR }))
  const units = await shop.database.db.selectFrom('unit').select(['id', 'hold_until']).orderBy('id').execute()
  expect(units.find(({ id }) => id === first)).toEqual({ id: first, hold_until })
  expect(units.find(({ id }) => id === second)!.hold_until).toBeLessThan(hold_until)
})

test('a machine expires the orders that were placed with it, and asks Stripe about its own payments alone', async () => {
  await using shop = await openCardShop()
  const product = await shop.product()
  const theirs = await shop.buy(product)
  await becomeAnotherNode(shop.database)
  const ours = await shop.buy(product)
  shop.clock.pass(HOUR)
  const asked = shop.stripe.asked.length
  await shop.reconcile()
  expect(shop.stripe.asked.slice(asked).filter(({ path }) => path.includes(theirs.intent_id))).toEqual([])
  expect(await shop.status(ours.order_id)).toBe('cancelled')
  expect(await shop.status(theirs.order_id)).toBe('pending')
  await shop.buy(product)
  expect(await shop.status(theirs.order_id)).toBe('pending')
  await becomeHeir(shop.database)
  await shop.reconcile()
  expect(await shop.status(theirs.order_id)).toBe('cancelled')
})

test('an heir hears what happened to the cards of the former one, though it took none itself for long', async () => {
  await using shop = await openCardShop()
  const { order_id } = await shop.buy(await shop.product())
  await becomeAnotherNode(shop.database)
  const card = { order_id, method: 'card', amount_cents: 1, currency: 'USD', status: 'canceled', refund_due: false }
  const created_at = shop.clock.now() - 200 * 24 * HOUR
  await shop.database.write(by, (trx) =>
    insertMany(trx, 'sales_payment', [{ ...card, intent_id: 'pi_long_ago', created_at }]),
  )
  const asked = () => shop.stripe.asked.filter(({ path }) => path === 'GET /v1/events').length
  await shop.reconcile()
  expect(asked()).toBe(0)
  await becomeHeir(shop.database)
  await shop.reconcile()
  expect(asked()).toBe(1)
})

test('keys are made anew for the people whom a machine added', async () => {
  await using shop = await openRepairShop()
  await shop.database.write(by, (trx) => patch(trx, 'user', shop.customer.id, { email_key: 'stale' }))
  const renew = () => shop.database.write(by, (trx) => renewEmailKeys(trx, 0, 1_000))
  const key = async () =>
    await shop.database.db.selectFrom('user').select('email_key').where('id', '=', shop.customer.id).execute()
  await becomeAnotherNode(shop.database)
  await renew()
  expect(await key()).toEqual([{ email_key: 'stale' }])
  await becomeHeir(shop.database)
  await renew()
  expect(await key()).not.toEqual([{ email_key: 'stale' }])
})

test('an heir has the rows of those whose heir the former one was, and a circle of heirs ends', async () => {
  await using shop = await openRepairShop()
  await becomeAnotherNode(shop.database)
  expect(await ownedNodes(shop.database.db)).toEqual([1])
  await becomeHeir(shop.database)
  await shop.database.write(by, (trx) => patch(trx, 'node', 1, { heir_id: 0 }))
  expect(await ownedNodes(shop.database.db)).toEqual([1, 0])
})
