import { luhnValid } from '../imei.ts'
import { withoutInvisible } from './written-text.ts'

const GROUPS = /\d+/g
const ASCII = /^[\0-\x7f]*$/
/** A few characters that are neither letters nor digits; a letter ends a number. */
const SEPARATOR = /^[^\p{L}\p{N}]{1,3}$/u
/** As people part any number, however long its groups are. */
const USUAL_SEPARATOR = /^[\t\p{Zs}\p{Pd}]{1,3}$/u
const ISSUERS = [
  /^4\d{15}$/, // Visa
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/, // Mastercard
  /^(?:6011|64[4-9]\d|65\d\d)\d{12}$/, // Discover
  /^3[47]\d{13}$/, // American Express
]
const MAX_CARD_DIGITS = 16
const IMEI_LENGTH = 15

/**
 * Whether a text holds what looks like a payment card's number, which is never stored or logged. Its digits may be those of any
 * script, with invisible characters between them. A number is a run of digit groups: parted by spaces or dashes, by one sign
 * throughout, or by any signs where the groups are those that stand on cards. It is found between other groups (a phone number
 * before, an expiry date after) but never inside a longer group. Fifteen digits are a card only with an American Express
 * prefix, so an IMEI passes.
 */
export function looksLikeCardNumber(text: string): boolean {
  const plain = ASCII.test(text) ? text : withPlainDigits(withoutInvisible(text).normalize('NFKC'))
  if (!hasDigits(plain, IMEI_LENGTH)) return false
  return digitRuns(plain).some((run) => run.some((_, start) => startsCard(run, start)))
}

/** Digits of every script as 0 to 9: Unicode has each script's ten in a row, from its zero on. */
const withPlainDigits = (text: string) =>
  text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!
    let zero = code
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
    return String((code - zero) % 10)
  })

/** Most texts are told apart by this alone. */
function hasDigits(text: string, enough: number): boolean {
  let found = 0
  for (let i = 0; i < text.length && found < enough; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) found++
  }
  return found === enough
}

/** Some digits, and what parts them from those before. */
type Group = { digits: string; before: string }

/** Groups of digits, together as long as only a separator lies between them. */
function digitRuns(text: string): Group[][] {
  const runs: Group[][] = []
  let end = -1
  for (const { 0: digits, index } of text.matchAll(GROUPS)) {
    const run = runs.at(-1)
    const before = end < 0 ? '' : text.slice(end, index)
    if (run && index - end <= MAX_SEPARATOR && SEPARATOR.test(before)) run.push({ digits, before })
    else runs.push([{ digits, before: '' }])
    end = index + digits.length
  }
  return runs
}

/** In UTF-16 units: three signs outside the first plane. */
const MAX_SEPARATOR = 6

function startsCard(run: readonly Group[], start: number): boolean {
  let digits = ''
  for (let i = start; i < run.length && digits.length < MAX_CARD_DIGITS; i++) {
    const group = run[i]!.digits
    // An IMEI with a digit beside it is no card.
    if (i > start && (group.length === IMEI_LENGTH || run[start]!.digits.length === IMEI_LENGTH)) return false
    digits += group
    if (isCard(digits) && isOneNumber(run.slice(start, i + 1))) return true
  }
  return false
}

/** Whether the groups belong together, and are not the prices, dates and phone numbers of a text. */
function isOneNumber(groups: readonly Group[]): boolean {
  const separators = groups.slice(1).map(({ before }) => before)
  if (separators.every((separator) => USUAL_SEPARATOR.test(separator))) return true
  return new Set(separators).size === 1 || AS_ON_CARDS.test(groups.map(({ digits }) => digits.length).join(' '))
}

const AS_ON_CARDS = /^(?:4 4 4 4|8 8|4 6 5|5 5 5|(?:1 ){14,15}1)$/

function isCard(digits: string): boolean {
  if (digits.length !== MAX_CARD_DIGITS && digits.length !== IMEI_LENGTH) return false
  return ISSUERS.some((issuer) => issuer.test(digits)) && luhnValid(digits)
}
