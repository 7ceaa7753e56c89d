import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { cleanUp } from '../../../server/cleanup.ts'
import { openTradeIns } from './trade-in-shop.ts'

const MINUTE = 60_000
const DAY = 86_400_000

test('no offer runs out by a clock that nobody has confirmed', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  shop.clock.jump(20 * DAY)
  const answer = (said: string, as = shop.staff) =>
    shop.counter('POST', `/trade-ins/${pickup_id}/answer`, { version, answer: said }, { as })
  expect((await answer('accepted')).status).toBe(200)
  expect((await answer('rejected')).status).toBe(200)
  await shop.counter('POST', '/clock', { says: shop.clock.now() }, shop.asAdmin)
  expect((await answer('accepted', await shop.person('staff'))).body.code).toBe('offer-expired')
})

test('what was offered before a clock that nobody has confirmed is bought', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  shop.clock.jump(20 * DAY)
  expect((await shop.buy(pickup_id, shop.purchase(version))).status).toBe(201)
})

test('an offer by a clock that was wrong stands as long, and papers are kept as long, from when the clock is right', async () => {
  await using shop = await openTradeIns()
  // Shut for 40 days: time is measured from the last write until somebody confirms the clock.
  shop.clock.jump(40 * DAY)
  await shop.counter('GET', '/staff')
  shop.clock.pass(MINUTE)
  const { pickup_id, version } = await shop.offered()
  const pickup = await shop.requested()
  const draft = await shop.evaluated({ serial_number: undefined, pickup_id: pickup })
  const other = (await shop.counter('POST', `/buy-ins/${draft.id}/offer`, { version: draft.version })).body
  await shop.buy(pickup_id, shop.purchase(version))
  const { db } = shop.database
  const kept = async () => {
    const papers = [
      ...(await db.selectFrom('seller_identity').select('retain_until').execute()),
      ...(await db.selectFrom('declaration').select('retain_until').execute()),
    ]
    return papers.map(({ retain_until }) => new Date(retain_until!).toISOString().slice(0, 10))
  }
  expect(await kept()).toEqual(['2032-01-16', '2032-01-16'])
  await shop.counter('POST', '/clock', { says: shop.clock.now() }, shop.asAdmin)
  // Bought on 24 February 2026.
  expect(await kept()).toEqual(['2032-02-25', '2032-02-25'])
  const answer = async (said: string) => {
    const body = { version, answer: said }
    return await shop.counter('POST', `/trade-ins/${other.pickup_id}/answer`, body, { as: await shop.person('staff') })
  }
  shop.clock.pass(14 * DAY - MINUTE)
  expect((await answer('accepted')).status).toBe(200)
  expect((await answer('rejected')).status).toBe(200)
  shop.clock.pass(MINUTE)
  expect((await answer('accepted')).body.code).toBe('offer-expired')
})

test.each([
  ['contradicted', 9 * 365 * DAY],
  ['unconfirmed', 20 * DAY],
])('who sold is not erased by a clock that is %s', async (state, off) => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  await shop.buy(pickup_id, shop.purchase(version))
  await shop.write(async (trx) => {
    for (const { id } of await trx.selectFrom('seller_identity').select('id').execute())
      await patch(trx, 'seller_identity', id, { retain_until: trx.act.now + DAY })
  })
  const names = async () => {
    await cleanUp(shop.context)
    const found = await shop.database.db.selectFrom('seller_identity').select('name').execute()
    return found.map(({ name }) => name)
  }
  shop.clock.jump(off)
  expect(shop.database.clock.read().state).toBe(state)
  expect(await names()).toEqual(['Sam Seller'])
  await shop.counter('POST', '/clock', { says: shop.clock.now() }, shop.asAdmin)
  expect(await names()).toEqual([null])
})
