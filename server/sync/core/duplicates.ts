import type { SyncedTable } from '../../../db/schema/schema.ts'
import { DELETED, type Fields } from './registers.ts'

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

/**
 * Of each of `rows`, which have a key in common, the one that it is a duplicate of: the earliest by (created_at, id) of those that
 * share a key with it; null for one that comes first. Rows that are deleted take no part, nor does a number of which the desk said
 * that others have it too.
 */
export function duplicatesAmong(entity: SyncedTable, rows: readonly Candidate[]): Map<number, number | null> {
  const first = new Map<string, Candidate>()
  const ordered = rows.toSorted((a, b) => createdAt(a) - createdAt(b) || a.id - b.id)
  const found = new Map<number, number | null>()
  for (const row of ordered) {
    const keys = keysOf(entity, row)
    const earlier = keys.flatMap((key) => first.get(key) ?? [])
    const original = earlier.toSorted((a, b) => ordered.indexOf(a) - ordered.indexOf(b))[0]
    found.set(row.id, original?.id ?? null)
    for (const key of keys) if (!first.has(key)) first.set(key, row)
  }
  return found
}

const createdAt = ({ values }: Candidate) => Number(values['created_at'])

/** The keys of a row, as text; none for one that is never the same as another. */
export function keysOf(entity: SyncedTable, { values }: Candidate): string[] {
  if (values[DELETED] !== null) return []
  return (DUPLICATE_KEYS[entity] ?? []).flatMap((columns) => {
    const isNone = columns.some((column) => (values[column] ?? null) === null)
    const isShared = columns.includes('phone_key') && (values['phone_shared_at'] ?? null) !== null
    return isNone || isShared ? [] : [JSON.stringify([columns, columns.map((column) => values[column])])]
  })
}
