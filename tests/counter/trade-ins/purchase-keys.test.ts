import { expect, test } from 'vitest'
import { openTradeIns } from './trade-in-shop.ts'

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const LATER = 48 * 3_600_000

test('a purchase that is sent again under its key is the same one, whoever sends it and whenever', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const body = shop.purchase(version)
  const first = await shop.buy(pickup_id, body, keyed('one'))
  expect(first.status).toBe(201)
  const again = await shop.buy(pickup_id, body, keyed('one'))
  expect([again.status, again.body.number]).toEqual([201, first.body.number])
  const byOther = await shop.buy(pickup_id, body, { ...keyed('one'), as: shop.admin })
  expect(byOther.body.number).toBe(first.body.number)
  shop.clock.pass(LATER)
  const as = await shop.person('staff')
  expect((await shop.buy(pickup_id, body, { ...keyed('one'), as })).body.number).toBe(first.body.number)
  expect((await shop.buy(pickup_id, body, { as })).body.code).toBe('bought-already')
  const receipts = await shop.database.db.selectFrom('receipt').select(['number', 'request_key']).execute()
  expect(receipts).toEqual([{ number: first.body.number, request_key: 'one' }])
})

test('five at once under one key buy once, and all are told the same', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const replies = await Promise.all(
    Array.from({ length: 5 }, () => shop.buy(pickup_id, shop.purchase(version), keyed('one'))),
  )
  expect(new Set(replies.map(({ status, body }) => `${status} ${body.number}`))).toEqual(new Set(['201 S1-T1-P000001']))
})

test('the key of a purchase buys nothing else', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const { id } = (await shop.buy(pickup_id, shop.purchase(version), keyed('one'))).body
  const other = await shop.buy(pickup_id + 1, shop.purchase(version), keyed('one'))
  const less = shop.purchase(version, { payout: [{ method: 'cash', amount_cents: 1 }] })
  const undo = await shop.counter(
    'POST',
    `/purchases/${id}/undo`,
    { reason: 'x', approval: shop.approval },
    keyed('one'),
  )
  for (const reply of [other, await shop.buy(pickup_id, less, keyed('one')), undo]) {
    expect(reply.status).toBe(422)
    expect(reply.body.detail[0].code).toBe('idempotency-key-reused')
  }
  expect((await shop.buy(pickup_id, shop.purchase(version), keyed('two words'))).status).toBe(400)
})

test('a refusal uses no key up', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const unsigned = shop.purchase(version, { declaration: { language: 'en', words_version: 1 } })
  expect((await shop.buy(pickup_id, unsigned, keyed('one'))).body.code).toBe('signature-missing')
  expect((await shop.buy(pickup_id, shop.purchase(version), keyed('one'))).status).toBe(201)
})

test('taking a purchase back needs approval, and happens once under its key', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const { id } = (await shop.buy(pickup_id, shop.purchase(version))).body
  const undo = (fields: object) =>
    shop.counter('POST', `/purchases/${id}/undo`, { reason: 'Changed their mind', ...fields }, keyed('back'))
  expect((await undo({})).body.code).toBe('undo-needs-approval')
  const wrong = { user_id: shop.admin.id, password: 'not the password' }
  expect((await undo({ approval: wrong })).body.code).toBe('approval-wrong')
  const first = await undo({ approval: shop.approval })
  expect(first.body).toMatchObject({ number: 'S1-T1-P000002', approver: 'Ada Admin', note: 'Changed their mind' })
  expect((await undo({ approval: shop.approval })).body.number).toBe(first.body.number)
  expect((await shop.counter('GET', `/trade-ins/${pickup_id}`)).body).toMatchObject({
    status: 'offered',
    answered_at: null,
    purchase: null,
  })
})

test('how often a paper came out is known, so that the next one is a copy; labels do not count', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const { id, printed } = (await shop.buy(pickup_id, shop.purchase(version))).body
  expect(printed).toBe(0)
  const print = async (paper: string) => (await shop.counter('POST', `/purchases/${id}/prints`, { paper })).body.printed
  expect([await print('label'), await print('purchase'), await print('purchase')]).toEqual([0, 1, 2])
  expect((await shop.counter('GET', `/purchases/${id}`)).body).toMatchObject({
    printed: 2,
    checks: [
      { kind: 'luhn', result: 'pass' },
      { kind: 'duplicate', result: 'pass', at: expect.any(Number) },
      ...Array.from({ length: 3 }, () => ({ result: 'not-checked' })),
    ],
  })
  const kinds = await shop.database.db
    .selectFrom('till_event')
    .select('kind')
    .where('kind', '<>', 'identity-shown')
    .orderBy('id')
    .execute()
  expect(kinds.map(({ kind }) => kind)).toEqual(['print', 'reprint'])
})
