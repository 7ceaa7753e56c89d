import { luhnValid } from './imei.ts'

const WIDE_DIGIT = /[\uff10-\uff19]/
const GROUPS = /\d+/g
const SEPARATOR = /^[\t\p{Zs}\p{Pd}]{1,3}$/u
const ISSUERS = [
  /^4\d{15}$/, // Visa
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/, // Mastercard
  /^(?:6011|64[4-9]\d|65\d\d)\d{12}$/, // Discover
  /^3[47]\d{13}$/, // American Express
]
const MAX_CARD_DIGITS = 16
const IMEI_LENGTH = 15

/**
 * Whether a text holds what looks like a payment card's number, which is never stored or logged. A number is a run of
 * digit groups joined by spaces or dashes; it is found between other groups (a phone number before, an expiry date
 * after) but never inside a longer group. Fifteen digits are a card only with an American Express prefix, so an IMEI
 * passes.
 */
export function looksLikeCardNumber(text: string): boolean {
  const plain = WIDE_DIGIT.test(text) ? text.normalize('NFKC') : text
  if (!hasDigits(plain, IMEI_LENGTH)) return false
  return digitRuns(plain).some((groups) => groups.some((_, start) => startsCard(groups, start)))
}

/** Most texts are told apart by this alone. */
function hasDigits(text: string, enough: number): boolean {
  let found = 0
  for (let i = 0; i < text.length && found < enough; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) found++
  }
  return found === enough
}

/** Groups of digits, together as long as only a separator lies between them. */
function digitRuns(text: string): string[][] {
  const runs: string[][] = []
  let end = -1
  for (const { 0: group, index } of text.matchAll(GROUPS)) {
    const run = runs.at(-1)
    const joined = index - end <= 3 && SEPARATOR.test(text.slice(end, index))
    if (run && joined) run.push(group)
    else runs.push([group])
    end = index + group.length
  }
  return runs
}

function startsCard(groups: readonly string[], start: number): boolean {
  let digits = ''
  for (let i = start; i < groups.length && digits.length < MAX_CARD_DIGITS; i++) {
    const group = groups[i] ?? ''
    // An IMEI with a digit beside it is no card.
    if (i > start && (group.length === IMEI_LENGTH || groups[start]?.length === IMEI_LENGTH)) return false
    digits += group
    if (isCard(digits)) return true
  }
  return false
}

function isCard(digits: string): boolean {
  if (digits.length !== MAX_CARD_DIGITS && digits.length !== IMEI_LENGTH) return false
  return ISSUERS.some((issuer) => issuer.test(digits)) && luhnValid(digits)
}
