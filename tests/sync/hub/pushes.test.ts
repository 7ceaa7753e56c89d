import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { applyInTurns } from '../../../db/applied.ts'
import { checkContent } from '../../../db/check/check-content.ts'
import { insert } from '../../../db/rows.ts'
import { openAdmission } from '../../../server/sync/hub/admission.ts'
import { inTurns } from '../../../server/sync/hub/turns.ts'
import { SyncRefused } from '../../../server/sync/refused.ts'
import { otherNode } from '../../support/other-chain.ts'
import { openShop, type Shop } from '../../support/shop.ts'
import { customerOf, openOffice, pushOf, wireTo } from '../support/wire.ts'

const BY = { actor: null, device: null, act: 'test' }

const customersOf = async ({ database: { db } }: Shop) =>
  (await db.selectFrom('user').select('full_name').where('full_name', 'like', 'Customer%').orderBy('id').execute()).map(
    ({ full_name }) => full_name,
  )

const entriesOf = async ({ database: { db } }: Shop, origin: number) =>
  (await db.selectFrom('journal').select('seq').where('origin', '=', origin).execute()).length

test('a push is taken once, however often and in whichever order it comes', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const chain = otherNode(1)
  const [first, second, third] = [1, 2, 3].map((n) => chain.says(office.clock.now(), [customerOf(chain, n)]))
  const pushes = [pushOf(first!), pushOf(second!, first), pushOf(third!, second)]
  expect(await wire.call('/push', pushes[0])).toMatchObject({ status: 200, body: { acked: 1, troubles: [] } })
  const end = { epoch: 1, seq: 1, chain: first![0]!.chain }
  expect(await wire.call('/push', pushes[2])).toMatchObject({ status: 409, body: { error: 'gap', expected: end } })
  expect(await wire.call('/push', pushes[0])).toMatchObject({ status: 200, body: { acked: 1 } })
  expect(await wire.call('/push', pushes[1])).toMatchObject({ status: 200, body: { acked: 2 } })
  expect(await wire.call('/push', pushes[2])).toMatchObject({ status: 200, body: { acked: 3 } })
  expect(await customersOf(office)).toEqual(['Customer 1', 'Customer 2', 'Customer 3'])
  expect(await entriesOf(office, 1)).toBe(3)
})

test('whatever is wrong with a push, it is refused with a reason and nothing of it is there', async () => {
  await using office = await openOffice(2)
  const [wire, foreign] = [wireTo(office, 1), wireTo(office, 2)]
  const chain = otherNode(1)
  const entries = [1, 2].flatMap((n) => chain.says(office.clock.now(), [customerOf(chain, n)]))
  const push = pushOf(entries)
  const [op, ...others] = push.ops as unknown[][]
  const withOp = (...changes: [index: number, value: unknown][]) => ({
    ...push,
    ops: [changes.reduce((changed, [index, value]) => changed.with(index, value), op!), ...others],
  })
  const most = Number.MAX_SAFE_INTEGER
  const many = Array.from({ length: 20_001 }, () => op)
  const cases: [body: unknown, status: number, error: string][] = [
    [null, 422, 'malformed'],
    ['"push"', 422, 'malformed'],
    [[push], 422, 'malformed'],
    [{ ...push, ops: 'all' }, 422, 'malformed'],
    [{ ...push, ops: [] }, 422, 'malformed'],
    [{ ...push, ops: [null] }, 422, 'malformed'],
    [{ ...push, ops: [[]] }, 422, 'malformed'],
    [{ ...push, ops: many }, 413, 'too-many'],
    [{ ...push, from: 0 }, 422, 'malformed'],
    [{ ...push, epoch: most + 1 }, 422, 'malformed'],
    [{ ...push, chain: 'x\0' }, 422, 'malformed'],
    [withOp([2, 'yesterday']), 422, 'malformed'],
    [withOp([3, -1]), 422, 'malformed'],
    [withOp([3, 1e300]), 422, 'malformed'],
    [withOp([6, 'act\0']), 422, 'malformed'],
    [withOp([7, '\ud800']), 422, 'malformed'],
    [withOp([9, 'block']), 422, 'malformed'],
    [withOp([11, { full_name: 'no text' }]), 422, 'malformed'],
    // What was reordered, cut in the middle, or changed on its way.
    [{ ...push, ops: others }, 422, 'out-of-order'],
    [{ ...push, ops: [...others, op] }, 422, 'out-of-order'],
    [{ ...push, ops: [op] }, 422, 'digest'],
    [{ ...push, chain: 'another' }, 422, 'digest'],
    [{ ...push, epoch: 2 }, 401, 'token'],
    [{ ...push, schema: most }, 422, 'digest'],
    [withOp([7, 'drop table']), 422, 'digest'],
    [withOp([8, most]), 422, 'digest'],
    [withOp([11, '{"full_name":"Somebody else"}']), 422, 'digest'],
    [withOp([11, '{"__proto__":{"isAdmin":true}}']), 422, 'digest'],
  ]
  for (const [body, status, error] of cases) {
    const reply = await wire.call('/push', body)
    expect([reply.status, reply.body], `${error}: ${JSON.stringify(body).slice(0, 200)}`).toEqual([
      status,
      { error, detail: expect.any(String) },
    ])
  }
  // The token says whose chain it is: that of another node comes to nothing.
  expect(await foreign.call('/push', push)).toMatchObject({ status: 422, body: { error: 'digest' } })
  expect([await entriesOf(office, 1), await customersOf(office)]).toEqual([0, []])
  expect(await wire.call('/push', push)).toMatchObject({ status: 200, body: { acked: 2 } })
})

test('what is written well and makes no sense is kept and quarantined, whatever numbers and texts it has', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const chain = otherNode(1)
  const most = Number.MAX_SAFE_INTEGER
  const now = office.clock.now()
  const put = (n: number, values: object) => {
    const said = customerOf(chain, n)
    return chain.says(now, [{ ...said, after: { ...(said as { after: object }).after, ...values } } as never])
  }
  const transactions = [
    put(1, { is_active: 7 }),
    put(2, { full_name: null }),
    put(3, { phone: 12 }),
    put(4, { created_at: 'once' }),
    put(5, { works_at: most }),
    chain.says(now, [{ entity: 'user', row_id: most, kind: 'put', after: {} }]),
    chain.says(now, [{ entity: 'self' as 'user', row_id: chain.id(6), kind: 'put', after: { role: 'alone' } }]),
    chain.says(now, [{ entity: 'toString' as 'user', row_id: chain.id(6), kind: 'del' }]),
    chain.says(now, [{ entity: 'user', row_id: chain.id(7), kind: 'del' }]),
    chain.says(now, [{ entity: 'user', row_id: chain.id(8), kind: 'frobnicate' as 'del' }]),
    chain.says(now, [customerOf(chain, 9)]),
  ]
  const entries = transactions.flat()
  const reply = await wire.call('/push', pushOf(entries))
  expect(reply).toMatchObject({ status: 200, body: { acked: entries.length } })
  const troubled = (reply.body.troubles as { seq: number }[]).map(({ seq }) => seq)
  expect(troubled).not.toContain(entries.length)
  expect(troubled.length).toBeGreaterThanOrEqual(6)
  expect(await customersOf(office)).toContain('Customer 9')
  expect((await checkContent(office.database)).findings).toEqual([])
})

test('a push of a newer program is taken, and what is not known of it waits until it is', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const chain = otherNode(1)
  const said = customerOf(chain, 1) as { after: object }
  const entries = chain.says(office.clock.now(), [{ ...said, after: { ...said.after, shoe_size: 44 } } as never])
  expect(await wire.call('/push', pushOf(entries))).toMatchObject({ status: 200, body: { acked: 1, troubles: [] } })
  expect(await customersOf(office)).toEqual(['Customer 1'])
})

test('a node has one push at work; another one at the same time is told to come again', async () => {
  await using office = await openOffice(2)
  const [wire, other] = [wireTo(office, 1), wireTo(office, 2)]
  const [chain, otherChain] = [otherNode(1), otherNode(2)]
  const push = pushOf(chain.says(office.clock.now(), [customerOf(chain, 1)]))
  const token = await wire.token()
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const holding = office.database.write(BY, async () => {
    begun.resolve()
    await gate.promise
  })
  await begun.promise
  const twice = [wire.call('/push', push, { token }), wire.call('/push', push, { token })]
  const refused = await Promise.race(twice)
  expect(refused).toMatchObject({ status: 429, body: { error: 'push-in-flight' } })
  expect(refused.headers.get('retry-after')).toBe('2')
  const beside = other.call('/push', pushOf(otherChain.says(office.clock.now(), [customerOf(otherChain, 2)])))
  gate.resolve()
  await holding
  const statuses = (await Promise.all([...twice, beside])).map(({ status }) => status)
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 429])
  expect((await wire.call('/push', push)).status).toBe(200)
})

test('eight pushes are applied at once, others wait, and beyond these nobody is let in', async () => {
  await using shop = await openShop()
  const { enter, apply } = openAdmission(shop.database, { atOnce: 8, waiting: 32 })
  const leaves = Array.from({ length: 40 }, (_, node) => enter(node + 1))
  const refusal = (work: () => unknown) => {
    try {
      work()
      return null
    } catch (error) {
      return error instanceof SyncRefused ? [error.status, error.refused.error, error.headers] : error
    }
  }
  expect(refusal(() => enter(99))).toEqual([429, 'crowded', { 'Retry-After': '5' }])
  expect(refusal(() => enter(7))).toEqual([429, 'push-in-flight', { 'Retry-After': '2' }])
  leaves[0]!()
  expect(refusal(() => enter(99)())).toBe(null)
  const gate = Promise.withResolvers<void>()
  let [working, most, done] = [0, 0, 0]
  const all = Array.from({ length: 40 }, () =>
    apply(async () => {
      most = Math.max(most, ++working)
      await gate.promise
      working--
      if (++done === 3) throw new Error('one fails')
    }),
  )
  await expect.poll(() => working).toBe(8)
  gate.resolve()
  const results = await Promise.allSettled(all)
  expect([most, done, results.filter(({ status }) => status === 'rejected').length]).toEqual([8, 40, 1])
})

test('however many nodes push, whoever writes at the counter waits for one turn of theirs, and nodes take turns', async () => {
  await using shop = await openShop()
  const turns = inTurns(shop.database, new AbortController().signal)
  const happened: string[] = []
  const counterWrites: Promise<unknown>[] = []
  // As another request does, which is none of the write that is open.
  const askAtCounter = AsyncLocalStorage.bind((n: number) => {
    const write = shop.database.write(BY, async (trx) => {
      happened.push(`counter ${n}`)
      await insert(trx, 'brand', { name: `Brand ${n}`, name_key: `brand ${n}` })
    })
    counterWrites.push(write)
  })
  let turn = 0
  const push = (node: number) =>
    applyInTurns(turns, BY, [1, 2, 3], async () => {
      happened.push(`node ${node}`)
      askAtCounter(++turn)
      const began = performance.now()
      while (performance.now() - began < 51); // One turn is over after 50 ms.
    })
  await Promise.all(Array.from({ length: 8 }, (_, node) => push(node + 1)))
  await Promise.all(counterWrites)
  const nodes = happened.filter((one) => one.startsWith('node'))
  const round = Array.from({ length: 8 }, (_, node) => `node ${node + 1}`)
  expect(nodes).toEqual([...round, ...round, ...round])
  // Whoever asked during a turn comes before the next one.
  expect(happened).toEqual(nodes.flatMap((node, index) => [node, `counter ${index + 1}`]))
})

test('no turn begins once the server closes, and what was committed before stays', async () => {
  await using shop = await openShop()
  const closing = new AbortController()
  const turns = inTurns(shop.database, closing.signal)
  const begun: number[] = []
  const applying = applyInTurns(turns, BY, [1, 2], async (trx, n) => {
    begun.push(n)
    await insert(trx, 'brand', { name: `Brand ${n}`, name_key: `brand ${n}` })
    closing.abort()
    const began = performance.now()
    while (performance.now() - began < 51);
  })
  await expect(applying).rejects.toThrow()
  expect(begun).toEqual([1])
  const brands = shop.database.db.selectFrom('brand').select('name').where('name', 'like', 'Brand %')
  expect(await brands.execute()).toEqual([{ name: 'Brand 1' }])
})
