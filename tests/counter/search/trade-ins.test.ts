import { expect, test } from 'vitest'
import type { Person } from '../../support/shop.ts'
import { openTradeIns } from '../trade-ins/trade-in-shop.ts'

type TradeIns = Awaited<ReturnType<typeof openTradeIns>>

const search = async (shop: TradeIns, q: string, as: Person = shop.staff) =>
  (await shop.counter('GET', `/search?q=${encodeURIComponent(q)}`, undefined, { as })).body

/** A phone that Sam Seller has sold, under another name on their card. */
async function openBought() {
  const shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const identity = { kind: 'private', name: 'Samuel Legalname', document_kind: 'id-card', number: 'L01X00T47' }
  const bought = (await shop.buy(pickup_id, shop.purchase(version, { identity }))).body
  return { ...shop, pickup_id, bought }
}

test('a purchase is found by its number as people write it, and by its code', async () => {
  await using shop = await openBought()
  const found = {
    id: shop.bought.id,
    number: 'S1-T1-P000001',
    title: 'Apple iPhone 13 128GB B',
    customer_name: 'Sam Seller',
    total_cents: 19_000,
    undone: false,
  }
  const written = ['S1-T1-P000001', 's1-t1-p1', 'T1-P1', 'P1', 'p000001', 'S1–T1–P1', 'S1−T1−P000001', 'T1 P1']
  for (const q of [...written, 'R:S1-T1-P000001']) expect((await search(shop, q)).purchases, q).toEqual([found])
  for (const q of ['P2', 'R1', '1', 'T:S1-T1-P000001', 'R:S1-T1-P000002'])
    expect((await search(shop, q)).purchases, q).toEqual([])
})

test('a request is found by its number as its label has it, and by its code', async () => {
  await using shop = await openBought()
  const id = shop.pickup_id
  const found = { id, status: 'accepted', device_title: 'Apple iPhone 13 128GB', customer_name: 'Sam Seller' }
  for (const q of [`${id}`, `#${id}`, `No. ${id}`, `Request ${id}`, `anfrage ${id}`, `O:${id}`])
    expect((await search(shop, q)).requests, q).toEqual([found])
  for (const q of [`${id + 1}`, `T:${id}`, `R:${id}`, `D:${id}`, `O:${id + 1}`])
    expect((await search(shop, q)).requests, q).toEqual([])
})

test('by the seller’s name as customers are called here, and by the end of their phone; not by what stands on their card', async () => {
  await using shop = await openBought()
  const ids = async (q: string, as?: Person) => {
    const { requests, purchases } = await search(shop, q, as)
    return [requests, purchases].map((hits) => hits.map(({ id }: { id: number }) => id))
  }
  const theirs = [[shop.pickup_id], [shop.bought.id]]
  for (const q of ['sam', 'Seller Sam', '0777']) expect(await ids(q), q).toEqual(theirs)
  for (const q of ['Legalname', 'Samuel', 'L01X00T47']) expect(await ids(q), q).toEqual([[], []])
  const { db } = shop.database
  expect(await db.selectFrom('till_event').select('id').where('kind', '=', 'identity-shown').execute()).toEqual([])
})

test('evaluators find requests and no purchases', async () => {
  await using shop = await openBought()
  for (const q of ['P1', 'sam', 'R:S1-T1-P000001'])
    expect((await search(shop, q, shop.evaluator)).purchases, q).toEqual([])
  expect((await search(shop, 'sam', shop.evaluator)).requests).toMatchObject([{ id: shop.pickup_id }])
})

test('a purchase that was taken back says so, and what took it back is found by its own number', async () => {
  await using shop = await openBought()
  const undo = { reason: 'Changed their mind', approval: shop.approval }
  await shop.counter('POST', `/purchases/${shop.bought.id}/undo`, undo)
  expect((await search(shop, 'P1')).purchases).toMatchObject([{ number: 'S1-T1-P000001', undone: true }])
  expect((await search(shop, 'P2')).purchases).toMatchObject([{ number: 'S1-T1-P000002', undone: true }])
  expect((await search(shop, 'sam')).purchases).toMatchObject([{ number: 'S1-T1-P000001' }])
})
