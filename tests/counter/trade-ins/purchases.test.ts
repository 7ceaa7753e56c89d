import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { journalOf } from '../../support/journal.ts'
import { IMEI, openTradeIns } from './trade-in-shop.ts'

test('a purchase is one document: money out, the seller’s papers, and a unit that is held', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const bought = await shop.buy(pickup_id, shop.purchase(version))
  expect(bought.status).toBe(201)
  expect(bought.body).toMatchObject({
    number: 'S1-T1-P000001',
    title: 'Apple iPhone 13 128GB B',
    serial_number: IMEI,
    total_cents: 19_000,
    legs: [{ method: 'cash', amount_cents: -19_000 }],
    identity: { name: 'Sam Seller', number: 'L01X00T47' },
    declaration: { language: 'en', signature: 'M1 1L2 2' },
  })
  const { db } = shop.database
  const line = await db.selectFrom('receipt_line').selectAll().executeTakeFirstOrThrow()
  expect(line).toMatchObject({ kind: 'bought-unit', scheme: 'outside', tax_cents: 0, gross_cents: 19_000, pickup_id })
  expect(await db.selectFrom('leg_share').select('amount_cents').execute()).toEqual([{ amount_cents: -19_000 }])
  const unit = await db.selectFrom('unit').selectAll().executeTakeFirstOrThrow()
  expect(unit).toMatchObject({ cost_cents: 19_000, origin: 'trade-in', purchase_receipt_id: bought.body.id })
  expect(unit.hold_until).toBe(bought.body.hold_until)
  const moved = await db.selectFrom('stock_movement').selectAll().execute()
  expect(moved).toMatchObject([{ kind: 'trade-in', quantity: 1, unit_id: unit.id, receipt_line_id: line.id }])
  const product = await db.selectFrom('product').selectAll().where('id', '=', unit.product_id).executeTakeFirstOrThrow()
  expect(product).toMatchObject({ name: 'iPhone 13 128GB', condition: 'B', price_cents: 29_900, serialised: 1 })
  const request = await db
    .selectFrom('pickup_request')
    .selectAll()
    .where('id', '=', pickup_id)
    .executeTakeFirstOrThrow()
  expect(request).toMatchObject({ status: 'accepted', answered_offer_cents: 19_000, channel: 'counter' })
})

test('a device is bought once: by two windows at the same moment, and again later', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const replies = await Promise.all([1, 2, 3].map(() => shop.buy(pickup_id, shop.purchase(version))))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409])
  const again = await shop.evaluated()
  expect(again.elsewhere).toMatchObject({ where: 'hold' })
  const { count } = await shop.database.db
    .selectFrom('receipt')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  expect(count).toBe(1)
})

test('what is on hold or in another repair is not bought, and the refusal says where it is', async () => {
  await using shop = await openTradeIns()
  const first = await shop.offered()
  const second = await shop.evaluated()
  const isHere = async ({ pickup_id }: { pickup_id: number }) => {
    const { checks } = (await shop.counter('GET', `/trade-ins/${pickup_id}`)).body.device
    return checks.find(({ kind }: { kind: string }) => kind === 'duplicate')
  }
  expect(await isHere(first)).toMatchObject({ result: 'pass', at: null })
  await shop.buy(first.pickup_id, shop.purchase(first.version))
  const named = { version: second.version, customer: { full_name: 'Another Seller' } }
  const offer = (await shop.counter('POST', `/buy-ins/${second.id}/seller`, named)).body
  expect(await isHere(first)).toMatchObject({ result: 'pass', at: shop.clock.now() })
  expect(await isHere(offer)).toMatchObject({ result: 'fail', at: null })
  expect((await shop.buy(offer.pickup_id, shop.purchase(offer.version))).body).toMatchObject({
    code: 'device-is-here',
    params: { where: 'hold', name: 'iPhone 13 128GB' },
  })
})

test.each([
  [
    'a minor',
    { identity: { kind: 'private', name: 'A', document_kind: 'id', number: '1', born: '2015-01-01' } },
    'seller-minor',
  ],
  [
    'a document that has run out',
    { identity: { kind: 'private', name: 'A', document_kind: 'id', number: '1', valid_until: '2020-01-01' } },
    'document-expired',
  ],
  ['a seller without a document', { identity: { kind: 'private', name: 'A' } }, 'seller-incomplete'],
  ['no signature', { declaration: { language: 'en', words_version: 1 } }, 'signature-missing'],
  ['an empty one', { declaration: { language: 'en', words_version: 1, signature: ' ' } }, 'signature-missing'],
  ['a photo instead', { declaration: { language: 'en', words_version: 1, photo_id: 1 } }, 'signature-missing'],
  [
    'other words than the ones of today',
    { declaration: { language: 'en', words_version: 0, signature: 'M1 1L2 2' } },
    'declaration-changed',
  ],
  ['a payout that is not the price', { payout: [{ method: 'cash', amount_cents: 18_999 }] }, 'payout-not-the-price'],
  ['an offer that was changed', { offer_version: 7 }, 'offer-changed'],
])('%s: nothing is bought', async (_, fields, code) => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const reply = await shop.buy(pickup_id, shop.purchase(version, fields))
  expect([reply.status, reply.body.code]).toEqual([400, code])
  for (const table of ['receipt', 'unit', 'seller_identity', 'declaration', 'stock_movement'] as const)
    expect(await shop.database.db.selectFrom(table).select('id').execute()).toEqual([])
})

test('a payout above the limit needs approval, and the paper names who gave it', async () => {
  await using shop = await openTradeIns()
  await shop.byAdmin('PATCH', '/shop/rules', { payout_limit_cents: 10_000 })
  const { pickup_id, version } = await shop.offered()
  expect((await shop.buy(pickup_id, shop.purchase(version))).body.code).toBe('payout-needs-approval')
  const bought = await shop.buy(pickup_id, shop.purchase(version, { approval: shop.approval }))
  expect(bought.body).toMatchObject({ approver: 'Ada Admin' })
})

test('a purchase is taken back while its unit is here and untouched: money the way it went, request back to offered', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const { id, unit_id } = (await shop.buy(pickup_id, shop.purchase(version))).body
  const undo = (fields: object = {}) =>
    shop.counter('POST', `/purchases/${id}/undo`, { reason: 'Changed their mind', ...fields })
  expect((await undo()).body.code).toBe('undo-needs-approval')
  const back = await undo({ approval: shop.approval })
  expect(back.status).toBe(201)
  expect(back.body).toMatchObject({
    number: 'S1-T1-P000002',
    original_number: 'S1-T1-P000001',
    total_cents: -19_000,
    legs: [{ method: 'cash', amount_cents: 19_000 }],
  })
  const { db } = shop.database
  const moved = await db
    .selectFrom('stock_movement')
    .select(['kind', 'quantity'])
    .where('unit_id', '=', unit_id)
    .orderBy('id')
    .execute()
  expect(moved).toEqual([
    { kind: 'trade-in', quantity: 1 },
    { kind: 'purchase-return', quantity: -1 },
  ])
  expect((await undo({ approval: shop.approval })).body.code).toBe('undone-already')
  const request = await db.selectFrom('pickup_request').select('status').where('id', '=', pickup_id).executeTakeFirst()
  expect(request).toEqual({ status: 'offered' })
  const again = await shop.buy(pickup_id, shop.purchase(version))
  expect(again.body.number).toBe('S1-T1-P000003')
  const totals = await db
    .selectFrom('receipt')
    .select(({ fn }) => fn.sum<number>('total_cents').as('sum'))
    .executeTakeFirst()
  const legs = await db
    .selectFrom('leg')
    .select(({ fn }) => fn.sum<number>('amount_cents').as('sum'))
    .executeTakeFirst()
  expect(totals!.sum).toBe(-legs!.sum)
})

test('who looks at the identity of a seller is noted, and evaluators do not see it', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const { id } = (await shop.buy(pickup_id, shop.purchase(version))).body
  expect((await shop.counter('GET', `/purchases/${id}`, undefined, { as: shop.evaluator })).status).toBe(403)
  expect((await shop.counter('GET', `/purchases/${id}`)).body.identity.number).toBe('L01X00T47')
  const looks = await shop.database.db.selectFrom('till_event').select(['kind', 'user_id', 'document_id']).execute()
  expect(looks).toEqual([{ kind: 'identity-shown', user_id: shop.staff.id, document_id: id }])
})

test.each([
  ['', false],
  [', where older papers name no purchase too', true],
])('a purchase names who sold by it, after another sold the same device again%s', async (_, isOlder) => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const first = (await shop.buy(pickup_id, shop.purchase(version))).body
  shop.clock.pass(1_000)
  const undo = { reason: 'Changed their mind', approval: shop.approval }
  const back = (await shop.counter('POST', `/purchases/${first.id}/undo`, undo)).body
  shop.clock.pass(1_000)
  const identity = { kind: 'private', name: 'Her Brother', document_kind: 'passport', number: 'C0FFEE' }
  const second = (await shop.buy(pickup_id, shop.purchase(version, { identity }))).body
  if (isOlder)
    await shop.write(async (trx) => {
      for (const { id } of await trx.selectFrom('seller_identity').select('id').execute())
        await patch(trx, 'seller_identity', id, { receipt_id: null })
    })
  const seller = async ({ id }: { id: number }) => (await shop.counter('GET', `/purchases/${id}`)).body.identity.name
  expect([await seller(first), await seller(back), await seller(second)]).toEqual([
    'Sam Seller',
    'Sam Seller',
    'Her Brother',
  ])
  const looks = await shop.database.db.selectFrom('till_event').select('document_id').orderBy('id').execute()
  expect(looks.map(({ document_id }) => document_id)).toEqual([back.id, first.id, back.id, second.id])
})

test('who bought a device of another owner on file has asked, and the purchase says who that was and when', async () => {
  await using shop = await openTradeIns()
  const device = { ...shop.kind, serial_number: IMEI }
  const { order_id } = await shop.takeIn({ customer: { id: shop.customer.id }, device })
  await shop.counter('POST', '/repairs/status', { ids: [order_id], status: 'Completed' })
  const { pickup_id, version } = await shop.offered()
  expect((await shop.buy(pickup_id, shop.purchase(version))).body.code).toBe('seller-is-not-owner')
  const at = shop.clock.now()
  const bought = (await shop.buy(pickup_id, shop.purchase(version, { other_owner: true }))).body
  const asked = { asked_by: 'Kim Clerk', at }
  expect(bought.other_owner).toEqual(asked)
  shop.clock.pass(60_000)
  const undo = { reason: 'Her sister came', approval: shop.approval }
  const back = await shop.counter('POST', `/purchases/${bought.id}/undo`, undo, { as: shop.admin })
  expect(back.body.other_owner).toEqual(asked)
  // It was theirs by then, and nobody had to ask.
  const again = (await shop.buy(pickup_id, shop.purchase(version, { other_owner: true }))).body
  expect(again.other_owner).toBe(null)
  const entries = (await journalOf(shop.database)).filter(({ entity }) => entity === 'till_event')
  expect(entries.filter(({ after }) => after?.includes('other-owner'))).toHaveLength(1)
})

test('nothing is paid for a device that is recycled free of charge, and no leg or share of nothing is written', async () => {
  await using shop = await openTradeIns()
  const { id, version: seen } = await shop.evaluated()
  const other_price = { price_cents: 0, reason: 'Worn out', photo_id: null }
  const { version } = (await shop.counter('PUT', `/buy-ins/${id}`, { version: seen, other_price })).body
  const named = { version, customer: { full_name: 'Sam Seller' }, approval: shop.approval }
  const offer = (await shop.counter('POST', `/buy-ins/${id}/seller`, named)).body
  const payout = [
    { method: 'cash', amount_cents: 0 },
    { method: 'transfer', amount_cents: 0, reference: 'nothing' },
  ]
  const bought = await shop.buy(offer.pickup_id, shop.purchase(offer.version, { payout }))
  expect([bought.status, bought.body]).toMatchObject([201, { total_cents: 0, legs: [] }])
  const undo = { reason: 'Wants it back', approval: shop.approval }
  const back = await shop.counter('POST', `/purchases/${bought.body.id}/undo`, undo)
  expect([back.status, back.body]).toMatchObject([201, { total_cents: 0, legs: [] }])
  for (const table of ['leg', 'leg_share'] as const)
    expect(await shop.database.db.selectFrom(table).select('id').execute()).toEqual([])
})

test('a part of a payout that is nothing is left out', async () => {
  await using shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const payout = [
    { method: 'transfer', amount_cents: 0 },
    { method: 'cash', amount_cents: 19_000 },
  ]
  const { legs } = (await shop.buy(pickup_id, shop.purchase(version, { payout }))).body
  expect(legs).toEqual([{ method: 'cash', amount_cents: -19_000, reference: null }])
})
