/** How far a price lies below the original one, in tenths of a percent, half up; 0 where it does not. */
export function discountTenths(price_cents: number, original_cents: number): number {
  if (price_cents >= original_cents) return 0
  return Math.floor((2_000 * (original_cents - price_cents) + original_cents) / (2 * original_cents))
}

/** The same in whole percent, cut. */
export function discountPercent(price_cents: number, original_cents: number): number {
  if (price_cents >= original_cents) return 0
  return Math.floor((100 * (original_cents - price_cents)) / original_cents)
}
