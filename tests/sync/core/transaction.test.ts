import { expect, test } from 'vitest'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import type { RowState } from '../../../server/sync/core/merge.ts'
import type { Heard } from '../../../server/sync/core/op.ts'
import type { Clock } from '../../../server/domain/time/write-order.ts'
import { decide, type Here, rowsNamed } from '../../../server/sync/core/transaction.ts'
import { columnsOf, stampAt } from './rows.ts'

const COLUMNS = new Map<SyncedTable, ReturnType<typeof columnsOf>>([
  ['repair_order', columnsOf({ device_id: 'int', customer_id: 'int', note: 'text' })],
  ['order_event', columnsOf({ order_id: 'int', kind: 'text' })],
  ['user', columnsOf({ full_name: 'text' })],
])
const KNOWN = { schema: 3, columns: COLUMNS, steps: [] }

let seq = 0
const heard = (
  entity: string,
  row_id: number,
  kind: string,
  before: object | null,
  after: object | null,
  ms = 1000,
): Heard => {
  const body = {
    before: before && JSON.stringify(before),
    after: after && JSON.stringify(after),
    salt: 's',
    digest: null,
  }
  const [origin, epoch, tx, schema, at] = [1, 1, 1, 3, 50]
  const op = {
    origin,
    epoch,
    seq: ++seq,
    tx,
    schema,
    at,
    hlc: stampAt(ms),
    actor: null,
    device: null,
    act: 'test',
    entity,
    row_id,
    kind,
    ...body,
  }
  return { op, stamp: stampAt(ms) }
}
const order = (row_id: number, values: object = {}) =>
  heard('repair_order', row_id, 'put', null, { store_id: 1, ...values })
const event = (row_id: number, order_id: number) =>
  heard('order_event', row_id, 'event', null, { store_id: 1, order_id })
const clockAt = (ms: number): Clock => ({ stamp: stampAt(ms), origin: 0, epoch: 1, seq: 1 })

const rowOf = (values: RowState['values'] = {}, erased: Clock | null = null): RowState => ({
  values: { deleted_at: null, note: null, full_name: null, ...values },
  clocks: { put: null, registers: {} },
  conflicts: [],
  erased,
})
function hereWith(rows: Record<string, RowState>, more: Partial<Here> = {}): Here {
  const row: Here['row'] = (entity, id) => rows[`${entity} ${id}`] ?? null
  return {
    row,
    erased: (entity, id) => row(entity, id)?.erased ?? null,
    history: () => [],
    refusal: () => null,
    ...more,
  }
}

test('a row that the transaction itself puts is there for what follows, and is not for what comes before', () => {
  const forwards = decide([order(1), event(2, 1)], KNOWN, hereWith({}))
  expect(forwards).toMatchObject({
    state: 'apply',
    writes: [
      { row_id: 1, isNew: true },
      { row_id: 2, isNew: true },
    ],
  })
  expect(decide([event(2, 1), order(1)], KNOWN, hereWith({}))).toEqual({
    state: 'hold',
    waitsFor: [{ entity: 'repair_order', row_id: 1 }],
  })
})

test('a transaction is held whole, and names every row that it waits for', () => {
  const tx = [
    order(1),
    order(2, { device_id: 8, customer_id: 9 }),
    heard('user', 7, 'patch', { full_name: null }, { full_name: 'a' }),
  ]
  const waitsFor = [
    { entity: 'device', row_id: 8 },
    { entity: 'user', row_id: 9 },
    { entity: 'user', row_id: 7 },
  ]
  expect(decide(tx, KNOWN, hereWith({}))).toEqual({ state: 'hold', waitsFor })
  const named = rowsNamed(tx, KNOWN).map(({ entity, row_id }) => `${entity} ${row_id}`)
  expect(named).toEqual(['repair_order 1', 'repair_order 2', 'device 8', 'user 9', 'user 7'])
})

test('a transaction is quarantined whole, with the op that may not be and its reason', () => {
  const bad = heard('repair_order', 2, 'patch', { note: 'a' }, { note: 1 })
  expect(decide([order(1), bad], KNOWN, hereWith({}))).toEqual({
    state: 'quarantine',
    seq: bad.op.seq,
    reason: 'not-a-value',
  })
  const refusal: Here['refusal'] = (subject) => ('row_id' in subject && subject.row_id === 2 ? 'foreign-store' : null)
  const second = order(2)
  const judged = decide([order(1), second], KNOWN, hereWith({}, { refusal }))
  expect(judged).toEqual({ state: 'quarantine', seq: second.op.seq, reason: 'foreign-store' })
})

test('the judge sees rows as the ops before in the transaction left them', () => {
  const seen: unknown[] = []
  const refusal: Here['refusal'] = (_, row) => {
    seen.push(row('user', 7)?.values['full_name'])
    return null
  }
  const rename = (from: string, to: string) => heard('user', 7, 'patch', { full_name: from }, { full_name: to })
  decide([rename('a', 'b'), rename('b', 'c')], KNOWN, hereWith({ 'user 7': rowOf({ full_name: 'a' }) }, { refusal }))
  expect(seen).toEqual(['a', 'b'])
})

test('an op from before an erasure is taken without its words, also where the row is not here', () => {
  const [rename, put] = [
    heard('user', 7, 'patch', { full_name: 'Anna' }, { full_name: 'Anne' }, 1000),
    heard('user', 8, 'put', null, { store_id: 1, full_name: 'Anna' }, 1000),
  ]
  const here = hereWith({ 'user 7': rowOf({ full_name: 'erased' }, clockAt(2000)) }, { erased: () => clockAt(2000) })
  expect(decide([rename, put], KNOWN, here)).toMatchObject({
    state: 'apply',
    writes: [],
    blank: [rename.op.seq, put.op.seq],
    revived: [],
  })
})

test('an op from before an erasure that its node may not say is put aside for nobody: its words are kept nowhere', () => {
  const hire = heard('user', 7, 'patch', { full_name: 'Anna' }, { full_name: 'Anne' }, 1000)
  const rows = { 'user 7': rowOf({ full_name: 'erased' }, clockAt(2000)) }
  const here = hereWith(rows, { refusal: () => 'rights' })
  expect(decide([hire], KNOWN, here)).toMatchObject({ state: 'apply', writes: [], blank: [hire.op.seq] })
})

test('one from after an erasure that did not know it is flagged, and one that did is not', () => {
  const here = hereWith({ 'user 7': rowOf({ full_name: 'erased' }, clockAt(500)) })
  const unaware = heard('user', 7, 'patch', { full_name: 'Anna' }, { full_name: 'Anne' })
  const aware = heard('user', 7, 'patch', { full_name: 'erased' }, { full_name: 'Gone' })
  expect(decide([unaware], KNOWN, here)).toMatchObject({ revived: [{ entity: 'user', row_id: 7 }], blank: [] })
  expect(decide([aware], KNOWN, here)).toMatchObject({ revived: [], blank: [] })
})

test('an erasure is heard with its clock, of rows or of bodies', () => {
  const rows = { rows: { user: [7] } }
  const bodies = { origin: 1, epoch: 1, seqs: [1, 2] }
  const [one, two] = [heard('user', 7, 'erase', null, rows), heard('journal', 1, 'erase', null, bodies)]
  const erasures = [{ erasure: rows }, { erasure: bodies }]
  expect(decide([one, two], KNOWN, hereWith({}))).toMatchObject({ state: 'apply', erasures })
  const refusal: Here['refusal'] = () => 'rights'
  expect(decide([one], KNOWN, hereWith({}, { refusal }))).toMatchObject({ state: 'quarantine', reason: 'rights' })
})

test('the other ops of a row are looked up only where they are needed', () => {
  const asked: number[] = []
  const history: Here['history'] = (_, row_id) => {
    asked.push(row_id)
    return []
  }
  const here = hereWith({ 'user 7': rowOf({ full_name: 'a' }), 'user 8': rowOf({ full_name: 'other' }) }, { history })
  const rename = (row_id: number) => heard('user', row_id, 'patch', { full_name: 'a' }, { full_name: 'b' })
  decide([order(1), rename(7), rename(8)], KNOWN, here)
  expect(asked).toEqual([8])
})
