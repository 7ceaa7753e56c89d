import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { idSince, rebasedId } from '../../../db/fleet/id-alias.ts'
import { nodeOf } from '../../../server/domain/ids.ts'
import { troublesOf } from '../../../db/fleet/waiting.ts'
import { SYNCED_TABLES } from '../../../db/schema/schema.ts'
import { openPasscode } from '../../../server/shop/repairs/passcodes.ts'
import { sayAnew } from '../../../server/sync/waiting/person.ts'
import { openSync } from '../../../server/sync/take.ts'
import { codeFor, type Office, openOffice, write } from './office.ts'
import {
  fillEachTable,
  HARBOUR,
  joinedWithHistory,
  kept,
  LONG,
  type OldMachine,
  shopWithHistory,
  strangers,
} from './histories.ts'
import { drain, expectSame, type Terminal } from './terminals.ts'

/** The shop as it was put aside, whole. */
function shopBefore({ folder }: OldMachine): Database.Database {
  const [aside] = readdirSync(folder).filter((name) => name.startsWith('before-joining-'))
  const file = new Database(join(folder, aside!, 'fixpoint.db'), { readonly: true })
  onTestFinished(() => void file.close())
  return file
}

const one = (file: Database.Database, text: string) => file.prepare(text).pluck().get() as number

/** Head office takes what a shop proposes for all stores. */
async function takeProposals(office: Office): Promise<void> {
  const by = { actor: office.owner.id, device: null, act: 'test' }
  for (const { reason, ...key } of await troublesOf(office.database.db)) {
    expect(reason).toBe('proposal')
    await sayAnew(await openSync(office.database), key, by)
  }
}

/** Each sum of money that a shop's rows have. */
const MONEY = [
  ['payment_entry', 'amount_cents'],
  ['sales_payment_entry', 'amount_cents'],
  ['receipt', 'total_cents'],
  ['leg', 'amount_cents'],
  ['repair_order', 'cost_cents'],
  ['sales_order', 'total_cents'],
] as const

/** What rows of a store come to. */
async function sumAt({ database: { db } }: Pick<Terminal, 'database'>, table: string, column: string, store: number) {
  const rows = db.selectFrom(table as 'payment_entry').select(column as 'amount_cents')
  const amounts = await rows.where('store_id', '=', store).execute()
  return amounts.reduce((sum, row) => sum + (row as Record<string, number>)[column]!, 0)
}

test(
  'a shop with rows of each kind joins: all of it reaches head office under new ids, to the cent',
  LONG,
  async () => {
    await using office = await openOffice()
    const machine = kept(await shopWithHistory((shop) => write(shop, fillEachTable), { demo: true }))
    await using terminal = await joinedWithHistory(office, await codeFor(office, 'T1', HARBOUR), machine, {
      decide: strangers,
    })
    const before = shopBefore(machine)
    for (const table of SYNCED_TABLES)
      expect(one(before, `select count(*) from "${table}"`), `${table} of the shop`).toBeGreaterThan(0)
    expect((await checkContent(terminal.database)).findings).toEqual([])
    await drain([terminal])
    await takeProposals(office)
    await drain([terminal])
    await expectSame(office, terminal)
    expect((await checkContent(office.database)).findings).toEqual([])
    const { db } = terminal.database
    expect(await db.selectFrom('conflict').select('row_id').execute()).toEqual([])
    for (const [table, column] of MONEY) {
      const sum = one(before, `select coalesce(sum(${column}), 0) from ${table}`)
      for (const at of [office, terminal]) expect(await sumAt(at, table, column, terminal.store), table).toBe(sum)
    }
    // Each row of the shop is found by what it was called.
    for (const table of SYNCED_TABLES)
      for (const old of before.prepare(`select id from "${table}"`).pluck().all() as number[]) {
        const since = (await idSince(db, table, old))!
        const row = await db
          .selectFrom(table as 'user')
          .select('id')
          .where('id', '=', since)
          .executeTakeFirst()
        expect(row, `${table} ${old}`).toBeDefined()
      }
    const sessions = await db.selectFrom('session').select('id').execute()
    expect(sessions).toEqual([{ id: `test-${terminal.node}` }])
    const numbers = before.prepare('select ticket_number from repair_order order by id').pluck().all()
    const there = await office.database.db.selectFrom('repair_order').select('ticket_number').orderBy('id').execute()
    expect(there.map(({ ticket_number }) => ticket_number)).toEqual(numbers)
  },
)

test('what was printed and linked before leads to the same repair, and its passcode opens', LONG, async () => {
  await using office = await openOffice()
  let ticket: { order_id: number; ticket_number: string } | null = null
  const machine = kept(
    await shopWithHistory(async (shop) => {
      const [model] = (await shop.counter('GET', '/models?q=iPhone')).body
      const device = { model_id: model.id }
      const customer = { full_name: 'Carla Customer', phone: '0170 5550111' }
      const reply = await shop.counter('POST', '/intakes', {
        customer,
        device,
        passcode: '2580',
        estimate_cents: 9_000,
      })
      expect(reply.status, reply.text).toBe(201)
      ticket = reply.body
    }),
  )
  await using terminal = await joinedWithHistory(office, await codeFor(office, 'T1', HARBOUR), machine, {
    decide: strangers,
  })
  const { order_id, ticket_number } = ticket!
  const since = rebasedId(terminal.node, order_id)
  const found = await terminal.counter('GET', `/tickets/${order_id}`)
  expect(found.body, found.text).toMatchObject({ id: since, ticket_number })
  expect((await terminal.counter('GET', `/tickets/${since}`)).body).toEqual(found.body)
  expect((await terminal.counter('GET', `/tickets/${order_id + 1}`)).status).toBe(404)
  const hits = (await terminal.counter('GET', `/search?q=T:${ticket_number}`)).body
  expect(hits.tickets.map(({ id }: { id: number }) => id)).toEqual([since])
  const [again] = (await terminal.counter('GET', '/models?q=iPhone')).body
  const customer = { full_name: 'Dora Customer', phone: '0170 5550112' }
  const next = await terminal.counter('POST', '/intakes', {
    customer,
    device: { model_id: again.id },
    estimate_cents: 1,
  })
  expect(next.body).toMatchObject({ order_id: rebasedId(terminal.node, order_id + 1), ticket_number: 'S2-T1-000001' })
  expect(await openPasscode(terminal.database.db, terminal.context.tokens, since)).toBe('2580')
})

test(
  'two shops with the same ids, numbers and names join one head office, and keep apart what is theirs',
  LONG,
  async () => {
    await using office = await openOffice()
    const live = async (shop: Office) => {
      const [model] = (await shop.counter('GET', '/models?q=iPhone')).body
      for (const phone of ['0170 5550121', '0170 5550122']) {
        const customer = { full_name: `Customer ${phone}`, phone }
        const reply = await shop.counter('POST', '/intakes', {
          customer,
          device: { model_id: model.id },
          estimate_cents: 5_000,
        })
        expect(reply.status, reply.text).toBe(201)
      }
    }
    const [one, other] = [kept(await shopWithHistory(live)), kept(await shopWithHistory(live))]
    await using first = await joinedWithHistory(office, await codeFor(office, 'T1', HARBOUR), one, {
      decide: strangers,
    })
    const hill = { store: { code: 'S3', name: 'Hill' } }
    await using second = await joinedWithHistory(office, await codeFor(office, 'T1', hill), other, {
      decide: strangers,
    })
    await drain([first, second])
    for (const terminal of [first, second]) {
      await expectSame(office, terminal)
      expect((await checkContent(terminal.database)).findings).toEqual([])
      const own = await terminal.database.db
        .selectFrom('repair_order')
        .select(['id', 'ticket_number'])
        .orderBy('id')
        .execute()
      expect(own).toEqual([1, 2].map((n) => ({ id: rebasedId(terminal.node, n), ticket_number: `S1-T1-00000${n}` })))
      expect((await terminal.counter('GET', '/tickets/1')).body.id).toBe(rebasedId(terminal.node, 1))
    }
    expect((await checkContent(office.database)).findings).toEqual([])
    const brands = await office.database.db
      .selectFrom('brand')
      .select('name_key')
      .where('deleted_at', 'is', null)
      .execute()
    expect(new Set(brands.map(({ name_key }) => name_key)).size).toBe(brands.length)
  },
)

test('a shop of another currency is refused before the code is used, and stays as it is', async () => {
  await using office = await openOffice()
  const machine = kept(await shopWithHistory(async () => {}))
  const code = await codeFor(office, 'T1', HARBOUR)
  const before = readFileSync(machine.file)
  await expect(joinedWithHistory(office, code, machine, { decide: strangers, currency: 'CHF' })).rejects.toThrow('EUR')
  expect(readFileSync(machine.file).equals(before)).toBe(true)
  expect((await office.counter('GET', '/fleet')).body.codes).toHaveLength(1)
})

test(
  'who works at the shop is at head office whom a person says; nobody is taken for another unasked',
  LONG,
  async () => {
    await using office = await openOffice()
    // The owner of the shop has the phone number of head office's.
    const machine = kept(await shopWithHistory(async () => {}))
    const code = await codeFor(office, 'T1', HARBOUR)
    await expect(joinedWithHistory(office, code, machine)).rejects.toThrow(/Say who these are .*Olga Owner/)
    await expect(joinedWithHistory(office, code, machine, { people: new Map([[99, null]]) })).rejects.toThrow('99')
    const { id: owner } = await office.database.db
      .selectFrom('user')
      .select('id')
      .where('full_name', '=', 'Olga Owner')
      .executeTakeFirstOrThrow()
    await using terminal = await joinedWithHistory(office, code, machine, {
      people: new Map<number, number | null>([
        [1, owner],
        [2, null],
      ]),
    })
    await drain([terminal])
    await expectSame(office, terminal)
    const people = await office.database.db
      .selectFrom('user')
      .select(['id', 'full_name', 'works_at'])
      .where('role', '=', 'admin')
      .orderBy('id')
      .execute()
    expect(people.filter(({ full_name }) => full_name === 'Olga Owner')).toEqual([
      expect.objectContaining({ id: owner }),
    ])
    const brought = people.filter(({ id }) => nodeOf(id) === terminal.node)
    expect(brought).toEqual([expect.objectContaining({ full_name: 'Anna Admin', works_at: terminal.store })])
    expect(await idSince(terminal.database.db, 'user', 1)).toBe(owner)
    // The PIN of this counter is its owner's still.
    const pin = terminal.database.db
      .selectFrom('credential')
      .select(['pin_length', 'password_hash'])
      .where('user_id', '=', owner)
    expect(await pin.executeTakeFirst()).toEqual({ pin_length: 4, password_hash: null })
  },
)
