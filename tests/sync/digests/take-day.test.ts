import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { QUERY } from '../../../db/handle.ts'
import { remove } from '../../../db/rows.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { takeDay } from '../../../server/sync/digests/take-day.ts'
import { addPhoto } from '../photos/support/sending.ts'
import { comparingOf } from '../support/comparing.ts'
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
  return Object.assign(fleet, { shop, intake, take })
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
