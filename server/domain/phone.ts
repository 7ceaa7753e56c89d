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

/** Both Eastern digit rows begin at a multiple of 16. */
function westernDigit(digit: string): string {
  return String(digit.charCodeAt(0) & 15)
}
