import { hash } from 'node:crypto'
import { SYNCED_TABLES, type SyncedTable } from '../../../db/schema/schema.ts'

/** What rows come to, so that two machines know by a few numbers whether they have the same ones. */

/** How many rows, the sum of their columns `_cents`, and the exclusive-or of their hashes, 32 digits of 4 bits. */
export type Sum = { rows: number; cents: number; hash: string }

/** A sum that rows are still added to. */
export type Adding = { rows: number; cents: number; words: Uint32Array }

/** What one row adds; of the bytes of its hash the first half counts. */
export type RowDigest = { cents: number; bytes: Buffer }

/** Of the 32 bytes of a hash the first half: two rows in a million million million are taken for one. */
const WORDS = 4

export const newSum = (): Adding => ({ rows: 0, cents: 0, words: new Uint32Array(WORDS) })

export function addRow(sum: Adding, { cents, bytes }: RowDigest): void {
  sum.rows += 1
  sum.cents += cents
  for (let i = 0; i < WORDS; i++) sum.words[i]! ^= bytes.readUInt32BE(i * 4)
}

/** Both together; the rows of one are none of the other. */
export function together(one: Adding | undefined, other: Adding | undefined): Adding {
  const sum = newSum()
  for (const part of [one, other]) {
    if (!part) continue
    sum.rows += part.rows
    sum.cents += part.cents
    for (let i = 0; i < WORDS; i++) sum.words[i]! ^= part.words[i]!
  }
  return sum
}

/** The digest of a row, of everything in it that both sides have to agree on. */
export function digestOfRow(table: SyncedTable, row: readonly unknown[], cents: number): RowDigest {
  return { cents, bytes: hash('sha256', `${table} ${JSON.stringify(row)}`, 'buffer') }
}

/** The hash of one row, as it is told. */
export const hashOf = ({ bytes }: RowDigest): string => bytes.toString('hex', 0, WORDS * 4)

const textOf = (words: Uint32Array): string => Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('')

export const printed = ({ rows, cents, words }: Adding): Sum => ({ rows, cents, hash: textOf(words) })

export const isSame = (one: Sum, other: Sum): boolean =>
  one.rows === other.rows && one.cents === other.cents && one.hash === other.hash

export const NO_ROWS: Sum = printed(newSum())

/** One text for all tables. */
export function rootOf(tables: ReadonlyMap<SyncedTable, Sum>): string {
  const all = SYNCED_TABLES.map((table) => {
    const { rows, cents, hash } = tables.get(table) ?? NO_ROWS
    return [table, rows, cents, hash]
  })
  return hash('sha256', JSON.stringify(all)).slice(0, 32)
}

const DAY_MS = 86_400_000
/** Two hundred years: whatever a machine says that a row was made, it has no more days than that. */
const LAST_DAY = 73_000

/** The day of a row, in days since 1970 by UTC: that on which it was made, which comes with the row and never changes. */
export const dayOf = (created_at: unknown): number =>
  Math.min(LAST_DAY, Math.max(0, Math.floor(Number(created_at) / DAY_MS)))
