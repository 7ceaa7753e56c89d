import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { QUERY } from '../../../db/handle.ts'
import { patch, remove } from '../../../db/rows.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { sendDay, takeDay } from '../../../server/sync/digests/take-day.ts'
import { addPhoto } from '../photos/support/sending.ts'
import { comparingOf, differsAt } from '../support/comparing.ts'
import { drain, type Member, openFleet, START, takeIn } from '../support/fleet.ts'

/** What follows at a terminal from rows that are taken from head office. */

const day = Math.floor(START / 86_400_000)

/** A terminal with an intake that head office has too. */
async function opened() {
  const fleet = await openFleet(1, { config: { tripwire: false } })
  const [shop] = fleet.shops as [Member]
  const intake = await takeIn(shop, fleet.catalogue.model_id, '0170 5550001')
  await drain(fleet)
  const take = async (entity: SyncedTable) =>
    await takeDay(comparingOf(fleet.office.sync, shop), { entity, day }, (run) => shop.write(run))
  const send = async (entity: SyncedTable) =>
    await sendDay(comparingOf(fleet.office.sync, shop), { entity, day }, (run) => shop.write(run))
  return Object.assign(fleet, { shop, intake, take, send })
}

/** Changes rows behind the program's back. */
const tamper = ({ database }: Member, text: string) =>
  database.write(
    { actor: null, device: null, act: 'test' },
    async (trx) => void (await sql.raw(text).execute(trx[QUERY])),
  )

const needsOf = ({ database: { db } }: Member) => db.selectFrom('photo_need').select(['direction', 'sha256']).execute()

test('photos whose rows come from head office are fetched, and the files of those that went there go', async () => {
  await using fleet = await opened()
  const { shop, office, intake, take } = fleet
  const sha256 = await addPhoto(shop, intake.order_id, '#c03020')
  await drain(fleet)
  for (const table of ['photo_need', 'ticket_photo', 'photo']) await tamper(shop, `delete from ${table}`)
  expect(await take('ticket_photo')).toMatchObject({ came: 2 })
  expect(await needsOf(shop)).toEqual([{ direction: 'fetch', sha256 }])
  await drain(fleet)
  const { id } = await office.database.db.selectFrom('photo').select('id').executeTakeFirstOrThrow()
  await office.write((trx) => remove(trx, 'photo', id))
  await drain(fleet)
  await tamper(shop, 'delete from photo_need')
  await tamper(shop, 'update photo set deleted_at = null')
  expect(await take('photo')).toMatchObject({ changed: 1 })
  expect(await needsOf(shop)).toEqual([{ direction: 'drop', sha256 }])
})

const rowsOf = async ({ database: { db } }: Member, table: SyncedTable): Promise<any[]> =>
  (await sql`select * from ${sql.table(table)} order by id`.execute(db[QUERY])).rows

test('what the journal of a terminal proves is not taken where head office has it wrong, and is said to it by a click', async () => {
  await using fleet = await opened()
  const { shop, office, intake, take, send } = fleet
  const paid = await shop.counter('POST', `/tickets/${intake.order_id}/payments`, {
    amount_cents: 2_000,
    method: 'Cash',
  })
  expect([paid.status, paid.text]).toEqual([201, paid.text])
  await drain(fleet)
  const before = { payment: await rowsOf(shop, 'payment'), repair_order: await rowsOf(shop, 'repair_order') }
  await tamper(office, 'update payment set due_amount_cents = 1')
  await tamper(office, `update repair_order set note = 'Nobody wrote this' where id = ${intake.order_id}`)
  for (const table of ['payment', 'repair_order'] as const) {
    expect(await take(table)).toMatchObject({ changed: 0, came: 0, left: 1 })
    expect(await rowsOf(shop, table)).toEqual(before[table])
  }
  expect(await rowsOf(shop, 'task_note')).toEqual([])
  for (const table of ['payment', 'repair_order'] as const) {
    expect(await send(table)).toBe(1)
    await drain(fleet)
  }
  expect(await differsAt(office.sync, shop)).toEqual([])
  expect((await rowsOf(office, 'payment'))[0].due_amount_cents).toBe(before.payment[0].due_amount_cents)
  for (const { database } of [office, shop]) expect((await checkContent(database)).findings).toEqual([])
})

test('of a row that is wrong at both sides what others wrote last is taken, and what the own journal proves is left', async () => {
  await using fleet = await opened()
  const { shop, office, intake, take } = fleet
  await office.write((trx) => patch(trx, 'repair_order', intake.order_id, { note: 'Written at head office' }))
  await drain(fleet)
  await tamper(office, 'update repair_order set cost_cents = 1')
  await tamper(shop, `update repair_order set note = 'Nobody wrote this'`)
  expect(await take('repair_order')).toMatchObject({ changed: 1, left: 1 })
  expect((await rowsOf(shop, 'repair_order'))[0]).toMatchObject({ cost_cents: 9_000, note: 'Written at head office' })
  expect((await checkContent(shop.database)).findings).toEqual([])
})
