import { expect, test } from 'vitest'
import type { ReceivedEntry } from '../../db/applied.ts'
import { checkContent } from '../../db/check/check-content.ts'
import { insert } from '../../db/rows.ts'
import { isWaiting, troublesOf } from '../../db/fleet/waiting.ts'
import { GENESIS } from '../../server/domain/chain.ts'
import { answerPull } from '../../server/sync/hub/answer-pull.ts'
import { takePush } from '../../server/sync/hub/take-push.ts'
import { pullOnce } from '../../server/sync/agent/pull.ts'
import { pushOnce } from '../../server/sync/agent/push.ts'
import { ParentRefused } from '../../server/sync/agent/send.ts'
import { printPush } from '../../server/sync/core/op.ts'
import { otherNode } from '../support/other-chain.ts'
import { drain, type Member, openFleet, START } from './support/fleet.ts'

/** A terminal that says whatever it likes, under the number of the fleet's first shop. */
const anyNode = () => otherNode(1)
type Chain = ReturnType<typeof anyNode>
type Said = Parameters<Chain['says']>[1][number]

const customer = (chain: Chain, n: number, store_id = 2): Said => ({
  entity: 'user',
  row_id: chain.id(n),
  kind: 'put',
  after: { store_id, full_name: `Customer ${n}`, role: 'customer', is_staff: 0, is_active: 1 },
})

const pushOf = (entries: readonly ReceivedEntry[], before: readonly ReceivedEntry[] = []) =>
  JSON.parse(JSON.stringify(printPush(before.at(-1)?.chain ?? GENESIS, entries))) as ReturnType<typeof printPush>

const take = ({ sync }: Member, body: unknown, node = 1) => takePush(sync, node, body)

const entriesOf = async ({ database: { db } }: Member, origin: number) => {
  const { n } = await db
    .selectFrom('journal')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('origin', '=', origin)
    .executeTakeFirstOrThrow()
  return n
}

const nameOf = async ({ database: { db } }: Member, id: number) =>
  (await db.selectFrom('user').select('full_name').where('id', '=', id).executeTakeFirst())?.full_name

test('a gap and another chain are answered with where the chain ends here, and nothing of them is taken', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = anyNode()
  const [first, second, third] = [1, 2, 3].map((n) => chain.says(START, [customer(chain, n)])) as [
    ReceivedEntry[],
    ReceivedEntry[],
    ReceivedEntry[],
  ]
  expect(await take(office, pushOf(first))).toMatchObject({ acked: 1, troubles: [] })
  const end = { epoch: 1, seq: 1, chain: first[0]!.chain }
  expect(await take(office, pushOf(third, second))).toMatchObject({ error: 'gap', expected: end })
  const copy = anyNode()
  const other = copy.says(START + 1, [customer(copy, 1)])
  const more = copy.says(START + 2, [customer(copy, 9)])
  expect(await take(office, pushOf(other))).toMatchObject({ error: 'fork', expected: end })
  expect(await take(office, pushOf(more, other))).toMatchObject({ error: 'fork', expected: end })
  expect(await take(office, pushOf([...other, ...more]))).toMatchObject({ error: 'fork', expected: end })
  expect([await entriesOf(office, 1), await nameOf(office, chain.id(9))]).toEqual([1, undefined])
  expect(await take(office, pushOf([...first, ...second, ...third]))).toMatchObject({ acked: 3 })
  expect(await entriesOf(office, 1)).toBe(3)
})

test('a body, a number or a name that was changed on the way is refused whole', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = anyNode()
  const push = pushOf([...chain.says(START, [customer(chain, 1)]), ...chain.says(START, [customer(chain, 2)])])
  const forged = JSON.stringify(push).replace('Customer 2', 'Customer 3')
  expect(await take(office, JSON.parse(forged))).toMatchObject({ error: 'digest' })
  // The origin is who signed in: the same ops are no chain of another node's.
  expect(await take(office, push, 0)).toMatchObject({ error: 'digest' })
  for (const body of [null, [], 'x', {}, { ...push, ops: [] }, { ...push, ops: [[]] }, { ...push, from: -1 }])
    expect(await take(office, body)).toMatchObject({ error: 'malformed' })
  expect(await entriesOf(office, 1)).toBe(0)
})

test('more transactions than a push has, or one that no push has, are refused whole', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = anyNode()
  const many = Array.from({ length: 501 }, (_, n) => chain.says(START, [customer(chain, n + 1)])).flat()
  expect(await take(office, pushOf(many))).toMatchObject({ error: 'too-many' })
  const [other] = [anyNode()]
  const one = other.says(
    START,
    Array.from({ length: 20_001 }, (_, n) => customer(other, n + 1)),
  )
  expect(await take(office, pushOf(one))).toMatchObject({ error: 'too-many' })
  expect(await entriesOf(office, 1)).toBe(0)
  expect(await take(office, pushOf(many.slice(0, 500)))).toMatchObject({ acked: 500 })
})

test('what a terminal may not say is quarantined whole, kept, and stops nothing that follows', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const chain = anyNode()
  const foreign = { ...customer(chain, 1), row_id: otherNode(2).id(1) }
  const transactions = [
    chain.says(START, [customer(chain, 1), foreign]),
    chain.says(START, [customer(chain, 2, 1)]),
    chain.says(START, [{ ...customer(chain, 3), after: { ...customer(chain, 3), role: 'admin' } } as Said]),
    chain.says(START, [customer(chain, 4)]),
  ]
  expect(await take(office, pushOf(transactions.flat()))).toMatchObject({
    acked: 5,
    troubles: [
      { seq: 2, state: 'quarantined', reason: 'foreign-id' },
      { seq: 3, state: 'quarantined', reason: 'foreign-store' },
      { seq: 4, state: 'quarantined', reason: expect.any(String) },
    ],
  })
  expect(await nameOf(office, chain.id(1))).toBe(undefined)
  expect(await nameOf(office, chain.id(4))).toBe('Customer 4')
  expect(await isWaiting(office.database.db, { origin: 1, epoch: 1, tx: 1 })).toBe(true)
  // Nothing of it is in the rows, and the check knows.
  expect(await checkContent(office.database)).toMatchObject({ findings: [] })
  const heard = await answerPull(office.sync, 1, { cursors: { org: NONE, store: NONE } })
  expect(JSON.stringify(heard)).not.toContain('Customer 2')
})

const NONE = { seq: 0, mark: '' }

test('what refers to a row that is not here waits for it, is told as held, and comes in with it', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const { brand_id, device_type_id, model_id } = catalogue
  const chain = anyNode()
  const device = (n: number, owner_id: number): Said => ({
    entity: 'device',
    row_id: chain.id(n),
    kind: 'put',
    after: { store_id: 2, owner_id, brand_id, device_type_id, model_id, serial_number: `SN${n}`, serial_key: `sn${n}` },
  })
  const early = chain.says(START, [device(1, chain.id(7))])
  const [before, after] = [{ notes: null }, { notes: 'scratched' }]
  const upon = chain.says(START, [{ entity: 'device', row_id: chain.id(1), kind: 'patch', before, after }])
  const late = chain.says(START, [customer(chain, 7)])
  expect(await take(office, pushOf([...early, ...upon]))).toMatchObject({
    acked: 2,
    troubles: [
      { seq: 1, state: 'held', reason: null },
      { seq: 2, state: 'held', reason: null },
    ],
  })
  expect((await checkContent(office.database)).findings).toEqual([])
  expect(await take(office, pushOf(late, upon))).toMatchObject({ acked: 3, troubles: [] })
  const row = office.database.db.selectFrom('device').select(['owner_id', 'notes']).where('id', '=', chain.id(1))
  expect(await row.executeTakeFirst()).toEqual({ owner_id: chain.id(7), notes: 'scratched' })
  expect(await troublesOf(office.database.db)).toEqual([])
  expect((await checkContent(office.database)).findings).toEqual([])
})

test('a pull of another past is answered with where to begin, and the node hears all again', async () => {
  await using fleet = await openFleet(1)
  const [shop] = fleet.shops as [Member]
  await drain(fleet)
  const org = { seq: 3, mark: 'not-a-mark' }
  const body = { cursors: { org, store: NONE } }
  expect(await answerPull(fleet.office.sync, 1, body)).toMatchObject({ error: 'cursor', expected: NONE })
  expect(await answerPull(fleet.office.sync, 1, { cursors: {} })).toMatchObject({ error: 'malformed' })
  expect(await answerPull(fleet.office.sync, 99, body)).toMatchObject({ error: 'unknown-node' })
  const refuse = async () => ({ error: 'cursor', detail: 'no', expected: NONE })
  expect(await pullOnce(shop.sync, refuse)).toEqual({ heard: 0, more: true })
  const cursors = shop.database.db.selectFrom('cursor').select(['seq', 'mark'])
  expect(await cursors.execute()).toEqual([NONE, NONE])
  await drain(fleet)
  expect((await checkContent(shop.database)).findings).toEqual([])
})

test('a reply whose ops do not come to its mark, or that is none, changes nothing', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const [shop] = fleet.shops as [Member]
  const addBrand = (member: Member, name: string) =>
    member.write((trx) => insert(trx, 'brand', { name, name_key: name.toLowerCase() }))
  await addBrand(office, 'Nokia')
  const rows = async ({ database: { db } }: Member) => (await db.selectFrom('brand').select('id').execute()).length
  const before = await rows(shop)
  const cut = async (_: string, body: unknown) => {
    const reply = (await answerPull(office.sync, 1, JSON.parse(JSON.stringify(body)))) as { cursors: { org: object } }
    return { ...reply, cursors: { ...reply.cursors, org: { seq: 1, mark: 'another' } } }
  }
  await expect(pullOnce(shop.sync, cut)).rejects.toThrow('do not come to its mark')
  for (const reply of [null, {}, 'x', { org: [], store: [] }])
    await expect(pullOnce(shop.sync, async () => reply)).rejects.toThrow()
  expect(await rows(shop)).toBe(before)
  await addBrand(shop, 'Sony')
  await expect(pushOnce(shop.sync, async () => ({ acked: 1, chain: 'x', troubles: [], stamps: [] }))).rejects.toThrow(
    'another push',
  )
  await expect(pushOnce(shop.sync, async () => ({ error: 'fork', detail: 'another chain' }))).rejects.toThrow(
    ParentRefused,
  )
  await drain(fleet)
  expect([await rows(office), await rows(shop)]).toEqual([before + 2, before + 2])
})
