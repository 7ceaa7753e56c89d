/**
 * Steps of notes and coins in cents, the same series in every currency. Nobody counts out fives for a large sum, or hands
 * over more than twice as much: notes beyond a hundred are rare.
 */
const SMALL_STEPS = [500, 1_000, 2_000, 5_000, 10_000]
const LARGE_STEPS = [1_000, 5_000, 10_000, 20_000, 50_000]
const LARGE = 10_000
const OFFERED = 4

/**
 * What a customer is likely to hand over for this amount: the exact amount, then the next round sums above it, in
 * cents, rising.
 */
export function likelyNotes(amount: number): number[] {
  if (amount <= 0) return []
  const [steps, most] = amount < LARGE ? [SMALL_STEPS, LARGE] : [LARGE_STEPS, 2 * amount]
  const above = steps.map((step) => Math.ceil(amount / step) * step).filter((sum) => sum > amount && sum <= most)
  return [amount, ...[...new Set(above)].sort((a, b) => a - b).slice(0, OFFERED)]
}

/** A tendered sum in cents is asked about above this one, where it is also this many times what is due. */
const DOUBTED = { above: 50_000, times: 10 }

/** Whether nobody gives that much for this amount, both in cents: a price or a code was typed in place of the money. */
export const isFarTooMuch = (tendered: number, owes: number) =>
  tendered > DOUBTED.above && tendered > DOUBTED.times * owes
