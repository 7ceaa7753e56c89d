import { REFERENCES } from '../../../db/schema/references.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { isUnaware, merge, needsHistory, type RowState, type RowWrite } from './merge.ts'
import type { Heard } from './op.ts'
import { type Clock, compareClocks } from '../../domain/time/write-order.ts'
import type { RowOp } from './registers.ts'
import { type Erasure, type Known, readOp } from './upgrade.ts'

/** Decides what becomes of one transaction that arrived: all of it is applied, or nothing. */

export type RowKey = { entity: SyncedTable; row_id: number }

/** What a node has of the rows that a transaction names; looked up before, so that nothing here waits. */
export type Here = {
  row(entity: SyncedTable, row_id: number): RowState | null
  /** The clock of the last erasure that names a row, also of one that is not here. */
  erased(entity: SyncedTable, row_id: number): Clock | null
  /** The ops about a row that are kept; asked for only where `needsHistory` says so of it. */
  history(entity: SyncedTable, row_id: number): readonly RowOp[]
  /** At the root, why an op may not be applied; `null` where it may. Nobody else judges: what comes down is judged already. */
  refusal(subject: Subject, row: (entity: SyncedTable, row_id: number) => RowState | null): string | null
}
/** What the root judges: an op about a row, or an erasure. */
export type Subject = RowOp | Erasure

/**
 * - `apply`: `writes` in their order; `erasures` are then heard of, and the bodies of the ops `blank` are not kept. `revived` are
 *   rows whose erased words somebody has written again, not knowing.
 * - `hold`: until these rows are here; with it waits whatever hangs on it.
 * - `quarantine`: until a person has mended or dropped the op `seq`; the rest of its transaction is held.
 */
export type Decision =
  | {
      state: 'apply'
      writes: readonly RowWrite[]
      parked: readonly { seq: number; entity: string; fields: readonly string[] }[]
      erasures: readonly { clock: Clock; erasure: Erasure }[]
      blank: readonly number[]
      revived: readonly RowKey[]
    }
  | { state: 'hold'; waitsFor: readonly RowKey[] }
  | { state: 'quarantine'; seq: number; reason: string }

/** `ops` are those of one transaction, or those of them that a stream has, in their order. */
export function decide(ops: readonly Heard[], known: Known, here: Here): Decision {
  const changed = new Map<string, RowState>()
  const row = (entity: SyncedTable, id: number) => changed.get(`${entity} ${id}`) ?? here.row(entity, id)
  const [writes, parked, erasures, blank, revived, waitsFor] = [[], [], [], [], [], []] as unknown as Lists
  for (const heard of ops) {
    const { seq, entity } = heard.op
    const reading = readOp(heard, known)
    if (reading.state === 'quarantine') return { ...reading, seq }
    if (reading.state === 'parked') parked.push({ seq, entity, fields: reading.fields })
    if (reading.state === 'erase') {
      const reason = here.refusal(reading.erasure, row)
      if (reason) return { state: 'quarantine', seq, reason }
      erasures.push({ clock: clockOfHeard(heard), erasure: reading.erasure })
    }
    if (reading.state !== 'row') continue
    const { op } = reading
    // Nothing of it is taken, whoever may say it: there is nothing for a person to decide, and its words are kept nowhere.
    if (isErased(op, here)) {
      blank.push(seq)
      continue
    }
    const reason = here.refusal(op, row)
    if (reason) return { state: 'quarantine', seq, reason }
    if (reading.parked.length > 0) parked.push({ seq, entity, fields: reading.parked })
    const missing = missingFor(op, row)
    waitsFor.push(...missing)
    if (missing.length > 0) continue
    const before = row(op.entity, op.row_id)
    const history = needsHistory(before, op) ? here.history(op.entity, op.row_id) : []
    const erased = here.erased(op.entity, op.row_id)
    const merged = merge(before, op, known.columns.get(op.entity)!, history, erased)
    changed.set(`${op.entity} ${op.row_id}`, merged.row)
    if (merged.write) writes.push(merged.write)
    if (before?.erased && isUnaware(before, op)) revived.push({ entity: op.entity, row_id: op.row_id })
  }
  if (waitsFor.length > 0) return { state: 'hold', waitsFor }
  return { state: 'apply', writes, parked, erasures, blank, revived }
}

type Apply = Extract<Decision, { state: 'apply' }>
type Lists = [RowWrite[], Apply['parked'][number][], Apply['erasures'][number][], number[], RowKey[], RowKey[]]

export const clockOfHeard = ({ op: { origin, epoch, seq }, stamp }: Heard): Clock => ({ stamp, origin, epoch, seq })

/** The ops that are from before an erasure of their row, whatever becomes of their transaction: by `seq`. */
export const erasedAmong = (ops: readonly Heard[], known: Known, here: Pick<Here, 'erased'>): number[] =>
  ops.flatMap((heard) => {
    const reading = readOp(heard, known)
    return reading.state === 'row' && isErased(reading.op, here) ? [heard.op.seq] : []
  })

/** Whether an op is from before an erasure of its row: nothing of it is taken, and its words are kept nowhere. */
function isErased({ entity, row_id, clock }: RowOp, here: Pick<Here, 'erased'>): boolean {
  const erased = here.erased(entity, row_id)
  return erased !== null && compareClocks(clock, erased) < 0
}

/** The rows that an op needs and that are not here: its own, unless it puts it, and those that it refers to. */
function missingFor(op: RowOp, row: (entity: SyncedTable, id: number) => RowState | null): RowKey[] {
  const own = op.kind === 'put' ? [] : [{ entity: op.entity, row_id: op.row_id }]
  const isOwn = ({ entity, row_id }: RowKey) => op.kind === 'put' && entity === op.entity && row_id === op.row_id
  return [...own, ...referencesOf(op)].filter((key) => !isOwn(key) && !row(key.entity, key.row_id))
}

/** The rows that an op says its row refers to. */
export function referencesOf({ entity, after }: Pick<RowOp, 'entity' | 'after'>): RowKey[] {
  return Object.entries(REFERENCES[entity]).flatMap(([column, table]) => {
    const row_id = after[column]
    return typeof row_id === 'number' ? [{ entity: table, row_id }] : []
  })
}

/** The rows that a transaction names: what `Here` must be able to answer for. */
export function rowsNamed(ops: readonly Heard[], known: Known): RowKey[] {
  return ops.flatMap((heard) => {
    const reading = readOp(heard, known)
    return reading.state === 'row'
      ? [{ entity: reading.op.entity, row_id: reading.op.row_id }, ...referencesOf(reading.op)]
      : []
  })
}
