import { expect, test } from 'vitest'
import { z } from 'zod'
import { saveConflicts } from '../../db/fleet/conflicts.ts'
import { quarantine } from '../../db/fleet/waiting.ts'
import { inStore } from '../../db/handle.ts'
import { insert, insertMany, patch } from '../../db/rows.ts'
import type { Conflict } from '../../db/schema/conflict.ts'
import type { SyncedTable } from '../../db/schema/schema.ts'
import { endpoints } from '../../server/app.ts'
import { anyEmployee } from '../../server/http/auth/permissions.ts'
import { read } from '../../server/http/endpoint.ts'
import { actOf } from '../campaigns/kills/acts.ts'
import type { Step } from '../campaigns/kills/work.ts'
import { PASSWORD, type Person } from '../support/person.ts'
import type { Reply } from '../support/shop.ts'
import { AT_HEAD_OFFICE } from './acts/support/lists.ts'
import { write } from './enrol/office.ts'
import { LISTS, OF_THE_ORGANISATION, ROWS, type Rows, SHARED } from './support/reach-lists.ts'
import { hear, openTwoStores, send, type StoreOfTest, type TwoStores, workIn } from './support/two-stores.ts'

/** Who works at one store sees at head office what is of that store, and learns of nothing else. */

const key = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

const READS = endpoints.filter(({ method }) => method === 'GET').map(key)

test('every endpoint that answers something is divided by store, or is shared with a reason', () => {
  const placed = [...Object.keys(LISTS), ...Object.keys(ROWS), ...Object.keys(SHARED), ...OF_THE_ORGANISATION]
  expect(READS.toSorted()).toEqual(placed.toSorted())
})

/** One row of each kind that the store has. */
async function rowsOf(office: TwoStores, store: StoreOfTest): Promise<Rows> {
  const last = async (table: SyncedTable) => {
    const row = office.database.db.selectFrom(table).select('id').where('store_id', '=', store.id)
    return (await row.where('deleted_at', 'is', null).orderBy('id', 'desc').executeTakeFirstOrThrow()).id
  }
  const draft = await send(office, store.staff, {
    method: 'POST',
    path: '/counter/buy-ins',
    body: { serial_number: 'mark7own' },
  })
  const { photo_id: photo, order_id: order } = await office.database.db.selectFrom('ticket_photo').select(['photo_id', 'order_id']).where('store_id', '=', store.id).executeTakeFirstOrThrow() // oxfmt-ignore
  return {
    order,
    photo,
    customer: store.customer.id,
    device: await last('device'),
    assignment: await last('assignment'),
    payment: await last('payment'),
    draft: draft.body.id,
    pickup: await last('pickup_request'),
    receipt: await last('receipt'),
    unit: await last('unit'),
    sale: await last('sales_order'),
  }
}

const get = (office: TwoStores, as: Person, path: string) => send(office, as, { method: 'GET', path })

/** What of a store's work a text tells: its words, its people and its numbers. */
const told = ({ text }: Reply) => text.match(/mark7\w*|South (?:staff|admin|evaluator|customer)|S3-T1/g) ?? []

test('at head office who works at one store is shown nothing of another one', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const { refused } = await workIn(office, south, 7)
  const rows = await rowsOf(office, south)
  // What a terminal of the store leaves to head office, its people leave to the organisation's.
  expect([...refused].filter((act) => !(act in AT_HEAD_OFFICE))).toEqual([])
  expect(refused.size).toBeGreaterThan(10)
  for (const [endpoint, [query, seen]] of Object.entries(LISTS)) {
    const path = endpoint.replace('GET ', '') + query
    const [own, other, all] = await Promise.all(
      [south.admin, north.admin, office.owner].map((as) => get(office, as, path)),
    )
    expect([endpoint, other!.status, told(other!)]).toEqual([endpoint, 200, []])
    for (const reply of [own!, all!]) {
      expect([endpoint, reply.status]).toEqual([endpoint, 200])
      if (seen === 'mark') expect([endpoint, told(reply).length > 0]).toEqual([endpoint, true])
      if (seen === 'differs') expect([endpoint, reply.text === other!.text]).toEqual([endpoint, false])
    }
  }
  expect((await get(office, north.admin, '/v1/assigns')).body).toEqual([])

  for (const [endpoint, pathOf] of Object.entries(ROWS)) {
    const path = pathOf(rows)
    const [own, other, all] = await Promise.all(
      [south.admin, north.admin, office.owner].map((as) => get(office, as, path)),
    )
    expect([endpoint, own!.status, all!.status, other!.status]).toEqual([endpoint, 200, 200, 404])
  }
  for (const endpoint of OF_THE_ORGANISATION) {
    const query = endpoint.endsWith('instead') ? '?entity=user&search=a' : ''
    const refusal = await get(office, north.admin, endpoint.replace('GET ', '') + query)
    expect([endpoint, refusal.status, refusal.body.code]).toEqual([endpoint, 403, 'organisation-admin-needed'])
  }
})

/** Steps that name no row of the store: something new, or what all stores share. */
const NAMES_NOTHING = /^\/counter\/(products|trade-in-prices|trade-in-deductions|checklists|questions|locations)/

/** Whether a step is about a row that its store alone has. */
function isAboutRow({ path, body }: Step): boolean {
  if (NAMES_NOTHING.test(path)) return false
  if (/\/(\d+|[0-9a-f-]{36})(\/|$|\?)/.test(path)) return true
  const named = JSON.stringify(body instanceof FormData ? {} : (body ?? {}))
  return /"(order_id|pickup_id|owner_id|about_id|ids|device_id)":/.test(named)
}

/** By what the other store is refused, where it is not told that there is nothing. */
const REFUSED: Readonly<Record<string, number>> = {
  // There is no such task, as where somebody has done it.
  'POST /counter/tasks/notes': 409,
}

const seqOf = async ({ database }: TwoStores) =>
  (await database.db.selectFrom('self').select('seq').executeTakeFirstOrThrow()).seq

test('who works at another store can change nothing of it, and is told that it is not there', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const tried = new Set<string>()
  await workIn(office, south, 7, async (step) => {
    if (!isAboutRow(step)) return
    const act = actOf(step)
    const before = await seqOf(office)
    const reply = await send(office, north[step.as], step)
    expect([act, reply.status, told(reply)]).toEqual([act, REFUSED[act] ?? 404, []])
    expect([act, await seqOf(office)]).toEqual([act, before])
    tried.add(act)
  })
  expect(tried.size).toBeGreaterThan(30)
})

test('what the organisation shares is changed by it alone, and a store adds to it and changes its own', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const { category_id } = office.stock
  const product = { category_id, brand: 'Apple', model: 'Web', condition: 'A', price_cents: 1_000, name: 'Ours' }
  const added = await send(office, south.staff, { method: 'POST', path: '/counter/products', body: product })
  expect(added.status).toBe(201)
  const path = `/counter/products/${added.body.id}`
  const rename = (as: Person) => send(office, as, { method: 'PATCH', path, body: { name: 'Renamed' } })
  expect([(await rename(north.staff)).body.code, (await rename(south.staff)).status, (await rename(office.owner)).status]).toEqual(['organisation-admin-needed', 200, 200]) // oxfmt-ignore
  // Each store has its own shelf of it.
  const receive = (as: Person, quantity: number) =>
    send(office, as, { method: 'POST', path: `${path}/stock/receipts`, body: { quantity, note: 'from the maker' } })
  expect([(await receive(north.staff, 3)).status, (await receive(south.staff, 5)).status]).toEqual([201, 201])
  const stockOf = async (as: Person) => (await get(office, as, `${path}/stock`)).body
  expect([await stockOf(north.staff), await stockOf(south.staff)]).toMatchObject([[{ quantity: 3 }], [{ quantity: 5 }]]) // oxfmt-ignore

  const shop = (await get(office, south.admin, '/counter/shop')).body
  expect(shop.name).toBe('South')
  const terms = { ...shop, phone: '0170 1234567' }
  const changed = await send(office, south.admin, { method: 'PUT', path: '/counter/shop', body: terms })
  expect([changed.status, changed.body.phone]).toEqual([200, '0170 1234567'])
  const stores = await office.database.db.selectFrom('store').select(['id', 'phone']).where('phone', '=', '0170 1234567').execute() // oxfmt-ignore
  expect(stores.map(({ id }) => id)).toEqual([south.id])
})

test('an admin of a store makes and changes people of that store alone', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const person = (n: number) => ({ full_name: `New ${n}`, phone: `0170 990000${n}`, job: 'staff', password: PASSWORD })
  const add = (works_at: number | null | undefined, n: number) =>
    send(office, south.admin, { method: 'POST', path: '/counter/people', body: { ...person(n), works_at } })
  const [own, unsaid, all, others] = [
    await add(south.id, 1),
    await add(undefined, 2),
    await add(null, 3),
    await add(north.id, 4),
  ]
  expect([own.body.works_at, unsaid.body.works_at]).toEqual([south.id, south.id])
  for (const { status, body } of [all, others]) expect([status, body.code]).toEqual([403, 'person-of-another-shop'])
  const change = (id: number, body: object) =>
    send(office, south.admin, { method: 'PATCH', path: `/counter/people/${id}`, body })
  expect((await change(own.body.id, { job: 'evaluator' })).status).toBe(200)
  // Whoever works for all is seen, for they work there too; people of another store are not there.
  expect((await change(office.owner.id, { full_name: 'Taken' })).body.code).toBe('person-of-another-shop')
  expect((await change(north.staff.id, { full_name: 'Taken' })).status).toBe(404)
  for (const works_at of [null, north.id]) expect((await change(own.body.id, { works_at })).status).toBe(403)
})

test('a page at head office hears of its store’s rows alone', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const listen = (as: Person) =>
    fetch(`${office.url}/counter/events`, { headers: { authorization: `Bearer ${as.token}` } })
  const streams = [await listen(north.staff), await listen(south.staff), await listen(office.owner)]
  const takeIn = async ({ staff }: StoreOfTest, phone: string) => {
    const body = { customer: { full_name: 'A customer', phone }, device: { model_id: office.stock.model_id } }
    return (await send(office, staff, { method: 'POST', path: '/counter/intakes', body })).body.order_id as number
  }
  const orders = [await takeIn(south, '0170 8800001'), await takeIn(north, '0170 8800002')]
  const [inSouth, inNorth] = orders as [number, number]
  const heardBy = async (stream: Response, last: number) =>
    (await hear(stream, ({ entity, id }) => entity === 'repair_order' && id === last))
      .filter(({ entity }) => entity === 'repair_order')
      .map(({ id }) => id)
  expect(await heardBy(streams[0]!, inNorth)).toEqual([inNorth])
  expect(await heardBy(streams[2]!, inNorth)).toEqual(orders)
  // That the south hears nothing of the north shows in what comes after it.
  const next = await takeIn(south, '0170 8800003')
  expect(await heardBy(streams[1]!, next)).toEqual([inSouth, next])
})

test('of what is put aside a store’s people see their own store’s, and leave it to the organisation at head office', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const ticket = async ({ staff }: StoreOfTest, phone: string) => {
    const body = { customer: { full_name: `Of ${phone}`, phone }, device: { model_id: office.stock.model_id } }
    return (await send(office, staff, { method: 'POST', path: '/counter/intakes', body })).body as { order_id: number; customer_id: number } // oxfmt-ignore
  }
  const [one, other] = [await ticket(south, '0170 7700001'), await ticket(south, '0170 7700002')]
  const origin = await write(office, async (trx) => {
    await patch(trx, 'user', other.customer_id, { duplicate_of: one.customer_id })
    const [id] = await insertMany(inStore(trx, south.id), 'node', [{ name: 'Their desk', terminal: 'T5' }])
    await quarantine(trx, { origin: id!, epoch: 1, tx: 1 }, { seq: 1, reason: 'price' })
    const clock = (seq: number) => ({ stamp: '0001', origin: id!, epoch: 1, seq })
    const said = (note: string, seq: number) => ({ values: { note }, clock: clock(seq), actor: null, at: 1 })
    const conflict = { entity: 'repair_order', row_id: one.order_id, register: 'note', lost: said('x', 1), won: said('y', 2) } // oxfmt-ignore
    await saveConflicts(trx, { conflicts: [conflict as unknown as Conflict], settled: [] })
    return id!
  })
  const counts = async (as: Person) => (await get(office, as, '/counter/aside/counts')).body
  expect(await counts(south.staff)).toEqual({ waiting: 1, conflicts: 1, duplicates: 1 })
  expect(await counts(office.owner)).toEqual({ waiting: 1, conflicts: 1, duplicates: 1 })
  expect(await counts(north.staff)).toEqual({ waiting: 0, conflicts: 0, duplicates: 0 })
  for (const list of ['', '/conflicts', '/duplicates']) {
    const items = async (as: Person) => (await get(office, as, `/counter/aside${list}`)).body.items.length
    expect([list, await items(north.staff), await items(south.staff)]).toEqual([list, 0, 1])
  }
  const decide = (as: Person, path: string, body?: object) =>
    send(office, as, { method: 'POST', path: `/counter/aside/${path}`, ...(body && { body }) })
  expect((await decide(south.admin, `${origin}/1/1/attempts`)).body.code).toBe('organisation-admin-needed')
  const key = { entity: 'repair_order', row_id: one.order_id, register: 'note', origin, epoch: 1, seq: 1 }
  expect((await decide(north.admin, 'conflicts/keeping', key)).body.code).toBe('conflict-settled')
  const pair = { entity: 'user', one: one.customer_id, other: other.customer_id, said: 'apart' }
  expect((await decide(north.admin, 'duplicates', pair)).status).toBe(404)
})

/** A customer with a device who was at one store, and then had the same device repaired at the other one. */
async function takeInAtBoth(office: TwoStores, inBetween = async (_: Reply['body']) => {}) {
  const { north, south } = office
  const customer = { full_name: 'Ida Both', phone: '0170 6600001' }
  const device = { model_id: office.stock.model_id, serial_number: 'BOTH-1' }
  const { body: first } = await send(office, south.staff, {
    method: 'POST',
    path: '/counter/intakes',
    body: { customer, device },
  })
  await inBetween(first)
  // The device goes to the other shop: by the organisation's word, for the one does not know the other's.
  const second = await write(office, (trx) =>
    insert(inStore(trx, north.id), 'repair_order', {
      device_id: first.device_id, customer_id: first.customer_id, ticket_number: 'S2-T1-000001', status: 'Pending', note: 'northern', cost_cents: 700, discount_cents: 0,
    })) // oxfmt-ignore
  return { first, second }
}

test('a customer and a device that were at two stores are seen at both, each with its own repairs', async () => {
  await using office = await openTwoStores()
  const { north, south } = office
  const { first, second } = await takeInAtBoth(office, async ({ customer_id }) =>
    expect((await get(office, north.staff, `/counter/customers/${customer_id}`)).status).toBe(404),
  )
  const inNorth = `/counter/customers/${first.customer_id}`
  const seen = async (as: Person) => {
    const page = await get(office, as, inNorth)
    const list = await get(office, as, '/counter/repairs')
    const device = await get(office, as, `/counter/devices/${first.device_id}/timeline`)
    expect([page.status, list.status, device.status]).toEqual([200, 200, 200])
    const numbers = (text: string) => [...new Set(text.match(/S\d-T1-000001/g) ?? [])].toSorted()
    return {
      page: numbers(page.text),
      device: numbers(device.text),
      repairs: list.body.rows.map(({ id }: { id: number }) => id),
      owes: page.body.balance_cents,
    }
  }
  expect(await seen(north.staff)).toEqual({
    page: ['S2-T1-000001'],
    device: ['S2-T1-000001'],
    repairs: [second],
    owes: 700,
  })
  expect((await seen(south.staff)).repairs).toEqual([first.order_id])
  expect((await seen(office.owner)).repairs.toSorted()).toEqual([first.order_id, second].toSorted())
})

test('a customer and a device of another store that were at this one are changed as a terminal may, and no further', async () => {
  await using office = await openTwoStores()
  const { north } = office
  const { first } = await takeInAtBoth(office)
  const customer = `/v1/users/${first.customer_id}`
  for (const step of [
    { method: 'POST', path: `/counter/customers/${first.customer_id}/claim-code` },
    { method: 'PATCH', path: customer, body: { is_active: false } },
    { method: 'DELETE', path: customer },
    { method: 'DELETE', path: `/v1/devices/${first.device_id}` },
  ]) {
    const reply = await send(office, north.admin, step)
    expect([step.path, reply.status]).toEqual([
      step.path,
      step.path.includes('devices') ? expect.toBeOneOf([400, 403, 409]) : 403,
    ])
  }
  const { db } = office.database
  const gone = async (table: 'user' | 'device', id: number) =>
    (await db.selectFrom(table).select('deleted_at').where('id', '=', id).executeTakeFirstOrThrow()).deleted_at
  expect([await gone('user', first.customer_id), await gone('device', first.device_id)]).toEqual([null, null])
  const renamed = await send(office, north.staff, { method: 'PATCH', path: `/counter/customers/${first.customer_id}`, body: { full_name: 'Ida Bothe' } }) // oxfmt-ignore
  expect(renamed.status).toBe(200)
})

test('a handler that asks for rows without thinking of stores is given those of the caller’s alone', async () => {
  const careless = read(
    'GET /counter/careless',
    { who: anyEmployee, response: z.array(z.object({ note: z.string().nullable() })), summary: 'Every note' },
    ({ db }) => db.selectFrom('repair_order as one').select('one.note').orderBy('one.id').execute(),
  )
  await using office = await openTwoStores({ endpoints: [careless] })
  for (const { staff, code } of [office.north, office.south]) {
    const body = { customer: { full_name: code, phone: `0170 44000${code.at(-1)}` }, device: { model_id: office.stock.model_id }, note: code } // oxfmt-ignore
    expect((await send(office, staff, { method: 'POST', path: '/counter/intakes', body })).status).toBe(201)
  }
  const notes = async (as: Person) => (await get(office, as, '/counter/careless')).body
  expect(await notes(office.north.staff)).toEqual([{ note: 'S2' }])
  expect(await notes(office.south.staff)).toEqual([{ note: 'S3' }])
  expect(await notes(office.owner)).toEqual([{ note: 'S2' }, { note: 'S3' }])
})
