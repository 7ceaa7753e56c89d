import fc from 'fast-check'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { merge, type RowState } from '../../../server/sync/core/merge.ts'
import { registerOf } from '../../../db/schema/sync-rules.ts'
import { type Clock, compareClocks } from '../../../server/domain/time/write-order.ts'
import {
  type Columns,
  DELETED,
  type Fields,
  pick,
  type RowOp,
  staysDeleted,
  writesOf,
} from '../../../server/sync/core/registers.ts'

/** Ops about one row as several nodes write them, each knowing some of the others, and what must become of them. */

const EVERY_ROW = { id: 'int', store_id: 'int', created_at: 'int', updated_at: 'int' } as const

export function columnsOf(own: Readonly<Record<string, 'int' | 'text'>>): Columns {
  const all = Object.entries({ ...EVERY_ROW, ...own, [DELETED]: 'int' as const })
  return new Map(all.map(([name, type]) => [name, { type, nullable: !(name in EVERY_ROW) }]))
}

/** Few columns of a table of each class: a register of two, and one by itself. */
export const TABLES = {
  repair_order: columnsOf({ status: 'text', completed_at: 'int', note: 'text' }),
  ticket_photo: columnsOf({ order_id: 'int', photo_id: 'int', position: 'int' }),
  payment: columnsOf({ due_amount_cents: 'int', status: 'text', paid_at: 'int' }),
  order_event: columnsOf({ kind: 'text', text: 'text' }),
} satisfies Partial<Record<SyncedTable, Columns>>
export type Table = keyof typeof TABLES

export const stampAt = (ms: number, node = 0) =>
  `${ms.toString(16).padStart(12, '0')}-0000-${node.toString(16).padStart(8, '0')}`

/** What one node does: `knows` says of each op before whether it had heard it, `columns` which ones it writes. */
type Step = {
  what: 'patch' | 'del' | 'put' | 'undelete'
  origin: number
  later: number
  knows: number
  values: number
  columns: number
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('patch', 'patch', 'patch', 'del', 'put', 'undelete'),
  origin: fc.integer({ min: 1, max: 3 }),
  // Clamped stamps are the same for many ops.
  later: fc.integer({ min: 0, max: 2 }),
  knows: fc.nat(255),
  values: fc.nat(80),
  columns: fc.integer({ min: 1, max: 7 }),
})

export const ROW = 7

/** The ops about one row, the put that made it first. */
export const opsAbout = (entity: Table): fc.Arbitrary<RowOp[]> =>
  fc.array(step, { maxLength: 7 }).map((steps) => written(entity, steps))

function written(entity: Table, steps: readonly Step[]): RowOp[] {
  const columns = TABLES[entity]
  const own = [...columns.keys()].filter((name) => !(name in EVERY_ROW) && name !== DELETED)
  const values = (n: number, names: readonly string[]) =>
    Object.fromEntries(names.map((name, i) => [name, valueOf(columns.get(name)!.type, Math.floor(n / 3 ** i) % 3)]))
  const base = { entity, row_id: ROW, actor: 1, device: 'T1' }
  const put = { store_id: 1, created_at: 1, ...values(0, own) }
  const ops: RowOp[] = [{ ...base, kind: 'put', clock: clockAt(0, 1, 1), origin: 1, at: 1, before: null, after: put }]
  let ms = 0
  for (const [index, { what, origin, later, knows, values: n, columns: mask }] of steps.entries()) {
    ms += later
    const seq = index + 2
    const heard = ops.filter((_, i) => i === 0 || (knows >> i) & 1)
    const view = finalOf(entity, heard).values
    const head = { ...base, clock: clockAt(ms, origin, seq), origin, at: 100 + seq }
    const deleted = view[DELETED] ?? null
    if (what === 'put') {
      const after = { ...put, ...pick(view, own), ...(deleted === null ? {} : { [DELETED]: deleted }) }
      ops.push({ ...head, kind: 'put', before: null, after })
    } else if (what === 'del') {
      ops.push({ ...head, kind: 'del', before: pick(view, [DELETED]), after: { [DELETED]: head.at } })
    } else {
      const registers = new Set(
        own.filter((_, i) => i === mask % own.length || (mask >> i) & 1).map((name) => registerOf(entity, name)),
      )
      const names = own.filter((name) => registers.has(registerOf(entity, name)))
      if (deleted !== null) names.push(DELETED)
      const after = {
        ...values(
          n,
          names.filter((name) => name !== DELETED),
        ),
        ...pick(
          view,
          names.filter((name) => name === DELETED),
        ),
      }
      if (what === 'undelete' && deleted !== null) after[DELETED] = null
      ops.push({ ...head, kind: 'patch', before: pick(view, names), after })
    }
  }
  return ops
}

const valueOf = (type: 'int' | 'text', n: number) => (n === 0 ? null : type === 'int' ? n : 'abc'[n]!)

const clockAt = (ms: number, origin: number, seq: number): Clock => ({
  stamp: stampAt(1000 + ms),
  origin,
  epoch: 1,
  seq,
})

/** What a row must be once all of `ops` were heard, worked out from the whole set at once. */
export function finalOf(entity: Table, ops: readonly RowOp[]): { values: Fields; lost: string[] } {
  const columns = TABLES[entity]
  const sorted = ops.toSorted((a, b) => compareClocks(a.clock, b.clock))
  const writes = sorted.flatMap((op) => writesOf(op, columns).map((write) => ({ ...write, op })))
  const values: Record<string, Fields[string]> = { store_id: 1, created_at: 1, updated_at: sorted.at(-1)!.at }
  const lost: string[] = []
  for (const [register, all] of Map.groupBy(writes, (write) => write.register)) {
    const last = all.at(-1)!
    Object.assign(values, last.values)
    if (register === DELETED) continue
    for (const [index, { op, values: said }] of all.entries()) {
      const later = all.slice(index + 1)
      const isKnown = later.some(({ before, values: next }) =>
        [before, next].some((one) => one && JSON.stringify(one) === JSON.stringify(said)),
      )
      if (op !== last.op && !isKnown) lost.push(keyOf(register, op.clock))
    }
  }
  const deletions = writes.filter(({ register }) => register === DELETED)
  const out = deletions.filter(({ values: said }) => said[DELETED] !== null)
  const deletion = deletions.at(-1)!
  const holds = deletion.values[DELETED] !== null && deletion.op === sorted.at(-1)
  if (staysDeleted(entity)) values[DELETED] = out.at(-1)?.values[DELETED] ?? null
  else if (!holds) {
    if (values[DELETED] !== null) lost.push(keyOf(DELETED, deletion.op.clock))
    values[DELETED] = null
  }
  return { values, lost: lost.toSorted() }
}

export const keyOf = (register: string, { stamp, origin, seq }: Clock) => `${register} ${stamp} ${origin} ${seq}`

export type Merge = typeof merge

/** Merges ops in the order in which they come; what comes before its row was put waits for it. */
export function fold(entity: Table, ops: readonly RowOp[], mergeOp: Merge = merge): RowState {
  const columns = TABLES[entity]
  let row: RowState | null = null
  const known: RowOp[] = []
  const arrive = (op: RowOp) => {
    row = mergeOp(row, op, columns, known).row
    known.push(op)
  }
  const waiting: RowOp[] = []
  for (const op of ops) {
    if (!row && op.kind !== 'put') waiting.push(op)
    else arrive(op)
    if (row) for (const held of waiting.splice(0)) arrive(held)
  }
  return row!
}

/** A row as nodes compare it: values, clocks, what lost, and who won against it. */
export const seen = ({ values, clocks, conflicts }: RowState) => ({
  values,
  clocks,
  conflicts: conflicts.toSorted((a, b) => (keyOf(a.register, a.lost.clock) < keyOf(b.register, b.lost.clock) ? -1 : 1)),
})

/** The same ops in two orders, some of them twice. */
export const twoOrders = (entity: Table) =>
  opsAbout(entity).chain((ops) => fc.tuple(fc.constant(ops), inAnyOrder(ops), inAnyOrder(ops)))

const inAnyOrder = <T>(ops: readonly T[]) =>
  fc
    .tuple(fc.shuffledSubarray([...ops], { minLength: ops.length }), fc.subarray([...ops]))
    .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }))
