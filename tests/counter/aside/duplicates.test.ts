import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { insert } from '../../../db/rows.ts'
import { tellOfPair } from '../../../server/sync/after/duplicates.ts'
import { type Member, openFleet, settleAll, takeIn } from '../../sync/support/fleet.ts'

const listed = async (member: Member): Promise<any[]> => {
  const reply = await member.counter('GET', '/aside/duplicates')
  expect(reply.status).toBe(200)
  return reply.body.items
}
const say = (member: Member, { entity, sides: [first, second] }: any, said: 'same' | 'apart') =>
  member.counter('POST', '/aside/duplicates', { entity, one: first.id, other: second.id, said })

const markOf = async ({ database: { db } }: Member, id: number) =>
  (await db.selectFrom('user').select('duplicate_of').where('id', '=', id).executeTakeFirstOrThrow()).duplicate_of

/** Both terminals of a store took one customer in with the cable out. */
async function openStore() {
  const fleet = await openFleet(2, { oneStore: true })
  const [north, south] = fleet.shops as [Member, Member]
  await takeIn(north, fleet.catalogue.model_id, '0170 5500001')
  for (const { clock } of fleet.all) clock.pass(1_000)
  await takeIn(south, fleet.catalogue.model_id, '0170 5500001')
  await settleAll(fleet)
  return { ...fleet, north, south }
}

test('one person who was added twice is shown side by side at every machine, the earlier row first', async () => {
  const store = await openStore()
  await using _ = store
  for (const member of store.all) {
    const [pair, ...others] = await listed(member)
    expect(others).toEqual([])
    expect(pair).toMatchObject({
      entity: 'user', kind: 'person', may_tell: true,
      sides: [
        { terminal: 'S2-T1', about: { thing: 'person', name: 'Customer 0170 5500001', screen: { kind: 'customer' } } },
        { terminal: 'S2-T2' },
      ],
    }) // oxfmt-ignore
    expect(pair.values).toContainEqual({
      column: 'phone', is_same: true,
      each: [{ kind: 'text', text: '0170 5500001', number: null }, { kind: 'text', text: '0170 5500001', number: null }],
    }) // oxfmt-ignore
    expect((await member.counter('GET', '/aside/counts')).body).toMatchObject({ duplicates: 1 })
  }
})

test.each(['north', 'office'] as const)('that they are two is said at %s, and no machine asks again', async (where) => {
  const store = await openStore()
  await using _ = store
  const [pair] = await listed(store[where])
  expect((await say(store[where], pair, 'apart')).status).toBe(204)
  expect(await listed(store[where])).toEqual([])
  await settleAll(store)
  for (const member of store.all) {
    expect(await listed(member)).toEqual([])
    expect(await markOf(member, pair.sides[1].id)).toBe(null)
    expect((await checkContent(member.database)).findings).toEqual([])
  }
})

test('that they are one is said once: the mark stays, and nobody is asked again', async () => {
  const store = await openStore()
  await using _ = store
  const [pair] = await listed(store.south)
  expect((await say(store.south, pair, 'same')).status).toBe(204)
  await settleAll(store)
  for (const member of store.all) {
    expect(await listed(member)).toEqual([])
    expect(await markOf(member, pair.sides[1].id)).toBe(pair.sides[0].id)
  }
  const gone = { ...pair, sides: [pair.sides[0], { id: 999_999 }] }
  expect((await say(store.south, gone, 'same')).body.code).toBe('pair-not-here')
  expect((await say(store.south, { ...pair, sides: [pair.sides[0], pair.sides[0]] }, 'same')).status).toBe(404)
})

test('of names in the list that all stores have, and of who works, admins of head office alone say what is one', async () => {
  const store = await openStore()
  await using _ = store
  const { office, north } = store
  for (const shop of store.shops) {
    await shop.write((trx) => insert(trx, 'brand', { name: 'Nothing', name_key: 'nothing' }))
    for (const { clock } of store.all) clock.pass(1_000)
  }
  await settleAll(store)
  const brandIn = (pairs: any[]) => pairs.find(({ entity }) => entity === 'brand')
  const staff = await office.person('staff')
  const ofStaff = (await office.call('GET', '/counter/aside/duplicates', { as: staff })).body.items
  // Not because of the machine: at head office an admin says it.
  expect(brandIn(ofStaff)).toMatchObject({ kind: 'catalogue', may_tell: false, is_offices: false })
  const { entity, sides } = brandIn(await listed(office))
  const body = { entity, one: sides[0].id, other: sides[1].id, said: 'apart' }
  const refused = await office.call('POST', '/counter/aside/duplicates', { as: staff, body })
  expect([refused.status, refused.body.code]).toEqual([403, 'access-denied'])
  // The rows are of one store: head office heeds its admin's word.
  expect(brandIn(await listed(north))).toMatchObject({ may_tell: true })
  const worker = { full_name: 'Ann', role: 'admin', is_staff: true, is_active: true, works_at: 2, email: 'a@example.com' } as const // oxfmt-ignore
  const twins = await office.write(async (trx) => [
    await insert(trx, 'user', { ...worker, email_key: 'a@example.com' }),
    await insert(trx, 'user', { ...worker, email_key: 'a@example.com' }),
  ])
  await settleAll(store)
  const [one, other] = twins as [number, number]
  const foreign = await north.counter('POST', '/aside/duplicates', { entity: 'user', one, other, said: 'same' })
  expect([foreign.status, foreign.body.code]).toEqual([403, 'pair-of-others'])
  expect((await office.counter('POST', '/aside/duplicates', { entity: 'user', one, other, said: 'same' })).status).toBe(
    204,
  )
})

test('of two rows that nothing takes for one nobody says anything', async () => {
  const store = await openStore()
  await using _ = store
  const { office, south } = store
  const customer = { role: 'customer', is_staff: false, is_active: true } as const
  const [one, other] = [
    await south.write((trx) => insert(trx, 'user', { ...customer, full_name: 'Ann' })),
    await south.write((trx) => insert(trx, 'user', { ...customer, full_name: 'Ben' })),
  ]
  await settleAll(store)
  for (const member of [office, south])
    for (const said of ['same', 'apart']) {
      const refused = await member.counter('POST', '/aside/duplicates', { entity: 'user', one, other, said })
      expect([refused.status, refused.body.code]).toEqual([409, 'pair-settled'])
    }
  await settleAll(store)
  for (const { database } of store.all)
    expect(await database.db.selectFrom('task_note').select('id').execute()).toEqual([])
})

test('a pair is found and counted however many are settled before it', async () => {
  const store = await openStore()
  await using _ = store
  const { office } = store
  const [first] = await listed(office)
  const customer = { role: 'customer', is_staff: false, is_active: true } as const
  await office.write(async (trx) => {
    for (let n = 0; n < 60; n++) {
      const original = await insert(trx, 'user', { ...customer, full_name: `Customer ${n}` })
      const later = await insert(trx, 'user', { ...customer, full_name: `Customer ${n}`, duplicate_of: original })
      await tellOfPair(trx, 'user', [original, later], 'same')
    }
  })
  const last = await office.write(async (trx) => {
    const original = await insert(trx, 'user', { ...customer, full_name: 'Last' })
    return await insert(trx, 'user', { ...customer, full_name: 'Last', duplicate_of: original })
  })
  const { items, next } = (await office.counter('GET', '/aside/duplicates')).body
  expect(items.map(({ sides }: any) => sides[1].id).toSorted()).toEqual([first.sides[1].id, last].toSorted())
  expect(next).toBe(null)
  expect((await office.counter('GET', '/aside/counts')).body).toMatchObject({ duplicates: 2 })
})
