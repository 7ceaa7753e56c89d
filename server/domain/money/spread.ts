/**
 * `cents · part / whole`, rounded half away from zero, so that a refund mirrors its sale. Exact, also where the product
 * leaves the exact integers of a double (money.md 1.1).
 */
export function share(cents: number, part: number, whole: number): number {
  const product = cents * part
  if (!Number.isSafeInteger(product)) return shareOfBig(BigInt(cents) * BigInt(part), BigInt(whole))
  const size = Math.abs(product)
  const rest = size % whole
  const rounded = (size - rest) / whole + (rest * 2 >= whole ? 1 : 0)
  return product < 0 ? 0 - rounded : rounded
}

function shareOfBig(product: bigint, whole: bigint): number {
  const size = product < 0n ? -product : product
  const rounded = Number((2n * size + whole) / (2n * whole))
  return product < 0n ? 0 - rounded : rounded
}

/**
 * Divides an amount by weights, the only way in which money is divided (money.md 1.2): running sums are rounded, shares are
 * the differences. The shares add up exactly, and each lies within a cent of the exact one. Weights are of one sign; where
 * they come to nothing nobody gets anything.
 */
export function spread(cents: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  if (whole === 0) return weights.map(() => 0)
  // Negative weights mirror positive ones.
  const [amount, of] = whole < 0 ? [-cents, -whole] : [cents, whole]
  let weighed = 0
  let given = 0
  return weights.map((weight) => {
    weighed += whole < 0 ? -weight : weight
    const before = given
    given = share(amount, weighed, of)
    return whole < 0 ? 0 - (given - before) : given - before
  })
}
