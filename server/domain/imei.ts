const SEPARATORS = /[\s/\p{Pd}]/gu
const FIFTEEN_DIGITS = /^\d{15}$/
const ZERO = 48

/** Whether the last digit is the check digit of those before it (ISO/IEC 7812-1, annex B). Takes ASCII digits only. */
export function luhnValid(digits: string): boolean {
  let total = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - ZERO
    if (!(digit >= 0 && digit <= 9)) return false
    const weighted = i % 2 === 0 ? digit : digit * 2
    total += weighted > 9 ? weighted - 9 : weighted
  }
  return digits !== '' && total % 10 === 0
}

/** What a serial number says about itself: 15 digits are an IMEI, whose check digit is right or wrong. */
export function imeiKind(serial: string): 'valid' | 'invalid' | 'not-an-imei' {
  const digits = serial.replace(SEPARATORS, '')
  if (!FIFTEEN_DIGITS.test(digits)) return 'not-an-imei'
  return luhnValid(digits) ? 'valid' : 'invalid'
}
