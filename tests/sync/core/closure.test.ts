import { describe, expect, test } from 'vitest'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { entering, homeOf, type Stream, type Streams } from '../../../server/sync/core/closure.ts'
import type { Fields, RowOp } from '../../../server/sync/core/registers.ts'
import { stampAt } from './rows.ts'

const CUSTOMER = { role: 'customer', is_staff: 0 }
const STAFF = { role: 'customer', is_staff: 1 }

type Rows = Record<string, { values: Fields; shared?: Stream[]; ops?: Fields[] }>

/** Streams over `rows`, by table and id; `ops` is what its ops said beside what it is now. */
function streamsOf(rows: Rows): Streams {
  const row = (entity: SyncedTable, id: number) => rows[`${entity} ${id}`]
  return {
    row: (entity, id) => {
      const values = row(entity, id)?.values
      return values ? { values, clocks: { put: null, registers: {} }, conflicts: [], erased: null } : null
    },
    sharedIn: (entity, id) => row(entity, id)?.shared ?? [],
    opsOf: (entity, id) =>
      [...(row(entity, id)?.ops ?? []), row(entity, id)!.values].map((after) => opOf(entity, id, after)),
  }
}

const opOf = (entity: SyncedTable, row_id: number, after: Fields): RowOp => ({
  entity, row_id, kind: 'patch', clock: { stamp: stampAt(1), origin: 1, epoch: 1, seq: 1 }, origin: 1, at: 1, actor: null, device: null,
  before: {}, after,
}) // oxfmt-ignore

const named = (rows: Rows, name: string, after: Fields, before: Fields | null = rows[name]!.values) => {
  const [entity, id] = name.split(' ')
  const found = entering(opOf(entity as SyncedTable, Number(id), after), before, streamsOf(rows))
  const nameOf = (key: { entity: string; row_id: number }) => `${key.entity} ${key.row_id}`
  return found.map(({ stream, inFront, shared }) => ({
    stream,
    inFront: inFront.map(nameOf),
    shared: shared.map(nameOf),
  }))
}

test('the catalogue, stores, nodes and people who work are of all, everything else is of its store', () => {
  expect(homeOf('product', { store_id: 2 })).toBe('org')
  expect(homeOf('user', { store_id: 2, ...STAFF })).toBe('org')
  expect(homeOf('user', { store_id: 2, role: 'evaluator', is_staff: 0 })).toBe('org')
  expect(homeOf('user', { store_id: 2, ...CUSTOMER })).toBe('store:2')
  expect(homeOf('receipt', { store_id: 2 })).toBe('store:2')
})

describe('what goes in front of an op', () => {
  const rows: Rows = {
    'brand 1': { values: { store_id: 3 } },
    'user 1': { values: { store_id: 1, ...CUSTOMER } },
    'user 2': { values: { store_id: 1, ...CUSTOMER }, shared: ['store:2'] },
    'user 3': { values: { store_id: 1, ...STAFF } },
    'device 1': { values: { store_id: 1, owner_id: 2, brand_id: 1 }, ops: [{ owner_id: 1 }] },
    'repair_order 1': { values: { store_id: 2 } },
    'photo 1': { values: { store_id: 2 } },
    'product 1': { values: { store_id: 2, photo_id: 1 } },
  }
  const order = (after: Fields) => named(rows, 'repair_order 1', after)

  test('nothing where its stream, or that of all, has the rows that it names', () => {
    const here = [{ stream: 'store:2', inFront: [], shared: [] }]
    expect(order({ note: 'a' })).toEqual(here)
    expect(order({ customer_id: 2, opened_by: 3 })).toEqual(here)
  })

  test('a row of elsewhere behind all that any of its ops names, the former owner too', () => {
    const brought = ['user 1', 'device 1']
    expect(order({ device_id: 1, customer_id: 2 })).toEqual([{ stream: 'store:2', inFront: brought, shared: brought }])
  })

  test('in the stream of all a row of any store: a picture of a product', () => {
    expect(named(rows, 'product 1', { photo_id: 1 }, null)).toEqual([
      { stream: 'org', inFront: ['photo 1'], shared: ['photo 1'] },
    ])
  })

  test('an op about a row that was brought elsewhere goes there too', () => {
    expect(named(rows, 'user 2', { full_name: 'a' })).toEqual([
      { stream: 'store:1', inFront: [], shared: [] },
      { stream: 'store:2', inFront: [], shared: [] },
    ])
  })

  test('rows that refer to each other are brought once', () => {
    const circle: Rows = {
      'repair_order 1': { values: { store_id: 2 } },
      'device 1': { values: { store_id: 1, duplicate_of: 2 } },
      'device 2': { values: { store_id: 1, duplicate_of: 1 } },
    }
    const [store] = named(circle, 'repair_order 1', { device_id: 1 })
    expect(store!.inFront.toSorted()).toEqual(['device 1', 'device 2'])
  })
})

test('who becomes staff goes in front of the op that says so, and who is staff no longer stays in the stream of all', () => {
  const hired: Rows = { 'user 1': { values: { store_id: 2, ...STAFF } } }
  expect(named(hired, 'user 1', STAFF, { store_id: 2, ...CUSTOMER })).toEqual([
    { stream: 'org', inFront: ['user 1'], shared: ['user 1'] },
  ])
  const left: Rows = { 'user 1': { values: { store_id: 2, ...CUSTOMER } } }
  expect(named(left, 'user 1', CUSTOMER, { store_id: 2, ...STAFF })).toEqual([
    { stream: 'store:2', inFront: [], shared: [] },
    { stream: 'org', inFront: [], shared: ['user 1'] },
  ])
})
