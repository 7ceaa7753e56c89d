import { isWritten } from './written-number.ts'

/** The largest amount a document may carry, 99,999,999.99, in cents. */
export const MAX_CENTS = 9_999_999_999

/** Why a written amount is not money, in pydantic's words. */
export type MoneyFault = { type: string; msg: string }

const NOT_DECIMAL = {
  type: 'decimal_type',
  msg: 'Decimal input should be an integer, float, string or Decimal object',
}
const UNREADABLE = { type: 'decimal_parsing', msg: 'Input should be a valid decimal' }
const NOT_FINITE = { type: 'finite_number', msg: 'Input should be a finite number' }
const TOO_PRECISE = { type: 'decimal_max_places', msg: 'Decimal input should have no more than 2 decimal places' }

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i
const WORD = /^[+-]?(?:s?nan|inf|infinity)$/i
const ZERO = 48
const POINT = 46

/**
 * Reads a decimal, written as string or JSON number, as exact cents. Numbers are read by their shortest decimal form, so
 * 0.1 is ten cents, and by their digits where a double does not hold them. Negative amounts pass; what is far beyond
 * MAX_CENTS comes back as some number beyond it.
 */
export function parseMoney(value: unknown): number | MoneyFault {
  if (typeof value === 'string') return plainCents(value) ?? readDecimal(value.trim())
  if (typeof value !== 'number') return isWritten(value) ? readDecimal(value.rawJSON) : NOT_DECIMAL
  if (!Number.isFinite(value)) return NOT_FINITE
  if (Number.isInteger(value) && Math.abs(value) <= MAX_CENTS) return value * 100 + 0
  return readDecimal(String(value))
}

/** Writes cents as a decimal with exactly two places. Throws when they are not an exact integer. */
export function formatMoney(cents: number): string {
  if (cents < 0) return '-' + formatMoney(-cents)
  exact(cents)
  // Below 2^53 / 100 doubles lie 1/64 apart at most, so the quotient never rounds up to the next unit.
  const units = Math.floor(cents / 100)
  const rest = cents - units * 100
  return rest < 10 ? units + '.0' + rest : units + '.' + rest
}

/** Adds amounts. Throws when an amount or the total is not an exact integer. */
export function sum(amounts: readonly number[]): number {
  let total = 0
  for (const cents of amounts) total = exact(total + exact(cents))
  return total
}

/** So many of one price. Throws when a figure is not an exact integer. */
export function times(cents: number, count: number): number {
  return exact(exact(cents) * exact(count))
}

/** A part of an amount in whole percent, cut to the cent. */
export function percentOf(cents: number, percent: number): number {
  return Math.floor(times(cents, percent) / 100)
}

/** The JSON number the store API shows: the double that prints as the decimal. */
export function toNumber(cents: number): number {
  return exact(cents) / 100
}

/** What goes back over the counter; nothing while the tendered cash does not cover the amount. */
export function changeDue(amount: number, tendered: number): number {
  return Math.max(0, exact(exact(tendered) - exact(amount)))
}

function exact(cents: number): number {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`Not an exact amount in cents: ${cents}`)
  return cents
}

/** The quick path for `123` and `123.45`; null for every other spelling. */
function plainCents(text: string): number | null {
  const length = text.length
  if (length === 0 || length > 13) return null
  const places = text.charCodeAt(length - 3) === POINT ? 2 : 0
  let cents = 0
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - ZERO
    if (digit >= 0 && digit <= 9) cents = cents * 10 + digit
    else if (places === 0 || i === 0 || i !== length - 3) return null
  }
  return places === 2 ? cents : cents * 100
}

function readDecimal(text: string): number | MoneyFault {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  const digits = whole + fraction
  if (digits === '') return WORD.test(text) ? NOT_FINITE : UNREADABLE
  let first = 0
  let end = digits.length
  while (digits.charCodeAt(first) === ZERO) first++
  if (first === end) return 0
  while (digits.charCodeAt(end - 1) === ZERO) end--
  const shift = Number(exponent) - fraction.length + (digits.length - end) + 2
  if (shift < 0) return TOO_PRECISE
  const tooLong = end - first + shift > 14
  const cents = tooLong ? Number.MAX_SAFE_INTEGER : Number(digits.slice(first, end) + '0'.repeat(shift))
  return sign === '-' ? -cents : cents
}
