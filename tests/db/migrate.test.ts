import type { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { builder, flag } from '../../db/migrations/columns.ts'
import { openDatabase } from '../../db/open.ts'
import { openSqlite } from '../../db/engines/sqlite.ts'
import { checkContents, readContents } from '../../db/file/contents.ts'
import { checkJournalEnd } from '../../db/file/check-head.ts'
import { checkContent, checkJournal } from '../../db/check/check-content.ts'
import type { Schema } from '../../db/schema/schema.ts'
import { ticketView } from '../../server/counter/repairs/ticket-view.ts'
import { olderDatabase, openEngine } from './older-database.ts'

const open = (at: { file: string } | { url: string }) => openDatabase({ at, now: Date.now, onError: () => {} })

test('an older database comes along whole, and its journal and rows verify', async () => {
  await using older = await olderDatabase()
  for (const time of ['at the first start', 'and at the next']) {
    const { scan, close } = await open(older.at)
    expect((await checkContent({ scan })).findings, time).toEqual([])
    await close()
  }
})

test('a file of an older program says what it holds before it comes along, and so it does afterwards', async () => {
  await using older = await olderDatabase()
  if (!('file' in older.at)) return // PostgreSQL has no files that are looked into.
  const { file } = older.at
  const before = readContents(file)
  expect(before).toMatchObject({ node: { id: 0, terminal: 'T1', epoch: 1 }, rows: { repairs: 3 } })
  checkJournalEnd(file)
  const engine = openSqlite(file)
  expect((await checkJournal(engine, () => {})).entries).toBe(before.journal.seq)
  await engine.close()
  const { close } = await open(older.at)
  await close()
  const after = readContents(file)
  expect(after).toMatchObject({ node: before.node, store: before.store, rows: before.rows, last: before.last })
  expect(after.journal.seq).toBeGreaterThan(before.journal.seq)
  expect(await checkContents(file, file, () => {})).toBe(after.journal.seq)
})

test('the faults of an intake and the technicians of a repair are still named, in their order', async () => {
  await using older = await olderDatabase()
  const { db, close } = await open(older.at)
  const [first, second, third] = await Promise.all([1, 2, 3].map((id) => ticketView(db, id, Date.now())))
  const problems = [first, second, third].map((ticket) => ticket!.intake!.problems.map(({ name }) => name))
  expect(problems).toEqual([['Water', 'Screen'], ['Battery'], []])
  const who = second!.timeline.filter(({ kind }) => kind.endsWith('assigned')).map(({ kind, text }) => [kind, text])
  expect(who).toEqual([
    ['assigned', 'Priya Tech'],
    ['unassigned', 'Priya Tech'],
  ])
  await close()
})

test('a migration that would put a default into rows the journal does not know it of is refused', async () => {
  await using older = await olderDatabase()
  const engine = openEngine(older.at)
  const withDefault = (query: Kysely<Schema>) =>
    builder(query as unknown as Kysely<unknown>, engine.name, null).addColumn('device', 'no_calls', flag(0))
  await expect(engine.transaction(withDefault)).rejects.toThrow(/no_calls nullable/)
  await engine.close()
})

test('no id is left in a text, where it could not follow its row', async () => {
  await using older = await olderDatabase()
  const { db, close } = await open(older.at)
  const events = await db
    .selectFrom('order_event')
    .select(['user_id', 'from_value', 'to_value'])
    .where('kind', 'in', ['assigned', 'unassigned'])
    .execute()
  expect(events).toHaveLength(5)
  for (const event of events) expect(event).toEqual({ user_id: 1, from_value: null, to_value: null })
  await close()
})

test('what the migration did to rows is in the journal under its name', async () => {
  await using older = await olderDatabase()
  const { db, close } = await open(older.at)
  const told = await db
    .selectFrom('journal')
    .select(({ fn }) => ['entity', 'kind', fn.countAll<number>().as('n')])
    .where('act', '=', 'migrate 0003-linked-ids')
    .groupBy(['entity', 'kind'])
    .orderBy('entity')
    .execute()
  expect(told).toEqual([
    { entity: 'intake', kind: 'patch', n: 3 },
    { entity: 'intake_problem', kind: 'put', n: 3 },
    { entity: 'journal', kind: 'erase', n: 1 },
    { entity: 'order_event', kind: 'patch', n: 5 },
  ])
  await close()
})

test('what waited for the search index when the program was updated is found', async () => {
  await using older = await olderDatabase({ waiting: [1, 2] })
  const { db, flushSearchIndex, close } = await open(older.at)
  const rows = () => db.selectFrom('search_pending').select('row_id').where('entity', '=', 'user').execute()
  let indexed = 0
  await flushSearchIndex((soFar) => (indexed = soFar))
  expect(indexed).toBeGreaterThanOrEqual(2)
  expect(await rows()).toEqual([])
  await close()
})
