import { expect, test } from 'vitest'
import { merge, type RowState } from '../../../server/sync/core/merge.ts'
import type { Fields, RowOp } from '../../../server/sync/core/registers.ts'
import { ROW, stampAt, type Table, TABLES } from './rows.ts'

/** The rules of merging, one by one, as somebody in the shop would tell them. */

const [ANNA, BEN] = [1, 2]
let seq = 0
const op = (who: number, at: number, kind: RowOp['kind'], before: Fields | null, after: Fields, entity: Table = 'repair_order'): RowOp => ({
  entity, row_id: ROW, kind, clock: { stamp: stampAt(at), origin: who, epoch: 1, seq: ++seq }, origin: who, at, actor: who,
  device: `T${who}`, before, after,
}) // oxfmt-ignore
const put = (values: Fields, entity?: Table) =>
  op(ANNA, 10, 'put', null, { store_id: 1, created_at: 10, ...values }, entity)
const patch = (who: number, at: number, before: Fields, after: Fields) => op(who, at, 'patch', before, after)
const del = (who: number, at: number, entity?: Table) =>
  op(who, at, 'del', { deleted_at: null }, { deleted_at: at }, entity)
const note = (who: number, at: number, before: string | null, after: string | null) =>
  patch(who, at, { note: before }, { note: after })

/** The row once these ops came in this order, each with all others at hand. */
function after(...ops: RowOp[]): RowState {
  let row: RowState | null = null
  for (const [index, one] of ops.entries()) row = merge(row, one, TABLES[one.entity as Table], ops.slice(0, index)).row
  return row!
}
const PUT = put({ status: 'Pending', note: 'a' })

test('who writes last has the value, and who is overwritten unknown is told, with what they wrote, when and where', () => {
  const [anna, ben] = [note(ANNA, 20, 'a', 'screen'), note(BEN, 30, 'a', 'battery')]
  const told = {
    register: 'note',
    lost: { actor: ANNA, device: 'T1', at: 20, values: { note: 'screen' } },
    won: { actor: BEN, at: 30 },
  }
  for (const row of [after(PUT, anna, ben), after(PUT, ben, anna)]) {
    expect(row.values).toMatchObject({ note: 'battery', updated_at: 30 })
    expect(row.conflicts).toMatchObject([told])
  }
})

test('whoever replaces what they saw, or writes the same, has no conflict', () => {
  expect(after(PUT, note(ANNA, 20, 'a', 'b'), note(BEN, 30, 'b', 'c')).conflicts).toEqual([])
  expect(after(PUT, note(ANNA, 20, 'a', 'b'), note(BEN, 30, 'a', 'b')).conflicts).toEqual([])
})

test('two people who change different things of one ticket both have what they wrote', () => {
  const row = after(
    PUT,
    note(ANNA, 30, 'a', 'b'),
    patch(BEN, 20, { status: 'Pending', completed_at: null }, { status: 'Completed', completed_at: 20 }),
  )
  expect(row.values).toMatchObject({ note: 'b', status: 'Completed', completed_at: 20 })
  expect(row.conflicts).toEqual([])
})

test('a register is won whole: no ticket is completed without the day', () => {
  const done = { status: 'Completed', completed_at: 20 }
  const open = { status: 'Pending', completed_at: null }
  const repairing = { status: 'Repairing', completed_at: null }
  expect(after(PUT, patch(ANNA, 20, open, done), patch(BEN, 30, open, repairing)).values).toMatchObject(repairing)
  expect(after(PUT, patch(ANNA, 40, open, done), patch(BEN, 30, open, repairing)).values).toMatchObject(done)
})

test('writing the same again is a write: it beats what somebody else wrote in between', () => {
  expect(after(PUT, note(ANNA, 40, 'a', 'a'), note(BEN, 30, 'a', 'b')).values).toMatchObject({ note: 'a' })
})

test('a value that lost is settled once somebody who knew it goes on from it, or restores it', () => {
  const [anna, ben] = [note(ANNA, 20, 'a', 'screen'), note(BEN, 30, 'a', 'battery')]
  expect(after(PUT, anna, ben, note(BEN, 40, 'battery', 'screen')).conflicts).toEqual([])
  const goesOn = after(PUT, anna, ben, note(ANNA, 40, 'screen', 'glass'))
  expect(goesOn.conflicts).toMatchObject([{ lost: { actor: BEN, values: { note: 'battery' } } }])
})

test('a change by somebody who did not know of a deletion, and came later, brings the row back, and says so', () => {
  for (const row of [
    after(PUT, del(ANNA, 20), note(BEN, 30, 'a', 'b')),
    after(PUT, note(BEN, 30, 'a', 'b'), del(ANNA, 20)),
  ]) {
    expect(row.values).toMatchObject({ deleted_at: null, note: 'b' })
    expect(row.conflicts).toMatchObject([
      { register: 'deleted_at', lost: { actor: ANNA, values: { deleted_at: 20 } }, won: { actor: BEN } },
    ])
  }
})

test('a deletion that came later hides the row, and so does a second one', () => {
  const [deletion, change] = [del(ANNA, 40), note(BEN, 30, 'a', 'b')]
  for (const row of [after(PUT, deletion, change), after(PUT, change, deletion)]) {
    expect(row.values).toMatchObject({ deleted_at: 40, note: 'b' })
    expect(row.conflicts).toEqual([])
  }
  const again = after(PUT, del(ANNA, 20), note(BEN, 30, 'a', 'b'), del(BEN, 50))
  expect([again.values['deleted_at'], again.conflicts]).toEqual([50, []])
})

test('who changes a deleted row and says that it is deleted does not bring it back', () => {
  const gone = { deleted_at: 20 }
  const row = after(PUT, del(ANNA, 20), patch(BEN, 30, { note: 'a', ...gone }, { note: 'erased', ...gone }))
  expect(row.values).toMatchObject({ deleted_at: 20, note: 'erased' })
  expect(row.conflicts).toEqual([])
})

test('what was taken out of a list stays out, whenever that was', () => {
  const photo = put({ order_id: 1, photo_id: 2, position: 0 }, 'ticket_photo')
  const moved = op(BEN, 30, 'patch', { position: 0 }, { position: 1 }, 'ticket_photo')
  for (const row of [
    after(photo, del(ANNA, 20, 'ticket_photo'), moved),
    after(photo, moved, del(ANNA, 20, 'ticket_photo')),
  ])
    expect(row.values).toMatchObject({ deleted_at: 20, position: 1 })
})

test('stamps that are equal go by origin, epoch and seq, wherever they arrive first', () => {
  const [anna, ben] = [note(ANNA, 20, 'a', 'x'), note(BEN, 20, 'a', 'y')]
  for (const row of [after(PUT, anna, ben), after(PUT, ben, anna)]) expect(row.values['note']).toBe('y')
  const own = [note(BEN, 20, 'a', 'first'), note(BEN, 20, 'first', 'second')]
  for (const row of [after(PUT, ...own), after(PUT, ...own.toReversed())]) expect(row.values['note']).toBe('second')
})

test('an op that comes once more is written once', () => {
  const change = note(ANNA, 20, 'a', 'b')
  const row = after(PUT, change)
  expect(merge(row, change, TABLES.repair_order, [PUT, change]).write).toBe(null)
  expect(merge(row, PUT, TABLES.repair_order, [PUT, change]).write).toBe(null)
})

test('what is written names the values and clocks that change, and nothing else', () => {
  const change = note(ANNA, 20, 'a', 'b')
  expect(merge(null, PUT, TABLES.repair_order, []).write).toEqual({
    entity: 'repair_order', row_id: ROW, isNew: true, clocks: { registers: {} }, conflicts: [], settled: [],
    values: { store_id: 1, created_at: 10, updated_at: 10, deleted_at: null, status: 'Pending', completed_at: null, note: 'a' },
  }) // oxfmt-ignore
  expect(merge(after(PUT), change, TABLES.repair_order, []).write).toEqual({
    entity: 'repair_order', row_id: ROW, isNew: false, values: { note: 'b', updated_at: 20 },
    clocks: { registers: { note: change.clock } }, conflicts: [], settled: [],
  }) // oxfmt-ignore
})

test('a row that is not here is put and nothing else', () => {
  expect(() => merge(null, note(ANNA, 20, 'a', 'b'), TABLES.repair_order, [])).toThrow('repair_order 7 is not here')
})
