import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { allConflicts } from '../../db/fleet/conflicts.ts'
import { eraseBodies } from '../../db/journal/erase.ts'
import { sha256 } from '../../db/journal/journal.ts'
import { patch } from '../../db/rows.ts'
import { GENESIS, type JournalEntry, linkOf } from '../../server/domain/chain.ts'
import { takePush } from '../../server/sync/hub/take-push.ts'
import { pushOnce } from '../../server/sync/agent/push.ts'
import type { Send } from '../../server/sync/agent/send.ts'
import { printPush } from '../../server/sync/core/op.ts'
import { journalOf, packWholeJournal } from '../support/journal.ts'
import { drain, type Member, openFleet, takeIn } from './support/fleet.ts'

const noteOf = async ({ database: { db } }: Member, id: number) =>
  (await db.selectFrom('repair_order').select('note').where('id', '=', id).executeTakeFirst())?.note

/** Keeps what a member pushes next instead of sending it. */
async function nextPush(member: Member): Promise<any> {
  let kept: unknown
  const send: Send = (_, body) => {
    kept = JSON.parse(JSON.stringify(body))
    throw new Error('kept')
  }
  await expect(pushOnce(member.sync, send)).rejects.toThrow('kept')
  return kept
}

const countAt = async ({ database }: Member, origin: number) =>
  (await journalOf(database)).filter((entry) => entry.origin === origin).length

test('what two machines wrote of one ticket while the line was down is a conflict at both, until somebody who knows it writes on', async () => {
  await using fleet = await openFleet(2)
  const { office, catalogue } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const { order_id } = await takeIn(north, catalogue.model_id, '0170 5500001')
  await drain(fleet)
  const write = (member: Member, note: string) => member.counter('PATCH', `/tickets/${order_id}`, { note })
  expect((await write(north, 'said at the counter')).status).toBe(200)
  for (const member of fleet.all) member.clock.pass(1_000)
  expect((await write(office, 'said at head office')).status).toBe(200)
  await drain(fleet)
  const [conflict, ...others] = await allConflicts(office.database.db)
  expect(others).toEqual([])
  expect(conflict).toMatchObject({
    entity: 'repair_order',
    row_id: order_id,
    register: 'note',
    lost: { actor: north.clerk.id, values: { note: 'said at the counter' } },
    won: { actor: office.clerk.id },
  })
  expect(await allConflicts(north.database.db)).toEqual([conflict])
  expect([await noteOf(office, order_id), await noteOf(north, order_id)]).toEqual(
    Array.from({ length: 2 }, () => 'said at head office'),
  )
  expect(await noteOf(south, order_id)).toBe(undefined)
  await write(north, 'said by both')
  await drain(fleet)
  // Who wrote that did not see the other value: it still lost. Who writes it again settles it.
  await write(north, 'said at the counter')
  await drain(fleet)
  for (const member of fleet.all) expect(await allConflicts(member.database.db)).toEqual([])
  expect(await noteOf(office, order_id)).toBe('said at the counter')
  for (const { database } of fleet.all) expect((await checkContent(database)).findings).toEqual([])
})

test('who writes a register twice in one transaction loses what they said last alone, and whoever hears it goes on', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const [north, south] = fleet.shops as [Member, Member]
  const { customer_id } = await takeIn(north, fleet.catalogue.model_id, '0170 5500001')
  await drain(fleet)
  const twice = (member: Member, names: readonly string[]) =>
    member.write(async (trx) => {
      for (const full_name of names) await patch(trx, 'user', customer_id, { full_name })
    })
  await twice(north, ['Typed wrong', 'North'])
  for (const { clock } of fleet.all) clock.pass(60_000)
  await twice(south, ['Typed wrong too', 'South'])
  await drain(fleet)
  for (const { database } of fleet.all) {
    const conflicts = await allConflicts(database.db)
    expect(conflicts.map(({ lost }) => lost.values)).toEqual([{ full_name: 'North' }])
    expect((await checkContent(database)).findings).toEqual([])
  }
})

test('a push that comes again, in whole or in part, and after its reply was lost, changes nothing', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  shop.clock.jump(3_600_000)
  await takeIn(shop, catalogue.model_id, '0170 5500001')
  const first = await nextPush(shop)
  shop.line.now = () => 'reply lost'
  await expect(pushOnce(shop.sync, shop.send)).rejects.toThrow('The line is down')
  await takeIn(shop, catalogue.model_id, '0170 5500002')
  const again = await takePush(office.sync, shop.node, first)
  expect(again).toMatchObject({ acked: first.ops.length, chain: first.chain, troubles: [] })
  const longer = await nextPush(shop)
  expect(longer.ops.length).toBeGreaterThan(first.ops.length)
  await drain(fleet)
  expect(await takePush(office.sync, shop.node, longer)).toMatchObject({ acked: longer.ops.length })
  expect(await countAt(office, shop.node)).toBe((await journalOf(shop.database)).filter((e) => e.origin === 1).length)
  // Its clock was ahead: each reply tells by which stamps head office judged.
  expect(again).toMatchObject({ stamps: first.ops.map(([seq]: [number]) => [seq, expect.any(String)]) })
})

/** Everything that a member keeps of what was ever said. */
async function wordsOf({ database: { db } }: Member): Promise<string> {
  const kept = [
    await journalOf({ db }),
    await db.selectFrom('heard').selectAll().execute(),
    await db.selectFrom('conflict').selectAll().execute(),
    await db.selectFrom('user').selectAll().execute(),
  ]
  return JSON.stringify(kept)
}

test('who is erased at head office is erased in what their shop wrote, heard and has in conflict, and every check is well', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  const { customer_id: id } = await takeIn(shop, catalogue.model_id, '0170 5500001')
  await drain(fleet)
  const rename = (member: Member, full_name: string) => member.write((trx) => patch(trx, 'user', id, { full_name }))
  await rename(shop, 'Anna Secret')
  for (const member of fleet.all) member.clock.pass(1_000)
  await rename(office, 'Berta Secret')
  await drain(fleet)
  for (const member of fleet.all) {
    expect(await allConflicts(member.database.db)).toHaveLength(1)
    expect(await wordsOf(member)).toMatch(/Anna Secret.*Berta Secret|Berta Secret.*Anna Secret/)
  }
  await rename(office, 'Erased')
  await eraseBodies(office.database, { actor: office.clerk.id, device: null, act: 'erase' }, { user: [id] })
  await drain(fleet)
  for (const member of fleet.all) {
    expect(await wordsOf(member)).not.toContain('Secret')
    expect(await allConflicts(member.database.db)).toEqual([])
    expect((await checkContent(member.database)).findings).toEqual([])
  }
})

test('who erases at a terminal takes the words out of what it has heard too', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  const { customer_id: id } = await takeIn(shop, catalogue.model_id, '0170 5500001')
  await drain(fleet)
  await office.write((trx) => patch(trx, 'user', id, { full_name: 'Berta Secret' }))
  await drain(fleet)
  await shop.write((trx) => patch(trx, 'user', id, { full_name: 'Erased' }))
  expect(await wordsOf(shop)).toContain('Secret')
  await eraseBodies(shop.database, { actor: shop.clerk.id, device: null, act: 'erase' }, { user: [id] })
  expect(await wordsOf(shop)).not.toContain('Secret')
  await drain(fleet)
  const { full_name } = await office.database.db
    .selectFrom('user')
    .select('full_name')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect([full_name, (await checkContent(shop.database)).findings]).toEqual(['Erased', []])
})

test('entries that head office has not judged yet are not packed, and what it judged otherwise stays as it is', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  await takeIn(shop, catalogue.model_id, '0170 5500001')
  const blocks = async ({ database: { db } }: Member) =>
    (await db.selectFrom('journal').select('seq').where('kind', '=', 'block').where('origin', '=', 1).execute()).length
  await packWholeJournal(shop.database)
  expect(await blocks(shop)).toBe(0)
  await drain(fleet)
  shop.clock.jump(3_600_000)
  await takeIn(shop, catalogue.model_id, '0170 5500002')
  await drain(fleet)
  for (const member of fleet.all) {
    await packWholeJournal(member.database)
    expect(await blocks(member)).toBeGreaterThan(0)
    expect((await checkContent(member.database)).findings).toEqual([])
  }
  const judged = ({ database: { db } }: Member) =>
    db.selectFrom('journal').select(['seq', 'stamp']).where('stamp', 'is not', null).orderBy('seq').execute()
  expect(await judged(shop)).toEqual(await judged(office))
  expect(await judged(shop)).not.toEqual([])
  const pushed = await takePush(office.sync, 1, await wholePush(shop))
  expect(pushed).toMatchObject({ troubles: [], stamps: (await judged(shop)).map(({ seq, stamp }) => [seq, stamp]) })
})

/** All that a node has ever said, as one push. */
async function wholePush({ database }: Member): Promise<unknown> {
  const entries: JournalEntry[] = []
  let chain = GENESIS
  for (const { stamp: _, ...entry } of (await journalOf(database)).filter(({ origin }) => origin === 1)) {
    chain = linkOf(sha256, chain, entry, entry.digest)
    entries.push({ ...entry, chain })
  }
  return JSON.parse(JSON.stringify(printPush(GENESIS, entries)))
}
