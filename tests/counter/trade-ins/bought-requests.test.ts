import { expect, test } from 'vitest'
import { openTradeIns } from './trade-in-shop.ts'

test('what was bought is offered and asked for no more, whoever tries', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  await shop.buy(pickup_id, shop.purchase(version))
  const change = (body: object) =>
    shop.call('PUT', `/api/admin/tradeins/${pickup_id}/evaluate`, { as: shop.admin, body })
  expect((await change({ status: 'offered' })).body.code).toBe('bought-already')
  expect((await change({ final_offer: 500, status: 'offered' })).body.code).toBe('bought-already')
  expect((await change({ notes: 'A fine device' })).status).toBe(200)
  const mine = (await shop.counter('GET', `/trade-ins/${pickup_id}`)).body
  expect(mine).toMatchObject({ status: 'accepted', evaluation: { final_offer_cents: 19_000, notes: 'A fine device' } })
})
