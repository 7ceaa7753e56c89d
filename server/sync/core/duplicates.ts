import type { SyncedTable } from '../../../db/schema/schema.ts'
import { DELETED, type Fields, type Value } from './registers.ts'

/** Finds rows that two nodes have added of one thing: worked out from the rows alone, and so the same everywhere. */

/** By what rows of a table are one thing: each a key of columns that are together the same. */
export const DUPLICATE_KEYS: Partial<Record<SyncedTable, readonly (readonly string[])[]>> = {
  user: [['phone_key'], ['email_key']],
  device: [['serial_key']],
  brand: [['name_key']],
  device_type: [['name_key']],
  problem: [['name_key']],
  model: [['brand_id', 'device_type_id', 'name_key']],
}

/** A row as far as it is compared. */
export type Candidate = { id: number; values: Fields }

/** What the rows themselves do not say: pairs that a person has told apart or made one, and who hears of what. */
export type Told = {
  apart(one: number, other: number): boolean
  same(one: number, other: number): boolean
  /** Whether everybody who hears the one row hears the other too: a mark brings nobody a row of elsewhere. */
  hears(one: Candidate, other: Candidate): boolean
}
const NOTHING_TOLD: Told = { apart: () => false, same: () => false, hears: () => true }

/**
 * Of each of `rows` the one that it is a duplicate of: the earliest by (created_at, id) of those that share a key with it; null for
 * one that comes first. Rows that are deleted take no part, nor does a number of which the desk said that others have it too. What
 * a person said of two rows counts before their keys.
 */
export function duplicatesAmong(
  entity: SyncedTable,
  rows: readonly Candidate[],
  { apart, same, hears }: Told = NOTHING_TOLD,
): Map<number, number | null> {
  const ordered = rows.toSorted((a, b) => createdAt(a) - createdAt(b) || a.id - b.id)
  const keys = new Map(ordered.map((row) => [row.id, new Set(keysOf(entity, row))]))
  const isOne = (row: Candidate, earlier: Candidate) =>
    row.values[DELETED] === null &&
    earlier.values[DELETED] === null &&
    !apart(row.id, earlier.id) &&
    (same(row.id, earlier.id) || !keys.get(row.id)!.isDisjointFrom(keys.get(earlier.id)!)) &&
    hears(row, earlier)
  const originalOf = (row: Candidate, place: number) => ordered.slice(0, place).find((earlier) => isOne(row, earlier))
  return new Map(ordered.map((row, place) => [row.id, originalOf(row, place)?.id ?? null]))
}

const createdAt = ({ values }: Candidate) => Number(values['created_at'])

/** The keys of a row, as text; none for one that is never the same as another. */
export function keysOf(entity: SyncedTable, { values }: Candidate): string[] {
  if (values[DELETED] !== null) return []
  return (DUPLICATE_KEYS[entity] ?? []).flatMap((columns) => {
    const isNone = columns.some((column) => (values[column] ?? null) === null)
    const isShared = columns.includes('phone_key') && (values['phone_shared_at'] ?? null) !== null
    return isNone || isShared ? [] : [JSON.stringify(columns.map((column) => [column, values[column]]))]
  })
}

/** The columns of a key of `keysOf`, with their values. */
export const columnsOfKey = (key: string): Fields => Object.fromEntries(JSON.parse(key) as [string, Value][]) // As above.
