import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { insertLocal } from '../../../db/local.ts'
import { insert } from '../../../db/rows.ts'
import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { nodeOf } from '../../../server/domain/ids.ts'
import { codeFor, enrol, enrolBody, keysOf, openOffice, openSetUp, passADay, write } from './office.ts'

const CODE_WRONG = { status: 403, body: { error: 'code' } }

test('a machine with a code gets a number of its own, its place and its store', async () => {
  await using office = await openOffice()
  const code = await codeFor(office, 'T2')
  const reply = await enrol(office, code.toLowerCase().replaceAll('-', ' '))
  expect(reply.status, reply.text).toBe(201)
  const { sign, seal } = keysOf('a machine').publicKeys
  expect(reply.body).toMatchObject({
    node: {
      id: 1,
      store_id: 1,
      terminal: 'T2',
      name: 'Counter T2',
      sign_key: sign,
      seal_key: seal,
      kind: null,
      revoked_at: null,
    },
    store: { id: 1, code: 'S1', name: 'Corner Repairs', currency: 'EUR' },
    parent_keys: office.context.keys.publicKeys,
  })
  expect(reply.body.node.enrolled_at).toBe(office.clock.now())
  expect(reply.body.incarnation).toMatch(/^[0-9a-f-]{36}/)
  const { nodes, codes } = (await office.counter('GET', '/fleet')).body
  expect(nodes).toMatchObject([{ id: 0 }, { id: 1, terminal: 'T2', enrolled_at: office.clock.now() }])
  expect(codes).toEqual([])
  expect((await checkContent(office.database)).findings).toEqual([])
})

test('a machine may say what it is called', async () => {
  await using office = await openOffice()
  const body = { ...enrolBody(await codeFor(office, 'T2')), name: 'Window desk' }
  expect((await office.call('POST', '/sync/v1/enroll', { body })).body.node).toMatchObject({ name: 'Window desk' })
})

test('a reply that was lost is given again to the same machine, and the code to no other', async () => {
  await using office = await openOffice()
  const code = await codeFor(office, 'T2')
  const first = await enrol(office, code)
  expect((await enrol(office, code)).body).toEqual(first.body)
  expect(await enrol(office, code, 'another machine')).toMatchObject(CODE_WRONG)
  await passADay(office)
  expect(await enrol(office, code)).toMatchObject(CODE_WRONG)
  expect((await office.counter('GET', '/fleet')).body.nodes).toHaveLength(2)
})

test('a code does not begin a machine anew once something was heard of it: its ids would come twice', async () => {
  await using office = await openOffice()
  const [heard, said] = [await codeFor(office, 'T2'), await codeFor(office, 'T3')]
  const { id } = (await enrol(office, heard)).body.node
  const other = (await enrol(office, said, 'another machine')).body.node
  await write(office, async (trx) => {
    await insertLocal(trx, 'node_contact', {
      node_id: id, seen_at: trx.act.now, version: '0.1.0', schema: 30, clock_offset: 0, waiting: 0, waiting_since: null,
      troubles: 0, troubles_there: 1, verdict: 'go',
    }) // oxfmt-ignore
  })
  expect(await enrol(office, heard)).toMatchObject(CODE_WRONG)
  expect((await enrol(office, said, 'another machine')).body.node.id).toBe(other.id)
})

test('codes that are wrong, withdrawn or have run out open nothing', async () => {
  await using office = await openOffice()
  const withdrawn = await codeFor(office, 'T2')
  await office.counter('POST', '/fleet/codes/withdrawal', { store_id: 1, terminal: 'T2' })
  const old = await codeFor(office, 'T3')
  await passADay(office)
  for (const code of [withdrawn, old, 'AAAA-BBBB-CCCC', '']) expect(await enrol(office, code)).toMatchObject(CODE_WRONG)
  expect((await office.counter('GET', '/fleet')).body.nodes).toHaveLength(1)
})

test('five wrong codes from an address close the door for a quarter of an hour, to a right one too', async () => {
  await using office = await openOffice()
  const code = await codeFor(office, 'T2')
  for (let n = 0; n < 5; n++) expect(await enrol(office, `WRONG-${n}`)).toMatchObject(CODE_WRONG)
  const refused = await enrol(office, code)
  expect(refused).toMatchObject({ status: 429, body: { error: 'too-many-attempts' } })
  expect(Number(refused.headers.get('retry-after'))).toBe(900)
  office.clock.pass(900_001)
  expect((await enrol(office, code)).status).toBe(201)
})

test('many wrong codes at once win nothing: only five are looked at', async () => {
  await using office = await openOffice()
  const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => enrol(office, `WRONG-${n}`)))
  expect(replies.map(({ status }) => status).filter((status) => status === 403).length).toBeLessThanOrEqual(5)
  expect(replies.every(({ status }) => [403, 429, 503].includes(status))).toBe(true)
})

test('codes tried from a hundred addresses close the door to all', async () => {
  await using office = await openOffice()
  await write(office, async (trx) => {
    for (let n = 0; n < 100; n++) {
      const guess = { account: 'enrolment', address: `10.0.0.${n}`, at: trx.act.now }
      await insertLocal(trx, 'sign_in_failure', { id: `${n}`, ...guess })
    }
  })
  expect(await enrol(office, await codeFor(office, 'T2'))).toMatchObject({ status: 429 })
})

test('of two machines that come with one code at once, one is let in', async () => {
  await using office = await openOffice()
  const code = await codeFor(office, 'T2')
  const replies = await Promise.all(['one', 'two', 'three'].map((machine) => enrol(office, code, machine)))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 403, 403])
  expect((await office.counter('GET', '/fleet')).body.nodes).toHaveLength(2)
})

test('a name that was taken since the code was made is refused, and the code stays good', async () => {
  await using office = await openOffice()
  const code = await codeFor(office, 'T2')
  await write(office, (trx) => insert(trx, 'node', { name: 'By hand', terminal: 'T2X3' }))
  expect(await enrol(office, code)).toMatchObject({ status: 409, body: { error: 'terminal-taken' } })
  expect((await office.counter('GET', '/fleet')).body.codes).toHaveLength(1)
})

test('a copy of a machine, which has its secret, is no machine of its own', async () => {
  await using office = await openOffice()
  await enrol(office, await codeFor(office, 'T2'))
  expect(await enrol(office, await codeFor(office, 'T3'))).toMatchObject({ status: 409, body: { error: 'keys-taken' } })
})

test('a machine in the place of a dead one gets a number of its own, and the rows of the dead one', async () => {
  await using office = await openOffice()
  const dead = (await enrol(office, await codeFor(office, 'T2'))).body.node.id
  const code = await codeFor(office, 'T3', { store_id: 1, replaces: dead })
  const { node } = (await enrol(office, code, 'a new one')).body
  expect(node).toMatchObject({ terminal: 'T3' })
  expect(node.id).not.toBe(dead)
  const { nodes } = (await office.counter('GET', '/fleet')).body
  expect(nodes[1]).toMatchObject({ id: dead, revoked_at: office.clock.now(), heir_id: node.id })
})

test('a machine whose program is older than head office’s is told to update it', async () => {
  await using office = await openOffice()
  const body = enrolBody(await codeFor(office, 'T2'))
  const old = await office.call('POST', '/sync/v1/enroll', { body: { ...body, schema: body.schema - 1 } })
  expect(old).toMatchObject({ status: 409, body: { error: 'too-old' } })
  expect((await office.call('POST', '/sync/v1/enroll', { body })).status).toBe(201)
})

test.each([
  ['no body', {}],
  ['keys of another length', { ...enrolBody('CODE'), keys: { sign: 'short', seal: 'short' } }],
  ['a code of a megabyte', { ...enrolBody('CODE'), code: 'x'.repeat(100_000) }],
  ['a name with NUL', { ...enrolBody('CODE'), name: 'a\0b' }],
])('%s is malformed', async (_, body) => {
  await using office = await openOffice()
  const reply = await office.call('POST', '/sync/v1/enroll', { body })
  expect(reply.status, reply.text).toBeGreaterThanOrEqual(400)
  expect(reply.status).toBeLessThan(500)
})

test('numbers of machines that a restore made head office forget are not given out again', async () => {
  await using office = await openOffice()
  expect((await enrol(office, await codeFor(office, 'T2'))).body.node.id).toBe(1)
  await office.database.write({ actor: null, device: null, act: 'restore' }, (trx) =>
    beginEpoch(trx, { epoch: 2, backup_at: null }),
  )
  Object.assign(office, { owner: await office.person('admin') })
  const again = await office.counter(
    'POST',
    '/fleet/codes',
    { store_id: 1, terminal: 'T3', name: 'Counter' },
    office.owner,
  )
  const { node } = (await enrol(office, again.body.code, 'another machine')).body
  expect(node.id).toBe(1_025)
  expect(nodeOf(node.id * 2 ** 32 + 1)).toBe(1_025)
  expect((await checkContent(office.database)).findings).toEqual([])
})

test('a terminal, and a shop by itself, let nobody in', async () => {
  await using shop = await openSetUp()
  expect((await enrol(shop, 'AAAA-BBBB-CCCC')).status).toBe(404)
})

test('a session or token of people lets no machine in', async () => {
  await using office = await openOffice()
  const body = enrolBody('AAAA-BBBB-CCCC')
  expect(await office.call('POST', '/sync/v1/enroll', { as: office.owner, body })).toMatchObject(CODE_WRONG)
})
