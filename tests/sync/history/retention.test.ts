import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { pruneFeed, readCursor, streamHead } from '../../../db/fleet/feed.ts'
import { insert, patch } from '../../../db/rows.ts'
import { hold } from '../../../db/fleet/waiting.ts'
import { pushOnce } from '../../../server/sync/agent/push.ts'
import { forgetHeard, KEPT_MS } from '../../../server/sync/history/retention.ts'
import { answerPull } from '../../../server/sync/hub/answer-pull.ts'
import { journalOf, packWholeJournal } from '../../support/journal.ts'
import { drain, type Member, openFleet, takeIn, tryOnce } from '../support/fleet.ts'

/** What a fleet keeps of the past, and what it lets go. */

const DAY = 86_400_000

const heardAt = async ({ database: { db } }: Member) =>
  await db.selectFrom('heard').select(['origin', 'epoch', 'tx', 'seq']).orderBy('origin').orderBy('seq').execute()

/** Days go by, with somebody at each counter now and then. */
function pass(members: readonly Member[], ms: number) {
  for (const { clock } of members) clock.pass(ms)
}

test('a terminal forgets after 35 days what it heard, but for what waits', async () => {
  await using fleet = await openFleet(1)
  const { office, shops, all } = fleet
  const [north] = shops as [Member]
  await office.write((trx) => insert(trx, 'brand', { name: 'Late', name_key: 'late' }))
  await drain(fleet)
  const heard = await heardAt(north)
  const waiting = heard.at(-1)!
  await north.write((trx) => hold(trx, waiting, [{ entity: 'brand', row_id: 9_999 }]))
  pass(all, KEPT_MS - DAY)
  expect(await forgetHeard(north.database)).toBe(false)
  expect(await heardAt(north)).toEqual(heard)
  pass(all, 2 * DAY)
  while (await forgetHeard(north.database, 10));
  expect(await heardAt(north)).toEqual(heard.filter(({ tx }) => tx === waiting.tx))
  expect(await forgetHeard(office.database)).toBe(false)
})

test('nothing is forgotten while an own write of before was not acknowledged', async () => {
  await using fleet = await openFleet(1)
  const { shops, all } = fleet
  const [north] = shops as [Member]
  await takeIn(north, fleet.catalogue.model_id, '0170 5500001')
  const before = await heardAt(north)
  pass(all, KEPT_MS + DAY)
  await forgetHeard(north.database)
  expect(await heardAt(north)).toEqual(before)
  while ((await pushOnce(north.sync, north.send)).more);
  while (await forgetHeard(north.database));
  expect(await heardAt(north)).toEqual([])
})

test('who forgot and who did not still come to the same', async () => {
  await using fleet = await openFleet(1)
  const { office, shops, all } = fleet
  const [north] = shops as [Member]
  const { customer_id: id } = await takeIn(north, fleet.catalogue.model_id, '0170 5500001')
  await office.write((trx) => insert(trx, 'brand', { name: 'Old', name_key: 'old' }))
  await drain(fleet)
  const rename = (member: Member, full_name: string) => member.write((trx) => patch(trx, 'user', id, { full_name }))
  await rename(office, 'Said at head office')
  await drain(fleet)
  pass(all, KEPT_MS + DAY)
  while (await forgetHeard(north.database));
  await rename(office, 'Head office, later')
  pass([north], 1_000)
  await rename(north, 'The shop, last')
  await drain(fleet)
  const rows = await Promise.all(
    all.map(({ database: { db } }) => db.selectFrom('user').selectAll().where('id', '=', id).executeTakeFirst()),
  )
  expect(rows[0]).toMatchObject({ full_name: 'The shop, last' })
  expect(rows[1]).toEqual(rows[0])
  for (const { database } of all) expect((await checkContent(database)).findings).toEqual([])
})

test('a cursor from before what is kept of a stream is answered with a snapshot, one behind it goes on', async () => {
  await using fleet = await openFleet(1)
  const { office, shops } = fleet
  const [north] = shops as [Member]
  const { db } = office.database
  const cursor = await readCursor(north.database.db, 'cursor', 'org')
  pass([office], 40 * DAY)
  await office.write((trx) => insert(trx, 'brand', { name: 'New', name_key: 'new' }))
  const { seq: head } = await streamHead(db, 'org')
  const before = office.database.clock.read().now - 35 * DAY
  const prune = (needed: number) =>
    office.database.write({ actor: null, device: null, act: 'test' }, (trx) =>
      pruneFeed(trx, 'org', { before, needed, limit: 1_000 }),
    )
  expect(await prune(5)).toBe(4)
  expect(await prune(Infinity)).toBe(head - 5)
  const ask = (seq: number, mark: string) =>
    answerPull(office.sync, north.node, { cursors: { org: { seq, mark }, store: { seq: 0, mark: '' } } })
  for (const seq of [0, 4]) expect(await ask(seq, 'any')).toMatchObject({ error: 'snapshot' })
  expect(await tryOnce(north)).toBe(false)
  expect(await readCursor(north.database.db, 'cursor', 'org')).toEqual(await streamHead(db, 'org'))
  expect(cursor.seq).toBeLessThan(head + 1)
})

test('head office packs what other nodes wrote, and keeps by which stamps it judged', async () => {
  await using fleet = await openFleet(2)
  const { office, shops, catalogue } = fleet
  const [north, south] = shops as [Member, Member]
  south.clock.jump(60 * 60_000)
  await takeIn(north, catalogue.model_id, '0170 5500001')
  await takeIn(south, catalogue.model_id, '0170 5500002')
  await drain(fleet)
  const entries = await journalOf(office.database)
  const judged = entries.filter(({ stamp }) => stamp !== null)
  expect(judged.length).toBeGreaterThan(0)
  await packWholeJournal(office.database)
  const bare = (all: typeof entries) =>
    all.map((entry) => ({ place: `${entry.origin} ${entry.seq}`, stamp: entry.stamp, after: entry.after }))
  expect(bare(await journalOf(office.database))).toEqual(bare(entries))
  const blocks = office.database.db.selectFrom('journal').select('origin').distinct().where('kind', '=', 'block')
  expect((await blocks.execute()).map(({ origin }) => origin)).toContain(north.node)
  expect((await checkContent(office.database)).findings).toEqual([])
})
