import { hash } from 'node:crypto'
import { fieldHash } from './check/sums.ts'

/** By what rows of this machine alone are known to be as they were written: no journal tells of them. */

/** The sum of a row: of all its columns but the sum; null and what is missing are the same. */
export function rowSum(row: Record<string, unknown>): string {
  const said = Object.entries(row).filter(
    ([column, value]) => column !== 'sum' && value !== null && value !== undefined,
  )
  const text = JSON.stringify(said.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return hash('sha256', text, 'base64url').slice(0, 16)
}

/** Whether a row is as its sum says, or of before there were sums. */
export const isAsSummed = (row: Record<string, unknown>): boolean => row['sum'] === null || row['sum'] === rowSum(row)

/**
 * By how much the sum of a counter grows when it grows by `count`. The statement that moves a counter moves its sum by as much,
 * without looking at either: whatever one of them was changed by stays to be seen.
 */
export const counterStep = (count: number): number => count * 48_271

/** What a label adds to the sum of its counter. */
export const labelSum = (label: string): number => fieldHash(label) >>> 0

/** The sum of a counter. */
export const counterSum = ({ name, n, label }: { name: string; n: number; label: string | null }): number =>
  (fieldHash(name) >>> 0) + counterStep(n) + (label === null ? 0 : labelSum(label))
