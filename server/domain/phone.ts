const TRUNK_ZERO = /(?<=^\s*(?:\+|00)[^()]*)\(\s*0\s*\)/
const NOT_DIGITS = /[^0-9]/g
const EASTERN_DIGIT = /[٠-٩۰-۹]/g

/**
 * Equal for one phone number written in different ways: digits only, behind a `+` when the country is given (`00`
 * counts as `+`, a bracketed trunk zero after the country is dropped). A national and an international spelling stay
 * apart: the country is not known here. Empty when no digit is written.
 */
export function phoneKey(written: string): string {
  const text = written.normalize('NFKC').replace(EASTERN_DIGIT, westernDigit).trim()
  const digits = text.replace(TRUNK_ZERO, '').replace(NOT_DIGITS, '')
  if (digits === '') return ''
  if (/^[^0-9]*\+/.test(text)) return `+${digits}`
  return digits.startsWith('00') && digits.length > 2 ? `+${digits.slice(2)}` : digits
}

/** Whether the text can only be a phone number, as people write them. */
export const looksLikePhone = (typed: string) => /^[0-9+() /.-]+$/.test(typed)

/** A country's code has one to three figures; fewer figures than these behind it, and without its zeros, are no number. */
const COUNTRY = { longest: 3, leaves: 7, tells: 6 }

/**
 * What stands behind the country of an international number (`+` or `00`), for each length that the country's code may
 * have, longest first; a number of this end may be the same one written nationally. Empty for a national number.
 */
export function nationalTails(written: string): string[] {
  const key = phoneKey(written)
  if (!key.startsWith('+')) return []
  const longest = Math.min(COUNTRY.longest, key.length - 1 - COUNTRY.leaves)
  const tails = Array.from({ length: Math.max(0, longest) }, (_, index) => withoutTrunk(key.slice(2 + index)))
  return tails.filter((tail) => tail.length >= COUNTRY.tells)
}

/** A national number without the zeros before it, which are left out behind a country. */
export const withoutTrunk = (digits: string) => digits.replace(/^0+/, '')

/** Both Eastern digit rows begin at a multiple of 16. */
function westernDigit(digit: string): string {
  return String(digit.charCodeAt(0) & 15)
}
