import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { revivedRows } from '../../../db/fleet/erased.ts'
import { QUERY } from '../../../db/handle.ts'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { upsertLocal } from '../../../db/local.ts'
import { patch } from '../../../db/rows.ts'
import { troublesOf } from '../../../db/fleet/waiting.ts'
import { pushOnce } from '../../../server/sync/agent/push.ts'
import { erasePerson } from '../../../server/shop/erasure/erase-customer.ts'
import { packWholeJournal } from '../../support/journal.ts'
import { drain, type Member, openFleet, takeIn, tryOnce } from '../support/fleet.ts'

/** What head office erases is gone at every node, also what somebody wrote who had not heard of it. */

const BY = { actor: null, device: null, act: 'erase' }

async function erase({ database }: Member, id: number) {
  const rows = await database.write(BY, (trx) => erasePerson(trx, id))
  await eraseBodies(database, BY, rows)
}

/** A customer of a shop whose repair is done, whom every machine knows. */
async function customerOf(fleet: Awaited<ReturnType<typeof openFleet>>, shop: Member) {
  const { customer_id, order_id } = await takeIn(shop, fleet.catalogue.model_id, '0170 5500001')
  await shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Cancelled' })
  await shop.write((trx) => patch(trx, 'user', customer_id, { full_name: 'Quuxette' }))
  await drain(fleet)
  return { customer_id: customer_id as number, order_id: order_id as number }
}

const TABLES = [
  'user',
  'repair_order',
  'heard',
  'conflict',
  'journal',
  'journal_shape',
  'credential',
  'erased',
] as const

/** The tables of a machine in which a word stands. */
async function placesOf({ database: { db } }: Member, word: string): Promise<string[]> {
  const places: string[] = []
  for (const table of TABLES) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(db[QUERY])
    if (rows.some((row) => JSON.stringify(row).includes(word))) places.push(table)
  }
  return places
}

const nameAt = async ({ database: { db } }: Member, id: number) =>
  (await db.selectFrom('user').select('full_name').where('id', '=', id).executeTakeFirstOrThrow()).full_name

async function isWell(members: readonly Member[]) {
  for (const { database } of members) {
    expect((await checkContent(database)).findings).toEqual([])
    expect(await troublesOf(database.db)).toEqual([])
  }
}

test('what waits keeps no words from before an erasure, be it of a machine that was shut out', async () => {
  await using fleet = await openFleet(1)
  const { office, shops } = fleet
  const [north] = shops as [Member]
  const { customer_id, order_id } = await customerOf(fleet, north)
  await north.write(async (trx) => {
    await patch(trx, 'user', customer_id, { full_name: 'Quux late' })
    await patch(trx, 'repair_order', order_id, { note: 'Quux wrote this' })
  })
  for (const { clock } of fleet.all) clock.pass(60_000)
  await erase(office, customer_id)
  await office.write((trx) => patch(trx, 'node', north.node, { revoked_at: trx.act.now }))
  await pushOnce(north.sync, north.send)
  expect(await troublesOf(office.database.db)).toMatchObject([{ origin: north.node, reason: 'revoked' }])
  expect(await placesOf(office, 'Quux')).toEqual([])
  expect((await checkContent(office.database)).findings).toEqual([])
})

test('what a shop wrote before an erasure, and sends after it, comes in without its words, and is gone there too', async () => {
  await using fleet = await openFleet(2)
  const { office, shops } = fleet
  const [north] = shops as [Member, Member]
  const { customer_id, order_id } = await customerOf(fleet, north)
  await north.write((trx) =>
    upsertLocal(trx, 'credential', { user_id: customer_id }, { password_hash: 'Quuxhash', updated_at: 1 }),
  )
  expect(await placesOf(office, 'Quux')).toEqual(['user', 'journal'])
  await north.write((trx) => patch(trx, 'user', customer_id, { full_name: 'Quux late' }))
  await north.write((trx) => patch(trx, 'repair_order', order_id, { note: 'Quux wrote this' }))
  for (const { clock } of fleet.all) clock.pass(60_000)
  await erase(office, customer_id)
  await drain(fleet)
  for (const member of fleet.all) expect(await placesOf(member, 'Quux'), String(member.node)).toEqual([])
  for (const member of [office, north]) expect(await nameAt(member, customer_id)).toBe('Erased person')
  expect(await revivedRows(office.database.db)).toEqual([])
  for (const { database } of fleet.all) await packWholeJournal(database)
  await isWell(fleet.all)
})

test('what was conflicting about an erased person stands as a conflict nowhere', async () => {
  await using fleet = await openFleet(1)
  const { office, shops } = fleet
  const [north] = shops as [Member]
  const { customer_id } = await customerOf(fleet, north)
  await office.write((trx) => patch(trx, 'user', customer_id, { full_name: 'Quux here' }))
  north.clock.pass(1_000)
  await north.write((trx) => patch(trx, 'user', customer_id, { full_name: 'Quux there' }))
  await drain(fleet)
  for (const member of fleet.all) expect(await placesOf(member, 'Quux here')).toContain('conflict')
  for (const { clock } of fleet.all) clock.pass(60_000)
  await erase(office, customer_id)
  await drain(fleet)
  for (const member of fleet.all) expect(await placesOf(member, 'Quux'), String(member.node)).toEqual([])
  await isWell(fleet.all)
})

test('what was written after an erasure by somebody who had not heard of it is named, and gone once it is erased again', async () => {
  await using fleet = await openFleet(1)
  const { office, shops } = fleet
  const [north] = shops as [Member]
  const { customer_id } = await customerOf(fleet, north)
  await erase(office, customer_id)
  for (const { clock } of fleet.all) clock.pass(60_000)
  await north.write((trx) => patch(trx, 'user', customer_id, { full_name: 'Quux again' }))
  await drain(fleet)
  for (const member of [office, north]) expect(await nameAt(member, customer_id)).toBe('Quux again')
  expect(await revivedRows(office.database.db)).toMatchObject([{ entity: 'user', row_id: customer_id }])
  for (const { clock } of fleet.all) clock.pass(60_000)
  await erase(office, customer_id)
  await drain(fleet)
  for (const member of fleet.all) expect(await placesOf(member, 'Quux'), String(member.node)).toEqual([])
  expect(await revivedRows(office.database.db)).toEqual([])
  await isWell(fleet.all)
})

test('who hears of a person only after they were erased has what is left of them and of their repair, and waits for nothing', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const [north, south] = fleet.shops as [Member, Member]
  const { customer_id, order_id } = await takeIn(north, fleet.catalogue.model_id, '0170 5500001')
  await north.counter('PATCH', `/tickets/${order_id}`, { status: 'Cancelled' })
  while (await tryOnce(north));
  await erase(fleet.office, customer_id)
  await drain(fleet)
  expect(await nameAt(south, customer_id)).toBe('Erased person')
  const order = south.database.db.selectFrom('repair_order').select('status').where('id', '=', order_id)
  expect(await order.executeTakeFirst()).toEqual({ status: 'Cancelled' })
  await isWell(fleet.all)
})

test('an erasure that was said already is not said again', async () => {
  await using fleet = await openFleet(1)
  const { office, shops } = fleet
  const { customer_id } = await customerOf(fleet, shops[0]!)
  const rows = await office.database.write(BY, (trx) => erasePerson(trx, customer_id))
  expect(await eraseBodies(office.database, BY, rows)).toBeGreaterThan(0)
  const { seq } = await office.database.db.selectFrom('self').select('seq').executeTakeFirstOrThrow()
  await eraseBodies(office.database, BY, rows)
  expect(await office.database.db.selectFrom('self').select('seq').executeTakeFirstOrThrow()).toEqual({ seq })
})
