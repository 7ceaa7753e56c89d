import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import type { Op } from '../../../server/sync/core/op.ts'
import { readOp, type Step, STEPS } from '../../../server/sync/core/upgrade.ts'
import { columnsOf, ROW, stampAt } from './rows.ts'

const COLUMNS = new Map<SyncedTable, ReturnType<typeof columnsOf>>([
  ['brand', columnsOf({ name: 'text', name_key: 'text', description: 'text' })],
])
const SCHEMA = 20

const opOf = (part: Partial<Op>): Op => ({
  origin: 1, epoch: 1, seq: 4, tx: 4, hlc: stampAt(1000), schema: SCHEMA, at: 50, actor: null, device: null, act: 'test', entity: 'brand',
  row_id: ROW, kind: 'put', before: null, after: '{"store_id":1}', salt: 's', digest: null, ...part,
}) // oxfmt-ignore
const read = (part: Partial<Op>, steps: readonly Step[] = STEPS) =>
  readOp({ op: opOf(part), stamp: stampAt(1000) }, { schema: SCHEMA, columns: COLUMNS, steps })
const patchOf = (after: object) => ({ kind: 'patch', before: JSON.stringify(after), after: JSON.stringify(after) })

test('fields of a newer program are parked by name, and the rest of the op is read', () => {
  const newer = read({ schema: SCHEMA + 1, after: '{"store_id":1,"description":"a","logo":7}' })
  expect(newer).toMatchObject({ state: 'row', op: { after: { store_id: 1, description: 'a' } }, parked: ['logo'] })
  expect(read({ schema: SCHEMA + 1, ...patchOf({ logo: 7 }) })).toEqual({ state: 'parked', fields: ['logo'] })
})

test('tables and kinds of a newer program are parked whole', () => {
  expect(read({ schema: SCHEMA + 1, entity: 'warranty' })).toEqual({ state: 'parked', fields: [] })
  expect(read({ schema: SCHEMA + 1, kind: 'split' })).toEqual({ state: 'parked', fields: [] })
  expect(read({ kind: 'split' })).toEqual({ state: 'quarantine', reason: 'unknown-kind' })
})

test('what an older program wrote and a migration took away is nothing any more', () => {
  expect(read({ schema: 3, after: '{"store_id":1,"is_self":1}' })).toMatchObject({ state: 'row', parked: [] })
  expect(read({ schema: 3, ...patchOf({ is_self: 1 }) })).toEqual({ state: 'nothing' })
  for (const entity of ['cart', 'stripe_event', 'credential'])
    expect(read({ schema: 3, entity })).toEqual({ state: 'nothing' })
})

test('an older op is read through each step since, in their order, and through none from before', () => {
  const rename = (to: number, from: string, into: string): Step => ({
    to,
    entity: 'brand',
    read: ({ [from]: value, ...body }) => (value === undefined ? body : { ...body, [into]: value }),
  })
  const steps = [rename(10, 'about', 'text'), rename(15, 'text', 'description')]
  const said = (schema: number, field: string) =>
    read({ schema, after: JSON.stringify({ store_id: 1, [field]: 'a' }) }, steps)
  const described = { op: { after: { store_id: 1, created_at: 50, description: 'a' } } }
  expect(said(9, 'about')).toMatchObject(described)
  expect(said(10, 'text')).toMatchObject(described)
  expect(said(15, 'description')).toMatchObject(described)
  expect(said(15, 'about')).not.toHaveProperty('op.after.description')
  const patch = read({ schema: 9, ...patchOf({ about: 'a' }) }, steps)
  expect(patch).toMatchObject({ op: { before: { description: 'a' }, after: { description: 'a' } } })
  expect(read({ schema: 9, entity: 'brand', after: '[1]' }, steps)).toMatchObject({ state: 'quarantine' })
})

test('an op whose body was erased says nothing, nor does the beginning of an epoch', () => {
  expect(read({ after: null, salt: null, digest: 'd' })).toEqual({ state: 'nothing' })
  expect(read({ entity: 'journal', kind: 'restore', after: '{}' })).toEqual({ state: 'nothing' })
})

test('an erasure names rows or bodies, or is refused', () => {
  const erase = (after: string | null) => read({ entity: 'user', kind: 'erase', after })
  expect(erase('{"rows":{"user":[7],"device":[8,9]}}')).toEqual({
    state: 'erase',
    erasure: { rows: { user: [7], device: [8, 9] } },
  })
  expect(erase('{"origin":1,"epoch":2,"seqs":[3]}')).toEqual({
    state: 'erase',
    erasure: { origin: 1, epoch: 2, seqs: [3] },
  })
  for (const body of [
    null,
    '',
    '[]',
    '{"rows":{"credential":[7]}}',
    '{"rows":{"user":["7"]}}',
    '{"origin":1,"epoch":2}',
    '{}',
  ])
    expect(erase(body), String(body)).toEqual({ state: 'quarantine', reason: 'not-a-row' })
})

test('whatever an op says, of whichever schema, is read or refused, and nothing is thrown', () => {
  const body = fc.option(
    fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((text) => `{"rows":${text}}`),
    ),
  )
  const some = fc.record({
    schema: fc.integer({ min: 0, max: 2 * SCHEMA }),
    entity: fc.oneof(fc.constantFrom('brand', 'journal', '__proto__', 'constructor'), fc.string()),
    kind: fc.oneof(fc.constantFrom('put', 'patch', 'del', 'event', 'erase', 'restore'), fc.string()),
    before: body,
    after: body,
  })
  const step: Step = { to: SCHEMA, entity: 'brand', read: (fields) => fields }
  fc.assert(
    fc.property(some, (part) => {
      expect(['row', 'parked', 'erase', 'nothing', 'quarantine']).toContain(read(part, [step]).state)
    }),
    { numRuns: 2_000 },
  )
})
