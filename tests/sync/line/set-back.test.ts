import { cpSync } from 'node:fs'
import { join as pathOf } from 'node:path'
import { expect, test } from 'vitest'
import { NoLine } from '../../../server/shop/people/passwords/parent.ts'
import { type Member, takeIn } from '../support/fleet.ts'
import { eventually } from '../../support/eventually.ts'
import { comeTogether, expectTheSame, join, type Joined, openJoined } from './support/joined.ts'
import { folderOfTest, openAgain, restoreAt, signInAgain } from './support/put-back.ts'

/** Data folders that were set back, or copied, behind the program's back: the note of how far they had come along with them. */

const SECOND = 1_000
const SILENCE = 180 * SECOND
/** Beyond what may still be a call of the machine's own. */
const LATER = 100 * SECOND

const ticketsOf = async ({ database: { db } }: Member, store: number) => {
  const orders = db.selectFrom('repair_order').select(['id', 'ticket_number']).where('store_id', '=', store)
  return await orders.orderBy('id').execute()
}
const epochOf = async ({ database: { db } }: Member) =>
  (await db.selectFrom('self').select('epoch').executeTakeFirstOrThrow()).epoch

/** Ends the agent and the server of a machine, and copies its folder. */
async function stopAndCopy({ shop, agent }: Joined, to: string) {
  await agent.close()
  const { data } = shop.context.config
  await shop[Symbol.asyncDispose]()
  cpSync(data, to, { recursive: true })
  return data
}

const start = async ({ shop, run }: Joined, folder: string) => {
  await openAgain(shop, folder, shop.clock.now())
  await run()
}

/** Until it is so, while time goes by at this machine. */
const inTime = ({ hands }: Joined, look: () => void | Promise<void>) =>
  eventually(async () => {
    hands.pass(10 * SECOND)
    await look()
  })

test('a machine that was set back to an earlier hour goes on by itself under new numbers, with all that it had sent', async () => {
  await using fleet = await openJoined(2)
  const { office, joined, catalogue } = fleet
  const [one] = joined as [Joined]
  const { shop } = one
  using snapshot = folderOfTest()
  await takeIn(shop, catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  const folder = await stopAndCopy(one, snapshot.folder)
  await start(one, folder)
  await takeIn(shop, catalogue.model_id, '0170 5550002')
  await comeTogether(fleet)
  const before = await ticketsOf(shop, shop.store)
  await one.agent.close()
  await shop[Symbol.asyncDispose]()
  await start(one, snapshot.folder)
  // It may be that the other one is there still: that shows as long as a pull may be kept.
  await inTime(one, () => expect(one.agent.state()).toMatchObject({ line: 'refused', needsPerson: 'fork' }))
  expect(await epochOf(shop)).toBe(1)
  office.clock.pass(SILENCE)
  await comeTogether(fleet)
  await expectTheSame(fleet)
  expect(await epochOf(shop)).toBe(2)
  // Who had signed in before has to do so anew.
  expect((await shop.counter('GET', '/line')).status).toBe(401)
  await signInAgain(shop)
  const fresh = await takeIn(shop, catalogue.model_id, '0170 5550003')
  await comeTogether(fleet)
  await expectTheSame(fleet)
  const tickets = await ticketsOf(office, shop.store)
  expect(tickets).toHaveLength(3)
  expect(before.map(({ ticket_number }) => ticket_number)).not.toContain(fresh.ticket_number)
  expect(new Set(tickets.map(({ ticket_number }) => ticket_number)).size).toBe(3)
  await inTime(one, () => expect(one.agent.state()).toMatchObject({ needsPerson: null, setBackAt: shop.clock.now() }))
})

test('of two machines with the same data the one that head office goes on with stays, and the other is locked for good', async () => {
  await using fleet = await openJoined(1)
  const { office, joined, catalogue } = fleet
  const [one] = joined as [Joined]
  const { shop } = one
  using copied = folderOfTest()
  await comeTogether(fleet)
  const folder = await stopAndCopy(one, copied.folder)
  await start(one, folder)
  await takeIn(shop, catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  const copy = { ...shop }
  await openAgain(copy, copied.folder, shop.clock.now())
  const other = await join(office, copy)
  await using _ = { [Symbol.asyncDispose]: () => closeAll(other) }
  await inTime(other, () => expect(other.agent.state().needsPerson).toBe('fork'))
  // The first one calls, as it does each minute.
  office.clock.pass(LATER)
  await takeIn(shop, catalogue.model_id, '0170 5550002')
  await comeTogether(fleet)
  await inTime(other, () => expect(other.agent.state()).toMatchObject({ line: 'refused', needsPerson: 'copied' }))
  office.clock.pass(SILENCE)
  await takeIn(copy, catalogue.model_id, '0170 5550003')
  await inTime(other, () => expect(other.agent.state().waiting.ops).toBeGreaterThan(0))
  // A start changes nothing of it, and it asks head office for nothing any more.
  await other.agent.close()
  const asked = [...other.line.happened.values()].reduce((sum, n) => sum + n, 0)
  await other.run()
  await inTime(other, () => expect(other.agent.state()).toMatchObject({ line: 'refused', needsPerson: 'copied' }))
  expect([...other.line.happened.values()].reduce((sum, n) => sum + n, 0)).toBe(asked)
  await comeTogether(fleet)
  await expectTheSame(fleet)
  expect(await ticketsOf(office, shop.store)).toHaveLength(2)
  expect(await epochOf(shop)).toBe(1)
})

test('once a copy has gone on alone, the former machine is the second of the two', async () => {
  await using fleet = await openJoined(1)
  const { office, joined, catalogue } = fleet
  const [one] = joined as [Joined]
  const { shop } = one
  using copied = folderOfTest()
  await comeTogether(fleet)
  const folder = await stopAndCopy(one, copied.folder)
  await start(one, folder)
  await takeIn(shop, catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  await one.agent.close()
  office.clock.pass(SILENCE)
  const copy = { ...shop }
  await openAgain(copy, copied.folder, shop.clock.now())
  const other = await join(office, copy)
  await using _ = { [Symbol.asyncDispose]: () => closeAll(other) }
  await inTime(other, async () => {
    // A last request of the former one may have been on its way still.
    office.clock.pass(SILENCE)
    expect(await epochOf(copy)).toBe(2)
  })
  await comeTogether({ office, joined: [other] })
  expect(await ticketsOf(copy, shop.store)).toHaveLength(1)
  await takeIn(shop, catalogue.model_id, '0170 5550002')
  await one.run()
  await inTime(one, () => {
    expect(one.agent.state()).toMatchObject({ line: 'refused', needsPerson: 'copied' })
    expect(one.agent.state().waiting.ops).toBeGreaterThan(0)
  })
  expect(await ticketsOf(office, shop.store)).toHaveLength(1)
})

test('a machine that was set back says so at head office too where it has written more than that, and takes itself for no other one', async () => {
  await using fleet = await openJoined(1)
  const { office, joined, catalogue } = fleet
  const [one] = joined as [Joined]
  const { shop } = one
  using snapshot = folderOfTest()
  await comeTogether(fleet)
  const folder = await stopAndCopy(one, snapshot.folder)
  await start(one, folder)
  await takeIn(shop, catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  await one.agent.close()
  await shop[Symbol.asyncDispose]()
  await openAgain(shop, snapshot.folder, shop.clock.now())
  for (const phone of ['0170 5550002', '0170 5550003', '0170 5550004']) await takeIn(shop, catalogue.model_id, phone)
  await one.run()
  const verdictAt = async () => {
    const contact = office.database.db.selectFrom('node_contact').select('verdict').where('node_id', '=', shop.node)
    return (await contact.executeTakeFirst())?.verdict
  }
  await inTime(one, async () => {
    expect(one.agent.state()).toMatchObject({ line: 'refused', needsPerson: 'fork' })
    expect(await verdictAt()).toBe('fork')
  })
  // Whoever signs in meanwhile is asked for here: head office would hear of a machine that is well.
  await expect(one.agent.signIn({ login: '0170 5550009' }, 'a password')).rejects.toThrow(NoLine)
  office.clock.pass(SILENCE)
  await inTime(one, () => expect(one.agent.state()).toMatchObject({ needsPerson: 'copied' }))
  expect(shop.logged.join()).toContain('what it wrote has the numbers of what another one has sent')
  expect(shop.logged.join()).not.toContain('another machine calls under its number')
  await expect(one.agent.signIn({ login: '0170 5550009' }, 'a password')).rejects.toThrow(NoLine)
})

test('a locked machine that a restore brings back sends what it does from then on, and says that what it wrote before stays there', async () => {
  await using fleet = await openJoined(1)
  const { office, joined, catalogue } = fleet
  const [one] = joined as [Joined]
  const { shop } = one
  using snapshot = folderOfTest()
  using machine = folderOfTest()
  await comeTogether(fleet)
  const folder = await stopAndCopy(one, snapshot.folder)
  await start(one, folder)
  await takeIn(shop, catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  await one.agent.close()
  await shop[Symbol.asyncDispose]()
  await openAgain(shop, snapshot.folder, shop.clock.now())
  await takeIn(shop, catalogue.model_id, '0170 5550002')
  office.clock.pass(SILENCE)
  await one.run()
  await inTime(one, () => expect(one.agent.state()).toMatchObject({ needsPerson: 'copied' }))
  await one.agent.close()
  await restoreAt(shop, pathOf(snapshot.folder, 'fixpoint.db'), machine.folder)
  await one.run()
  const fresh = await takeIn(shop, catalogue.model_id, '0170 5550003')
  await comeTogether(fleet)
  const sent = await ticketsOf(office, shop.store)
  expect(sent).toHaveLength(2)
  expect(sent.map(({ ticket_number }) => ticket_number)).toContain(fresh.ticket_number)
  await inTime(one, () => {
    expect(one.agent.state()).toMatchObject({ line: 'up', needsPerson: 'kept-back', waiting: { ops: 0 } })
  })
  expect(await epochOf(shop)).toBe(2)
})

async function closeAll({ agent, line, shop }: Joined) {
  await agent.close()
  await line[Symbol.asyncDispose]()
  await shop[Symbol.asyncDispose]()
}
