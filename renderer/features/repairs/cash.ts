/** Steps of notes and coins in cents, the same series in every currency: 5, 10, 20, 50, 100 and so on. */
const STEPS = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]
const OFFERED = 4

/**
 * What a customer is likely to hand over for this amount: the exact amount, then the next round sums above it, in
 * cents, rising.
 */
export function likelyNotes(amount: number): number[] {
  if (amount <= 0) return []
  const above = STEPS.map((step) => Math.ceil(amount / step) * step).filter((sum) => sum > amount)
  return [amount, ...[...new Set(above)].sort((a, b) => a - b).slice(0, OFFERED)]
}
