import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { keepBack } from '../../../db/fleet/unsent.ts'
import { QUERY } from '../../../db/handle.ts'
import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { insert } from '../../../db/rows.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { NODE_SPAN } from '../../../server/domain/ids.ts'
import { compareOnce, NotComparable } from '../../../server/sync/digests/compare.ts'
import { drain, type Fleet, type Member, openFleet, START, takeIn } from '../support/fleet.ts'
import { comparingOf, differsAt } from '../support/comparing.ts'

/** What a terminal and head office find of rows that are not the same. */

const DAY = 86_400_000
const today = Math.floor(START / DAY)

/** A day's work at two stores, and everybody has heard of it. */
async function worked(): Promise<Fleet & { north: Member; south: Member }> {
  const fleet = await openFleet(2, { config: { tripwire: false } })
  const [north, south] = fleet.shops as [Member, Member]
  for (const [n, shop] of [north, north, south].entries())
    await takeIn(shop, fleet.catalogue.model_id, `0170 555000${n}`)
  await drain(fleet)
  return Object.assign(fleet, { north, south })
}

/** The first row of a table that a machine has made. */
async function firstOf({ database: { db }, node }: Member, table: SyncedTable): Promise<number> {
  const { rows } = await sql<{
    id: number
  }>`select id from ${sql.table(table)} where id > ${node * NODE_SPAN} order by id limit 1`.execute(db[QUERY])
  return rows[0]!.id
}

/** Changes rows behind the program's back. */
const tamper = ({ database }: Member, text: string) =>
  database.write(
    { actor: null, device: null, act: 'test' },
    async (trx) => void (await sql.raw(text).execute(trx[QUERY])),
  )

test('terminals and head office that have heard everything have the same rows, to the last one', async () => {
  await using fleet = await worked()
  for (const shop of fleet.shops) expect(await differsAt(fleet.office.sync, shop)).toEqual([])
})

test('a row that was changed behind the program is found by its table and day, at either side', async () => {
  await using fleet = await worked()
  const { office, north, south } = fleet
  await tamper(
    north,
    `update repair_order set cost_cents = cost_cents + 1 where id = ${await firstOf(north, 'repair_order')}`,
  )
  expect(await differsAt(office.sync, north)).toEqual([`repair_order ${today}: 1 0 0`])
  expect(await differsAt(office.sync, south)).toEqual([])
  await tamper(office, `update device set notes = 'somebody wrote this' where store_id = ${south.store}`)
  expect(await differsAt(office.sync, south)).toEqual([`device ${today}: 1 0 0`])
})

test('when a row was last changed is no difference', async () => {
  await using fleet = await worked()
  await tamper(fleet.north, 'update device set updated_at = updated_at + 1')
  expect(await differsAt(fleet.office.sync, fleet.north)).toEqual([])
})

test('a row that is lacking, and one that is here alone, are found', async () => {
  await using fleet = await worked()
  const { office, north } = fleet
  await tamper(north, `delete from intake where id = ${await firstOf(north, 'intake')}`)
  await tamper(
    north,
    `insert into brand (id, store_id, created_at, updated_at, name, name_key) values (77, 1, ${START - 3 * DAY}, 0, 'Nobody said', 'nobody said')`,
  )
  expect(await differsAt(office.sync, north)).toEqual([`brand ${today - 3}: 0 0 1`, `intake ${today}: 0 1 0`])
})

test('a row of another day than head office has it differs on both', async () => {
  await using fleet = await worked()
  const { office, north, catalogue } = fleet
  await tamper(north, `update problem set created_at = created_at - ${2 * DAY} where id = ${catalogue.problem_id}`)
  expect(await differsAt(office.sync, north)).toEqual([`problem ${today - 2}: 0 0 1`, `problem ${today}: 0 1 0`])
})

test('nothing is compared while anything waits to be sent or heard', async () => {
  await using fleet = await worked()
  const { office, north, south, catalogue } = fleet
  const comparing = comparingOf(office.sync, north)
  await takeIn(north, catalogue.model_id, '0170 5550009')
  await expect(compareOnce(comparing)).rejects.toThrow(NotComparable)
  await drain(fleet)
  expect(await differsAt(office.sync, north)).toEqual([])
  // What was written at head office and has not been heard.
  await office.write((trx) => insert(trx, 'brand', { name: 'Nokia', name_key: 'nokia' }))
  await expect(compareOnce(comparing)).rejects.toThrow('behind')
  await expect(compareOnce(comparingOf(office.sync, south))).rejects.toThrow('behind')
  await drain(fleet)
  expect(await differsAt(office.sync, south)).toEqual([])
})

test('entries that a terminal keeps back for good keep nothing from being compared: what differs by them is told', async () => {
  await using fleet = await worked()
  const { office, north, catalogue } = fleet
  const { order_id } = await takeIn(north, catalogue.model_id, '0170 5550009')
  await north.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    const { id: origin, epoch } = trx.act.node
    await beginEpoch(trx, { epoch: epoch + 1, backup_at: null })
    await keepBack(trx, { origin, epoch })
  })
  await drain(fleet)
  const { differs } = await compareOnce(comparingOf(office.sync, north))
  expect(differs).toContainEqual(expect.objectContaining({ entity: 'repair_order', onlyHere: 1, ids: [order_id] }))
})

test('what is written here while it is compared makes the comparison count for nothing', async () => {
  await using fleet = await worked()
  const { office, north, catalogue } = fleet
  const { send, ...comparing } = comparingOf(office.sync, north)
  let isFirst = true
  const busy = async (body: Parameters<typeof send>[0]) => {
    if (isFirst) await takeIn(north, catalogue.model_id, '0170 5550009')
    isFirst = false
    return await send(body)
  }
  await expect(compareOnce({ ...comparing, send: busy })).rejects.toThrow(NotComparable)
})

test('nothing is compared with a head office whose program is another', async () => {
  await using fleet = await worked()
  const { office, north } = fleet
  const { sync, ...comparing } = comparingOf(office.sync, north)
  const older = { ...sync, known: { ...sync.known, schema: sync.known.schema - 1 } }
  await expect(compareOnce({ ...comparing, sync: older })).rejects.toThrow('other-program')
})
