import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Op } from '../../../server/sync/core/op.ts'
import { compareClocks } from '../../../server/domain/time/write-order.ts'
import { type BodyFault, readRowOp, type RowOp, writesOf } from '../../../server/sync/core/registers.ts'
import { columnsOf, ROW, stampAt } from './rows.ts'

const COLUMNS = columnsOf({
  status: 'text',
  completed_at: 'int',
  picked_up_at: 'int',
  note: 'text',
  cost_cents: 'int',
  discount_cents: 'int',
})
const HLC = stampAt(1000)

const opOf = (kind: string, before: unknown, after: unknown): Op => ({
  origin: 1, epoch: 1, seq: 4, tx: 4, hlc: HLC, schema: 1, at: 50, actor: 2, device: 'T1', act: 'test', entity: 'repair_order',
  row_id: ROW, kind, before: textOf(before), after: textOf(after), salt: 's', digest: null,
}) // oxfmt-ignore
const textOf = (body: unknown) => (body === null ? null : typeof body === 'string' ? body : JSON.stringify(body))
const read = (kind: string, before: unknown, after: unknown) =>
  readRowOp(opOf(kind, before, after), 'repair_order', HLC, COLUMNS)

function good(kind: string, before: unknown, after: unknown): RowOp {
  const op = read(kind, before, after)
  if (typeof op === 'string') throw new Error(op)
  return op.op
}

test('a put says all of its row, an event is one, and a del says its day', () => {
  expect(good('put', null, { store_id: 1, note: 'a' }).after).toEqual({ store_id: 1, note: 'a', created_at: 50 })
  expect(good('event', null, { store_id: 1, created_at: 9 })).toMatchObject({ kind: 'put', after: { created_at: 9 } })
  expect(good('del', { deleted_at: null }, null)).toMatchObject({ kind: 'del', after: { deleted_at: 50 } })
})

test('a patch writes the registers that it names and no other, a put all of them', () => {
  const patch = good(
    'patch',
    { note: null, cost_cents: 1, discount_cents: 0 },
    { note: 'a', cost_cents: 2, discount_cents: 0 },
  )
  expect(writesOf(patch, COLUMNS)).toEqual([
    { register: 'note', before: { note: null }, values: { note: 'a' } },
    {
      register: 'cost_cents',
      before: { cost_cents: 1, discount_cents: 0 },
      values: { cost_cents: 2, discount_cents: 0 },
    },
  ])
  const put = writesOf(good('put', null, { store_id: 1, status: 'Pending' }), COLUMNS)
  expect(put.map(({ register }) => register).toSorted()).toEqual(['cost_cents', 'deleted_at', 'note', 'status'])
  const status = { status: 'Pending', completed_at: null, picked_up_at: null }
  expect(put.find(({ register }) => register === 'status')).toEqual({
    register: 'status',
    before: null,
    values: status,
  })
})

const half = { status: 'Completed' }
const FAULTS: [BodyFault, [string, unknown, unknown]][] = [
  ['unknown-kind', ['split', null, {}]],
  ['unknown-kind', ['constructor', null, {}]],
  ['not-a-row', ['put', null, null]],
  ['not-a-row', ['put', {}, { store_id: 1 }]],
  ['not-a-row', ['put', null, '[1]']],
  ['not-a-row', ['put', null, '{"store_id":1']],
  ['not-a-row', ['patch', null, { note: 'a' }]],
  ['not-a-row', ['patch', { note: 'a' }, null]],
  ['not-a-row', ['patch', { cost_cents: 1, discount_cents: 1 }, { note: 'a' }]],
  ['not-a-row', ['del', null, null]],
  ['part-of-a-register', ['patch', half, half]],
  ['never-changes', ['patch', { store_id: 1 }, { store_id: 2 }]],
  ['never-changes', ['patch', { id: 1 }, { id: 2 }]],
  ['never-changes', ['patch', { created_at: 1 }, { created_at: 2 }]],
  ['not-a-value', ['put', null, { note: 'a' }]],
  ['not-a-value', ['put', null, { store_id: 1, note: 7 }]],
  ['not-a-value', ['put', null, { store_id: 1, note: { a: 1 } }]],
  ['not-a-value', ['put', null, { store_id: 1, note: 'a\0' }]],
  ['not-a-value', ['put', null, { store_id: 1, note: '\ud800' }]],
  ['not-a-value', ['put', null, { store_id: 1, completed_at: '1' }]],
  ['not-a-value', ['put', null, { store_id: 1, completed_at: 1.5 }]],
  ['not-a-value', ['patch', { note: true }, { note: 'a' }]],
]

test.each(FAULTS)('what is no op about a row is refused as %s: %j', (fault, [kind, before, after]) => {
  expect(read(kind, before, after)).toBe(fault)
})

test('columns that are not known here are given back apart, whatever they are called and hold', () => {
  const later = read('put', null, '{"store_id":1,"warranty":[1],"__proto__":{"a":1},"toString":2}')
  expect(later).toMatchObject({ op: { after: { store_id: 1, created_at: 50 } } })
  expect(Object.keys((later as { unknown: object }).unknown).toSorted()).toEqual(['__proto__', 'toString', 'warranty'])
})

test('whatever a body says is read or refused, and nothing is thrown', () => {
  const name = fc.oneof(fc.constantFrom(...COLUMNS.keys(), '__proto__', 'constructor'), fc.string())
  const body = fc.oneof(fc.constant(null), fc.string(), fc.json(), fc.dictionary(name, fc.jsonValue()))
  const kind = fc.oneof(fc.constantFrom('put', 'patch', 'del', 'event'), fc.string())
  fc.assert(
    fc.property(kind, body, body, (what, before, after) => {
      const op = read(what, before, after)
      if (typeof op !== 'string') for (const column of Object.keys(op.op.after)) expect(COLUMNS.has(column)).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})

test('clocks are in one order: by stamp, then origin, epoch and seq', () => {
  const clock = fc.record({
    stamp: fc.constantFrom(stampAt(1), stampAt(2)),
    origin: fc.nat(2),
    epoch: fc.nat(2),
    seq: fc.nat(2),
  })
  const parts = (one: { stamp: string; origin: number; epoch: number; seq: number }) =>
    `${one.stamp} ${one.origin} ${one.epoch} ${one.seq}`
  fc.assert(
    fc.property(clock, clock, (a, b) => {
      const expected = parts(a) < parts(b) ? -1 : parts(a) > parts(b) ? 1 : 0
      expect(Math.sign(compareClocks(a, b))).toBe(expected)
    }),
  )
})
