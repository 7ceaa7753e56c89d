import type { SyncedTable } from '../../../db/schema/schema.ts'
import { registerOf, SYNC_RULES, wholeRegisters } from '../../../db/schema/sync-rules.ts'
import type { Clock, RowClocks } from '../../domain/time/write-order.ts'
import type { Op } from './op.ts'

/** Which registers of a row an op writes, and by what two writes of one register are told apart. */

export type Value = string | number | null
/** Columns of a row. */
export type Fields = Readonly<Record<string, Value>>

export const clockOf = (clocks: RowClocks, register: string): Clock | null => clocks.registers[register] ?? clocks.put

/** The register of whether a row is hidden. */
export const DELETED = 'deleted_at'

/** An op about a row of a table that is known here. A fact is put. */
export type RowOp = {
  entity: SyncedTable
  row_id: number
  kind: 'put' | 'patch' | 'del'
  clock: Clock
  /** The node that wrote it. */
  origin: number
  at: number
  actor: number | null
  device: string | null
  /** Of a patch or del: what it says that it replaces. */
  before: Fields | null
  /** Of a put every column but those that are null, of a patch those of its registers, of a del its day. */
  after: Fields
}

/** What an op writes into one register, and what it says that it replaces; a put does not say. */
export type RegisterWrite = { register: string; values: Fields; before: Fields | null }

/** The writes of an op, by register. A put writes every column of its table. */
export function writesOf(op: RowOp, columns: Columns): RegisterWrite[] {
  const written =
    op.kind === 'put' ? [...columns.keys()].filter((column) => !COMES_WITH_THE_ROW.has(column)) : Object.keys(op.after)
  const byRegister = Map.groupBy(written, (column) => registerOf(op.entity, column))
  return [...byRegister].map(([register, names]) => ({
    register,
    values: pick(op.after, names),
    before: op.before && pick(op.before, names),
  }))
}

/** What never changes, and `updated_at`, which follows from the last op. */
export const COMES_WITH_THE_ROW: ReadonlySet<string> = new Set(['id', 'store_id', 'created_at', 'updated_at'])

export const pick = (from: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, from[name] ?? null]))

/** Whether both say the same of every column that `a` has. */
export const isSame = (a: Fields, b: Fields): boolean => Object.keys(a).every((name) => a[name] === (b[name] ?? null))

/** What is wrong with an op about a row. */
export type BodyFault = 'not-a-row' | 'never-changes' | 'part-of-a-register' | 'not-a-value' | 'unknown-kind'

/** The columns of a table as the database has them: passed in, so that what a migration adds is known at once. */
export type Columns = ReadonlyMap<string, { type: 'int' | 'text'; nullable: boolean }>

/**
 * Reads what an op says of its row by the columns that are known here; others are given back as `unknown`, to be kept by name.
 */
export function readRowOp(
  op: Op,
  entity: SyncedTable,
  stamp: string,
  columns: Columns,
): { op: RowOp; unknown: Record<string, unknown> } | BodyFault {
  const kind = KINDS.get(op.kind)
  if (!kind) return 'unknown-kind'
  const [before, after] = [bodyIn(op.before), bodyIn(op.after)]
  const isWhole =
    kind === 'put' ? after && op.before === null : kind === 'del' ? before && op.after === null : before && after
  if (!isWhole) return 'not-a-row'
  const said = kind === 'del' ? { [DELETED]: op.at } : kind === 'put' ? { created_at: op.at, ...after } : after!
  const known = Object.fromEntries(Object.entries(said).filter(([name]) => columns.has(name)))
  const unknown = Object.fromEntries(Object.entries(said).filter(([name]) => !columns.has(name)))
  const replaced = before && Object.fromEntries(Object.entries(before).filter(([name]) => columns.has(name)))
  const fault = faultOf(entity, kind, known, replaced, columns)
  if (fault) return fault
  const { origin, epoch, seq, row_id, at, actor, device } = op
  const clock = { stamp, origin, epoch, seq }
  const body = { before: replaced as Fields | null, after: known as Fields } // As `faultOf` found.
  return { op: { entity, row_id, kind, clock, origin, at, actor, device, ...body }, unknown }
}

const KINDS = new Map<string, RowOp['kind']>([
  ['put', 'put'],
  ['event', 'put'],
  ['patch', 'patch'],
  ['del', 'del'],
])

type Body = Record<string, unknown>

/** The object of a body; null for what is none. */
function bodyIn(text: string | null): Body | null {
  if (text === null) return null
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function faultOf(
  entity: SyncedTable,
  kind: RowOp['kind'],
  after: Body,
  before: Body | null,
  columns: Columns,
): BodyFault | null {
  const isGood = ([name, value]: [string, unknown]) => isValueOf(columns.get(name)!, value)
  if (![...Object.entries(after), ...Object.entries(before ?? {})].every(isGood)) return 'not-a-value'
  if (kind === 'put') return isComplete(after, columns) ? null : 'not-a-value'
  if (Object.keys(after).some((name) => COMES_WITH_THE_ROW.has(name))) return 'never-changes'
  if (kind === 'del') return null
  const names = Object.keys(after)
  if (names.some((name) => !(name in before!)) || Object.keys(before!).length !== names.length) return 'not-a-row'
  return wholeRegisters(entity, names).every((name) => name in after) ? null : 'part-of-a-register'
}

/** Every column that may not be null; `id` is the op's, `updated_at` its time. */
const isComplete = (after: Body, columns: Columns) =>
  [...columns].every(
    ([name, { nullable }]) => nullable || name === 'id' || name === 'updated_at' || (after[name] ?? null) !== null,
  )

function isValueOf({ type, nullable }: { type: 'int' | 'text'; nullable: boolean }, value: unknown): boolean {
  if (value === null) return nullable
  if (type === 'int') return Number.isSafeInteger(value)
  return typeof value === 'string' && !value.includes('\0') && value.isWellFormed()
}

/** The tables whose rows a `del` takes away for good, whatever is said of them later. */
export const staysDeleted = (table: SyncedTable): boolean => SYNC_RULES[table].class === 'list'
