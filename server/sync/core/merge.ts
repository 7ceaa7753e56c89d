import type { Author, Conflict } from '../../../db/schema/conflict.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { type Clock, compareClocks, type RowClocks } from '../../domain/time/write-order.ts'
import {
  clockOf,
  type Columns,
  DELETED,
  type Fields,
  isSame,
  pick,
  type RegisterWrite,
  type RowOp,
  staysDeleted,
  type Value,
  writesOf,
} from './registers.ts'

/**
 * What becomes of a row when an op about it arrives. In whatever order ops arrive, and however often, rows, clocks and conflicts
 * are the same in the end. Nothing is looked up or written here: `db/applied.ts` writes what this decides.
 */

/** A row as it is here. */
export type RowState = {
  /** Every column of the table but `id`. */
  values: Fields
  clocks: RowClocks
  /** Those of its conflicts that stand. */
  conflicts: readonly Conflict[]
  /** The clock of the last erasure that names the row. */
  erased: Clock | null
}

/** What is written to one row: all that `db/applied.ts` needs. It decides nothing. */
export type RowWrite = {
  entity: SyncedTable
  row_id: number
  isNew: boolean
  /** Of a new row every column but `id`; else those that change, `updated_at` among them. */
  values: Fields
  /** Clocks that change; a new row has none, for its put's is that of all, unless it is there anew after an erasure. `null` takes the clock of a register away. */
  clocks: { put?: Clock; registers: Readonly<Record<string, Clock | null>> }
  /** Conflicts that are new or have another winner, by register and clock of what lost; and those that are none any more. */
  conflicts: readonly Conflict[]
  settled: readonly Conflict[]
}

/** The row after an op, and what is written for it; null where the op changes nothing. */
export type Merged = { row: RowState; write: RowWrite | null }

/**
 * Whether `merge` needs the other ops about the row that are kept: it is late, does not replace what it says, or states a row
 * anew that is there. Of most ops this is false.
 */
export function needsHistory(row: RowState | null, op: RowOp): boolean {
  if (!row) return false
  if (op.kind === 'put' || row.values[DELETED] !== null) return true
  if (op.kind === 'del' && !isBehind(op.clock, lastClock(row.clocks))) return true
  const isLate = ({ register }: RegisterWrite) => !isBehind(op.clock, clockOf(row.clocks, register))
  return isUnaware(row, op) || writesOf(op, NO_COLUMNS).some(isLate)
}

/** A patch and a del say theirs themselves. */
const NO_COLUMNS: Columns = new Map()

/**
 * Merges an op into its row; `row` is null where it is not here, and then the op must be a put. `history` is the other ops about
 * the row that are kept, in any order; none where `needsHistory` says so.
 */
export function merge(
  row: RowState | null,
  op: RowOp,
  columns: Columns,
  history: readonly RowOp[],
  erased: Clock | null = row?.erased ?? null,
): Merged {
  if (!row) return putNew(op, columns, erased)
  const known = history.filter(({ clock }) => compareClocks(clock, op.clock) !== 0)
  const clocks = { ...row.clocks, put: row.clocks.put ?? lastPut(history) }
  const merging: Merging = { row: { ...row, clocks }, op, writes: writesOf(op, columns), known, columns }
  const after = written(merging)
  const next = { ...after, conflicts: conflictsAfter(merging, after) }
  return { row: next, write: difference(merging.row, next, op) }
}

type Merging = { row: RowState; op: RowOp; writes: readonly RegisterWrite[]; known: readonly RowOp[]; columns: Columns }

function putNew(op: RowOp, columns: Columns, erased: Clock | null): Merged {
  if (op.kind !== 'put') throw new Error(`${op.entity} ${op.row_id} is not here`)
  const names = [...columns.keys()].filter((name) => name !== 'id')
  const values = { ...pick(op.after, names), updated_at: op.at }
  const row = { values, clocks: { put: op.clock, registers: {} }, conflicts: [], erased }
  const { entity, row_id } = op
  // What is there anew after an erasure was put before, and changed by others since: all else of a new row is later.
  const clocks = { ...(erased ? { put: op.clock } : {}), registers: {} }
  const write = { entity, row_id, isNew: true, values, clocks, conflicts: [], settled: [] }
  return { row, write }
}

function lastPut(history: readonly RowOp[]): Clock | null {
  const puts = history.filter(({ kind }) => kind === 'put').map(({ clock }) => clock)
  return puts.toSorted(compareClocks).at(-1) ?? null
}

const isBehind = (a: Clock, b: Clock | null) => b === null || compareClocks(a, b) > 0

/** The row with what the op wins: each register by itself. */
function written({ row, op, writes }: Merging): RowState {
  const won = writes.filter((write) => wins(row, op, write))
  const values: Record<string, Value> = Object.assign({ ...row.values }, ...won.map((write) => write.values))
  const clocks = clocksAfter(row, op, won)
  if (isBehind(op.clock, row.clocks.put) && op.kind === 'put') Object.assign(values, pick(op.after, WITH_THE_ROW))
  if (values[DELETED] !== null && !isHidden(op.entity, clocks)) values[DELETED] = null
  if (isBehind(op.clock, lastClock(row.clocks))) values['updated_at'] = op.at
  return { ...row, values, clocks }
}

const WITH_THE_ROW = ['store_id', 'created_at']

function clocksAfter({ clocks, values }: RowState, op: RowOp, won: readonly RegisterWrite[]): RowClocks {
  const registers = { ...clocks.registers }
  const put = op.kind === 'put' && isBehind(op.clock, clocks.put) ? op.clock : clocks.put
  // Out of a list since it was put: what puts it once more does not bring it back, and says nothing of since when.
  if (staysDeleted(op.entity) && values[DELETED] !== null) registers[DELETED] ??= clocks.put ?? UNKNOWN
  for (const { register } of won) registers[register] = op.clock
  const own = Object.entries(registers).filter(([, clock]) => put === null || compareClocks(clock, put) !== 0)
  return { put, registers: Object.fromEntries(own) }
}

/** Of a list a row that was taken out stays out. An op that is here already wins what it holds again, which changes nothing. */
function wins({ clocks, values }: RowState, { entity, clock }: RowOp, write: RegisterWrite): boolean {
  const holder = clockOf(clocks, write.register)
  if (write.register === DELETED && staysDeleted(entity)) {
    const [isOut, takesOut] = [values[DELETED] !== null, write.values[DELETED] !== null]
    if (isOut !== takesOut) return takesOut
  }
  return holder === null || compareClocks(clock, holder) >= 0
}

/** A deletion holds until something else of the row is written later by somebody who did not know it; who does, says it again. */
function isHidden(entity: SyncedTable, clocks: RowClocks): boolean {
  const [deleted, last] = [clockOf(clocks, DELETED), lastClock(clocks)]
  return staysDeleted(entity) || last === null || (deleted !== null && compareClocks(deleted, last) >= 0)
}

function lastClock({ put, registers }: RowClocks): Clock | null {
  const all = [...(put ? [put] : []), ...Object.values(registers)]
  return all.toSorted(compareClocks).at(-1) ?? null
}

function conflictsAfter(merging: Merging, after: RowState): readonly Conflict[] {
  const { row, op, writes } = merging
  const found = writes.flatMap((write) => newConflict(merging, write) ?? [])
  const standing = [
    ...row.conflicts,
    ...found.filter((conflict) => !row.conflicts.some((other) => isOne(other, conflict))),
  ]
  const kept = standing.filter(({ register, lost }) => {
    const holds = compareClocks(lost.clock, clockOf(after.clocks, register) ?? UNKNOWN) === 0
    if (register === DELETED) return holds && after.values[DELETED] === null
    if (holds) return false
    const write = writes.find((one) => one.register === register)
    return !write || !isBehind(op.clock, lost.clock) || !knows(write, lost.values)
  })
  const deletion = lostDeletion(merging, after)
  if (deletion && !kept.some((conflict) => isOne(conflict, deletion))) kept.push(deletion)
  return kept.map((conflict) => withWinner(merging, after, conflict))
}

/** Whether a write says of a value that it replaces it, or says the same. */
const knows = ({ before, values }: RegisterWrite, value: Fields) =>
  (before !== null && isSame(value, before)) || isSame(value, values)

/** Whether an op writes what it did not know: what a register holds is neither what it replaces nor what it says. */
export const isUnaware = (row: RowState, op: RowOp): boolean =>
  op.kind !== 'put' &&
  writesOf(op, NO_COLUMNS).some((write) => !knows(write, pick(row.values, Object.keys(write.values))))

/** What one write of the op makes lose, or how it loses itself. */
function newConflict({ row, op, known, columns }: Merging, write: RegisterWrite): Conflict | null {
  const { register, values } = write
  if (register === DELETED) return null
  const { entity, row_id } = op
  const holder = clockOf(row.clocks, register)
  const order = holder ? compareClocks(op.clock, holder) : 1
  if (order === 0) return null
  if (order > 0) {
    const lost = pick(row.values, Object.keys(values))
    if (knows(write, lost) || (row.erased && !(holder && isBehind(holder, row.erased)))) return null
    const by = holder ?? UNKNOWN
    return { entity, row_id, register, lost: { ...authorOf(known, by), values: lost }, won: authorOfOp(op) }
  }
  if (row.erased && !isBehind(op.clock, row.erased)) return null
  const later = known.filter(({ clock }) => isBehind(clock, op.clock)).flatMap((other) => writesOf(other, columns))
  if (isSame(values, row.values) || later.some((other) => other.register === register && knows(other, values)))
    return null
  return { entity, row_id, register, lost: { ...authorOfOp(op), values }, won: authorOf(known, holder!) }
}

/** Before all clocks: of a put that nobody kept. */
const UNKNOWN: Clock = { stamp: '', origin: 0, epoch: 0, seq: 0 }

/** The deletion that this op, or what was here before it, has made lose. */
function lostDeletion({ row, op, known, writes }: Merging, after: RowState): Conflict | null {
  if (after.values[DELETED] !== null) return null
  const deletion = clockOf(after.clocks, DELETED)
  const comes = writes.find(({ register }) => register === DELETED)
  const isOps = comes !== undefined && deletion !== null && compareClocks(op.clock, deletion) === 0
  const values = isOps ? comes.values : { [DELETED]: row.values[DELETED]! }
  if (values[DELETED] === null || deletion === null) return null
  const { entity, row_id } = op
  const lost = { ...(isOps ? authorOfOp(op) : authorOf(known, deletion)), values }
  return { entity, row_id, register: DELETED, lost, won: authorOfOp(op) }
}

function withWinner({ op, known }: Merging, { clocks }: RowState, conflict: Conflict): Conflict {
  const holder = conflict.register === DELETED ? lastClock(clocks) : clockOf(clocks, conflict.register)
  if (!holder || compareClocks(holder, conflict.won.clock) === 0) return conflict
  return { ...conflict, won: compareClocks(holder, op.clock) === 0 ? authorOfOp(op) : authorOf(known, holder) }
}

const authorOfOp = ({ clock, at, actor, device }: RowOp): Author => ({ clock, at, actor, device })

function authorOf(known: readonly RowOp[], clock: Clock): Author {
  const op = known.find((one) => compareClocks(one.clock, clock) === 0)
  return op ? authorOfOp(op) : { clock, at: null, actor: null, device: null }
}

const isOne = (a: Conflict, b: Conflict) => a.register === b.register && compareClocks(a.lost.clock, b.lost.clock) === 0

/** What is to be written for the row to become `next`; null where nothing is. */
function difference(row: RowState, next: RowState, { entity, row_id }: RowOp): RowWrite | null {
  const changed = Object.keys(next.values).filter((name) => next.values[name] !== row.values[name])
  const [before, after] = [row.clocks.registers, next.clocks.registers]
  const moved = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name])
  const registers = Object.fromEntries(moved.map((name) => [name, after[name] ?? null]))
  const { put } = next.clocks
  const isRestated = put !== null && (row.clocks.put === null || compareClocks(put, row.clocks.put) !== 0)
  const conflicts = next.conflicts.filter((conflict) => !row.conflicts.includes(conflict))
  const settled = row.conflicts.filter((one) => !next.conflicts.some((other) => isOne(one, other)))
  if (changed.length + moved.length + conflicts.length + settled.length === 0 && !isRestated) return null
  const clocks = { ...(isRestated ? { put } : {}), registers }
  return { entity, row_id, isNew: false, values: pick(next.values, changed), clocks, conflicts, settled }
}

/** The row once an erasure was heard that names it: of what was said before nothing is kept. */
export function erase(row: RowState, clock: Clock): RowState {
  if (row.erased && !isBehind(clock, row.erased)) return row
  return { ...row, erased: clock, conflicts: row.conflicts.filter(({ lost }) => isBehind(lost.clock, clock)) }
}

/**
 * What becomes of a row once the root has told that it judged one of this node's own ops by another clock than `former`: `op` bears it. What
 * had lost against the former may win now, so all of `history`, which is every op about the row that is kept, is merged anew.
 */
export function restamp(row: RowState, op: RowOp, former: Clock, columns: Columns, history: readonly RowOp[]): Merged {
  const judged = (clock: Clock) => (compareClocks(clock, former) === 0 ? op.clock : clock)
  const registers = Object.entries(row.clocks.registers).map(([name, clock]) => [name, judged(clock)] as const)
  const clocks = { put: row.clocks.put && judged(row.clocks.put), registers: Object.fromEntries(registers) }
  const others = history.filter(
    ({ clock }) => compareClocks(clock, op.clock) !== 0 && compareClocks(clock, former) !== 0,
  )
  const ops = [...others, op]
  const isKept = ({ lost }: Conflict) => ops.some(({ clock }) => compareClocks(clock, judged(lost.clock)) === 0)
  const start: RowState = { ...row, clocks, conflicts: row.conflicts.filter((conflict) => !isKept(conflict)) }
  const next = ops.reduce<RowState>((state, one) => merge(state, one, columns, ops).row, start)
  const { at } = authorOf(ops, lastClock(next.clocks) ?? op.clock)
  const restamped = at === null ? next : { ...next, values: { ...next.values, updated_at: at } }
  return { row: restamped, write: difference(row, restamped, op) }
}
