import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { openTradeIns } from './trade-in-shop.ts'

test('a request that was approved and then refused may be sent again under its key', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const keyed = { headers: { 'idempotency-key': 'purchase-1' } }
  const buy = (approval: object) =>
    shop.buy(pickup_id, shop.purchase(version, { offer_version: version + 1, approval }), keyed)
  const wrong = { ...shop.approval, password: 'wrong password' }
  for (const _ of [1, 2]) expect((await buy(wrong)).body.code).toBe('approval-wrong')
  for (const _ of [1, 2]) expect((await buy(shop.approval)).body.code).toBe('offer-changed')
  const bought = await shop.buy(pickup_id, shop.purchase(version), keyed)
  const again = await shop.buy(pickup_id, shop.purchase(version), keyed)
  expect([bought.status, again.status, again.body.number]).toEqual([201, 201, bought.body.number])
})

test('who was shut out while their secret was looked at approves nothing', async () => {
  await using shop = await openTradeIns()
  await shop.byAdmin('PATCH', '/shop/rules', { payout_limit_cents: 100 })
  const { pickup_id, version } = await shop.offered()
  const { passwords } = shop.context
  const { matches } = passwords
  passwords.matches = async (...asked) => {
    const right = await matches(...asked)
    await shop.write((trx) => patch(trx, 'user', shop.admin.id, { is_active: false }))
    return right
  }
  const reply = await shop.buy(pickup_id, shop.purchase(version, { approval: shop.approval }))
  expect([reply.status, reply.body.code]).toEqual([403, 'may-not-approve'])
})

test('a price that nobody with the right has set is paid only with approval', async () => {
  await using shop = await openTradeIns()
  const { pickup_id } = await shop.offered()
  const offer = { final_offer_cents: 40_000, status: 'offered' }
  await shop.counter('PUT', `/trade-ins/${pickup_id}/evaluation`, offer, { as: shop.evaluator })
  const payout = [{ method: 'cash', amount_cents: 40_000 }]
  expect((await shop.buy(pickup_id, shop.purchase(2, { payout }))).body.code).toBe('offer-needs-approval')
  const approval = shop.approval
  expect((await shop.buy(pickup_id, shop.purchase(2, { payout, approval }))).body.approver).toBe('Ada Admin')
})

test('what an admin offers by the documented API is paid without more, and an approval that nothing needs is not written down', async () => {
  await using shop = await openTradeIns()
  const id = await shop.requested()
  const draft = await shop.evaluated({ pickup_id: id })
  await shop.counter('POST', `/buy-ins/${draft.id}/offer`, { version: draft.version }, { as: shop.admin })
  const evaluate = { final_offer: 150, status: 'offered' }
  await shop.call('PUT', `/api/admin/tradeins/${id}/evaluate`, { as: shop.admin, body: evaluate })
  const offers = await shop.database.db.selectFrom('offer').select(['source', 'approved_by']).orderBy('id').execute()
  expect(offers).toEqual([
    { source: 'matrix', approved_by: null },
    { source: 'manual', approved_by: shop.admin.id },
  ])
  const payout = [{ method: 'cash', amount_cents: 15_000 }]
  const bought = await shop.buy(id, shop.purchase(2, { payout }))
  expect([bought.status, bought.body.approver]).toEqual([201, null])
})
