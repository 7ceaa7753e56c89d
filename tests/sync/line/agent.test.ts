import { expect, test } from 'vitest'
import { DatabaseDamaged } from '../../../db/errors.ts'
import { eventually } from '../../support/eventually.ts'
import { insertMany } from '../../../db/rows.ts'
import { addModel, addNamed } from '../../../server/shop/devices/catalogue.ts'
import { readPosition } from '../../../server/sync/agent/position.ts'
import { inTime, isSent, pushes, refusal, SECOND } from './support/in-time.ts'
import { type Answers, GREETED, keeps, openTerminal, scriptOf, takesAll } from './support/terminal.ts'

/** What a terminal does by itself, beside something that answers as a test has it. */

const BY = { actor: null, device: null, act: 'test' }

test('a terminal says hello, sends what it has, and has head office keep its pull', async () => {
  await using terminal = await openTerminal({})
  const { office, agent, shop } = terminal
  await eventually(() => expect(office.of('pull')).toHaveLength(1))
  await isSent(terminal)
  expect(office.asked.map(({ name }) => name).slice(0, 2)).toEqual(['token', 'hello'])
  const hello = office.of('hello')[0]!.body
  const self = await shop.database.db.selectFrom('self').select(['epoch', 'seq', 'chain']).executeTakeFirstOrThrow()
  expect(hello).toMatchObject({ ...self, acked: { seq: 0 }, version: '1', clock: shop.clock.now(), troubles: 0 })
  expect(hello.waiting).toEqual({ ops: self.seq, oldest_at: shop.clock.now(), photos: 0 })
  const { wait, most, cursors } = office.of('pull')[0]!.body
  expect([wait, most, cursors]).toEqual([50, 1_000, { org: { seq: 0, mark: '' }, store: { seq: 0, mark: '' } }])
  expect(agent.state()).toMatchObject({
    line: 'up', headOffice: office.url, needsPerson: null, lastContact: shop.clock.now(), lastChange: shop.clock.now(),
    waiting: { ops: 0, oldest_at: null }, troubles: { held: 0, quarantined: 0, parked: 0 },
  }) // oxfmt-ignore
})

test('what is written goes up at once, one push at a time', async () => {
  const held: (() => void)[] = []
  await using terminal = await openTerminal({})
  await isSent(terminal)
  const before = pushes(terminal)
  terminal.office.answer(
    scriptOf({ push: (asked) => new Promise((resolve) => held.push(() => resolve(takesAll(asked)))) }),
  )
  for (const name of ['A', 'B', 'C']) await terminal.write(name)
  await eventually(() => expect(held).toHaveLength(1))
  await terminal.write('D')
  expect(pushes(terminal)).toBe(before + 1)
  held[0]!()
  await eventually(() => expect(held).toHaveLength(2))
  held[1]!()
  await eventually(async () => {
    const { db } = terminal.shop.database
    const head = await db.selectFrom('origin_head').select('seq').executeTakeFirstOrThrow()
    const self = await db.selectFrom('self').select('seq').executeTakeFirstOrThrow()
    expect(head).toEqual(self)
  })
  expect(pushes(terminal)).toBe(before + 2)
})

test('a push that failed is sent again by itself, without another write', async () => {
  let isBroken = true
  await using terminal = await openTerminal({
    push: (asked) => (isBroken ? (response) => void response.destroy() : takesAll(asked)),
  })
  await inTime(terminal, () => expect(pushes(terminal)).toBeGreaterThan(2))
  isBroken = false
  await isSent(terminal)
})

test('the line that comes back is greeted first, and who waits for it waits no longer', async () => {
  await using terminal = await openTerminal({})
  const { office, agent, hands } = terminal
  await inTime(terminal, () => expect(agent.state()).toMatchObject({ line: 'up', waiting: { ops: 0 } }))
  office.answer(() => (response) => void response.destroy())
  await terminal.write('A')
  await inTime(terminal, () => expect(agent.state()).toMatchObject({ line: 'down', needsPerson: null }))
  const seen = office.asked.length
  office.answer(scriptOf({}))
  await inTime(terminal, () => expect(agent.state()).toMatchObject({ line: 'up', waiting: { ops: 0 } }))
  const after = office.asked.slice(seen).map(({ name }) => name)
  expect(after.find((name) => name !== 'token')).toBe('hello')
  expect(after).toContain('push')
  // Only the hourly comparison of rows waits for longer.
  expect(hands.waits().filter((ms) => ms > 60 * SECOND).length).toBeLessThanOrEqual(1)
})

test('what was written does not hammer at a line that is down; a person who asks is heard at once', async () => {
  await using terminal = await openTerminal({})
  const { office, agent } = terminal
  await inTime(terminal, () => expect(agent.state()).toMatchObject({ line: 'up', waiting: { ops: 0 } }))
  office.answer(() => (response) => void response.destroy())
  await terminal.write('A')
  await eventually(() => expect(agent.state().line).toBe('down'))
  const seen = office.asked.length
  for (const name of ['B', 'C', 'D']) await terminal.write(name)
  await new Promise((resolve) => setImmediate(resolve))
  expect(office.asked).toHaveLength(seen)
  office.answer(scriptOf({}))
  agent.tryNow()
  await eventually(() => expect(agent.state().line).toBe('up'))
  await isSent(terminal)
})

test('what head office asks a terminal to wait is waited', async () => {
  let isFull = true
  const full = { status: 429, headers: { 'retry-after': '120' }, body: { error: 'full', detail: '' } }
  await using terminal = await openTerminal({ push: (asked) => (isFull ? full : takesAll(asked)) })
  await eventually(() => expect(pushes(terminal)).toBe(1))
  await eventually(() => expect(terminal.hands.waits()).toContain(180 * SECOND))
  isFull = false
  terminal.agent.tryNow()
  terminal.hands.pass(119 * SECOND)
  expect(terminal.agent.state()).toMatchObject({ line: 'up', needsPerson: null })
  await new Promise((resolve) => setImmediate(resolve))
  expect(pushes(terminal)).toBe(1)
  terminal.hands.pass(62 * SECOND)
  await isSent(terminal)
})

test('a fleet that comes back is spread by head office: pulls begin at once, pushes when it says', async () => {
  await using terminal = await openTerminal({ hello: () => ({ body: { ...GREETED, wait_ms: 40 * SECOND } }) })
  await eventually(() => expect(terminal.office.of('pull')).toHaveLength(1))
  await eventually(() => expect(terminal.hands.waits()).toContain(40 * SECOND))
  expect(pushes(terminal)).toBe(0)
  terminal.hands.pass(41 * SECOND)
  await eventually(() => expect(pushes(terminal)).toBe(1))
  await isSent(terminal)
  // Hello is said again every five minutes; nobody has come back by that.
  const seen = terminal.office.of('hello').length
  await inTime(terminal, () => expect(terminal.office.of('hello').length).toBeGreaterThan(seen))
  await terminal.write('A')
  await eventually(() => expect(pushes(terminal)).toBe(2))
})

test('another head office of the same name is noted', async () => {
  await using terminal = await openTerminal({ hello: () => ({ body: { ...GREETED, incarnation: 'second' } }) })
  const known = terminal.shop.database.db.selectFrom('head_office').select('incarnation')
  await eventually(async () => expect(await known.executeTakeFirst()).toEqual({ incarnation: 'second' }))
})

test('replies that come at once and bring nothing are not asked for without end', async () => {
  const nothing = { body: { org: [], store: [], cursors: { org: NONE, store: NONE }, more: true } }
  await using terminal = await openTerminal({ pull: () => nothing })
  await eventually(() => expect(terminal.hands.waits()).toContain(2 * SECOND))
  expect(terminal.office.of('pull')).toHaveLength(2)
})

test('the cursor that is never known is asked for less and less often, and what is written goes up', async () => {
  await using terminal = await openTerminal({ pull: () => refusal(409, 'cursor', { expected: { seq: 0, mark: '' } }) })
  await isSent(terminal)
  await inTime(terminal, () => expect(terminal.hands.waits()).toContain(32 * SECOND))
})

test('a disk that is full is said, and what waited goes on when there is room', async () => {
  await using terminal = await openTerminal({ push: keeps })
  const { agent, shop, office } = terminal
  await eventually(() => expect(pushes(terminal)).toBe(1))
  const { write } = shop.database
  let isFull = true
  shop.database.write = async (by, run) => {
    if (isFull) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    return await write(by, run)
  }
  office.answer(scriptOf({}))
  terminal.hands.pass(200 * SECOND)
  await inTime(terminal, () => expect(agent.state()).toMatchObject({ line: 'up', needsPerson: 'disk-full' }))
  isFull = false
  await isSent(terminal)
  expect(agent.state().needsPerson).toBeNull()
})

test('a database that is damaged is said, and neither sends nor hears', async () => {
  await using terminal = await openTerminal({})
  const { agent, shop } = terminal
  await isSent(terminal)
  shop.database.setDamage('page 7', () => new DatabaseDamaged())
  agent.tryNow()
  const seen = terminal.office.of('pull').length
  await inTime(terminal, () => expect(agent.state().needsPerson).toBe('damaged'))
  expect(terminal.office.of('pull').length).toBeLessThanOrEqual(seen + 1)
  shop.database.setDamage(null)
  terminal.office.answer(
    scriptOf({ pull: () => ({ body: { org: [], store: [], cursors: { org: NONE, store: NONE }, more: false } }) }),
  )
  await inTime(terminal, () => expect(agent.state().needsPerson).toBeNull())
})

test('where nothing comes of a push although head office answers, both directions begin anew', async () => {
  let times = 0
  await using terminal = await openTerminal({ push: (asked) => (times++ === 0 ? keeps() : takesAll(asked)) })
  await eventually(() => expect(pushes(terminal)).toBe(1))
  await isSent(terminal)
  expect(pushes(terminal)).toBe(2)
  expect(terminal.shop.logged.join()).toContain('both begin anew')
})

test('where head office is silent altogether, nothing begins anew', async () => {
  await using terminal = await openTerminal({ push: keeps })
  await eventually(() => expect(pushes(terminal)).toBe(1))
  terminal.office.answer(() => (response) => void response.destroy())
  await inTime(terminal, () =>
    expect(terminal.office.of('token').length + terminal.office.of('hello').length).toBeGreaterThan(4),
  )
  expect(terminal.shop.logged.join()).not.toContain('both begin anew')
})

test('pages hear of the line when what they show has changed, and not of each reply', async () => {
  await using terminal = await openTerminal({})
  await isSent(terminal)
  await eventually(() => expect(terminal.hands.waits()).toContain(30 * SECOND))
  const before = terminal.told()
  terminal.office.answer(() => (response) => void response.destroy())
  await terminal.write('A')
  await inTime(terminal, () => expect(terminal.agent.state()).toMatchObject({ line: 'down', waiting: { ops: 1 } }))
  const down = terminal.told()
  expect(down).toBeGreaterThan(before)
  for (let n = 0; n < 20; n++) terminal.hands.pass(60 * SECOND)
  await new Promise((resolve) => setImmediate(resolve))
  expect(terminal.told()).toBe(down)
})

test('the program says how the line goes, and nothing of it to others than its counter', async () => {
  await using terminal = await openTerminal({ push: keeps })
  await eventually(() => expect(terminal.agent.state()).toMatchObject({ line: 'up' }))
  await inTime(terminal, () => expect(terminal.agent.state().waiting.ops).toBeGreaterThan(0))
  const { body } = await terminal.shop.call('GET', '/health')
  const { ops, oldest_at } = terminal.agent.state().waiting
  expect(body.head_office).toEqual({
    line: 'up', waiting: ops, waiting_since: oldest_at, photos_waiting: 0, last_contact: terminal.shop.clock.now(), needs: null, set_back_at: null,
    same_at: null, differs: 0,
  }) // oxfmt-ignore
  expect(JSON.stringify(body)).not.toContain(terminal.office.url)
})

test('a counter goes on while head office answers nothing of what it is asked and sent', async () => {
  await using terminal = await openTerminal({ push: keeps })
  const { shop } = terminal
  await eventually(() => expect([pushes(terminal), terminal.office.of('pull').length]).toEqual([1, 1]))
  const admin = await shop.person('admin')
  const model_id = await shop.database.write(BY, async (trx) => {
    const [brand, type] = [
      await addNamed(trx, 'brand', { name: 'Nokia' }),
      await addNamed(trx, 'device_type', { name: 'Phone' }),
    ]
    return (await addModel(trx, { brand_id: brand.id, device_type_id: type.id, name: '3310' })).id
  })
  const customer = { full_name: 'Erika', phone: '555-0199' }
  const intake = { customer, device: { model_id }, estimate_cents: 900 }
  const taken = await shop.call('POST', '/counter/intakes', { as: admin, body: intake })
  expect(taken.status, taken.text).toBe(201)
  expect(pushes(terminal)).toBe(1)
})

test('a transaction goes up in one piece, however big it is', async () => {
  await using terminal = await openTerminal({})
  await isSent(terminal)
  const brands = Array.from({ length: 600 }, (_, n) => ({ name: `Brand ${n}`, name_key: `brand ${n}` }))
  await terminal.shop.database.write(BY, (trx) => insertMany(trx, 'brand', brands))
  // No time goes by meanwhile: the watchdog would take one long transaction for an agent that stands still.
  await eventually(() => expect(terminal.office.of('push').at(-1)!.body.ops).toHaveLength(600))
  await eventually(async () => expect((await readPosition(terminal.shop.database.db)).waiting.ops).toBe(0))
  await isSent(terminal)
})

const NONE = { seq: 0, mark: '' }

test('what head office puts aside is said at once, and no more once hello finds it settled', async () => {
  const aside: Answers['push'] = ({ body: { from, ops, chain } }) => ({
    body: {
      acked: from + ops.length - 1,
      chain,
      troubles: [{ seq: from, state: 'quarantined', reason: 'proposal' }],
      stamps: [],
    },
  })
  await using terminal = await openTerminal({ push: aside })
  await isSent(terminal)
  await eventually(() => expect(terminal.agent.state().asideThere).toBe(1))
  await inTime(terminal, () => expect(terminal.agent.state().asideThere).toBe(0))
})
