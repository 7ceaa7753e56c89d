import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type PhoneNumber,
} from 'libphonenumber-js/min'
import { withoutInvisible } from './text/written-text.ts'

const TRUNK_ZERO = /(?<=^\s*(?:\+|00)[^()]*)\(\s*0\s*\)/
const NOT_DIGITS = /[^0-9]/g
/** No country's code begins with a zero: behind the sign stands what is dialled at home, or what `00` begins. */
const PLUS_BEFORE_ZERO = /\+(?=[^0-9]*0)/g
/** It says nothing behind a digit. */
const LATER_PLUS = /(?<=\d.*)\+/g
const EASTERN_DIGIT = /[٠-٩۰-۹]/g

/**
 * Equal for one phone number however it is written: `+447700900461` for `07700 900461` in a shop of `GB` and for
 * `0044 (0) 7700-900 461` everywhere. What is too short or too long for a number of its country keeps its plain key, as does a
 * national number where the shop's country is not known. Empty when no digit is written.
 */
export function phoneKey(written: string, country: string | null): string {
  return numberOf(written, country)?.number ?? plainPhoneKey(written)
}

/** A phone number's digits, behind a `+` when the country is given (`00` counts as `+`, a bracketed trunk zero behind it is dropped). */
export function plainPhoneKey(written: string): string {
  const text = plainText(written)
  const digits = text.replace(TRUNK_ZERO, '').replace(NOT_DIGITS, '')
  if (digits === '') return ''
  if (/^[^0-9]*\+/.test(text)) return `+${digits}`
  return /^00[1-9]/.test(digits) ? `+${digits.slice(2)}` : digits
}

/** A phone number as it is shown: as people of the shop's country write it, or with its country where that is another; as written where it is none. */
export function showPhone(written: string, country: string | null): string {
  const number = numberOf(written, country)
  if (!number) return plainText(written)
  if (!country || !isSupportedCountry(country) || number.countryCallingCode !== getCountryCallingCode(country))
    return number.formatInternational()
  const national = number.formatNational()
  // The library groups no such number, and leaves its trunk zero out.
  const isGrouped = national !== number.nationalNumber
  if (isGrouped && phoneKey(national, country) === number.number) return national
  return plainPhoneKey(written).startsWith('+') ? number.formatInternational() : plainText(written)
}

/** What a telephone dials. */
export const dialled = (written: string, country: string | null) => `tel:${phoneKey(written, country)}`

/** The number, where it may be one: the shop's country says how `00` and a national number are meant, and `00` else means `+`. */
function numberOf(written: string, country: string | null): PhoneNumber | null {
  const text = plainText(written)
  if (!/\d/.test(text)) return null
  const ofShop = country && isSupportedCountry(country) ? parse(text, country) : null
  if (ofShop) return ofShop
  const plain = plainPhoneKey(text)
  return plain.startsWith('+') ? parse(plain) : null
}

/** Of odd numbers the library takes more off with each reading: they are none. */
function parse(text: string, country?: string): PhoneNumber | null {
  const number = parseOnce(text, country)
  return number && parseOnce(number.number)?.number === number.number ? number : null
}

function parseOnce(text: string, country?: string): PhoneNumber | null {
  const defaultCountry = country && isSupportedCountry(country) ? country : undefined
  const number = parsePhoneNumberFromString(text, { extract: false, ...(defaultCountry && { defaultCountry }) })
  return number?.isPossible() && !number.ext ? number : null
}

/** Counts up with what `phoneKey` gives beside the library's rules: keys of before are made anew. */
export const PHONE_FORM = 2

/** Western digits, nothing invisible, a `+` only before them and before no zero. */
const plainText = (written: string) =>
  withoutInvisible(written.normalize('NFKC'))
    .replace(EASTERN_DIGIT, westernDigit)
    .replace(LATER_PLUS, '')
    .replace(PLUS_BEFORE_ZERO, '')
    .trim()

/** A country's code has one to three figures; fewer figures than these behind it, and without its zeros, are no number. */
const COUNTRY = { longest: 3, leaves: 7, tells: 6 }

/**
 * What stands behind the country of an international number (`+` or `00`), for each length that the country's code may
 * have, longest first; a number of this end may be the same one written nationally. Empty for a national number.
 */
export function nationalTails(written: string): string[] {
  const key = plainPhoneKey(written)
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
