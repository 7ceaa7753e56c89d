import { expect, test } from 'vitest'
import { patchUnchecked } from '../../../db/rows.ts'
import { openTradeIns } from './trade-in-shop.ts'

const DAY = 86_400_000
const HOUR = 3_600_000

test('an offer that has run out is made anew, at the same price too, and is bought then', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  shop.clock.pass(15 * DAY)
  const later = { as: await shop.person('staff') }
  expect((await shop.buy(pickup_id, shop.purchase(version), later)).body.code).toBe('offer-expired')
  const draft = await shop.evaluated({ pickup_id }, undefined, later)
  const anew = await shop.counter('POST', `/buy-ins/${draft.id}/offer`, { version: draft.version }, later)
  expect(anew.body.version).toBe(version + 1)
  expect((await shop.buy(pickup_id, shop.purchase(anew.body.version), later)).status).toBe(201)
})

test('nobody says yes on the web to an offer that has run out: they say no, or yes to one that is made anew', async () => {
  await using shop = await openTradeIns()
  const id = await shop.requested()
  const offer = async () => {
    const draft = await shop.evaluated({ pickup_id: id })
    expect((await shop.counter('POST', `/buy-ins/${draft.id}/offer`, { version: draft.version })).status).toBe(201)
    await shop.write(async (trx) => {
      for (const { id } of await trx.selectFrom('offer').select('id').where('valid_until', '>', trx.act.now).execute())
        await patchUnchecked(trx, 'offer', id, { valid_until: trx.act.now + HOUR })
    })
    await shop.call('GET', '/api/tradein/pickup-requests/me', { as: shop.customer })
  }
  const respond = async (action: string) => {
    const path = `/api/tradein/pickup-requests/${id}/respond`
    const { status, body } = await shop.call('POST', path, { as: shop.customer, body: { action } })
    return [status, body.code ?? body.status]
  }
  /** What their own page says of it. */
  const shown = async () => {
    const { status, run_out } = (await shop.call('GET', '/counter/account', { as: shop.customer })).body.offers[0]
    return [status, run_out]
  }
  await offer()
  shop.clock.pass(HOUR)
  expect(await shown()).toEqual(['offered', true])
  expect(await respond('accept')).toEqual([400, 'offer-expired'])
  await offer()
  shop.clock.pass(HOUR - 1)
  expect(await shown()).toEqual(['offered', false])
  expect(await respond('accept')).toEqual([200, 'accepted'])
  shop.clock.pass(1)
  expect(await shown()).toEqual(['accepted', false])
  await offer()
  shop.clock.pass(HOUR)
  expect(await respond('reject')).toEqual([200, 'rejected'])
})

test('a request shows the answers that its last offer rests on', async () => {
  await using shop = await openTradeIns()
  const id = await shop.requested()
  const offer = async (answers: object[]) => {
    const draft = await shop.evaluated({ pickup_id: id }, answers as never)
    expect((await shop.counter('POST', `/buy-ins/${draft.id}/offer`, { version: draft.version })).status).toBe(201)
    shop.clock.pass(1_000)
    return (await shop.counter('GET', `/trade-ins/${id}`)).body.answers.map(({ choice }: { choice: string }) => choice)
  }
  const all = shop.answers('yes', 'no', 'near')
  expect(await offer([...all, { ...all[1], choice: 'yes' }])).toEqual(['yes', 'yes', 'near'])
  await shop.byAdmin('DELETE', `/questions/${shop.questions.port}`)
  expect(await offer(all)).toEqual(['yes', 'near'])
})
