import { expect, test } from 'vitest'
import { inStore } from '../../../db/handle.ts'
import { MIGRATION_COUNT } from '../../../db/row-states.ts'
import { insert } from '../../../db/rows.ts'
import { streamHead } from '../../../db/fleet/feed.ts'
import { GENESIS } from '../../../server/domain/chain.ts'
import { openDigestDesk } from '../../../server/sync/digests/desk.ts'
import { openSync } from '../../../server/sync/take.ts'
import { eventually } from '../../support/eventually.ts'
import type { Shop } from '../../support/shop.ts'
import { helloOf, openOffice, shutOut, type Wire, wireTo } from '../support/wire.ts'

/** What head office answers a node that asks what its rows come to. */

const BY = { actor: null, device: null, act: 'test' }
const ROOT = '0'.repeat(32)

/** A customer of a store. */
const customer = (office: Shop, store: number, full_name: string) =>
  office.database.write(BY, (trx) =>
    insert(inStore(trx, store), 'user', { full_name, role: 'customer', is_staff: false, is_active: true }),
  )

/** Where a node stands that has heard everything and written nothing. */
async function standing({ database: { db } }: Shop, { node }: Wire) {
  const { store_id } = await db.selectFrom('node').select('store_id').where('id', '=', node).executeTakeFirstOrThrow()
  const cursors = { org: await streamHead(db, 'org'), store: await streamHead(db, `store:${store_id}`) }
  return { epoch: 1, seq: 0, chain: GENESIS, cursors }
}

async function ask(office: Shop, wire: Wire, about: object, changes: object = {}) {
  await wire.call('/hello', helloOf(office))
  return await wire.call('/digests', { at: await standing(office, wire), schema: MIGRATION_COUNT, about, ...changes })
}

test('a node is told which table, day and rows it is to have, and nothing of other stores whatever it asks', async () => {
  await using office = await openOffice(2)
  const [mine, theirs] = [await customer(office, 2, 'Mine'), await customer(office, 3, 'Theirs')]
  const wire = wireTo(office, 1)
  const all = await eventually(async () => {
    const { body } = await ask(office, wire, { of: 'all', root: ROOT })
    expect(body.state).toBe('tables')
    return body.tables as [string, { rows: number }][]
  })
  const users = all.find(([table]) => table === 'user')![1].rows
  const staff = office.database.db.selectFrom('user').select('id').where('id', 'not in', [mine, theirs])
  expect(users).toBe((await staff.execute()).length + 1)
  const { days } = (await ask(office, wire, { of: 'table', table: 'user' })).body
  const day = days[0][0]
  const { rows, more } = (await ask(office, wire, { of: 'day', table: 'user', day, after: -1 })).body
  expect(more).toBe(false)
  expect(rows.map(([id]: [number]) => id)).toContain(mine)
  expect(rows.map(([id]: [number]) => id)).not.toContain(theirs)
  const asked = [['user', mine], ['user', theirs], ['user', 12_345], ['store', 3]] // oxfmt-ignore
  const whole = await ask(office, wire, { of: 'rows', rows: asked })
  // Stores are everybody's.
  expect(whole.body.whole.map(({ table, id }: any) => [table, id])).toEqual([['user', mine], ['store', 3]]) // oxfmt-ignore
  expect(whole.body.read).toBe(4)
  expect(whole.text).not.toContain('Theirs')
})

test('a node that has not heard everything, or has another program, is answered that nothing is compared', async () => {
  await using office = await openOffice(1)
  const wire = wireTo(office, 1)
  const about = { of: 'all', root: ROOT }
  await wire.call('/hello', helloOf(office))
  const at = await standing(office, wire)
  const reasonOf = async (changes: object) => {
    const { status, body } = await ask(office, wire, about, changes)
    return [status, body.state, body.reason]
  }
  expect(await reasonOf({ schema: MIGRATION_COUNT - 1 })).toEqual([200, 'not-now', 'other-program'])
  expect(await reasonOf({ at: { ...at, seq: 7 } })).toEqual([200, 'not-now', 'unsent'])
  expect(await reasonOf({ at: { ...at, cursors: { ...at.cursors, org: { seq: 0, mark: '' } } } })).toEqual([
    200,
    'not-now',
    'behind',
  ])
  await office.database.write(BY, (trx) => insert(trx, 'brand', { name: 'Nokia', name_key: 'nokia' }))
  expect(await reasonOf({ at })).toEqual([200, 'not-now', 'behind'])
})

test('what is no question is refused, and whoever was shut out is answered nothing', async () => {
  await using office = await openOffice(1)
  const wire = wireTo(office, 1)
  await wire.call('/hello', helloOf(office))
  const at = await standing(office, wire)
  const good = { at, schema: MIGRATION_COUNT, about: { of: 'all', root: ROOT } }
  const rows = Array.from({ length: 201 }, (_, id) => ['user', id])
  const bad: unknown[] = [
    [], 7, {}, { ...good, at: null }, { ...good, at: { ...at, seq: -1 } }, { ...good, at: { ...at, seq: 1.5 } },
    { ...good, at: { ...at, cursors: {} } }, { ...good, about: { of: 'everything' } }, { ...good, about: { of: 'all', root: 'x' } },
    { ...good, about: { of: 'table', table: 'session' } }, { ...good, about: { of: 'table', table: '__proto__' } },
    { ...good, about: { of: 'day', table: 'user', day: -1, after: 0 } }, { ...good, about: { of: 'day', table: 'user', day: 1e15, after: 0 } },
    { ...good, about: { of: 'rows', rows: [] } }, { ...good, about: { of: 'rows', rows } },
    { ...good, about: { of: 'rows', rows: [['credential', 1]] } }, { ...good, about: { of: 'rows', rows: [['user', 2 ** 60]] } },
    { ...good, schema: 'new' },
  ] // oxfmt-ignore
  for (const body of bad) expect([body, (await wire.call('/digests', body)).status]).toEqual([body, 422])
  const beyond = { of: 'rows', rows: [['user', Number.MAX_SAFE_INTEGER]] }
  expect((await wire.call('/digests', { ...good, about: beyond })).body).toEqual({ state: 'whole', whole: [], read: 1 })
  expect((await wire.call('/digests', good, { token: 'none' })).status).toBe(401)
  await shutOut(office, 1)
  expect((await wire.call('/digests', good)).status).toBe(403)
})

test('one question of a node is answered at a time, and of a large fleet not too many wait', async () => {
  await using office = await openOffice(0)
  const { signal } = new AbortController()
  const desk = openDigestDesk(await openSync(office.database), { signal, onError: () => {} })
  const leave = desk.enter(1)
  expect(() => desk.enter(1)).toThrow('crowded')
  for (let node = 2; node <= 16; node++) desk.enter(node)
  expect(() => desk.enter(17)).toThrow('crowded')
  leave()
  desk.enter(17)
})
