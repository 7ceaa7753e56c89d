import { expect, test } from 'vitest'
import { GENESIS } from '../../../server/domain/chain.ts'
import { MIGRATION_COUNT } from '../../../db/row-states.ts'
import { moveOriginHead } from '../../../db/fleet/origin-heads.ts'
import { openSpread } from '../../../server/sync/hub/spread.ts'
import { ENGINE } from '../../support/database.ts'
import { otherNode } from '../../support/other-chain.ts'
import type { Shop } from '../../support/shop.ts'
import { customerOf, helloOf, NOTHING_HEARD, openOffice, pushOf, wireTo } from '../support/wire.ts'

const contactOf = ({ database: { db } }: Shop, node: number) =>
  db.selectFrom('node_contact').selectAll().where('node_id', '=', node).executeTakeFirst()

test('a node hears how far its chain and its streams are, and head office writes down what it said of itself', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const chain = otherNode(1)
  const [first, second] = [1, 2].map((n) => chain.says(office.clock.now(), [customerOf(chain, n)]))
  expect((await wire.call('/push', pushOf(first!))).status).toBe(200)
  const at = office.clock.now()
  const end = { seq: 2, chain: second![0]!.chain }
  const waiting = { ops: 1, oldest_at: at - 5_000, photos: 3 }
  const said = helloOf(office, {
    ...end,
    acked: { seq: 1, chain: first![0]!.chain },
    clock: at + 90_000,
    waiting,
    troubles: 2,
  })
  const reply = await wire.call('/hello', said)
  expect(reply).toMatchObject({
    status: 200,
    body: {
      server_time: at,
      acked: { epoch: 1, seq: 1, chain: first![0]!.chain },
      heads: { org: expect.any(Number), store: 1 },
      schema: MIGRATION_COUNT,
      verdict: 'go',
      wait_ms: 0,
    },
  })
  expect(reply.body.heads.org).toBeGreaterThan(1)
  expect(await contactOf(office, 1)).toMatchObject({
    seen_at: at,
    version: '1.0.0',
    schema: MIGRATION_COUNT,
    clock_offset: 90_000,
    waiting: 1,
    waiting_since: at - 5_000,
    photos_waiting: 3,
    troubles: 0,
    troubles_there: 2,
    verdict: 'go',
  })
  office.clock.pass(60_000)
  await wire.call('/hello', helloOf(office, { ...end, acked: { seq: 1, chain: first![0]!.chain }, version: '1.1.0' }))
  expect(await contactOf(office, 1)).toMatchObject({ seen_at: at + 60_000, version: '1.1.0', clock_offset: 0 })
})

test('a node that pulls for hours was seen a few minutes ago', async () => {
  await using office = await openOffice()
  const began = office.clock.now()
  const wire = wireTo(office, 1)
  const pull = () => wire.call('/pull', { cursors: NOTHING_HEARD })
  await wire.call('/hello', helloOf(office))
  office.clock.pass(4 * 60_000)
  await pull()
  office.clock.pass(4 * 60_000)
  await pull()
  await expect.poll(() => contactOf(office, 1)).toMatchObject({ seen_at: began + 8 * 60_000, version: '1.0.0' })
})

test('what is quarantined of a node is counted where it was seen', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const chain = otherNode(1)
  const foreign = [1, 2].flatMap((n) => chain.says(office.clock.now(), [customerOf(chain, n, 1)]))
  expect((await wire.call('/push', pushOf(foreign))).body.troubles).toHaveLength(2)
  const end = { seq: 2, chain: foreign[1]!.chain }
  await wire.call('/hello', helloOf(office, { ...end, acked: end }))
  expect(await contactOf(office, 1)).toMatchObject({ troubles: 2 })
})

test('the verdict says which of the two copies of a chain has gone back or is another', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const chain = otherNode(1)
  const entries = [1, 2, 3].flatMap((n) => chain.says(office.clock.now(), [customerOf(chain, n)]))
  const at = (seq: number) => ({ seq, chain: seq === 0 ? GENESIS : entries[seq - 1]!.chain })
  const other = { seq: 2, chain: 'another' }
  expect((await wire.call('/push', pushOf(entries.slice(0, 2)))).status).toBe(200)
  const verdictOn = async (said: Parameters<typeof helloOf>[1], by = wire) =>
    (await by.call('/hello', helloOf(office, said))).body.verdict as string
  const verdicts = [
    // The reply to its last push was lost, or it has more to push.
    await verdictOn({ ...at(2), acked: at(1) }),
    await verdictOn({ ...at(3), acked: at(0) }),
    await verdictOn({ ...at(2), acked: at(2) }),
    // Head office was restored.
    await verdictOn({ ...at(3), acked: at(3) }),
    // The node was: it has less, or went on otherwise.
    await verdictOn({ ...at(1), acked: at(1) }),
    await verdictOn({ ...other, acked: at(1) }),
    await verdictOn({ seq: 3, chain: 'any', acked: other }),
    await verdictOn({ seq: 3, chain: 'any', acked: { seq: 0, chain: 'another' } }),
    // A new life of it has nothing here yet.
    await verdictOn({ epoch: 2, ...at(0), acked: at(0) }, wireTo(office, 1, wire.keys, 2)),
  ]
  expect(verdicts).toEqual(['go', 'go', 'go', 'resend', 'fork', 'fork', 'fork', 'fork', 'go'])
  // Its former life goes on somewhere.
  await office.database.write({ actor: null, device: null, act: 'test' }, (trx) =>
    moveOriginHead(trx, { origin: 1, epoch: 2 }, { seq: 1, chain: 'of its second life' }),
  )
  expect(await verdictOn({ ...at(3), acked: at(2) })).toBe('fork')
  expect(await contactOf(office, 1)).toMatchObject({ verdict: 'fork' })
})

test('a fork hears when a machine of its number pushed or pulled last; a sign-in is no sign of one that is well', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const pulledAt = office.clock.now()
  expect((await wire.call('/pull', { cursors: NOTHING_HEARD })).status).toBe(200)
  const fork = helloOf(office, { seq: 1, chain: 'another', acked: { seq: 0, chain: 'another' } })
  const othersAt = async () => (await wire.call('/hello', fork)).body.others_at as number
  expect(await othersAt()).toBe(pulledAt)
  office.clock.pass(30_000)
  const asked = await wire.call('/sign-in', { login: '0170 7770001', password: 'not this one' })
  expect(asked).toMatchObject({ status: 422, body: { error: 'credentials-invalid' } })
  expect(await othersAt()).toBe(pulledAt)
  expect((await wire.call('/pull', { cursors: NOTHING_HEARD })).status).toBe(200)
  expect(await othersAt()).toBe(pulledAt + 30_000)
})

test('a program of before there was a wire is told so, and may push', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const reply = await wire.call('/hello', helloOf(office, { schema: 26 }))
  expect(reply.body).toMatchObject({ verdict: 'too-old' })
  expect((await wire.call('/hello', helloOf(office, { schema: 9_999 }))).body).toMatchObject({ verdict: 'go' })
  const chain = otherNode(1)
  const entries = chain.says(office.clock.now(), [customerOf(chain, 1)])
  expect((await wire.call('/push', { ...pushOf(entries), schema: entries[0]!.schema })).status).toBe(200)
})

test('the incarnation stays from one hello to the next, and on PostgreSQL names the cluster and its timeline', async () => {
  await using office = await openOffice(2)
  const incarnations = [
    (await wireTo(office, 1).call('/hello', helloOf(office))).body.incarnation as string,
    (await wireTo(office, 2).call('/hello', helloOf(office))).body.incarnation as string,
  ]
  expect(new Set(incarnations).size).toBe(1)
  expect(incarnations[0]).toMatch(ENGINE === 'sqlite' ? /^[\da-f-]{36}$/ : /^[\da-f-]{36}\/\d{15,}\/[\dA-F]{8}$/)
  const kept = await office.database.db.selectFrom('head_office').selectAll().execute()
  expect(kept).toEqual([expect.objectContaining({ address: null, sign_key: null })])
})

test('a hello that says nonsense is refused, and nothing is written down', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const said = helloOf(office)
  for (const body of [
    null,
    [],
    {},
    { ...said, version: 'one\0two' },
    { ...said, version: '\ud800' },
    { ...said, version: 'x'.repeat(51) },
    { ...said, clock: -1 },
    { ...said, clock: 1e300 },
    { ...said, waiting: { ops: 1.5, oldest_at: null } },
    { ...said, cursors: { ...NOTHING_HEARD, org: null } },
    { ...said, seq: 2 ** 60 },
    { ...said, epoch: 0 },
  ])
    expect(await wire.call('/hello', body)).toMatchObject({ status: 422, body: { error: 'malformed' } })
  expect(await contactOf(office, 1)).toBe(undefined)
  const most = Number.MAX_SAFE_INTEGER
  const end = { seq: most, chain: 'x' }
  const far = { ...said, ...end, epoch: most, schema: most, troubles: most, waiting: { ops: most, oldest_at: 0 } }
  // A token is of one life of a node.
  expect(await wire.call('/hello', far)).toMatchObject({ status: 401, body: { error: 'token' } })
  const last = wireTo(office, 1, wire.keys, most)
  expect(await last.call('/hello', far)).toMatchObject({ status: 200, body: { verdict: 'go' } })
})

test('few nodes wait for nothing; a fleet that comes back at once is spread over as long as it takes to hear it', () => {
  let now = 0
  const spread = openSpread(
    () => now,
    () => 0.5,
  )
  const waits = (count: number) => Array.from({ length: count }, () => spread.waitMs())
  expect(waits(20)).toEqual(Array.from({ length: 20 }, () => 0))
  expect(waits(2)).toEqual([1_050, 1_100])
  expect(waits(3_000).at(-1)).toBe(150_000)
  expect(Math.max(...waits(3_000))).toBe(150_000)
  now += 60_000
  expect(waits(1)).toEqual([0])
})
