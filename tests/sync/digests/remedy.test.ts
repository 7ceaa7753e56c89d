import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { QUERY } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { NODE_SPAN } from '../../../server/domain/ids.ts'
import { eventually } from '../../support/eventually.ts'
import { type Member, START, takeIn } from '../support/fleet.ts'
import { comeTogether, type Joined, openJoined } from '../line/support/joined.ts'

/** A terminal whose rows are not as head office has them says so by itself, and a person has them taken or sent. */

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const DAY = 86_400_000
const today = Math.floor(START / DAY)

/** One terminal whose agent runs, with an intake that head office has too; rows are changed past the program here. */
async function opened() {
  const fleet = await openJoined(1, { config: { tripwire: false } })
  const [one] = fleet.joined as [Joined]
  const intake = await takeIn(one.shop, fleet.catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  return Object.assign(fleet, { one, shop: one.shop, intake })
}
type Opened = Awaited<ReturnType<typeof opened>>

const tamper = ({ database }: Member, text: string) =>
  database.write(
    { actor: null, device: null, act: 'test' },
    async (trx) => void (await sql.raw(text).execute(trx[QUERY])),
  )

const rowsOf = async ({ database: { db } }: Member, table: SyncedTable): Promise<any[]> =>
  (await sql`select * from ${sql.table(table)} order by id`.execute(db[QUERY])).rows

/** Lets time go by until the terminal has compared its rows again. */
async function compared({ one }: Opened, expected: object) {
  const before = one.agent.state().comparison
  await eventually(async () => {
    one.hands.pass(HOUR)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(one.agent.state().comparison).not.toBe(before)
  })
  // After what a person did it compares a second time at once.
  await eventually(async () => {
    one.hands.pass(10 * SECOND)
    expect(one.agent.state()).toMatchObject(expected)
  })
}

const SAME = { comparison: { differs: [] }, needsPerson: null }

test('by itself a terminal finds each hour that its rows are as head office has them', async () => {
  await using fleet = await opened()
  await compared(fleet, SAME)
  const { shop } = fleet
  const { body } = await shop.counter('GET', '/line/differences')
  expect(body).toEqual({ compared_at: shop.clock.now(), same_at: shop.clock.now(), differs: [], more: false })
  expect((await shop.counter('GET', '/line')).body).toMatchObject({
    differs: 0,
    same_at: shop.clock.now(),
    needs: null,
  })
})

test('a row that was changed past the program is named with its table and day, and taken from head office by a click', async () => {
  await using fleet = await opened()
  const { one, shop, office, intake } = fleet
  await tamper(shop, `update repair_order set cost_cents = 1, note = 'Nobody wrote this' where id = ${intake.order_id}`)
  await compared(fleet, { needsPerson: 'differs' })
  const { body } = await shop.counter('GET', '/line/differences')
  const day = { entity: 'repair_order', day: today }
  expect(body).toMatchObject({ differs: [{ ...day, thing: 'repair', other: 1, lacking: 0, only_here: 0, rows: [] }] })
  expect((await shop.call('GET', '/health', {})).body.head_office).toMatchObject({ needs: 'differs', differs: 1 })
  // Head office is told by the next hello.
  await eventually(async () => {
    one.hands.pass(400 * SECOND)
    const { nodes } = (await office.counter('GET', '/fleet')).body
    expect(nodes.find(({ id }: { id: number }) => id === shop.node).contact).toMatchObject({ differs: 1 })
  })
  // Nothing is put right by itself.
  expect((await rowsOf(shop, 'repair_order'))[0].cost_cents).toBe(1)
  const taken = await shop.counter('POST', '/line/differences/taking', day)
  expect([taken.status, taken.body]).toEqual([200, { changed: 1, came: 0, left: 0, only_here: 0, more: false }])
  expect(await rowsOf(shop, 'repair_order')).toEqual(await rowsOf(office, 'repair_order'))
  // Who has done so, and what it was; words of people are in no note.
  const [note] = await rowsOf(shop, 'task_note')
  expect(note).toMatchObject({ about_entity: 'repair_order', about_id: intake.order_id, by: shop.clerk.id })
  expect(JSON.parse(note.text)).toEqual({ cost_cents: [1, 9_000], note: ['…', null] })
  await compared(fleet, SAME)
  for (const { database } of [office, shop]) expect((await checkContent(database)).findings).toEqual([])
  expect((await rowsOf(office, 'task_note')).length).toBe(1)
})

test('rows that are lacking come, behind those that they lean on', async () => {
  await using fleet = await opened()
  const { shop, office, catalogue } = fleet
  const model = await office.write(async (trx) => {
    const brand_id = await insert(trx, 'brand', { name: 'Nokia', name_key: 'nokia' })
    const { device_type_id } = catalogue
    return await insert(trx, 'model', { brand_id, device_type_id, name: '3310', name_key: '3310' })
  })
  await comeTogether(fleet)
  const tables = ['intake', 'order_event', 'model', 'brand'] as const
  await tamper(shop, `delete from intake_problem`)
  await tamper(shop, `delete from intake`)
  await tamper(shop, `delete from order_event`)
  await tamper(shop, `delete from model where id = ${model}`)
  await tamper(shop, `delete from brand where name = 'Nokia'`)
  await compared(fleet, { needsPerson: 'differs' })
  const taking = (entity: string) => shop.counter('POST', '/line/differences/taking', { entity, day: today })
  // The brand comes with its model.
  expect((await taking('model')).body).toEqual({ changed: 0, came: 2, left: 0, only_here: 0, more: false })
  for (const entity of ['intake', 'intake_problem', 'order_event'])
    await eventually(async () => {
      fleet.one.hands.pass(SECOND)
      // What was noted is on its way first.
      expect((await taking(entity)).status).toBe(200)
    })
  await compared(fleet, SAME)
  for (const table of tables) expect(await rowsOf(shop, table)).toEqual(await rowsOf(office, table))
  expect((await checkContent(shop.database)).findings).toEqual([])
})

test('a row that is here alone stays, is named, and goes to head office when somebody says so', async () => {
  await using fleet = await opened()
  const { shop, office } = fleet
  const [own, foreign] = [shop.node * NODE_SPAN + 900, 9 * NODE_SPAN + 900]
  const added = (id: number, name: string) =>
    `insert into brand (id, store_id, created_at, updated_at, name, name_key) values (${id}, ${shop.store}, ${START}, ${START}, '${name}', '${name.toLowerCase()}')`
  await tamper(shop, added(own, 'Ours'))
  await tamper(shop, added(foreign, 'Theirs'))
  await compared(fleet, { needsPerson: 'differs' })
  const day = { entity: 'brand', day: today }
  const { body } = await shop.counter('GET', '/line/differences')
  expect(body.differs).toEqual([
    expect.objectContaining({
      ...day,
      thing: 'catalogue',
      only_here: 2,
      rows: [
        { id: own, name: 'Ours', sends: true },
        { id: foreign, name: 'Theirs', sends: false },
      ],
    }),
  ])
  const taken = await shop.counter('POST', '/line/differences/taking', day)
  expect(taken.body).toEqual({ changed: 0, came: 0, left: 0, only_here: 2, more: false })
  expect((await rowsOf(shop, 'brand')).map(({ name }) => name)).toEqual(expect.arrayContaining(['Ours', 'Theirs']))
  expect((await shop.counter('POST', '/line/differences/sending', day)).body).toEqual({ sent: 1 })
  await eventually(async () => {
    fleet.one.hands.pass(SECOND)
    expect((await rowsOf(office, 'brand')).map(({ name }) => name)).toContain('Ours')
  })
  await compared(fleet, { comparison: { differs: [expect.objectContaining({ ...day, onlyHere: 1, ids: [foreign] })] } })
})

test('nothing is taken while something waits for the line, and nobody but an admin takes or sends', async () => {
  await using fleet = await opened()
  const { one, shop, intake, catalogue } = fleet
  await tamper(shop, `update repair_order set cost_cents = 1 where id = ${intake.order_id}`)
  one.line.fate = () => 'request lost'
  one.line.cut()
  await takeIn(shop, catalogue.model_id, '0170 5550002')
  const day = { entity: 'repair_order', day: today }
  for (const act of ['taking', 'sending']) {
    const refused = await shop.counter('POST', `/line/differences/${act}`, day)
    expect([refused.status, refused.body.code]).toEqual([409, 'compare-no-line'])
  }
  expect((await rowsOf(shop, 'repair_order'))[0].cost_cents).toBe(1)
  const unknown = await shop.counter('POST', '/line/differences/taking', { entity: 'session', day: today })
  expect(unknown.status).toBe(422)
})
