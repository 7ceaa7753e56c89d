import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { allConflicts } from '../../db/fleet/conflicts.ts'
import { insert, patch, remove } from '../../db/rows.ts'
import { troublesOf } from '../../db/fleet/waiting.ts'
import { isMarked, tellOfPair } from '../../server/sync/after/duplicates.ts'
import { type Fleet, type Member, openFleet, settleAll, takeIn } from './support/fleet.ts'

const PHONE = '0170 5500001'

const marksAt = async ({ database: { db } }: Member, table: 'user' | 'device' | 'brand') =>
  Object.fromEntries(
    (await db.selectFrom(table).select(['id', 'duplicate_of']).where('duplicate_of', 'is not', null).execute()).map(
      ({ id, duplicate_of }) => [id, duplicate_of],
    ),
  )

/** One customer taken in at both terminals of a store while the cable is out. */
async function sameTwice({ all, shops, catalogue }: Fleet): Promise<[first: number, second: number]> {
  const [north, south] = shops as [Member, Member]
  const first = await takeIn(north, catalogue.model_id, PHONE)
  for (const { clock } of all) clock.pass(60_000)
  const second = await takeIn(south, catalogue.model_id, PHONE)
  return [first.customer_id, second.customer_id]
}

const isWell = async ({ all }: Fleet) => {
  for (const { database } of all) {
    expect(await troublesOf(database.db)).toEqual([])
    expect((await checkContent(database)).findings).toEqual([])
  }
}

test('whom two terminals of a store have taken in is marked once, by head office, and everybody hears it', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const [first, second] = await sameTwice(fleet)
  await settleAll(fleet)
  for (const member of fleet.all) expect(await marksAt(member, 'user')).toEqual({ [second]: first })
  const written = fleet.office.database.db.selectFrom('journal').select('origin').where('row_id', '=', second)
  expect(await written.where('kind', '=', 'patch').execute()).toEqual([{ origin: 0 }])
  await settleAll(fleet)
  expect(await written.where('kind', '=', 'patch').execute()).toHaveLength(1)
  await isWell(fleet)
})

test('a number that was put right ends the mark, wherever that was done, and so does a deletion', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const { office, shops, all } = fleet
  const [first, second] = await sameTwice(fleet)
  await settleAll(fleet)
  const renumber = (member: Member, id: number, phone: string) => member.counter('PATCH', `/customers/${id}`, { phone })
  expect((await renumber(shops[1]!, second, '0170 5500002')).status).toBe(200)
  await settleAll(fleet)
  for (const member of all) expect(await marksAt(member, 'user')).toEqual({})
  // A row that is marked is no other person's: their number may be said again.
  await shops[0]!.write((trx) => patch(trx, 'user', first, { phone: '0170 5500002', phone_key: '+15500002' }))
  await office.write(async (trx) => {
    const { phone_key } = await trx
      .selectFrom('user')
      .select('phone_key')
      .where('id', '=', second)
      .executeTakeFirstOrThrow()
    await patch(trx, 'user', second, { phone: PHONE, phone_key })
  })
  await settleAll(fleet)
  await isWell(fleet)
})

test('what a person says of two rows counts before their keys, from whichever terminal, until somebody says otherwise', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const { shops, office, all } = fleet
  const pair = await sameTwice(fleet)
  const [first, second] = pair
  await settleAll(fleet)
  const marked = { [second]: first }
  await shops[1]!.write((trx) => tellOfPair(trx, 'user', pair, 'apart'))
  await settleAll(fleet)
  for (const member of all) expect(await marksAt(member, 'user')).toEqual({})
  for (const { clock } of all) clock.pass(60_000)
  await office.write((trx) => tellOfPair(trx, 'user', [second, first], 'same'))
  expect(await marksAt(office, 'user')).toEqual(marked)
  await shops[0]!.counter('PATCH', `/customers/${first}`, { phone: '0170 5500003' })
  await settleAll(fleet)
  for (const member of all) expect(await marksAt(member, 'user')).toEqual(marked)
  await expect(office.write((trx) => tellOfPair(trx, 'user', [first, first], 'same'))).rejects.toThrow('two rows')
  await isWell(fleet)
})

test('customers of two stores are not compared, for a mark would bring the one to the other store; brands are', async () => {
  await using fleet = await openFleet(2)
  const { all } = fleet
  await sameTwice(fleet)
  const [north, south] = fleet.shops as [Member, Member]
  const add = (member: Member, name: string) =>
    member.write((trx) => insert(trx, 'brand', { name, name_key: name.toLowerCase() }))
  const first = await add(north, 'Nothing')
  for (const { clock } of all) clock.pass(1_000)
  const second = await add(south, 'NOTHING')
  await settleAll(fleet)
  for (const member of all) {
    expect(await marksAt(member, 'user')).toEqual({})
    expect(await marksAt(member, 'brand')).toEqual({ [second]: first })
  }
  // Who adds a device of this brand from now on takes the first row.
  const customer = { full_name: 'Ann', phone: '0170 5500009' }
  const device = { device_type_name: 'Phone', brand_name: 'nothing', model_name: 'Phone 2' }
  const taken = await south.counter('POST', '/intakes', { customer, device, estimate_cents: 9_000 })
  expect(taken.status).toBe(201)
  const brands = south.database.db.selectFrom('device').select('brand_id').orderBy('id', 'desc')
  expect(await brands.executeTakeFirst()).toEqual({ brand_id: first })
  await isWell(fleet)
})

test('a row that was deleted where nobody knew of the mark stays deleted', async () => {
  await using fleet = await openFleet(2, { oneStore: true })
  const { all } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const [, second] = await sameTwice(fleet)
  // Head office has both and marks the second; its own terminal deletes it before it hears of that.
  const only = (member: Member) => settleAll({ shops: [member], all: [fleet.office, member] })
  await only(south)
  await south.write((trx) => remove(trx, 'user', second))
  for (const { clock } of all) clock.pass(60_000)
  await only(north)
  expect(await marksAt(fleet.office, 'user')).toMatchObject({ [second]: expect.any(Number) })
  await settleAll(fleet)
  for (const { database } of all) {
    const row = database.db.selectFrom('user').select('deleted_at').where('id', '=', second)
    expect((await row.executeTakeFirstOrThrow()).deleted_at).not.toBe(null)
    expect(await allConflicts(database.db)).toEqual([])
  }
  await isWell(fleet)
})

test('what a terminal says of rows of another store, or of people who work, counts for nothing', async () => {
  await using fleet = await openFleet(2)
  const { office, catalogue } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const pair = [
    (await takeIn(north, catalogue.model_id, PHONE)).customer_id,
    (await takeIn(north, catalogue.model_id, '0170 5500002')).customer_id,
  ] as const
  await settleAll(fleet)
  // A stolen terminal writes what no page would.
  const said = { kind: 'same-thing', about_entity: 'user', by: south.clerk.id, text: null }
  for (const [one, other] of [
    pair,
    pair.toReversed() as unknown as typeof pair,
    [south.clerk.id, north.clerk.id],
  ] as const)
    await south.write((trx) => insert(trx, 'task_note', { ...said, about_id: one, facts_seen: String(other) }))
  await settleAll(fleet)
  expect(await marksAt(office, 'user')).toEqual({})
  await north.write((trx) => tellOfPair(trx, 'user', pair, 'same'))
  await settleAll(fleet)
  for (const member of [office, north]) expect(await marksAt(member, 'user')).toEqual({ [pair[1]]: pair[0] })
  await isWell(fleet)
})

test('only tables that have the column are marked', () => {
  expect(['user', 'device', 'brand', 'payment', 'journal'].map(isMarked)).toEqual([true, true, true, false, false])
})
