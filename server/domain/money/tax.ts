import { share } from './spread.ts'

export type TaxRule = {
  /** Whether prices hold the tax, get it on top, or know none. */
  mode: 'included' | 'added' | 'none'
  /** Basis points: 1900 is 19 %. */
  rate: number
}

/** A rule that held until an instant in ms. */
export type FormerTax = TaxRule & { until: number }

/** The rule that held at `at`; `former` are those before `now`'s, oldest first. */
export function taxRuleAt(at: number, now: TaxRule, former: readonly FormerTax[]): TaxRule {
  return former.find(({ until }) => at < until) ?? now
}

/**
 * What a customer pays is one figure, tax and all, whichever way the shop writes its prices. Where tax is added, people
 * type and read the price before it: `priced` is that price of an amount, `charged` the amount of that price, and one
 * undoes the other to the cent.
 */
export const priced = (cents: number, rule: TaxRule): number =>
  rule.mode === 'added' ? taxOf(cents, { ...rule, mode: 'included' }).net : cents
export const charged = (price: number, rule: TaxRule): number => taxOf(price, rule).gross

/**
 * The tax of one line in cents, rounded half up; a refund mirrors its sale to the cent. Net and tax always add up to
 * gross. Throws when the figures leave the exact integers.
 */
export function taxOf(cents: number, { mode, rate }: TaxRule): { net: number; tax: number; gross: number } {
  if (mode === 'none') return { net: cents, tax: 0, gross: cents }
  if (mode === 'added') {
    const tax = taxShare(cents, rate, 10_000)
    return { net: cents, tax, gross: cents + tax }
  }
  const tax = taxShare(cents, rate, 10_000 + rate)
  return { net: cents - tax, tax, gross: cents }
}

/** @throws RangeError where the figures leave the exact integers */
function taxShare(cents: number, rate: number, whole: number): number {
  if (!Number.isSafeInteger(cents * rate) || rate < 0) throw new RangeError(`No exact tax on ${cents} at ${rate}`)
  return share(cents, rate, whole)
}
