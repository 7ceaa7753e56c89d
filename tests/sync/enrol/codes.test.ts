import { expect, test } from 'vitest'
import { insert, patch } from '../../../db/rows.ts'
import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { forgetExpired } from '../../../server/cleanup.ts'
import { CODE_LIFETIME_MS } from '../../../server/shop/fleet/codes.ts'
import { codeFor, enrol, openOffice, openSetUp, passADay, write } from './office.ts'

test('head office gives out a code for a terminal of its store, which is listed without what it says', async () => {
  await using office = await openOffice()
  const made = await office.counter('POST', '/fleet/codes', { store_id: 1, terminal: 't2', name: 'Front desk' })
  expect(made).toMatchObject({ status: 201, body: { store_id: 1, terminal: 'T2' } })
  expect(made.body.code).toMatch(/^([A-Z2-9]{4}-){2}[A-Z2-9]{4}$/)
  expect(made.body.expires_at - office.clock.now()).toBe(CODE_LIFETIME_MS)
  const { body } = await office.counter('GET', '/fleet')
  expect(body).toMatchObject({
    role: 'head-office',
    stores: [{ id: 1, code: 'S1', name: 'Corner Repairs' }],
    nodes: [{ id: 0, terminal: 'T1', is_head_office: true, enrolled_at: null, contact: null }],
    codes: [{ store_id: 1, terminal: 'T2', name: 'Front desk', replaces: null }],
  })
  expect(JSON.stringify(body)).not.toContain(made.body.code)
  const kept = await office.database.db.selectFrom('enrolment_code').selectAll().execute()
  expect(JSON.stringify(kept)).not.toContain(made.body.code.replaceAll('-', ''))
})

test('a code for a new store makes the store, with what head office has where nothing is said', async () => {
  await using office = await openOffice()
  const store = { code: 's2', name: 'Harbour', phone: '040 123' }
  const made = await office.counter('POST', '/fleet/codes', { store, terminal: 'T1', name: 'Counter' })
  expect(made.status).toBe(201)
  const { body } = await office.counter('GET', '/fleet')
  expect(body.stores).toEqual([
    { id: 1, code: 'S1', name: 'Corner Repairs' },
    { id: made.body.store_id, code: 'S2', name: 'Harbour' },
  ])
  const row = await office.database.db.selectFrom('store').selectAll().where('code', '=', 'S2').executeTakeFirst()
  expect(row).toMatchObject({
    currency: 'EUR',
    time_zone: 'Europe/Berlin',
    tax_mode: 'included',
    tax_rate: 1900,
    phone: '040 123',
  })
  const places = office.database.db.selectFrom('location').select(['name', 'store_id']).where('name', '=', 'Harbour')
  expect(await places.execute()).toEqual([{ name: 'Harbour', store_id: made.body.store_id }])
})

test('a store that came with a code goes with it when the code is withdrawn, and its letters are free', async () => {
  await using office = await openOffice()
  const harbour = { code: 'S2', name: 'Harbour' }
  const stores = async () => (await office.counter('GET', '/fleet')).body.stores.map(({ code }: any) => code)
  const take = (store_id: number, terminal: string) =>
    office.counter('POST', '/fleet/codes/withdrawal', { store_id, terminal })
  const made = await office.counter('POST', '/fleet/codes', { store: harbour, terminal: 'T1', name: 'Counter' })
  const { store_id } = made.body
  await office.counter('POST', '/fleet/codes', { store_id, terminal: 'T2', name: 'Bench' })
  expect((await take(store_id, 'T1')).status).toBe(204)
  expect(await stores()).toEqual(['S1', 'S2'])
  expect((await take(store_id, 'T2')).status).toBe(204)
  expect(await stores()).toEqual(['S1'])
  const places = office.database.db.selectFrom('location').select('name').where('deleted_at', 'is', null)
  expect((await places.execute()).map(({ name }) => name)).not.toContain('Harbour')
  const again = await office.counter('POST', '/fleet/codes', { store: harbour, terminal: 'T1', name: 'Counter' })
  expect([again.status, await stores()]).toEqual([201, ['S1', 'S2']])
})

test('a store stays that somebody works at or a machine joined, whatever code of it is withdrawn', async () => {
  await using office = await openOffice()
  const codeOf = async (code: string) =>
    (await office.counter('POST', '/fleet/codes', { store: { code, name: code }, terminal: 'T1', name: 'Counter' }))
      .body
  const [staffed, joined] = [await codeOf('S2'), await codeOf('S3')]
  const clerk = await office.person('staff')
  await write(office, (trx) => patch(trx, 'user', clerk.id, { works_at: staffed.store_id }))
  expect((await enrol(office, joined.code)).status).toBe(201)
  await office.counter('POST', '/fleet/codes', { store_id: joined.store_id, terminal: 'T2', name: 'Bench' })
  await codeFor(office, 'T2')
  for (const [store_id, terminal] of [
    [staffed.store_id, 'T1'],
    [joined.store_id, 'T2'],
    [1, 'T2'],
  ]) {
    const reply = await office.counter('POST', '/fleet/codes/withdrawal', { store_id, terminal })
    expect(reply.status).toBe(204)
  }
  const { stores, codes } = (await office.counter('GET', '/fleet')).body
  expect([stores.map(({ code }: any) => code), codes]).toEqual([['S1', 'S2', 'S3'], []])
})

const CODE = { store_id: 1, terminal: 'T2', name: 'Counter' }

test.each([
  [
    'another currency',
    { ...CODE, store_id: null, store: { code: 'S2', name: 'A', currency: 'USD' } },
    422,
    'all stores of an organisation have one currency',
  ],
  ['a code with a hyphen', { ...CODE, store_id: null, store: { code: 'S-2', name: 'A' } }, 422, 'a code is a letter'],
  [
    'the code of a store that is there',
    { ...CODE, store_id: null, store: { code: 's1', name: 'A' } },
    409,
    'There is a store S1 already',
  ],
  [
    'the name of a restored terminal',
    { ...CODE, terminal: 'T2X2' },
    422,
    'X with a number behind it is what a restore adds',
  ],
  ['a name in other letters', { ...CODE, terminal: 'Тerm' }, 422, 'a name is a letter'],
  ['the name of head office itself', { ...CODE, terminal: 't1' }, 409, 'Numbers of this store begin with T1 already'],
  ['a store that is not there', { ...CODE, store_id: 77 }, 404, 'Store not found'],
  ['a store and a new one', { ...CODE, store: { code: 'S2', name: 'A' } }, 422, 'Field required'],
  ['no store', { ...CODE, store_id: null }, 422, 'Field required'],
  ['a machine to replace that is not there', { ...CODE, replaces: 9 }, 404, 'There is no such machine'],
  ['head office to replace', { ...CODE, replaces: 0 }, 404, 'There is no such machine'],
] as const)('no code for %s', async (_, body, status, sentence) => {
  // oxfmt-ignore
  await using office = await openOffice()
  const reply = await office.counter('POST', '/fleet/codes', body)
  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(sentence)])
  expect((await office.counter('GET', '/fleet')).body).toMatchObject({ codes: [], stores: [{ id: 1 }] })
})

test('a terminal that a restore has called otherwise keeps the name that it had', async () => {
  await using office = await openOffice()
  await office.database.write({ actor: null, device: null, act: 'restore' }, (trx) =>
    beginEpoch(trx, { epoch: 2, backup_at: null }),
  )
  const owner = await office.person('admin')
  const reply = await office.counter('POST', '/fleet/codes', { ...CODE, terminal: 'T1' }, owner)
  expect(reply).toMatchObject({ status: 409, body: { code: 'terminal-taken' } })
})

test('one code is out for a terminal at a time; it is withdrawn, or runs out after a day', async () => {
  await using office = await openOffice()
  await codeFor(office, 'T2')
  expect(await office.counter('POST', '/fleet/codes', CODE)).toMatchObject({
    status: 409,
    body: { code: 'terminal-promised' },
  })
  const asked = { store_id: 1, terminal: 't2' }
  expect((await office.counter('POST', '/fleet/codes/withdrawal', asked)).status).toBe(204)
  expect(await office.counter('POST', '/fleet/codes/withdrawal', asked)).toMatchObject({
    status: 404,
    body: { code: 'enrolment-code-not-found' },
  })
  await codeFor(office, 'T2')
  await passADay(office)
  expect((await office.counter('GET', '/fleet')).body.codes).toEqual([])
  await codeFor(office, 'T2')
  office.clock.pass(CODE_LIFETIME_MS + 1)
  await forgetExpired(office.database, office.clock.now())
  expect(await office.database.db.selectFrom('enrolment_code').selectAll().execute()).toEqual([])
})

test('a restore forgets codes, and names head office anew', async () => {
  await using office = await openOffice()
  await codeFor(office, 'T2')
  const incarnation = () => office.database.db.selectFrom('head_office').select('incarnation').executeTakeFirst()
  const before = await incarnation()
  await office.database.write({ actor: null, device: null, act: 'restore' }, (trx) =>
    beginEpoch(trx, { epoch: 2, backup_at: null }),
  )
  expect(await office.database.db.selectFrom('enrolment_code').selectAll().execute()).toEqual([])
  expect(await incarnation()).not.toEqual(before)
})

test('only an admin of the whole organisation sees machines, lets them in and shuts them out', async () => {
  // At head office itself no admin of a store is signed in.
  await using office = await openSetUp()
  const admin = await office.person('admin')
  await write(office, (trx) => patch(trx, 'user', admin.id, { works_at: 1 }))
  for (const [method, path, body] of [
    ['GET', '/fleet', undefined],
    ['POST', '/fleet/codes', CODE],
    ['POST', '/fleet/codes/withdrawal', { store_id: 1, terminal: 'T2' }],
    ['POST', '/fleet/nodes/0/revocation', {}],
    ['PUT', '/fleet/nodes/0/heir', { heir_id: 0 }],
  ] as const)
    expect(await office.counter(method, path, body, admin)).toMatchObject({
      status: 403,
      body: { code: 'organisation-admin-needed' },
    })
})

test('a shop by itself gives out no codes, and says so', async () => {
  await using shop = await openSetUp()
  expect(await shop.counter('POST', '/fleet/codes', CODE)).toMatchObject({
    status: 409,
    body: { code: 'no-head-office' },
  })
  expect((await shop.counter('GET', '/fleet')).body).toMatchObject({ role: 'alone', nodes: [{ id: 0 }], codes: [] })
})

test('a machine that is shut out has an heir: head office, or one at work in its store', async () => {
  await using office = await openOffice()
  const [dead, other, elsewhere] = await write(office, async (trx) => {
    const store_id = await insert(trx, 'store', {
      code: 'S2', name: 'Harbour', currency: 'EUR', time_zone: 'Europe/Berlin', tax_mode: 'included', tax_rate: 0,
    }) // oxfmt-ignore
    const add = (terminal: string, of: typeof trx) => insert(of, 'node', { name: terminal, terminal })
    const there = { ...trx, act: { ...trx.act, node: { ...trx.act.node, store_id } } }
    return [await add('T2', trx), await add('T3', trx), await add('T1', there)]
  })
  const asks = (method: string, path: string, body: object) => office.counter(method, `/fleet/nodes/${path}`, body)
  expect((await asks('PUT', `${dead}/heir`, { heir_id: other })).body.code).toBe('node-at-work')
  expect((await asks('POST', `${dead}/revocation`, { heir_id: elsewhere })).body.code).toBe('heir-unfit')
  expect((await asks('POST', `${dead}/revocation`, { heir_id: dead })).body.code).toBe('heir-unfit')
  expect((await asks('POST', '0/revocation', {})).body.code).toBe('node-is-head-office')
  expect((await asks('POST', '99/revocation', {})).body.code).toBe('node-not-found')
  expect((await asks('POST', `${dead}/revocation`, {})).status).toBe(204)
  expect((await asks('POST', `${dead}/revocation`, {})).body.code).toBe('node-revoked')
  const node = async () =>
    (await office.counter('GET', '/fleet')).body.nodes.find(({ id }: { id: number }) => id === dead)
  expect(await node()).toMatchObject({ revoked_at: office.clock.now(), heir_id: 0 })
  expect((await asks('PUT', `${dead}/heir`, { heir_id: other })).status).toBe(204)
  expect(await node()).toMatchObject({ heir_id: other })
})
