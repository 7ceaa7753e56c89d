import { expect, test } from 'vitest'
import type { ReceivedEntry } from '../../../db/applied.ts'
import { checkContent } from '../../../db/check/check-content.ts'
import { updateLocal } from '../../../db/local.ts'
import { insert, patch } from '../../../db/rows.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { endpoints } from '../../../server/app.ts'
import { NAMED_ACTS } from '../../../server/counter/aside/acts.ts'
import { GENESIS } from '../../../server/domain/chain.ts'
import { printPush } from '../../../server/sync/core/op.ts'
import { takePush } from '../../../server/sync/hub/take-push.ts'
import { listWaiting } from '../../../server/sync/waiting/list.ts'
import { otherNode } from '../../support/other-chain.ts'
import { drain, type Member, openFleet, START, takeIn } from '../../sync/support/fleet.ts'

type Chain = ReturnType<typeof otherNode>

const address = (chain: Chain, n: number, user_id: number) =>
  ({
    entity: 'address',
    row_id: chain.id(n),
    kind: 'put',
    after: {
      store_id: 2, user_id, full_name: 'Ann', phone_number: '1', address_line1: 'Road 1', city: 'C', state: 'S',
      postal_code: '1', country: 'X', is_default: 0,
    },
  }) as const // oxfmt-ignore

const push = ({ sync }: Member, entries: readonly ReceivedEntry[]) =>
  takePush(sync, 1, JSON.parse(JSON.stringify(printPush(GENESIS, entries))))

const listed = async (member: Member): Promise<any[]> => {
  const reply = await member.counter('GET', '/aside')
  expect(reply.status).toBe(200)
  return reply.body.items
}
const pathOf = ({ origin, epoch, tx }: { origin: number; epoch: number; tx: number }) =>
  `/aside/${origin}/${epoch}/${tx}`

const valueOf = async ({ database: { db } }: Member, table: SyncedTable, id: number): Promise<any> =>
  await db.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirst()

const isWell = async (members: readonly Member[]) => {
  for (const { database } of members) expect((await checkContent(database)).findings).toEqual([])
}

test('the acts that have words are endpoints that there are', () => {
  const acts = new Set(endpoints.map(({ method, path }) => `${method} ${path}`))
  expect(NAMED_ACTS.filter((act) => !acts.has(act))).toEqual([])
})

test('what is put aside is one entry for each act: who did what, about what, where and when, and why it is not applied', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const [shop] = fleet.shops as [Member]
  // Categories are head office's: the program of a shop refuses that at its counter, an older one did not.
  const { id, shown_as } = await office.database.db.selectFrom('category').selectAll().executeTakeFirstOrThrow()
  await drain(fleet)
  await shop.write((trx) => patch(trx, 'category', id, { shown_as: 'Mobiles' }))
  await drain(fleet)
  expect(await listed(office)).toEqual([
    {
      origin: 1, epoch: 1, tx: expect.any(Number), state: 'quarantined', reason: 'proposal',
      act: 'other', did: 'changed', more: false, waits_for: [], ways_out: ['take', 'retry', 'drop'],
      about: { thing: 'goods', name: shown_as ?? expect.any(String), screen: null },
      by: { person: 'Clerk of 1', terminal: 'S2-T1', store: 'Shop 1', at: START },
      changes: [
        {
          about: { thing: 'goods', name: shown_as ?? expect.any(String), screen: null },
          did: 'changed',
          values: [
            {
              column: 'shown_as',
              before: { kind: 'text', text: shown_as, number: null },
              after: { kind: 'text', text: 'Mobiles', number: null },
            },
          ],
        },
      ],
    },
  ]) // oxfmt-ignore
  expect((await office.counter('GET', '/aside/counts')).body).toMatchObject({ waiting: 1 })
  await isWell(fleet.all)
})

test('what it is about is called by its name and leads to its screen', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const { order_id } = await takeIn(office, catalogue.model_id, '0170 1')
  const { ticket_number } = await valueOf(office, 'repair_order', order_id)
  const chain = otherNode(1)
  const said = { entity: 'repair_order', row_id: order_id, kind: 'patch' } as const
  const prices = { before: { cost_cents: 9_000, discount_cents: 0 }, after: { cost_cents: 100, discount_cents: 0 } }
  await push(office, chain.says(START, [{ ...said, ...prices }]))
  const repair = { thing: 'repair', name: ticket_number, screen: { kind: 'ticket', id: order_id } }
  expect(await listed(office)).toMatchObject([
    {
      reason: 'foreign-store',
      about: repair,
      changes: [
        {
          about: repair,
          values: [{ column: 'cost_cents', before: { kind: 'cents', number: 9_000 }, after: { number: 100 } }],
        },
      ],
    },
  ])
})

test('whatever a stolen terminal writes into a column, into a moment or as its act, the list can be read', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const { order_id } = await takeIn(office, catalogue.model_id, '0170 1')
  const chain = otherNode(1)
  const patched = (after: Record<string, any>) =>
    ({ entity: 'repair_order', row_id: order_id, kind: 'patch', before: {}, after }) as const
  const deep = (levels: number): any => (levels === 0 ? 1 : [deep(levels - 1)])
  const said = [1.5, 1e30, -1, { id: 1 }, deep(60)].map((customer_id) => patched({ customer_id }))
  await push(office, [
    ...said.flatMap((one) => chain.says(START, [one])),
    ...chain.says(START, [patched({ completed_at: 9e15, picked_up_at: 9e15, status: 'Completed' })], { at: 9e15 }),
    // A row of its own store leads on by a column that is no id.
    ...chain.says(START, [{ ...address(chain, 1, 1.5) }]),
    ...chain.says(START, [patched({ note: 'Completed' })], { act: 'constructor' }),
  ])
  const items = await listed(office)
  const told = items.flatMap(({ changes }) => changes.flatMap(({ values }: any) => values))
  const after = (column: string) => told.filter((one) => one.column === column).map((one) => one.after.text)
  expect(after('customer_id')).toEqual(['#1.5', '#1e+30', '#-1', '{"id":1}', '…'])
  expect(after('completed_at')).toEqual(['9000000000000000'])
  expect(after('user_id')).toEqual(['#1.5'])
  // A word of the program is one; what somebody typed stays what they typed.
  const kindOf = (column: string) => told.find((one) => one.column === column).after
  expect(kindOf('status')).toEqual({ kind: 'repairStatus', text: 'Completed', number: null })
  expect(kindOf('note')).toEqual({ kind: 'text', text: 'Completed', number: null })
  expect(items).toHaveLength(said.length + 3)
  expect(items.find(({ act }) => act !== 'other')).toBe(undefined)
  expect(items.every(({ by }) => by.at === START || by.at === null)).toBe(true)
})

test('a proposal is taken at head office with one click, and the shop agrees with everybody', async () => {
  await using fleet = await openFleet(2)
  const { office, all } = fleet
  const [north] = fleet.shops as [Member]
  const { id } = await office.database.db.selectFrom('category').select('id').executeTakeFirstOrThrow()
  await drain(fleet)
  await north.write((trx) => patch(trx, 'category', id, { shown_as: 'Mobiles' }))
  await drain(fleet)
  const [proposal] = await listed(office)
  const taken = await office.counter('POST', `${pathOf(proposal)}/acceptance`, { text: 'why not' })
  expect(taken.status).toBe(204)
  expect(await listed(office)).toEqual([])
  expect((await office.counter('POST', `${pathOf(proposal)}/acceptance`, {})).body.code).toBe('aside-settled')
  await drain(fleet)
  for (const member of all) expect(await valueOf(member, 'category', id)).toMatchObject({ shown_as: 'Mobiles' })
  await isWell(all)
})

test('what is dropped never applies, and who wrote it has the row again as it is here', async () => {
  await using fleet = await openFleet(1)
  const { office, all } = fleet
  const [shop] = fleet.shops as [Member]
  const { id, shown_as } = await office.database.db.selectFrom('category').selectAll().executeTakeFirstOrThrow()
  await drain(fleet)
  await shop.write((trx) => patch(trx, 'category', id, { shown_as: 'Mobiles' }))
  await drain(fleet)
  const [proposal] = await listed(office)
  expect((await office.counter('POST', `${pathOf(proposal)}/rejection`, { text: 'not ours' })).status).toBe(204)
  expect(await listed(office)).toEqual([])
  await drain(fleet)
  for (const member of all) expect(await valueOf(member, 'category', id)).toMatchObject({ shown_as })
  const notes = office.database.db.selectFrom('task_note').select(['by', 'text']).where('kind', '=', 'sync')
  expect(await notes.execute()).toEqual([{ by: office.clerk.id, text: 'not ours' }])
  await isWell(all)
})

test('what is held is tried again, pointed at another row, or dropped', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const [chain, other] = [otherNode(1), otherNode(9)]
  const nobody = chain.id(900)
  const owner = await office.person('customer', { full_name: 'Ann Owner', phone: '0170 4711' })
  await office.database.flushSearchIndex()
  // Of the shop's own store, as head office believes it.
  const customer = (n: number) => ({
    entity: 'user' as const, row_id: chain.id(n), kind: 'put' as const,
    after: { store_id: 2, full_name: 'Own Customer', role: 'customer', is_staff: 0, is_active: 1 },
  }) // oxfmt-ignore
  await push(office, [
    ...chain.says(START, [customer(5)]),
    ...chain.says(START, [address(chain, 1, nobody)]),
    ...chain.says(START, [address(chain, 2, other.id(1))]),
  ])
  const [first, second] = await listed(office)
  expect(first).toMatchObject({
    state: 'held', reason: null, did: 'added', ways_out: ['retry', 'mend', 'drop'],
    waits_for: [{ entity: 'user', row_id: nobody, about: { thing: 'person', name: null, screen: null } }],
  }) // oxfmt-ignore
  const again = await office.counter('POST', `${pathOf(first)}/attempts`)
  expect([again.status, again.body]).toEqual([201, { state: 'held' }])
  // Taken as it is it leads to nowhere.
  const refused = await office.counter('POST', `${pathOf(first)}/acceptance`, {})
  expect([refused.status, refused.body.code]).toEqual([409, 'aside-needs-rows'])
  const instead = await office.counter('GET', '/aside/instead?entity=user&search=Ann')
  expect(instead.body).toEqual([{ id: owner.id, name: 'Ann Owner · 0170 4711' }])
  const rows = [{ entity: 'user', row_id: nobody, instead: owner.id }]
  const mended = await office.counter('POST', `${pathOf(first)}/acceptance`, { instead: rows })
  expect(mended.status).toBe(204)
  expect(await valueOf(office, 'address', chain.id(1))).toMatchObject({ user_id: owner.id, address_line1: 'Road 1' })
  expect((await office.counter('POST', `${pathOf(second)}/rejection`, {})).status).toBe(204)
  expect(await listed(office)).toEqual([])
  const table = await office.counter('GET', '/aside/instead?entity=payment&search=1')
  expect([table.status, table.body.detail[0].code]).toEqual([422, 'aside-not-replaceable'])
  await isWell([office])
})

test('what a newer program wrote is read again with one click once this one knows it', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const [shop] = fleet.shops as [Member]
  const { brand_id } = fleet.catalogue
  await drain(fleet)
  const { known } = office.sync
  const columns = new Map(known.columns)
  columns.delete('task_note')
  Object.assign(office.sync, { known: { ...known, columns, schema: known.schema - 1 } })
  const noted = await shop.write(
    (trx) =>
    insert(trx, 'task_note', {
      kind: 'pick-up', about_entity: 'brand', about_id: brand_id, by: shop.clerk.id, text: 'later', facts_seen: '1',
    }), // oxfmt-ignore
  )
  await drain(fleet)
  const [parked] = await listed(office)
  expect(parked).toMatchObject({ state: 'parked', ways_out: ['retry'], about: { thing: 'note' } })
  for (const what of ['acceptance', 'rejection'])
    expect((await office.counter('POST', `${pathOf(parked)}/${what}`, {})).body.code).toBe('aside-parked')
  // The counter of this program knows the table.
  const again = await office.counter('POST', `${pathOf(parked)}/attempts`)
  expect([again.status, again.body]).toEqual([201, { state: 'applied' }])
  expect(await listed(office)).toEqual([])
  expect(await valueOf(office, 'task_note', noted)).toMatchObject({ text: 'later' })
  Object.assign(office.sync, { known })
  await isWell([office])
})

test('what a terminal tries again is noted in its own store, and head office has nothing more to settle', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const [shop] = fleet.shops as [Member]
  const { brand_id } = catalogue
  await drain(fleet)
  const { known } = shop.sync
  const columns = new Map(known.columns)
  const brand = new Map(columns.get('brand'))
  brand.delete('description')
  columns.set('brand', brand)
  Object.assign(shop.sync, { known: { ...known, columns, schema: known.schema - 1 } })
  await office.write((trx) => patch(trx, 'brand', brand_id, { description: 'new' }))
  await drain(fleet)
  const [parked] = await listed(shop)
  expect(parked).toMatchObject({ origin: 0, state: 'parked', ways_out: ['retry'] })
  expect((await shop.counter('POST', `${pathOf(parked)}/attempts`)).body).toEqual({ state: 'applied' })
  expect(await valueOf(shop, 'brand', brand_id)).toMatchObject({ description: 'new' })
  Object.assign(shop.sync, { known })
  await drain(fleet)
  expect(await listed(office)).toEqual([])
  const notes = office.database.db.selectFrom('task_note').select(['by', 'store_id']).where('kind', '=', 'sync')
  expect(await notes.execute()).toEqual([{ by: shop.clerk.id, store_id: shop.store }])
  await isWell(fleet.all)
})

test('what follows a decision is done even if the session of who decided ends in between', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = otherNode(1)
  const rights = { store_id: 2, full_name: 'Eve', role: 'admin', is_staff: 1, is_active: 1, works_at: 2 }
  await push(office, [
    ...chain.says(START, [{ entity: 'user', row_id: chain.id(9), kind: 'put', after: rights }]),
    ...chain.says(START, [address(chain, 1, chain.id(9))]),
  ])
  const [proposal, held] = await listed(office)
  expect([proposal, held]).toMatchObject([{ reason: 'rights' }, { state: 'held' }])
  const by = { actor: null, device: null, act: 'test' }
  const endings: Promise<unknown>[] = []
  const stop = office.database.onCommit((rows) => {
    if (endings.length > 0 || !rows.some(({ entity }) => entity === 'quarantine')) return
    endings.push(
      office.database.write(by, (trx) =>
        updateLocal(trx, 'session', { id: 'test-0' }, { ended_at: office.clock.now() }),
      ),
    )
  })
  await office.counter('POST', `${pathOf(proposal)}/acceptance`, {})
  stop()
  expect(endings).toHaveLength(1)
  await Promise.all(endings)
  expect((await office.counter('GET', '/aside')).status).toBe(401)
  expect(await valueOf(office, 'address', chain.id(1))).toMatchObject({ user_id: chain.id(9) })
  expect(await listWaiting(office.database.db)).toEqual([])
  await isWell([office])
})

test('staff see it and try again; only an admin of the organisation takes and drops, and only at head office', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const [shop] = fleet.shops as [Member]
  const chain = otherNode(1)
  await push(office, chain.says(START, [address(chain, 1, chain.id(9))]))
  const staff = await office.person('staff')
  const [seen] = (await office.call('GET', '/counter/aside', { as: staff })).body.items
  expect(seen).toMatchObject({ state: 'held', ways_out: ['retry'] })
  const decide = (member: Member, what: string, as?: typeof staff) =>
    as
      ? member.call('POST', `/counter${pathOf(seen)}/${what}`, { as, body: {} })
      : member.counter('POST', `${pathOf(seen)}/${what}`, {})
  expect((await decide(office, 'attempts', staff)).status).toBe(201)
  for (const what of ['acceptance', 'rejection']) {
    expect((await decide(office, what, staff)).status).toBe(403)
    expect((await decide(shop, what)).body.code).toBe('organisation-admin-needed')
  }
  const admin = await shop.person('admin')
  for (const what of ['acceptance', 'rejection'])
    expect((await decide(shop, what, admin)).body.code).toBe('no-head-office')
  expect((await decide(shop, 'attempts')).body.code).toBe('aside-settled')
  expect(await listed(shop)).toEqual([])
})

test('of many that wait the list is read page by page, and windows hear of each that comes and goes', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = otherNode(1)
  const told: string[] = []
  const stop = office.database.onCommit((rows) => void told.push(...rows.map(({ entity }) => entity)))
  const entries = Array.from({ length: 60 }, (_, n) => chain.says(START, [address(chain, n + 1, chain.id(900))])).flat()
  await push(office, entries)
  expect(told).toContain('quarantine')
  const { items, next } = (await office.counter('GET', '/aside')).body
  expect(items).toHaveLength(50)
  const rest = (await office.counter('GET', `/aside?origin=${next.origin}&epoch=${next.epoch}&tx=${next.tx}`)).body
  expect(rest).toMatchObject({ next: null })
  expect([...items, ...rest.items].map(({ tx }) => tx)).toEqual(entries.map(({ tx }) => tx))
  told.length = 0
  expect((await office.counter('POST', `${pathOf(items[0])}/rejection`, {})).status).toBe(204)
  expect(told).toContain('quarantine')
  expect((await office.counter('GET', '/aside/counts')).body).toMatchObject({ waiting: 59 })
  stop()
})
