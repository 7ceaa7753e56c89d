import { expect } from 'vitest'
import { sql } from 'kysely'
import { checkContent } from '../../../../db/check/check-content.ts'
import { allConflicts } from '../../../../db/fleet/conflicts.ts'
import { sharesOf } from '../../../../db/fleet/feed.ts'
import { parkedTransactions, troublesOf } from '../../../../db/fleet/waiting.ts'
import { inStore, QUERY } from '../../../../db/handle.ts'
import { insertLocal } from '../../../../db/local.ts'
import { insert } from '../../../../db/rows.ts'
import { SYNCED_TABLES, type SyncedTable } from '../../../../db/schema/schema.ts'
import { homeOf } from '../../../../server/sync/core/closure.ts'
import type { Fields } from '../../../../server/sync/core/registers.ts'
import { addGoods, marks } from '../../../campaigns/kills/acts.ts'
import type { Callers, Stock } from '../../../campaigns/kills/work.ts'
import { addPerson, type Person } from '../../../support/person.ts'
import { openStandIn, type StandIn } from '../../../support/stripe-stand-in.ts'
import { differsAt } from '../../support/comparing.ts'
import { type Fleet, type Member, openFleet, settleAll, START } from '../../support/fleet.ts'

/** Head office, two terminals of one store and one of head office's own, and people who are signed in at each of them. */
export type Yard = Fleet & {
  /** Two terminals of one store. */
  north: Member
  south: Member
  /** A terminal of head office's own store. */
  desk: Member
  /** A node of the two terminals' store that has never been there. */
  spare: number
  /** Whom all of them ask about cards. */
  stripe: StandIn
  /** What work in a store needs. */
  stockOf(store: number): Stock
  mark: () => string
  /** Who works at a member, and a customer of the store. */
  callersAt(member: Member, store: number): Callers
  /** Signs somebody in at a member: what of them travels apart is brought there by hand. */
  admit(member: Member, person: Person): Promise<Person>
}

export async function openYard({ startsAt = START }: { startsAt?: number } = {}): Promise<Yard> {
  let now = () => startsAt
  const stripe = await openStandIn(() => now())
  const config = { stripe: stripe.config }
  const fleet = await openFleet(2, { oneStore: true, beside: true, startsAt, config })
  const { office } = fleet
  now = office.clock.now
  const [north, south, desk] = fleet.shops as [Member, Member, Member]
  const goods = await office.write(addGoods)
  const spare = await office.write((trx) =>
    insert(inStore(trx, north.store), 'node', { name: 'Spare', terminal: 'T9' }),
  )
  const staff = await addPerson(office.context, 'staff', { phone: '0170 5550001', full_name: 'Kim Clerk' })
  const admin = await addPerson(office.context, 'admin', { phone: '0170 5550002', full_name: 'Ada Admin' })
  // One of each store, from where they came in.
  const customers = new Map([
    [office.store, await addPerson(office.context, 'customer', { phone: '0170 5550003' })],
    [north.store, await addPerson(north.context, 'customer', { phone: '0170 5550004' })],
  ])
  await settleAll(fleet)
  const admit = async ({ database, context }: Member, person: Person): Promise<Person> => {
    const sid = `test-${person.id}`
    await database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
      const session = { id: sid, user_id: person.id, surface: 'v1' as const, token_hash: null, device: null, locked_at: null, ended_at: null }
      await insertLocal(trx, 'session', { ...session, created_at: trx.act.now, expires_at: trx.act.now + 30 * DAY })
    }) // oxfmt-ignore
    return { ...person, token: context.tokens.issue({ sub: person.id, sid }) }
  }
  const callers = new Map<string, Callers>()
  for (const member of fleet.all) {
    const here = async (person: Person, home: Member) => (member === home ? person : await admit(member, person))
    const desk = { staff: await here(staff, office), admin: await here(admin, office) }
    for (const [store, customer] of customers)
      if (member === office || member.store === store)
        callers.set(`${member.node} ${store}`, {
          ...desk,
          customer: await here(customer, store === office.store ? office : north),
        })
  }
  const stockOf = (store: number) => ({ ...goods, customer_id: customers.get(store)!.id, staff_id: staff.id })
  const callersAt = (member: Member, store: number) => callers.get(`${member.node} ${store}`)!
  const more = { north, south, desk, spare, stripe, stockOf, mark: marks(1), callersAt, admit }
  const close = fleet[Symbol.asyncDispose]
  return Object.assign(fleet, more, {
    [Symbol.asyncDispose]: async () => {
      await close()
      await stripe[Symbol.asyncDispose]()
    },
  })
}

const DAY = 86_400_000

/** The first store and the first node are there before the journal, in each new database. */
const isFirst = (table: SyncedTable, id: number) => (table === 'store' && id === 1) || (table === 'node' && id === 0)

async function rowsOf({ database }: Member, table: SyncedTable): Promise<Map<number, Fields>> {
  const { rows } = await sql<Fields & { id: number }>`select * from ${sql.table(table)}`.execute(database.db[QUERY])
  return new Map(rows.filter(({ id }) => !isFirst(table, id)).map((row) => [row.id, row]))
}

/** The rows of every synced table that head office has for a terminal are the rows of that terminal. */
export async function expectSameRows(office: Member, terminal: Member): Promise<void> {
  const isHeard = (stream: string) => stream === 'org' || stream === `store:${terminal.store}`
  for (const table of SYNCED_TABLES) {
    const expected = new Map<number, Fields>()
    for (const [id, row] of await rowsOf(office, table)) {
      if (isHeard(homeOf(table, row)) || (await sharesOf(office.database.db, table, id)).some(isHeard))
        expected.set(id, row)
    }
    const here = await rowsOf(terminal, table)
    expect(sorted(here), `${table} at node ${terminal.node}`).toEqual(sorted(expected))
  }
}

const sorted = (rows: Map<number, Fields>) => [...rows.values()].toSorted((a, b) => Number(a['id']) - Number(b['id']))

/** Nothing is held, quarantined or parked anywhere; with what and why, where it is. */
export async function expectNothingAside({ all }: Pick<Yard, 'all'>): Promise<void> {
  for (const { database, node } of all) {
    const aside = await troublesOf(database.db)
    const told = await Promise.all(aside.map(async (one) => ({ ...one, said: await saidIn(database.db, one) })))
    expect({ node, aside: told, parked: await parkedTransactions(database.db) }).toEqual({
      node,
      aside: [],
      parked: [],
    })
  }
}

/** What the ops of a transaction are about, for whoever reads that it was put aside. */
async function saidIn(
  db: Member['database']['db'],
  { origin, epoch, tx }: { origin: number; epoch: number; tx: number },
) {
  const entries = db.selectFrom('journal').select(['act', 'entity', 'kind', 'after']).where('origin', '=', origin)
  return await entries.where('epoch', '=', epoch).where('tx', '=', tx).orderBy('seq').execute()
}

/** What every node comes to that has heard everything: nothing unsent, nothing aside, the same rows, and a journal that bears them out. */
export async function expectInStep(yard: Yard): Promise<void> {
  await settleAll(yard)
  await expectNothingAside(yard)
  for (const { database, node } of yard.shops) {
    const self = await database.db.selectFrom('self').select(['epoch', 'seq']).executeTakeFirstOrThrow()
    const there = yard.office.database.db.selectFrom('origin_head').select('seq').where('origin', '=', node)
    expect((await there.where('epoch', '=', self.epoch).executeTakeFirst())?.seq ?? 0).toBe(self.seq)
  }
  for (const terminal of yard.shops) {
    await expectSameRows(yard.office, terminal)
    // What the machines themselves make of it.
    expect(await differsAt(yard.office.sync, terminal)).toEqual([])
  }
  for (const { database } of yard.all) expect((await checkContent(database)).findings).toEqual([])
}

/** What lost somewhere, register by register. */
export const conflictsAt = ({ database }: Member) => allConflicts(database.db)
