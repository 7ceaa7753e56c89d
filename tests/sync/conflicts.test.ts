import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { allConflicts } from '../../db/fleet/conflicts.ts'
import { patch, patchUnchecked, remove } from '../../db/rows.ts'
import type { SyncedTable } from '../../db/schema/schema.ts'
import { type Fleet, type Member, openFleet, settleAll, takeIn } from './support/fleet.ts'

const valueOf = async ({ database: { db } }: Member, table: SyncedTable, id: number): Promise<any> =>
  await db.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirst()

const listed = async (member: Member): Promise<any[]> => {
  const reply = await member.counter('GET', '/aside/conflicts')
  expect(reply.status).toBe(200)
  return reply.body.items
}
const keyOf = ({ entity, row_id, register, origin, epoch, seq }: any) => ({
  entity,
  row_id,
  register,
  origin,
  epoch,
  seq,
})
const decide = (member: Member, what: 'keeping' | 'restoring', one: any) =>
  member.counter('POST', `/aside/conflicts/${what}`, keyOf(one))

/** Two terminals of one store and head office, with a repair that all of them have. */
async function openStore() {
  const fleet = await openFleet(2, { oneStore: true })
  const [north, south] = fleet.shops as [Member, Member]
  const { order_id } = await takeIn(north, fleet.catalogue.model_id, '0170 5500001')
  await settleAll(fleet)
  return { ...fleet, north, south, order_id }
}

/** Both change the same with the cable out, the second a moment later: it holds everywhere. */
async function changeBoth(
  fleet: Pick<Fleet, 'shops' | 'all'>,
  change: readonly [first: (member: Member) => Promise<unknown>, second: (member: Member) => Promise<unknown>],
) {
  for (const [place, member] of fleet.shops.entries()) {
    await change[place]!(member)
    for (const { clock } of fleet.all) clock.pass(1_000)
  }
  await settleAll(fleet)
}

/** Rows, conflicts and checks are the same at all three. */
async function isEqual({ all, office }: Pick<Fleet, 'all' | 'office'>, table: SyncedTable, id: number) {
  const row = await valueOf(office, table, id)
  for (const member of all) {
    expect(await valueOf(member, table, id)).toEqual(row)
    expect(await allConflicts(member.database.db)).toEqual(await allConflicts(office.database.db))
    expect((await checkContent(member.database)).findings).toEqual([])
  }
  return row
}

const promise = (promised_at: number) => (order_id: number) => (member: Member) =>
  member.counter('PATCH', `/tickets/${order_id}`, { promised_at })
const [FIRST, SECOND] = [Date.UTC(2026, 0, 16, 17), Date.UTC(2026, 0, 17, 12)]

test('both values are shown everywhere, with who wrote each, where and when', async () => {
  const store = await openStore()
  await using _ = store
  const { order_id, all } = store
  await changeBoth(store, [promise(FIRST)(order_id), promise(SECOND)(order_id)])
  const { ticket_number } = await valueOf(store.office, 'repair_order', order_id)
  for (const member of all)
    expect(await listed(member)).toMatchObject([
      {
        entity: 'repair_order', row_id: order_id, register: 'estimated_completion_date', is_removal: false,
        about: { thing: 'repair', name: ticket_number, screen: { kind: 'ticket', id: order_id } },
        values: [
          {
            column: 'estimated_completion_date',
            lost: { kind: 'moment', number: FIRST },
            holds: { kind: 'moment', number: SECOND },
          },
        ],
        lost_by: { person: 'Clerk of 1', terminal: 'S2-T1' },
        holds_by: { person: 'Clerk of 2', terminal: 'S2-T2' },
        may_decide: true, may_restore: true,
      },
    ]) // oxfmt-ignore
  expect((await store.north.counter('GET', '/aside/counts')).body).toMatchObject({ conflicts: 1 })
})

test.each(['north', 'south', 'office'] as const)(
  'the value that lost is written again with one click at %s, and holds everywhere',
  async (where) => {
    const store = await openStore()
    await using _ = store
    const { order_id, all } = store
    await changeBoth(store, [promise(FIRST)(order_id), promise(SECOND)(order_id)])
    const [one] = await listed(store[where])
    expect((await decide(store[where], 'restoring', one)).status).toBe(204)
    expect(await listed(store[where])).toEqual([])
    await settleAll(store)
    expect(await isEqual(store, 'repair_order', order_id)).toMatchObject({ estimated_completion_date: FIRST })
    for (const member of all) expect(await listed(member)).toEqual([])
    // The timeline of the repair says it like any other promise.
    for (const member of all) {
      const events = member.database.db.selectFrom('order_event').select(['kind', 'to_value', 'store_id'])
      const last = await events.where('order_id', '=', order_id).orderBy('created_at', 'desc').executeTakeFirst()
      expect(last).toEqual({ kind: 'promise', to_value: String(FIRST), store_id: 2 })
    }
    expect((await decide(store[where], 'restoring', one)).body.code).toBe('conflict-settled')
  },
)

test.each(['north', 'office'] as const)('“keep” at %s settles it everywhere, and changes nothing', async (where) => {
  const store = await openStore()
  await using _ = store
  const { order_id, all } = store
  await changeBoth(store, [promise(FIRST)(order_id), promise(SECOND)(order_id)])
  const [one] = await listed(store[where])
  expect((await decide(store[where], 'keeping', one)).status).toBe(204)
  await settleAll(store)
  expect(await isEqual(store, 'repair_order', order_id)).toMatchObject({ estimated_completion_date: SECOND })
  for (const member of all) expect(await listed(member)).toEqual([])
})

test('both terminals decide with the cable out, each in its own way: the later word holds, and all agree', async () => {
  const store = await openStore()
  await using _ = store
  const { order_id, north, south } = store
  await changeBoth(store, [promise(FIRST)(order_id), promise(SECOND)(order_id)])
  const [one] = await listed(north)
  expect((await decide(north, 'restoring', one)).status).toBe(204)
  for (const { clock } of store.all) clock.pass(1_000)
  expect((await decide(south, 'keeping', one)).status).toBe(204)
  await settleAll(store)
  expect(await isEqual(store, 'repair_order', order_id)).toMatchObject({ estimated_completion_date: SECOND })
  // The later one knew both values: nobody is asked again.
  for (const member of store.all) expect(await listed(member)).toEqual([])
})

test('a status is set again as the counter sets it: its days follow, and the conflict is settled', async () => {
  const store = await openStore()
  await using _ = store
  const { order_id, south } = store
  const set = (status: string) => (member: Member) => member.counter('PATCH', `/tickets/${order_id}`, { status })
  await changeBoth(store, [set('Completed'), set('Cancelled')])
  const [one] = await listed(south)
  expect(one).toMatchObject({ register: 'status', values: [{ column: 'status', lost: { text: 'Completed' } }, {}] })
  expect((await decide(south, 'restoring', one)).status).toBe(204)
  const at = south.clock.now()
  await settleAll(store)
  expect(await isEqual(store, 'repair_order', order_id)).toMatchObject({ status: 'Completed', completed_at: at })
  expect(await allConflicts(store.office.database.db)).toEqual([])
})

test('a price below what was paid since is refused with a sentence, and both values stay to be seen', async () => {
  const store = await openStore()
  await using _ = store
  const { order_id, north, south } = store
  const cost = (cost_cents: number) => (member: Member) =>
    member.counter('PATCH', `/tickets/${order_id}`, { cost_cents })
  await changeBoth(store, [cost(5_000), cost(12_000)])
  const paid = await south.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 12_000, method: 'Cash' })
  expect(paid.status).toBe(201)
  await settleAll(store)
  const [one] = await listed(north)
  const refused = await decide(north, 'restoring', one)
  expect([refused.status, refused.body.code]).toEqual([400, 'order-below-paid'])
  expect(await listed(north)).toHaveLength(1)
  expect((await decide(north, 'keeping', one)).status).toBe(204)
  await settleAll(store)
  expect(await isEqual(store, 'repair_order', order_id)).toMatchObject({ cost_cents: 12_000 })
})

test('money is never written again from here, and another terminal’s not even kept', async () => {
  const store = await openStore()
  await using _ = store
  const { order_id, north, south, office } = store
  const paid = await north.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 5_000, method: 'Cash' })
  const { id } = paid.body.ticket?.payments?.[0] ?? paid.body.payments[0]
  await settleAll(store)
  // Only a program that goes past the rules changes the money of another one.
  const by = (payment_method: string) => (member: Member) =>
    member.write((trx) => patchUnchecked(trx, 'payment', id, { payment_method, transaction_id: payment_method }))
  for (const { clock } of store.all) clock.pass(1_000)
  await by('Card')(north)
  for (const { clock } of store.all) clock.pass(1_000)
  await by('Other')(office)
  await settleAll(store)
  const [one] = await listed(south)
  expect(one).toMatchObject({ entity: 'payment', may_restore: false })
  for (const member of [north, south, office])
    expect((await decide(member, 'restoring', one)).body.code).toBe('conflict-of-money')
  const foreign = await decide(south, 'keeping', one)
  expect([foreign.status, foreign.body.code]).toEqual([409, 'row-of-another-terminal'])
  expect((await decide(north, 'keeping', one)).status).toBe(204)
  await settleAll(store)
  await isEqual(store, 'payment', id)
  expect(await allConflicts(office.database.db)).toEqual([])
})

test('a row that came back is removed again, or stays, and all agree', async () => {
  const store = await openStore()
  await using _ = store
  const { north, south, office } = store
  const { customer_id } = await valueOf(office, 'repair_order', store.order_id)
  const rename = (member: Member) => member.counter('PATCH', `/customers/${customer_id}`, { full_name: 'Renamed' })
  const hide = (member: Member) => member.write((trx) => remove(trx, 'user', customer_id))
  await changeBoth(store, [hide, rename])
  const [one] = await listed(south)
  expect(one).toMatchObject({ is_removal: true, about: { name: 'Renamed' }, may_restore: true })
  expect((await north.counter('GET', '/tasks')).body).toMatchObject([{ kind: 'came-back' }])
  expect((await decide(north, 'restoring', one)).status).toBe(204)
  expect((await north.counter('GET', '/tasks')).body).toEqual([])
  await settleAll(store)
  expect((await isEqual(store, 'user', customer_id)).deleted_at).not.toBe(null)
  expect(await allConflicts(office.database.db)).toEqual([])
})

test('that a row came back may be kept so', async () => {
  const store = await openStore()
  await using _ = store
  const { south, office } = store
  const { customer_id } = await valueOf(office, 'repair_order', store.order_id)
  const rename = (member: Member) => member.counter('PATCH', `/customers/${customer_id}`, { full_name: 'Renamed' })
  await changeBoth(store, [(member) => member.write((trx) => remove(trx, 'user', customer_id)), rename])
  const [one] = await listed(south)
  expect((await decide(south, 'keeping', one)).status).toBe(204)
  await settleAll(store)
  expect(await isEqual(store, 'user', customer_id)).toMatchObject({ full_name: 'Renamed', deleted_at: null })
  expect(await allConflicts(office.database.db)).toEqual([])
})

test('what admins change they alone decide', async () => {
  const store = await openStore()
  await using _ = store
  const { office, north } = store
  const staff = await office.person('staff')
  const ring = (phone: string) => (member: Member) => member.write((trx) => patch(trx, 'store', 2, { phone }))
  await changeBoth(store, [ring('111'), ring('222')])
  const [one] = (await office.call('GET', '/counter/aside/conflicts', { as: staff })).body.items
  expect(one).toMatchObject({ entity: 'store', register: 'phone', may_decide: false })
  for (const what of ['keeping', 'restoring']) {
    const refused = await office.call('POST', `/counter/aside/conflicts/${what}`, { as: staff, body: keyOf(one) })
    expect([refused.status, refused.body.code]).toEqual([403, 'access-denied'])
  }
  expect(await listed(office)).toHaveLength(1)
  const nonsense = { ...one, entity: 'no-such-table' }
  expect((await decide(north, 'keeping', nonsense)).body.code).toBe('conflict-settled')
  expect((await decide(north, 'restoring', one)).status).toBe(204)
  await settleAll(store)
  expect(await isEqual(store, 'store', 2)).toMatchObject({ phone: '111' })
  expect(await allConflicts(office.database.db)).toEqual([])
})

test('what head office decides for all stores a terminal neither keeps nor restores', async () => {
  const store = await openStore()
  await using _ = store
  const { office, north } = store
  const { id } = await office.database.db.selectFrom('category').select('id').executeTakeFirstOrThrow()
  await north.write((trx) => patch(trx, 'category', id, { shown_as: 'Mobiles' }))
  for (const { clock } of store.all) clock.pass(1_000)
  await office.write((trx) => patch(trx, 'category', id, { shown_as: 'Phones and more' }))
  await settleAll(store)
  // Head office has put aside what the terminal said: it lost there alone.
  const [one] = await listed(north)
  expect(one).toMatchObject({ entity: 'category', register: 'shown_as', may_decide: false })
  for (const what of ['keeping', 'restoring'] as const) {
    const refused = await decide(north, what, one)
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict-foreign'])
  }
  expect(await listed(north)).toHaveLength(1)
  expect(await valueOf(north, 'category', id)).toMatchObject({ shown_as: 'Phones and more' })
})
