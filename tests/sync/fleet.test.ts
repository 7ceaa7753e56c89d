import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { allConflicts } from '../../db/fleet/conflicts.ts'
import { checkContent } from '../../db/check/check-content.ts'
import { QUERY } from '../../db/handle.ts'
import { sharesOf } from '../../db/fleet/feed.ts'
import { SYNCED_TABLES, type SyncedTable } from '../../db/schema/schema.ts'
import { parkedTransactions, troublesOf } from '../../db/fleet/waiting.ts'
import { homeOf } from '../../server/sync/core/closure.ts'
import type { Fields } from '../../server/sync/core/registers.ts'
import { drain, type Fleet, type Line, type Member, openFleet, tryOnce } from './support/fleet.ts'

/** Days of a fleet through the program's own ways of writing, over lines that are down, lose and double. */

/** Numbers below `most` that are the same in each run. */
function drawn(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}
type Draw = ReturnType<typeof drawn>

const MINUTE = 60_000
const STATUSES = ['Pending', 'Repairing', 'Completed'] as const

/** Repairs, customers and products that a member sees. */
const idsOf = async ({ database: { db } }: Member, table: 'repair_order' | 'user' | 'device') =>
  (await db.selectFrom(table).select(['id', 'store_id']).where('deleted_at', 'is', null).orderBy('id').execute()) as {
    id: number
    store_id: number
  }[]

/** One thing that somebody does at a counter. Refusals are part of a day: what is paid is not paid again. */
async function doSomething(
  member: Member,
  { catalogue }: Fleet,
  draw: Draw,
  n: number,
  what: number = draw(8),
): Promise<void> {
  const tickets = (await idsOf(member, 'repair_order')).filter(isOfMember(member))
  const ticket = tickets[draw(Math.max(1, tickets.length))]?.id
  const customers = await member.database.db
    .selectFrom('user')
    .select(['id', 'store_id'])
    .where('role', '=', 'customer')
    .orderBy('id')
    .execute()
    .then((rows) => rows.filter(isOfMember(member)))
  const customer = customers[draw(Math.max(1, customers.length))]?.id
  const ask = (method: string, path: string, body: object) => member.counter(method, path, body)
  const deeds = [
    () =>
      ask('POST', '/intakes', {
        customer: {
          full_name: `Customer ${member.node} ${n}`,
          phone: `0170 5${member.node}${String(n).padStart(5, '0')}`,
        },
        device: { model_id: catalogue.model_id },
        problem_id: catalogue.problem_id,
        estimate_cents: 9_000,
      }),
    () => ask('POST', `/tickets/${ticket}/payments`, { amount_cents: 500 + draw(900), method: 'Cash' }),
    () => ask('PATCH', `/tickets/${ticket}`, { status: STATUSES[draw(STATUSES.length)] }),
    () => ask('PATCH', `/tickets/${ticket}`, { note: `Note ${n}` }),
    () => ask('PATCH', `/customers/${customer}`, { full_name: `Renamed ${member.node} ${n}` }),
    () => ask('PATCH', `/customers/${customer}`, { phone: `0171 5${member.node}${String(n).padStart(5, '0')}` }),
    () => ask('POST', `/products/${catalogue.product_id}/stock/receipts`, { quantity: 1 + draw(3) }),
    () => ask('POST', `/products/${catalogue.product_id}/stock/write-offs`, { quantity: 1, note: 'dropped' }),
  ]
  const reply = await deeds[what]!()
  if (reply.status >= 500) throw new Error(reply.text)
  if (what < 1 && reply.status >= 400) throw new Error(reply.text)
}

/** Head office works on everybody's tickets, a shop on its own. */
const isOfMember =
  ({ node, store }: Member) =>
  ({ store_id }: { store_id: number }) =>
    node === 0 || store_id === store

const BAD: readonly ReturnType<Line['now']>[] = ['good', 'request lost', 'reply lost', 'doubled']

const [INTAKE, RECEIPT] = [0, 6]

async function day(fleet: Fleet, draw: Draw, deeds: number, begun: number): Promise<void> {
  for (const [index, member] of fleet.all.entries())
    for (const what of [INTAKE, RECEIPT]) await doSomething(member, fleet, draw, begun + 50 + index, what)
  await drain(fleet)
  for (const shop of fleet.shops) shop.line.now = () => 'request lost'
  for (let n = 0; n < deeds; n++) {
    for (const member of fleet.all) member.clock.pass(MINUTE)
    await doSomething(fleet.all[draw(fleet.all.length)]!, fleet, draw, begun + n)
  }
  for (const shop of fleet.shops) shop.line.now = () => BAD[draw(BAD.length)]!
  for (let n = 0; n < 6; n++) await tryOnce(fleet.shops[draw(fleet.shops.length)]!, 1 + draw(20))
}

/** The rows of a table, by id. */
async function rowsOf({ database }: Member, table: SyncedTable): Promise<Map<number, Fields>> {
  const { rows } = await sql<Fields & { id: number }>`select * from ${sql.table(table)}`.execute(database.db[QUERY])
  return new Map(rows.map((row) => [row.id, row]))
}

/** The first store and the first node are there before the journal, in each new database. */
const isFirst = (table: SyncedTable, id: number) => (table === 'store' && id === 1) || (table === 'node' && id === 0)

/** What head office has that a shop is to have, row by row; and all that this shop has. */
async function sameRows(office: Member, shop: Member): Promise<void> {
  for (const table of SYNCED_TABLES) {
    const [all, here] = [await rowsOf(office, table), await rowsOf(shop, table)]
    const expected = new Map<number, Fields>()
    for (const [id, row] of all) {
      const streams = [homeOf(table, row), ...(await sharesOf(office.database.db, table, id))]
      if (!isFirst(table, id) && streams.some((stream) => stream === 'org' || stream === `store:${shop.store}`))
        expected.set(id, row)
    }
    const found = new Map([...here].filter(([id]) => !isFirst(table, id)))
    expect(sorted(found), `${table} at ${shop.node}`).toEqual(sorted(expected))
  }
}

const sorted = (rows: Map<number, Fields>) => [...rows.values()].toSorted((a, b) => Number(a['id']) - Number(b['id']))

async function paidIn({ database: { db } }: Member, store: number): Promise<number> {
  const sum = db.selectFrom('payment_entry').select(({ fn }) => fn.sum<number>('amount_cents').as('cents'))
  return (await sum.where('store_id', '=', store).executeTakeFirstOrThrow()).cents
}

/** By which stamps head office judged entries of a node, where those are not their own. */
const stampsOf = ({ database: { db } }: Member, origin: number) =>
  db
    .selectFrom('journal')
    .select(['seq', 'stamp'])
    .where('origin', '=', origin)
    .where('stamp', 'is not', null)
    .orderBy('seq')
    .execute()

async function stockIn({ database: { db } }: Member, store: number, product: number): Promise<number> {
  const sum = db.selectFrom('stock_movement').select(({ fn }) => fn.sum<number>('quantity').as('pieces'))
  const { pieces } = await sum.where('store_id', '=', store).where('product_id', '=', product).executeTakeFirstOrThrow()
  return pieces
}

test.each([1, 2, 3])(
  'after days with the cable out head office and all shops have the same rows, money and stock (%i)',
  async (seed) => {
    await using fleet = await openFleet(2)
    const { office, shops, catalogue } = fleet
    const draw = drawn(seed)
    shops[1]!.clock.jump(60 * MINUTE)
    for (let n = 0; n < 3; n++) await day(fleet, draw, 16, n * 100)
    await drain(fleet)
    for (const { database } of fleet.all)
      expect([await troublesOf(database.db), await parkedTransactions(database.db)]).toEqual([[], []])
    const conflicts = await allConflicts(office.database.db)
    if (seed === 1) expect(conflicts).not.toEqual([])
    expect(await stampsOf(shops[1]!, 2)).toEqual(await stampsOf(office, 2))
    for (const shop of shops) {
      await sameRows(office, shop)
      expect(await paidIn(shop, shop.store)).toBe(await paidIn(office, shop.store))
      const stock = (member: Member) => stockIn(member, shop.store, catalogue.product_id)
      expect(await stock(shop)).toBe(await stock(office))
      const heard = await Promise.all(conflicts.map(async (one) => (await rowsOf(shop, one.entity)).has(one.row_id)))
      expect(await allConflicts(shop.database.db)).toEqual(conflicts.filter((_, index) => heard[index]))
    }
    for (const { database } of fleet.all) expect((await checkContent(database)).findings).toEqual([])
    expect(await paidIn(office, 2)).toBeGreaterThan(0)
  },
)
