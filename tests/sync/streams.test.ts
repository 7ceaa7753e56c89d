import { expect, test } from 'vitest'
import { inStore } from '../../db/handle.ts'
import { insert, insertMany, patch } from '../../db/rows.ts'
import { troublesOf } from '../../db/fleet/waiting.ts'
import { answerPull } from '../../server/sync/hub/answer-pull.ts'
import { drain, type Member, openFleet, takeIn } from './support/fleet.ts'

const userAt = ({ database: { db } }: Member, id: number) =>
  db.selectFrom('user').select(['full_name', 'role']).where('id', '=', id).executeTakeFirst()

test('whom a row of a store refers to comes with it from another store, and what becomes of them later', async () => {
  await using fleet = await openFleet(2)
  const { office, catalogue } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const { brand_id, device_type_id, model_id } = catalogue
  const person = { role: 'customer', is_staff: false, is_active: true } as const
  const id = await office.write((trx) => insert(trx, 'user', { ...person, full_name: 'Wanda Web' }))
  await office.write((trx) => patch(trx, 'user', id, { full_name: 'Wanda Webb' }))
  await drain(fleet)
  expect([await userAt(north, id), await userAt(south, id)]).toEqual([undefined, undefined])
  const device = await office.write((trx) =>
    insert(inStore(trx, north.store), 'device', { brand_id, device_type_id, model_id, owner_id: id }),
  )
  await drain(fleet)
  expect(await userAt(north, id)).toMatchObject({ full_name: 'Wanda Webb' })
  await office.write((trx) => patch(trx, 'user', id, { full_name: 'Wanda Later' }))
  await drain(fleet)
  expect(await userAt(north, id)).toMatchObject({ full_name: 'Wanda Later' })
  expect(await userAt(south, id)).toBe(undefined)
  // The shop may change what it was given to know, and head office hears it.
  await north.write((trx) => patch(trx, 'user', id, { full_name: 'Wanda North' }))
  await north.write((trx) => patch(trx, 'device', device, { notes: 'scratched' }))
  await drain(fleet)
  expect(await userAt(office, id)).toMatchObject({ full_name: 'Wanda North' })
})

test('who becomes staff is known everywhere from then on, also where head office did more than that in between', async () => {
  await using fleet = await openFleet(2)
  const { office, catalogue } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const { customer_id: id } = await takeIn(north, catalogue.model_id, '0170 5500001')
  await drain(fleet)
  expect(await userAt(south, id)).toBe(undefined)
  const change = (role: 'admin' | 'customer') =>
    office.write((trx) => patch(trx, 'user', id, { role, is_staff: role === 'admin' }))
  // All of it before any node asks.
  for (const role of ['admin', 'customer'] as const) await change(role)
  await drain(fleet)
  for (const member of fleet.all) expect(await userAt(member, id)).toMatchObject({ role: 'customer' })
  for (const { database } of fleet.all) expect(await troublesOf(database.db)).toEqual([])
  for (const role of ['admin', 'customer', 'admin'] as const) await change(role)
  await office.write((trx) => patch(trx, 'user', id, { full_name: 'Hired' }))
  await drain(fleet)
  for (const member of fleet.all) expect(await userAt(member, id)).toEqual({ full_name: 'Hired', role: 'admin' })
  await change('customer')
  await drain(fleet)
  for (const member of fleet.all) expect(await userAt(member, id)).toEqual({ full_name: 'Hired', role: 'customer' })
  for (const { database } of fleet.all) expect(await troublesOf(database.db)).toEqual([])
})

test('of its store a node hears nothing before it has heard all that everybody hears, and transactions come whole', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  await takeIn(shop, catalogue.model_id, '0170 5500001')
  await drain(fleet)
  const brands = (n: number) => ['A', 'B'].map((letter) => ({ name: `${letter}${n}`, name_key: `${letter}${n}` }))
  for (const n of [1, 2, 3]) await office.write((trx) => insertMany(trx, 'brand', brands(n)))
  await drain(fleet)
  let cursors = { org: { seq: 0, mark: '' }, store: { seq: 0, mark: '' } }
  const sizes: number[][] = []
  for (let more = true; more;) {
    const reply = await answerPull(office.sync, shop.node, { cursors, most: 3 })
    if ('error' in reply) throw new Error(reply.detail)
    const sizeOf = (runs: readonly { ops: readonly unknown[] }[]) => runs.reduce((sum, { ops }) => sum + ops.length, 0)
    sizes.push([sizeOf(reply.org), sizeOf(reply.store)])
    ;({ cursors, more } = reply)
  }
  const ofStore = sizes.findIndex(([, store]) => store! > 0)
  expect(ofStore).toBeGreaterThan(0)
  expect(sizes.slice(ofStore + 1).every(([org]) => org === 0)).toBe(true)
  // The first start's catalogue is one transaction, and so is an intake.
  expect([sizes[0]![0], sizes[ofStore]![1]].every((size) => size! > 3)).toBe(true)
  const journal = await shop.database.db.selectFrom('heard').select('seq').execute()
  expect(sizes.reduce((sum, [org]) => sum + org!, 0)).toBe(journal.length)
})
