import { expect, test } from 'vitest'
import { ownedNodes } from '../../db/ownership.ts'
import { patch } from '../../db/rows.ts'
import { renewEmailKeys } from '../../server/shop/people/email-keys.ts'
import { removeOrder } from '../../server/shop/repairs/orders.ts'
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
        detail: 'This money was taken at S1-T1: it is changed there.',
        params: { terminal: 'S1-T1' },
      },
    })
  expect((await shop.v1('GET', `/payments/${id}`)).body).toEqual(before)
  expect((await shop.v1('POST', '/payments', { order_id, amount: '20.00', payment_method: 'Cash' })).status).toBe(201)
  await becomeHeir(shop.database)
  expect((await shop.v1('PATCH', `/payments/${id}`, { amount: '50.00' })).body).toMatchObject({ amount: '50.00' })
})

test('of a repair that is deleted a machine takes back the money that it took itself', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const theirs = await shop.payment({ order_id, amount_cents: 10_000 })
  await becomeAnotherNode(shop.database)
  const ours = await shop.payment({ order_id, amount_cents: 5_000 })
  await shop.database.write(by, (trx) => removeOrder(trx, order_id))
  const left = await shop.database.db.selectFrom('payment').select('id').where('deleted_at', 'is', null).execute()
  expect(left).toEqual([{ id: theirs.id }])
  expect(ours.id).not.toBe(theirs.id)
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
