import { existsSync, readdirSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { finishReplacement } from '../../../db/file/replace.ts'
import { beginTerminal } from '../../../db/fleet/begin-terminal.ts'
import { nodeOf } from '../../../server/domain/ids.ts'
import type { Send } from '../../../server/sync/agent/send.ts'
import { becomeHeadOffice } from '../../../server/sync/enrol/become-head-office.ts'
import { refuseHistory } from '../../../server/sync/enrol/join.ts'
import { ENGINE } from '../../support/database.ts'
import { openShop } from '../../support/shop.ts'
import { codeFor, type Office, openOffice, openSetUp } from './office.ts'
import {
  ask,
  drain,
  expectSame,
  joined,
  type Machine,
  newMachine,
  openTerminal,
  place,
  type Terminal,
} from './terminals.ts'

function machine(): Machine {
  const one = newMachine()
  onTestFinished(one.remove)
  return one
}

async function takeIn(at: Pick<Office | Terminal, 'counter'>, phone: string) {
  const [model] = (await at.counter('GET', '/models?q=iPhone')).body
  const customer = { full_name: `Customer ${phone}`, phone }
  const reply = await at.counter('POST', '/intakes', {
    customer,
    device: { model_id: model.id },
    estimate_cents: 9_000,
  })
  expect(reply.status, reply.text).toBe(201)
  return reply.body as { order_id: number; ticket_number: string }
}

const numbersAt = async ({ database }: Pick<Terminal, 'database'>) =>
  (await database.db.selectFrom('repair_order').select(['id', 'ticket_number']).execute()).filter(
    ({ ticket_number }) => ticket_number,
  )

/** What is about the terminal's file is the same whichever engine head office has. */
const onFile = test.skipIf(ENGINE === 'postgres')

/** Each terminal hears some thousand writes, one by one. */
const LONG = { timeout: 400_000 }

test('a new terminal of a new store has what its store needs, and works in numbers of its own', LONG, async () => {
  await using office = await openOffice()
  await takeIn(office, '0170 5550101')
  const store = { code: 'S2', name: 'Harbour' }
  await using terminal = await joined(office, await codeFor(office, 'T1', { store }), machine())
  const own = terminal.database.db.selectFrom('self').select(['node_id', 'role', 'epoch', 'seq'])
  expect(await own.executeTakeFirst()).toEqual({ node_id: 1, role: 'terminal', epoch: 1, seq: 0 })
  const parent = await terminal.database.db.selectFrom('head_office').selectAll().executeTakeFirst()
  expect(parent).toMatchObject({ address: office.url, sign_key: office.context.keys.publicKeys.sign })
  await expectSame(office, terminal)
  expect((await terminal.call('GET', '/counter/session')).body).toMatchObject({
    setup_open: false,
    terminal: 'T1',
    shop: { code: 'S2', name: 'Harbour' },
  })
  const ticket = await takeIn(terminal, '0170 5550102')
  expect([ticket.ticket_number, nodeOf(ticket.order_id)]).toEqual(['S2-T1-000001', 1])
  await drain([terminal])
  await expectSame(office, terminal)
  for (const { database } of [office, terminal]) expect((await checkContent(database)).findings).toEqual([])
})

test(
  'a shop with its history becomes head office, its counter a terminal, and a second store joins',
  LONG,
  async () => {
    await using office = await openSetUp({ demo: ENGINE === 'sqlite' })
    await takeIn(office, '0170 5550104')
    await becomeHeadOffice(office.database, office.context.keys)
    const before = await numbersAt(office)
    expect(before.length).toBeGreaterThan(ENGINE === 'sqlite' ? 5 : 0)
    await using counter = await joined(office, await codeFor(office, 'T2'), machine())
    const store = { code: 'S2', name: 'Harbour' }
    await using second = await joined(office, await codeFor(office, 'T1', { store }), machine())
    await drain([counter])
    for (const terminal of [counter, second]) await expectSame(office, terminal)
    expect(await numbersAt(counter)).toEqual(expect.arrayContaining(before))
    expect(await numbersAt(second)).toEqual([])
    const tickets = []
    for (const [n, at] of [office, counter, second, counter, office].entries())
      tickets.push(await takeIn(at, `0171 555010${n}`))
    expect(tickets.map(({ ticket_number }) => ticket_number.replace(/\d+$/, ''))).toEqual([
      'S1-T1-',
      'S1-T2-',
      'S2-T1-',
      'S1-T2-',
      'S1-T1-',
    ])
    await drain([counter, second])
    for (const terminal of [counter, second]) await expectSame(office, terminal)
    const all = await numbersAt(office)
    expect(new Set(all.map(({ ticket_number }) => ticket_number)).size).toBe(all.length)
    expect(new Set(all.map(({ id }) => nodeOf(id)))).toEqual(new Set([0, counter.node, second.node]))
    for (const { database } of [office, counter, second]) expect((await checkContent(database)).findings).toEqual([])
  },
)

onFile('a line that breaks again and again ends in the same terminal', async () => {
  await using office = await openOffice()
  const one = machine()
  const asked = await ask(office, await codeFor(office, 'T2'), one)
  let n = 0
  const send: Send = async (call, body) => {
    const reply = await asked.send(call, { ...(body as object), most: 40 })
    if (n++ % 3 === 1) throw new Error('The machine goes dark')
    return reply
  }
  await expect(place(office, one, { ...asked, send })).rejects.toThrow('The machine goes dark')
  expect(existsSync(one.file)).toBe(false)
  finishReplacement(one.file)
  expect(readdirSync(one.folder)).toEqual([])
  await place(office, one, asked)
  await using terminal = await openTerminal(office, one, asked)
  await expectSame(office, terminal)
})

onFile('what head office changes while a machine joins, it hears as well', async () => {
  await using office = await openOffice()
  const one = machine()
  const asked = await ask(office, await codeFor(office, 'T2'), one)
  let n = 0
  const send: Send = async (call, body) => {
    if (++n === 2) await takeIn(office, '0170 5550103')
    return await asked.send(call, { ...(body as object), most: 100 })
  }
  await place(office, one, { ...asked, send })
  await using terminal = await openTerminal(office, one, asked)
  await drain([terminal])
  await expectSame(office, terminal)
})

onFile('what a shop has that was never set up is put aside; what has a shop stays where it is', async () => {
  await using office = await openOffice()
  const one = machine()
  const empty = await openShop({ on: { folder: one.folder, at: { file: one.file }, remove: async () => {} } })
  await refuseHistory(empty.database.db)
  await empty[Symbol.asyncDispose]()
  await using terminal = await joined(office, await codeFor(office, 'T2'), one)
  expect(readdirSync(one.folder).some((name) => name.startsWith('before-joining-'))).toBe(true)
  await expect(refuseHistory(terminal.database.db)).rejects.toThrow('belongs to a head office already')
  await expect(refuseHistory(office.database.db)).rejects.toThrow('This is a head office')
  await using shop = await openSetUp()
  await expect(refuseHistory(shop.database.db)).rejects.toThrow('joins head office with what it has by a command')
})

onFile('rows that do not fit together are put in no place', async () => {
  await using office = await openOffice()
  const one = machine()
  const asked = await ask(office, await codeFor(office, 'T2'), one)
  const foreign = { ...asked.enrolled, store: { ...asked.enrolled.store, id: 99 } }
  await expect(place(office, one, { ...asked, enrolled: foreign })).rejects.toThrow('of another store')
  expect(existsSync(one.file)).toBe(false)
})

onFile('only a new database becomes a terminal', async () => {
  await using office = await openSetUp()
  const rows = { node: { id: 3, store_id: 1 }, store: { id: 1 } }
  const parent = { incarnation: 'one', address: 'https://office.example.com', sign_key: null }
  await expect(beginTerminal(office.database, { ...rows, parent })).rejects.toThrow('Only a new database')
})
