import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { insert } from '../../../db/rows.ts'
import { forgetTradeIns } from '../../../server/cleanup.ts'
import { readPhoto } from '../../../server/shop/photos/photo-files.ts'
import { eraseDueSellers, keptPapers } from '../../../server/shop/trade-ins/erase-sellers.ts'
import { openTradeIns } from '../../counter/trade-ins/trade-in-shop.ts'
import { formOf, jpeg } from '../../api/pictures.ts'
import { journalOf, packWholeJournal } from '../../support/journal.ts'

const DAY = 86_400_000
/** Six years after the purchase of 15 January 2026, when that day is over. */
const LAST = Date.UTC(2032, 0, 16)
const WORDS = [
  'DE02 1203 QUUX',
  'Samantha Quux',
  'L01X00T47',
  'Town of Quux',
  '1980-02-03',
  'Quux Lane 3',
  'M77 77L88 88',
]

/** A shop that has bought a phone of Samantha Quux, and keeps a photo of her card. */
async function openBought() {
  const shop = await openTradeIns()
  const { pickup_id, version } = await shop.offered()
  const files: [string, Buffer][] = [['card.jpg', await jpeg()]]
  const { photo } = (await shop.counter('POST', `/trade-ins/${pickup_id}/identity-photos`, formOf({}, files))).body
  const bought = await shop.buy(
    pickup_id,
    shop.purchase(version, {
      identity: {
        kind: 'private',
        name: 'Samantha Quux',
        document_kind: 'id-card',
        number: 'L01X00T47',
        issuer: 'Town of Quux',
        valid_until: '2031-05-06',
        born: '1980-02-03',
        address: 'Quux Lane 3',
        photo,
      },
      declaration: { language: 'en', words_version: 1, signature: 'M77 77L88 88' },
      payout: [
        { method: 'cash', amount_cents: 9_000, reference: 'in an envelope' },
        { method: 'transfer', amount_cents: 10_000, reference: 'DE02 1203 QUUX' },
      ],
    }),
  )
  expect(bought.status).toBe(201)
  const { sha256 } = await shop.database.db.selectFrom('photo').select('sha256').executeTakeFirstOrThrow()
  const photos = { data: shop.context.config.data }
  return {
    ...shop,
    bought: bought.body,
    pickup_id,
    photos,
    photo: () => readPhoto(photos.data, sha256, 'full'),
    passTo: (at: number) => shop.clock.pass(at - shop.clock.now()),
    /** All that is written down about who sold. */
    written: async () =>
      JSON.stringify([
        await shop.database.db.selectFrom('seller_identity').selectAll().execute(),
        await shop.database.db.selectFrom('declaration').selectAll().execute(),
        await shop.database.db.selectFrom('leg').selectAll().execute(),
        await journalOf(shop.database),
      ]),
  }
}

test.each(['as it was written', 'packed'])(
  'on its day who sold is erased with what they declared and their photo, from a journal %s',
  async (form) => {
    await using shop = await openBought()
    shop.passTo(LAST - 1)
    await forgetTradeIns(shop.database, shop.photos, shop.clock.now())
    const before = await shop.written()
    for (const word of WORDS) expect(before).toContain(word)
    expect(await shop.photo()).not.toBe(null)
    if (form === 'packed') await packWholeJournal(shop.database)

    shop.passTo(LAST)
    await forgetTradeIns(shop.database, shop.photos, shop.clock.now())
    const after = await shop.written()
    for (const word of WORDS) expect(after).not.toContain(word)
    expect(await shop.photo()).toBe(null)
    const { db } = shop.database
    const erased = { photo_id: null, erased_at: LAST }
    expect(await db.selectFrom('seller_identity').selectAll().execute()).toMatchObject([{ name: null, ...erased }])
    expect(await db.selectFrom('declaration').selectAll().execute()).toMatchObject([
      { words: null, signature: null, ...erased },
    ])
    expect((await checkContent(shop.database)).findings).toEqual([])
    // What was paid for what stays.
    const as = await shop.person('staff')
    const paper = (await shop.counter('GET', `/purchases/${shop.bought.id}`, undefined, { as })).body
    const legs = [
      { method: 'cash', amount_cents: -9_000, reference: null },
      { method: 'transfer', amount_cents: -10_000, reference: null },
    ]
    expect(paper).toMatchObject({ number: 'S1-T1-P000001', total_cents: 19_000, identity: null, legs })
  },
)

test('who was stopped while erasing goes on at the next time, and nothing is left', async () => {
  await using shop = await openBought()
  shop.passTo(LAST)
  // While the words are taken away, the journal is cleared, and the rows are stated anew.
  for (const stopsAt of [1, 2, 2]) {
    let writes = 0
    const write: typeof shop.database.write = (by, run) => {
      if (++writes > stopsAt) throw new Error('stopped')
      return shop.database.write(by, run)
    }
    const stopped = Object.assign(Object.create(shop.database) as typeof shop.database, { write })
    await expect(eraseDueSellers(stopped, shop.photos, shop.clock.now())).rejects.toThrow('stopped')
  }
  expect(await eraseDueSellers(shop.database, shop.photos, shop.clock.now())).toBe(2)
  const written = await shop.written()
  for (const word of WORDS) expect(written).not.toContain(word)
  expect(await shop.photo()).toBe(null)
  expect(await eraseDueSellers(shop.database, shop.photos, shop.clock.now())).toBe(0)
  expect((await checkContent(shop.database)).findings).toEqual([])
})

test('papers are erased by the day of each, however many there are', async () => {
  await using shop = await openBought()
  await shop.write(async (trx) => {
    for (let n = 0; n < 120; n++)
      await insert(trx, 'seller_identity', {
        customer_id: shop.customer.id,
        pickup_id: shop.pickup_id,
        kind: 'private',
        name: `Seller ${n}`,
        retain_until: LAST + (n % 2) * DAY,
      })
  })
  shop.passTo(LAST)
  expect(await eraseDueSellers(shop.database, shop.photos, shop.clock.now())).toBe(62)
  const kept = await keptPapers(shop.database.db, shop.customer.id)
  expect(kept).toHaveLength(60)
  expect(new Set(kept.map(({ until }) => until))).toEqual(new Set([LAST + DAY]))
})

test('a photo goes with the evaluation that nobody wanted, unless something else shows it', async () => {
  await using shop = await openTradeIns()
  const begin = async (background: string) => {
    const { id } = (await shop.counter('POST', '/buy-ins', { serial_number: null })).body
    const files: [string, Buffer][] = [['a.jpg', await jpeg(64, 48, background)]]
    await shop.counter('POST', `/buy-ins/${id}/photos`, formOf({}, files))
    return id as string
  }
  const [given, both, left] = [await begin('#102030'), await begin('#405060'), await begin('#708090')]
  await begin('#405060')
  const files = () => shop.database.db.selectFrom('photo').select('sha256').where('deleted_at', 'is', null).execute()
  const [first, second, third] = await files()
  const has = ({ sha256 }: { sha256: string }) => readPhoto(shop.context.config.data, sha256, 'full')
  for (const id of [given, both]) expect((await shop.counter('DELETE', `/buy-ins/${id}?version=1`)).status).toBe(204)
  expect(await files()).toEqual([second, third])
  expect(await has(first!)).toBe(null)
  expect(await has(second!)).not.toBe(null)
  shop.clock.pass(13 * DAY)
  const as = await shop.person('staff')
  await shop.counter('PUT', `/buy-ins/${left}`, { version: 1, answers: [] }, { as })
  shop.clock.pass(2 * DAY)
  await forgetTradeIns(shop.database, { data: shop.context.config.data }, shop.clock.now())
  expect(await files()).toEqual([third])
  expect(await has(second!)).toBe(null)
  expect(await shop.database.db.selectFrom('buy_in_draft').select('id').execute()).toEqual([{ id: left }])
})

test('an evaluation is kept as long after its last photo as after its last answer', async () => {
  await using shop = await openTradeIns()
  const { id } = (await shop.counter('POST', '/buy-ins', { serial_number: null })).body
  shop.clock.pass(13 * DAY)
  const as = await shop.person('evaluator')
  await shop.counter('POST', `/buy-ins/${id}/photos`, formOf({}, [['a.jpg', await jpeg()]]), { as })
  const isThere = async (days: number) => {
    shop.clock.pass(days * DAY)
    await forgetTradeIns(shop.database, { data: shop.context.config.data }, shop.clock.now())
    return (await shop.database.db.selectFrom('buy_in_draft').select('id').execute()).length === 1
  }
  expect(await isThere(13)).toBe(true)
  expect(await isThere(2)).toBe(false)
})
