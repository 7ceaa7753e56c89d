/**
 * Note denominations in cents, the same in every currency. Large sums are rarely paid in fives, or with more than twice the
 * amount: notes beyond a hundred are rare.
 */
const SMALL_NOTES_CENTS = [500, 1_000, 2_000, 5_000, 10_000]
const LARGE_NOTES_CENTS = [1_000, 5_000, 10_000, 20_000, 50_000]
const LARGE_AMOUNT_CENTS = 10_000
const MAX_SUGGESTIONS = 4

/**
 * What a customer is likely to hand over for this amount: the exact amount, then the next round sums above it, in
 * cents, rising.
 */
export function likelyNotes(amount: number): number[] {
  if (amount <= 0) return []
  const [steps, most] =
    amount < LARGE_AMOUNT_CENTS ? [SMALL_NOTES_CENTS, LARGE_AMOUNT_CENTS] : [LARGE_NOTES_CENTS, 2 * amount]
  const above = steps.map((step) => Math.ceil(amount / step) * step).filter((sum) => sum > amount && sum <= most)
  return [amount, ...[...new Set(above)].sort((a, b) => a - b).slice(0, MAX_SUGGESTIONS)]
}

/** A tendered sum has to be confirmed above this many cents, if it is also this many times what is due. */
const DOUBTFUL = { above: 50_000, times: 10 }

/** Whether the sum is implausible for this amount, both in cents: a price or a code was probably typed instead. */
export const isImplausibleSum = (tendered: number, owes: number) =>
  tendered > DOUBTFUL.above && tendered > DOUBTFUL.times * owes
