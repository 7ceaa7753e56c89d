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

/** What a number that was scanned off a device is. A wrong IMEI has the length of one, and another check digit. */
export type NumberKind = 'imei' | 'wrong-imei' | 'meid' | 'eid' | 'other'

/** A MEID has hexadecimal digits, from A0 on, or 18 decimal ones. */
const MEID = /^(?:[A-F][\dA-F]{13}|\d{18})$/
/** The number of an eSIM begins as SIM cards do, and has 32 digits. */
const EID = /^89\d{30}$/

export function numberKind(serial: string): NumberKind {
  const kind = imeiKind(serial)
  if (kind !== 'not-an-imei') return kind === 'valid' ? 'imei' : 'wrong-imei'
  const digits = serial.replace(SEPARATORS, '').toUpperCase()
  return MEID.test(digits) ? 'meid' : EID.test(digits) ? 'eid' : 'other'
}

/** The first eight digits of an IMEI, which all devices of a model from one factory have in common; null for other numbers. */
export const typeAllocationOf = (serial: string): string | null =>
  imeiKind(serial) === 'not-an-imei' ? null : serial.replace(SEPARATORS, '').slice(0, 8)
