import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { cleanUp } from '../../../server/cleanup.ts'
import { resumeClock } from '../../../server/follow-clock.ts'
import { keptPapers } from '../../../server/shop/trade-ins/erase-sellers.ts'
import { formOf, jpeg } from '../../api/pictures.ts'
import { openTradeIns } from './trade-in-shop.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** A shop whose clock goes wrong and is confirmed, and photos of documents that nobody names. */
async function openClocked() {
  const shop = await openTradeIns()
  const { db } = shop.database
  const { pickup_id, version } = await shop.offered()
  const by = async () => ({ as: await shop.person('admin') })
  const colours = ['#aa0000', '#00aa00', '#0000aa']
  return {
    ...shop,
    pickup_id,
    version,
    by,
    /** The clock says something else, and somebody has looked. */
    set: async (ms: number) => {
      shop.clock.jump(ms)
      await shop.counter('GET', '/staff', undefined, await by())
      shop.clock.pass(MINUTE)
    },
    confirm: async () => {
      const reply = await shop.counter('POST', '/clock', { says: shop.clock.now() }, await by())
      expect(reply.body.state).toBe('trusted')
    },
    /** A photo of a document, of a colour of its own: what a purchase names it by, which begins with its id. */
    named: async (): Promise<string> => {
      const files = formOf({}, [['document.jpg', await jpeg(64, 48, colours.pop())]])
      const reply = await shop.counter('POST', `/trade-ins/${pickup_id}/identity-photos`, files, await by())
      if (reply.status !== 201) throw new Error(reply.text)
      return reply.body.photo
    },
    /** The photos that are there once what has had its time is cleaned up. */
    kept: async (): Promise<number[]> => {
      await cleanUp(shop.context)
      const left = await db.selectFrom('photo').select('id').where('deleted_at', 'is', null).orderBy('id').execute()
      return left.map(({ id }) => id)
    },
  }
}

const idOf = (photo: string) => Number(photo.split('.')[0])

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

test('an evaluation of a clock that was wrong is kept as long, from when the clock is right, with its photos', async () => {
  await using shop = await openClocked()
  const drafts = async () => {
    await cleanUp(shop.context)
    return (await shop.counter('GET', '/buy-ins', undefined, await shop.by())).body
  }
  const before = await shop.evaluated({ serial_number: '490154201111111' })
  await shop.set(40 * DAY)
  const meanwhile = await shop.evaluated({ serial_number: '490154202222222' }, undefined, await shop.by())
  const sent = formOf({}, [['device.jpg', await jpeg()]])
  await shop.counter('POST', `/buy-ins/${before.id}/photos`, sent, await shop.by())
  shop.clock.pass(MINUTE)
  await shop.confirm()
  const there = await drafts()
  expect(there.map(({ id }: { id: string }) => id)).toEqual([meanwhile.id, before.id])
  expect(there[0].updated_at).toBe(shop.clock.now() - MINUTE)
  shop.clock.pass(14 * DAY - 2 * MINUTE)
  expect(await drafts()).toHaveLength(2)
  shop.clock.pass(2 * MINUTE)
  expect(await drafts()).toEqual([])
})

test('the photo for a purchase that is typed while the clock is set right is there, and goes a day later unless it was named', async () => {
  await using shop = await openClocked()
  const yes = { version: shop.version, answer: 'accepted' }
  expect((await shop.counter('POST', `/trade-ins/${shop.pickup_id}/answer`, yes)).status).toBe(200)
  const named = await shop.named()
  const just = idOf(named)
  await shop.set(40 * DAY)
  const meanwhile = idOf(await shop.named())
  await shop.confirm()
  expect(await shop.kept()).toEqual([just, meanwhile])
  shop.clock.pass(DAY - 2 * MINUTE)
  expect(await shop.kept()).toEqual([just, meanwhile])
  const identity = { ...shop.purchase(1).identity, photo: named }
  const bought = await shop.buy(shop.pickup_id, shop.purchase(shop.version, { identity }), await shop.by())
  expect(bought.status).toBe(201)
  shop.clock.pass(3 * MINUTE)
  expect(await shop.kept()).toEqual([just])
})

test('a photo is kept as long where a clock that was behind without being noticed says again what it should', async () => {
  await using shop = await openClocked()
  // Off for 25 hours; at the start the clock is a year behind, and goes right by itself later.
  await shop.set(25 * 60 * MINUTE - 365 * DAY)
  const photo = idOf(await shop.named())
  shop.clock.jump(365 * DAY)
  await resumeClock(shop.context)
  expect(shop.database.clock.read().state).toBe('trusted')
  expect(await shop.kept()).toEqual([photo])
  shop.clock.pass(DAY + MINUTE)
  expect(await shop.kept()).toEqual([])
})

test('photos of a clock that was ahead keep no other from going', async () => {
  await using shop = await openClocked()
  await shop.set(9 * 365 * DAY)
  await shop.confirm()
  await shop.named()
  const draft = await shop.evaluated({ serial_number: '490154201111111' }, undefined, await shop.by())
  const sent = formOf({}, [['device.jpg', await jpeg()]])
  const { photos } = (await shop.counter('POST', `/buy-ins/${draft.id}/photos`, sent, await shop.by())).body
  const ofDevice: number = photos[0].id
  shop.clock.pass(DAY - MINUTE)
  const just = idOf(await shop.named())
  shop.clock.pass(2 * MINUTE)
  await shop.set(-9 * 365 * DAY)
  await shop.confirm()
  const after = idOf(await shop.named())
  expect(await shop.kept()).toEqual([ofDevice, just, after])
  shop.clock.pass(DAY + MINUTE)
  expect(await shop.kept()).toEqual([ofDevice])
  // The evaluation lay in the future too: it has its time from when the clock was set right.
  shop.clock.pass(14 * DAY)
  expect(await shop.kept()).toEqual([])
})

test('what was bought and offered by a clock that was ahead does not move with what is set right after it', async () => {
  await using shop = await openClocked()
  await shop.set(400 * DAY)
  await shop.confirm()
  const as = await shop.by()
  const draft = await shop.evaluated({ serial_number: undefined, pickup_id: shop.pickup_id }, undefined, as)
  const body = { version: draft.version }
  const { version } = (await shop.counter('POST', `/buy-ins/${draft.id}/offer`, body, as)).body
  expect((await shop.buy(shop.pickup_id, shop.purchase(version), as)).status).toBe(201)
  const other = await shop.evaluated({ serial_number: '490154201111111' }, undefined, as)
  const walkIn = { version: other.version, customer: { full_name: 'Olga Other', phone: '0170 888' } }
  expect((await shop.counter('POST', `/buy-ins/${other.id}/seller`, walkIn, as)).status).toBe(201)
  shop.clock.pass(MINUTE)
  await shop.set(-400 * DAY)
  await shop.confirm()
  const { db } = shop.database
  const ends = async () => [
    await db.selectFrom('unit').select('hold_until').execute(),
    await db.selectFrom('offer').select(['pickup_id', 'version', 'valid_until']).orderBy('id').execute(),
    await db.selectFrom('seller_identity').select('retain_until').execute(),
    await db.selectFrom('declaration').select('retain_until').execute(),
  ]
  const before = await ends()
  await shop.set(40 * DAY)
  await shop.confirm()
  expect(await ends()).toEqual(before)
})

test('of the offers of a clock that was wrong only those move that wait for an answer', async () => {
  await using shop = await openClocked()
  await shop.set(40 * DAY)
  const as = await shop.by()
  const offer = async (pickup_id: number, serial_number: string, screen: string) => {
    const draft = await shop.evaluated({ serial_number, pickup_id }, shop.answers('yes', 'yes', screen), as)
    const reply = await shop.counter('POST', `/buy-ins/${draft.id}/offer`, { version: draft.version }, as)
    expect(reply.status).toBe(201)
    return reply.body.version as number
  }
  const waits = await shop.requested()
  const first = await offer(waits, '490154201111111', 'near')
  const second = await offer(waits, '490154201111111', 'none')
  expect(second).toBe(first + 1)
  const answered = await shop.requested()
  const version = await offer(answered, '490154202222222', 'near')
  const said = await shop.counter('POST', `/trade-ins/${answered}/answer`, { version, answer: 'rejected' }, as)
  expect(said.status).toBe(200)
  const ends = async () => {
    const offers = await shop.database.db.selectFrom('offer').select(['id', 'valid_until']).orderBy('id').execute()
    return offers.map(({ valid_until }) => valid_until!)
  }
  const before = await ends()
  await shop.confirm()
  expect((await ends()).map((end, n) => end - before[n]!)).toEqual([0, 0, 40 * DAY, 0])
})

test('a purchase has the papers of its own seller, though the clock was put back before another sold the same device', async () => {
  await using shop = await openClocked()
  const yes = { version: shop.version, answer: 'accepted' }
  expect((await shop.counter('POST', `/trade-ins/${shop.pickup_id}/answer`, yes)).status).toBe(200)
  const buyOf = async (name: string) => {
    const identity = { ...shop.purchase(1).identity, name, photo: await shop.named() }
    const bought = await shop.buy(shop.pickup_id, shop.purchase(shop.version, { identity }), await shop.by())
    expect(bought.status).toBe(201)
    return bought.body as { id: number }
  }
  await shop.set(400 * DAY)
  await shop.confirm()
  const first = await buyOf('Sam Seller')
  const undo = { reason: 'Changed their mind', approval: shop.approval }
  const back = (await shop.counter('POST', `/purchases/${first.id}/undo`, undo, await shop.by())).body
  await shop.set(-400 * DAY)
  await shop.confirm()
  const second = await buyOf('Her Brother')
  const papers = async () => {
    const as = await shop.by()
    const found = []
    for (const { id } of [first, back, second]) {
      const { identity } = (await shop.counter('GET', `/purchases/${id}`, undefined, as)).body
      const { papers_kept } = (await shop.counter('GET', `/purchases/${id}/facts`, undefined, as)).body
      const photo = await shop.counter('GET', `/purchases/${id}/photo`, undefined, as)
      found.push([identity?.name ?? null, papers_kept, photo.status, photo.text] as const)
    }
    return found
  }
  const before = await papers()
  expect(before.map((paper) => paper.slice(0, 3))).toEqual([
    ['Sam Seller', true, 200],
    ['Sam Seller', true, 200],
    ['Her Brother', true, 200],
  ])
  const [hers, again, his] = before.map((paper) => paper[3])
  expect(again).toBe(hers)
  expect(his).not.toBe(hers)
  const { db } = shop.database
  const { user_id } = await db.selectFrom('pickup_request').select('user_id').executeTakeFirstOrThrow()
  const kept = async () =>
    (await keptPapers(db, user_id)).flatMap(({ what, number }) => (what === 'identity' ? [number] : []))
  expect(await kept()).toEqual(['S1-T1-P000001', 'S1-T1-P000003'])
  // The later purchase has the earlier day. Then it has no papers, and not those of the other.
  shop.clock.pass(6 * 365 * DAY + 10 * DAY)
  await shop.confirm()
  await cleanUp(shop.context)
  expect(await kept()).toEqual(['S1-T1-P000001'])
  const after = await papers()
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2))
  expect(after[2]!.slice(0, 3)).toEqual([null, false, 404])
})
