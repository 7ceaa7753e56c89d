import { expect, test } from 'vitest'
import type { ReceivedEntry } from '../../db/applied.ts'
import { checkContent } from '../../db/check/check-content.ts'
import { allConflicts } from '../../db/fleet/conflicts.ts'
import { insert, patch } from '../../db/rows.ts'
import type { SyncedTable } from '../../db/schema/schema.ts'
import { GENESIS } from '../../server/domain/chain.ts'
import { printPush } from '../../server/sync/core/op.ts'
import { takePush } from '../../server/sync/hub/take-push.ts'
import { decideAllAnew } from '../../server/sync/waiting/again.ts'
import { listWaiting } from '../../server/sync/waiting/list.ts'
import { drop, retry, sayAnew } from '../../server/sync/waiting/person.ts'
import { otherNode } from '../support/other-chain.ts'
import { drain, type Member, openFleet, START, takeIn } from './support/fleet.ts'

type Chain = ReturnType<typeof otherNode>
type Said = Parameters<Chain['says']>[1][number]

const customer = (chain: Chain, n: number): Said => ({
  entity: 'user',
  row_id: chain.id(n),
  kind: 'put',
  after: { store_id: 2, full_name: `Customer ${n}`, role: 'customer', is_staff: 0, is_active: 1 },
})
const address = (chain: Chain, n: number, user_id: number): Said => ({
  entity: 'address',
  row_id: chain.id(n),
  kind: 'put',
  after: {
    store_id: 2, user_id, full_name: 'A', phone_number: '1', address_line1: 'Road 1', city: 'C', state: 'S',
    postal_code: '1', country: 'X', is_default: 0,
  },
}) // oxfmt-ignore

const take = ({ sync }: Member, entries: readonly ReceivedEntry[], before = GENESIS) =>
  takePush(sync, 1, JSON.parse(JSON.stringify(printPush(before, entries))))

const byOf = ({ clerk }: Member) => ({ actor: clerk.id, device: null, act: 'test' })
const keyOf = (tx: number, origin = 1) => ({ origin, epoch: 1, tx })

const valueOf = async ({ database: { db } }: Member, table: SyncedTable, id: number): Promise<any> =>
  await db.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirst()

const notesOf = async ({ database: { db } }: Member) =>
  await db
    .selectFrom('task_note')
    .select(['about_entity', 'about_id', 'by', 'facts_seen', 'text'])
    .where('kind', '=', 'sync')
    .orderBy('id')
    .execute()

const isWell = async (members: readonly Member[]) => {
  for (const { database } of members) expect((await checkContent(database)).findings).toEqual([])
}

test('what waits is told in plain terms: where it was written, by whom, what it would change, and for what it waits', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = otherNode(1)
  const rename = { before: { shown_as: 'Phones' }, after: { shown_as: 'Mobiles' } }
  const { id: category } = await office.database.db.selectFrom('category').select('id').executeTakeFirstOrThrow()
  await take(office, [
    ...chain.says(START, [address(chain, 1, chain.id(9))]),
    ...chain.says(START, [{ entity: 'category', row_id: category, kind: 'patch', ...rename }]),
  ])
  const [held, proposal, ...others] = await listWaiting(office.database.db)
  expect(others).toEqual([])
  expect(held).toMatchObject({
    ...keyOf(1), state: 'held', reason: null, terminal: 'S2-T1', waits_for: [{ entity: 'user', row_id: chain.id(9) }], more: false,
  }) // oxfmt-ignore
  expect(proposal).toMatchObject({ ...keyOf(2), state: 'quarantined', reason: 'proposal', since: START, waits_for: [] })
  expect(proposal!.ops).toEqual([
    {
      seq: 2, entity: 'category', row_id: category, kind: 'patch', at: START, actor: null, device: null,
      act: 'POST /elsewhere', changes: [{ column: 'shown_as', before: 'Phones', after: 'Mobiles' }],
    },
  ]) // oxfmt-ignore
  expect(await listWaiting(office.database.db, { after: keyOf(1), limit: 1 })).toEqual([proposal])
  expect(await listWaiting(office.database.db, { store: 1 })).toEqual([])
  expect(await listWaiting(office.database.db, { store: 2 })).toHaveLength(2)
})

test('what is asked for again is applied once it may be, waits as long as before until then, and leaves a note', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = otherNode(1)
  const stranger = await office.write((trx) =>
    insert(trx, 'user', { full_name: 'Wanda Web', role: 'customer', is_staff: false, is_active: true }),
  )
  const late = address(chain, 1, stranger)
  expect(await take(office, chain.says(START, [late]))).toMatchObject({ troubles: [{ reason: 'foreign-reference' }] })
  office.clock.pass(60_000)
  expect(await retry(office.sync, keyOf(1), byOf(office))).toBe('quarantine')
  expect(await listWaiting(office.database.db)).toMatchObject([{ since: START }])
  // Head office hires her: everybody hears of who works here.
  await office.write((trx) => patch(trx, 'user', stranger, { role: 'admin', is_staff: true }))
  expect(await retry(office.sync, keyOf(1), byOf(office))).toBe('apply')
  expect(await listWaiting(office.database.db)).toEqual([])
  expect(await valueOf(office, 'address', chain.id(1))).toMatchObject({ user_id: stranger })
  await expect(retry(office.sync, keyOf(1), byOf(office))).rejects.toThrow('not-waiting')
  const about = { about_entity: 'node', about_id: 1, by: office.clerk.id }
  expect(await notesOf(office)).toEqual([
    { ...about, facts_seen: 'retried 1/1', text: 'quarantine' },
    { ...about, facts_seen: 'retried 1/1', text: 'apply' },
  ])
  await isWell([office])
})

test('a proposal that head office takes is its own op, and the shop agrees with everybody', async () => {
  await using fleet = await openFleet(2)
  const { office, all } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const { id } = await office.database.db.selectFrom('category').select('id').executeTakeFirstOrThrow()
  await drain(fleet)
  await north.write((trx) => patch(trx, 'category', id, { shown_as: 'Mobiles' }))
  const added = await north.write((trx) =>
    insert(trx, 'category', { slug: 'robots', name: 'Robot', name_key: 'robot', shown_as: 'Robots' }),
  )
  await north.write((trx) => patch(trx, 'category', added, { icon: 'robot' }))
  await drain(fleet)
  const waiting = await listWaiting(office.database.db)
  expect(waiting.map(({ state, reason }) => [state, reason])).toEqual([
    ['quarantined', 'proposal'],
    ['quarantined', 'proposal'],
    ['held', null],
  ])
  const [renamed, put] = waiting as [(typeof waiting)[number], (typeof waiting)[number]]
  for (const key of [renamed, put]) await sayAnew(office.sync, key, byOf(office), { text: 'why not' })
  // What hung on the new row is a proposal too, once that is here.
  const [icon, ...others] = await listWaiting(office.database.db)
  expect([icon, others]).toMatchObject([{ reason: 'proposal' }, []])
  await sayAnew(office.sync, icon!, byOf(office))
  await drain(fleet)
  for (const member of all) {
    expect(await valueOf(member, 'category', id)).toMatchObject({ shown_as: 'Mobiles' })
    expect(await valueOf(member, 'category', added)).toMatchObject({ slug: 'robots', icon: 'robot' })
    expect(await allConflicts(member.database.db)).toEqual([])
  }
  expect((await notesOf(south)).length).toBe(0)
  expect((await notesOf(north)).map(({ facts_seen, text }) => [facts_seen.split(' ')[0], text])).toEqual([
    ['taken', 'why not'],
    ['taken', 'why not'],
    ['taken', null],
  ])
  await isWell(all)
})

test('a reference to a row that never comes is pointed at another one, and nobody has lost anything', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue, all } = fleet
  const [shop] = fleet.shops as [Member]
  const { brand_id, device_type_id, model_id } = catalogue
  const person = { is_active: true, works_at: null } as const
  const admin = await shop.write((trx) =>
    insert(trx, 'user', { ...person, full_name: 'Eve', role: 'admin', is_staff: true }),
  )
  const owner = await shop.write((trx) =>
    insert(trx, 'user', { ...person, full_name: 'Ann', role: 'customer', is_staff: false }),
  )
  const device = await shop.write((trx) =>
    insert(trx, 'device', { brand_id, device_type_id, model_id, owner_id: admin }),
  )
  const noted = await shop.write((trx) => patch(trx, 'device', device, { notes: 'scratched' }))
  expect(noted).toBe(true)
  await drain(fleet)
  const [quarantined, held] = await listWaiting(office.database.db)
  expect([quarantined, held]).toMatchObject([
    { reason: 'rights' },
    { state: 'held', waits_for: [{ entity: 'user', row_id: admin }] },
  ])
  const missing = { reason: 'missing', rows: [{ entity: 'user', row_id: admin }] }
  await expect(sayAnew(office.sync, held!, byOf(office))).rejects.toMatchObject(missing)
  await sayAnew(office.sync, held!, byOf(office), { instead: [{ entity: 'user', row_id: admin, instead: owner }] })
  await drain(fleet)
  for (const member of all) {
    expect(await valueOf(member, 'device', device)).toMatchObject({ owner_id: owner, notes: 'scratched' })
    expect(await allConflicts(member.database.db)).toEqual([])
  }
  expect(await listWaiting(office.database.db)).toMatchObject([{ reason: 'rights' }])
  expect(await notesOf(office)).toMatchObject([{ facts_seen: expect.stringMatching(/^mended 1\/\d+$/) }])
  await isWell(all)
})

test('what is dropped never applies, the shop gets its rows back, and nothing that hung on it waits for ever', async () => {
  await using fleet = await openFleet(1)
  const { office, all } = fleet
  const [shop] = fleet.shops as [Member]
  const { id, shown_as } = await office.database.db.selectFrom('category').selectAll().executeTakeFirstOrThrow()
  await shop.write((trx) => patch(trx, 'category', id, { shown_as: 'Mobiles' }))
  const added = await shop.write((trx) =>
    insert(trx, 'category', { slug: 'robots', name: 'Robot', name_key: 'robot', shown_as: 'Robots' }),
  )
  const admin = await shop.write((trx) =>
    insert(trx, 'user', { full_name: 'Eve', role: 'admin', is_staff: true, is_active: true, works_at: null }),
  )
  await shop.write((trx) => patch(trx, 'category', added, { icon: 'robot' }))
  const noted = await shop.write((trx) =>
    insert(trx, 'task_note', {
      kind: 'k',
      about_entity: 'user',
      about_id: admin,
      by: admin,
      text: null,
      facts_seen: '',
    }),
  )
  await drain(fleet)
  const waiting = await listWaiting(office.database.db)
  expect(waiting.map(({ state, reason }) => [state, reason])).toEqual([
    ['quarantined', 'proposal'],
    ['quarantined', 'proposal'],
    ['quarantined', 'rights'],
    ['held', null],
    ['held', null],
  ])
  for (const key of waiting.slice(0, 3)) await drop(office.sync, key, byOf(office), { text: 'not ours' })
  expect(await listWaiting(office.database.db)).toEqual([])
  await drain(fleet)
  for (const member of all) {
    expect(await valueOf(member, 'category', id)).toMatchObject({ shown_as })
    expect((await valueOf(member, 'category', added)).deleted_at).not.toBe(null)
    expect(await valueOf(member, 'user', admin)).toMatchObject({ role: 'customer', is_active: 0 })
    expect((await valueOf(member, 'user', admin)).deleted_at).not.toBe(null)
    expect(await valueOf(member, 'task_note', noted)).toMatchObject({ by: admin })
    expect(await allConflicts(member.database.db)).toEqual([])
  }
  await expect(drop(office.sync, waiting[0]!, byOf(office))).rejects.toThrow('not-waiting')
  await expect(drop(shop.sync, waiting[0]!, byOf(shop))).rejects.toThrow('not-head-office')
  await isWell(all)
  expect(await notesOf(shop)).toHaveLength(3)
})

test('who made an admin of a customer is not believed, and no other shop hears of it, nor of its end', async () => {
  await using fleet = await openFleet(2)
  const { office, all, catalogue } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const { customer_id } = await takeIn(north, catalogue.model_id, '0170 5500001')
  await drain(fleet)
  for (const { clock } of all) clock.pass(60_000)
  await north.write((trx) => patch(trx, 'user', customer_id, { role: 'admin', is_staff: true }))
  await drain(fleet)
  const [overstep] = await listWaiting(office.database.db)
  expect(overstep).toMatchObject({ reason: 'rights' })
  for (const { clock } of all) clock.pass(60_000)
  await drop(office.sync, overstep!, byOf(office))
  await drain(fleet)
  const customer = await valueOf(office, 'user', customer_id)
  expect(customer).toMatchObject({ role: 'customer', is_staff: 0 })
  expect(await valueOf(north, 'user', customer_id)).toEqual(customer)
  expect(await valueOf(south, 'user', customer_id)).toBe(undefined)
  for (const { database } of all) expect(await listWaiting(database.db)).toEqual([])
  await isWell(all)
})

test('a row under a number that another node mints is never said anew, and dropping it writes no row', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = otherNode(1)
  const foreign = { ...customer(chain, 1), row_id: otherNode(2).id(1) }
  await take(office, chain.says(START, [foreign]))
  await expect(sayAnew(office.sync, keyOf(1), byOf(office))).rejects.toThrow('foreign-id')
  await drop(office.sync, keyOf(1), byOf(office))
  expect(await valueOf(office, 'user', otherNode(2).id(1))).toBe(undefined)
  expect(await listWaiting(office.database.db)).toEqual([])
  await isWell([office])
})

test('after an update what was parked is read again in the order of the clocks, and what was quarantined decided anew', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const [shop] = fleet.shops as [Member]
  const { brand_id: id } = fleet.catalogue
  await drain(fleet)
  const { known } = office.sync
  // An older program at head office: it does not know what a brand's description is, nor what a task note is.
  const columns = new Map(known.columns)
  const brand = new Map(columns.get('brand'))
  brand.delete('description')
  columns.set('brand', brand)
  columns.delete('task_note')
  Object.assign(office.sync, { known: { ...known, columns, schema: known.schema - 1 } })
  await decideAllAnew(office.sync)
  const note = { kind: 'k', about_entity: 'brand', about_id: id, by: shop.clerk.id, text: 'later', facts_seen: '' }
  const own = await shop.write((trx) =>
    insert(trx, 'brand', { name: 'Nokia', name_key: 'nokia', description: 'first' }),
  )
  await shop.write((trx) => patch(trx, 'brand', own, { description: 'second' }))
  await shop.write((trx) => patch(trx, 'brand', own, { description: 'third' }))
  const noted = await shop.write((trx) => insert(trx, 'task_note', note))
  await drain(fleet)
  expect((await listWaiting(office.database.db)).map(({ state }) => state)).toEqual(
    Array.from({ length: 4 }, () => 'parked'),
  )
  expect(await valueOf(office, 'brand', own)).toMatchObject({ name: 'Nokia', description: null })
  await decideAllAnew(office.sync)
  expect(await listWaiting(office.database.db)).toHaveLength(4)
  Object.assign(office.sync, { known })
  await decideAllAnew(office.sync)
  expect(await listWaiting(office.database.db)).toEqual([])
  expect(await valueOf(office, 'brand', own)).toMatchObject({ description: 'third' })
  expect(await valueOf(office, 'task_note', noted)).toMatchObject({ text: 'later' })
  expect(await allConflicts(office.database.db)).toEqual([])
  await drain(fleet)
  await isWell(fleet.all)
})
