/**
 * Amounts as Stripe writes them: integers in the currency's own minor unit (https://docs.stripe.com/currencies). Ours are
 * hundredths whatever the currency. ISK and UGX have no minor unit, but Stripe goes on taking hundredths of them.
 */

const NO_PLACES = new Set(
  ['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA'].concat(['PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF']),
)
const THREE_PLACES = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])
const WHOLE_ONLY = new Set(['ISK', 'UGX'])

/** Hundredths in the currency's minor unit; null for a part that the currency does not have. */
export function toMinorUnits(cents: number, currency: string): number | null {
  const code = currency.toUpperCase()
  const whole = cents % 100 === 0
  if (NO_PLACES.has(code)) return whole ? cents / 100 : null
  if (WHOLE_ONLY.has(code)) return whole ? cents : null
  return THREE_PLACES.has(code) ? cents * 10 : cents
}

/** Stripe's amount in hundredths; null for one that hundredths do not hold. */
export function fromMinorUnits(amount: number, currency: string): number | null {
  const code = currency.toUpperCase()
  const cents = NO_PLACES.has(code) ? amount * 100 : THREE_PLACES.has(code) ? amount / 10 : amount
  return Number.isSafeInteger(cents) ? cents : null
}
