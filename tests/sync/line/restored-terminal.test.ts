import { expect, test } from 'vitest'
import { insert } from '../../../db/rows.ts'
import { nodeOf } from '../../../server/domain/ids.ts'
import { type Member, takeIn } from '../support/fleet.ts'
import { comeTogether, expectTheSame, type Joined, openJoined } from './support/joined.ts'
import { backUp, folderOfTest, restoreAt } from './support/put-back.ts'

/** A terminal whose machine died, and that goes on from a backup of an earlier day. */

const BY = { actor: null, device: null, act: 'test' }

const customersOf = async ({ database: { db } }: Member, store: number) => {
  const people = db.selectFrom('user').select('full_name').where('store_id', '=', store).where('role', '=', 'customer')
  return (await people.orderBy('full_name').execute()).map(({ full_name }) => full_name.replace('Customer ', ''))
}

const ticketsOf = async ({ database: { db } }: Member, store: number) =>
  await db
    .selectFrom('repair_order')
    .select(['id', 'ticket_number'])
    .where('store_id', '=', store)
    .orderBy('id')
    .execute()

/** Ends the agent and the server, restores the backup into an empty folder, and lets the agent run there. */
async function dieAndComeBack({ shop, agent, run }: Joined, path: string, folder: string) {
  await agent.close()
  await restoreAt(shop, path, folder)
  await run()
}

test('a restored terminal has all again that head office had of it, and says nothing twice', async () => {
  await using fleet = await openJoined(2)
  const { office, joined, catalogue } = fleet
  const [one] = joined as [Joined]
  const { shop, line } = one
  using backups = folderOfTest()
  using machine = folderOfTest()
  const first = await takeIn(shop, catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  const path = await backUp(shop, backups.folder)
  const second = await takeIn(shop, catalogue.model_id, '0170 5550002')
  // A row of before the backup is changed after it, here and there.
  expect((await shop.counter('PATCH', `/tickets/${first.order_id}`, { status: 'Completed' })).status).toBe(200)
  await office.database.write(BY, (trx) => insert(trx, 'brand', { name: 'Since then', name_key: 'since then' }))
  await comeTogether(fleet)
  // These never reach head office, and stand on paper alone.
  line.fate = () => 'silent'
  const lost = await takeIn(shop, catalogue.model_id, '0170 5550003')
  const before = await ticketsOf(shop, shop.store)
  await dieAndComeBack(one, path, machine.folder)
  const fresh = await takeIn(shop, catalogue.model_id, '0170 5550004')
  await comeTogether(fleet)
  await expectTheSame(fleet)
  expect(await customersOf(shop, shop.store)).toEqual(['0170 5550001', '0170 5550002', '0170 5550004'])
  const tickets = await ticketsOf(shop, shop.store)
  expect(tickets.map(({ ticket_number }) => ticket_number)).toContain(second.ticket_number)
  expect(before.map(({ ticket_number }) => ticket_number)).toContain(lost.ticket_number)
  // What was given out is not given out again, whether head office knows of it or not.
  expect(before.map(({ id }) => id)).not.toContain(fresh.order_id)
  expect(before.map(({ ticket_number }) => ticket_number)).not.toContain(fresh.ticket_number)
  expect(new Set(tickets.map(({ ticket_number }) => ticket_number)).size).toBe(tickets.length)
  expect(tickets.every(({ id }) => nodeOf(id) === shop.node)).toBe(true)
  const chains = office.database.db.selectFrom('origin_head').select('epoch').where('origin', '=', shop.node)
  expect((await chains.orderBy('epoch').execute()).map(({ epoch }) => epoch)).toEqual([1, 2])
})

test('what stood in the backup and had not gone up yet goes up under the chain that it was written in', async () => {
  await using fleet = await openJoined(1)
  const { office, joined, catalogue } = fleet
  const [one] = joined as [Joined]
  const { shop, line } = one
  using backups = folderOfTest()
  using machine = folderOfTest()
  await comeTogether(fleet)
  line.fate = () => 'silent'
  await takeIn(shop, catalogue.model_id, '0170 5550001')
  const path = await backUp(shop, backups.folder)
  await takeIn(shop, catalogue.model_id, '0170 5550002')
  await dieAndComeBack(one, path, machine.folder)
  await takeIn(shop, catalogue.model_id, '0170 5550003')
  await comeTogether(fleet)
  await expectTheSame(fleet)
  expect(await customersOf(office, shop.store)).toEqual(['0170 5550001', '0170 5550003'])
})

test('who is restored twice, and works in between, has all of every life', async () => {
  await using fleet = await openJoined(1)
  const { joined, catalogue } = fleet
  const [one] = joined as [Joined]
  const { shop } = one
  using backups = folderOfTest()
  using first = folderOfTest()
  using second = folderOfTest()
  await takeIn(shop, catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  const path = await backUp(shop, backups.folder)
  await takeIn(shop, catalogue.model_id, '0170 5550002')
  await comeTogether(fleet)
  await dieAndComeBack(one, path, first.folder)
  await takeIn(shop, catalogue.model_id, '0170 5550003')
  await comeTogether(fleet)
  await dieAndComeBack(one, path, second.folder)
  await takeIn(shop, catalogue.model_id, '0170 5550004')
  await comeTogether(fleet)
  await expectTheSame(fleet)
  const all = ['0170 5550001', '0170 5550002', '0170 5550003', '0170 5550004']
  expect(await customersOf(shop, shop.store)).toEqual(all)
})
