import { imeiKind } from '../../../server/domain/imei.ts'
import { labelFromStrokes, type KeyStroke } from './layouts.ts'
import { readScan, writeScan } from './scan.ts'

/** A character, when it came (ms), and with which key. */
export type TypedCharacter = KeyStroke & { text: string; at: number }

/** Keys that all come closer than this are a machine's: the fastest fingers need 60 ms on the average. */
export const MAX_MACHINE_GAP_MS = 45
/** A scanner's key that is late comes within this time: the slowest take no longer for each. */
export const MAX_LATE_KEY_MS = 150
const KEYS_IN_TIME_FOR_A_LATE_ONE = 3
/** Scanners take up to 150 ms a key; after a longer pause something else begins. */
export const MAX_SCANNER_GAP_MS = 500
/** Shorter bursts are fingers rolling over the keys. */
export const MIN_BURST_LENGTH = 4
/** A burst that no Enter ends is a scan from this length on. */
const MIN_UNENDED_LENGTH = 6
/** So many characters within this time are no choosing by digits. */
const CHOICE_WINDOW_MS = 1_000

export const textOf = (run: readonly TypedCharacter[]) => run.map(({ text }) => text).join('')

/**
 * The characters at the end of the run that came at a machine's speed; empty when too few did. A machine that is late with
 * a key now and then is one all the same, as long as three others come in time for each.
 */
export function burstOf<T extends TypedCharacter>(run: readonly T[]): T[] {
  const uneven = withoutHand(since(run, MAX_LATE_KEY_MS))
  const late = uneven.filter(isSlower(uneven, MAX_MACHINE_GAP_MS)).length
  const isMachine = uneven.length - 1 - late >= late * KEYS_IN_TIME_FOR_A_LATE_ONE
  const burst = isMachine ? uneven : since(run, MAX_MACHINE_GAP_MS)
  return burst.length >= MIN_BURST_LENGTH ? burst : []
}

/** What came after the last pause that was longer. */
const since = <T extends TypedCharacter>(run: readonly T[], ms: number): T[] =>
  run.slice(Math.max(run.findLastIndex(isSlower(run, ms)), 0))

/** Without what somebody typed before: two slow keys or more, one after the other. */
function withoutHand<T extends TypedCharacter>(run: readonly T[]): T[] {
  const isSlow = isSlower(run, MAX_MACHINE_GAP_MS)
  const fast = run.findIndex((key, index) => index > 0 && !isSlow(key, index))
  return fast > 2 ? run.slice(fast - 1) : [...run]
}

/** Whether the key came longer after the one before. */
const isSlower =
  (run: readonly TypedCharacter[], ms: number) =>
  ({ at }: TypedCharacter, index: number) =>
    index > 0 && at - (run[index - 1]?.at ?? 0) > ms

/** Whether the key at this place came after another one as a scanner's late keys do, and not after a pause. */
export const goesOnWithSlower = (run: readonly TypedCharacter[], place: number): boolean =>
  place > 0 && !isSlower(run, MAX_LATE_KEY_MS)(run[place]!, place)

/** Whether a burst that nothing ended is a scan: words and international phone numbers are sent by programs that type. */
export function looksScanned(burst: readonly TypedCharacter[]): boolean {
  const text = textOf(burst)
  return readScan(text, burst).kind !== 'text' || (text.length >= MIN_UNENDED_LENGTH && /^[^\s+]+$/.test(text))
}

/** Whether the characters typed into a group of choices are a scan: four within a second, or one that is no digit. */
export function isScanAmongChoices(run: readonly TypedCharacter[]): boolean {
  const last = run.at(-1)?.at ?? 0
  const recent = run.filter(({ at }) => last - at < CHOICE_WINDOW_MS)
  return recent.length >= MIN_BURST_LENGTH || recent.some(({ text }) => !/^\d$/.test(text))
}

/** Whether it is a label of ours that another keyboard layout has written differently. */
export function isForeignLabel(run: readonly TypedCharacter[]): boolean {
  const text = textOf(run)
  const scan = readScan(text, run)
  return scan.kind !== 'text' && writeScan(scan).toLowerCase() !== text.toLowerCase()
}

/** What a field is for; into `code` belong serial numbers, whoever types them, and anything else is `text`. */
export type FieldKind = 'amount' | 'phone' | 'filter' | 'code' | 'secret' | 'text'

const MAX_AMOUNT_DIGITS = 8
/** An article's number (GTIN-12, -13, -14) or an IMEI has a check digit; what is longer nobody types into an amount. */
const MAX_TYPED_DIGITS = 15
const MAX_PHONE_DIGITS = 15
const SERIAL = /^(?=.*\d)(?=.*[a-z])[a-z0-9./_-]{6,}$/i

/**
 * Whether what was typed at a hand's speed into such a field is a code all the same. Labels of ours and IMEIs are codes
 * anywhere; a password is left alone unless it is the label of a document. A phone number and an amount have no letters; a
 * serial number in a filter counts once Enter has `ended` it.
 */
export function looksLikeCode(run: readonly TypedCharacter[], kind: FieldKind, ended: boolean): boolean {
  if (kind === 'secret') return /^[TRO]:/i.test(labelFromStrokes(run) ?? '')
  const text = textOf(run)
  if (readScan(text, run).kind !== 'text') return true
  if (kind === 'code') return false
  const digits = /^\d+$/.test(text) ? text.length : 0
  if (kind === 'amount') return SERIAL.test(text) || isNoAmount(text, digits)
  if (digits > MAX_PHONE_DIGITS || (digits === 15 && imeiKind(text) === 'valid')) return true
  return (kind === 'phone' || (kind === 'filter' && ended)) && SERIAL.test(text)
}

/**
 * Whether more digits than any amount has are a code's, by what they say: a hand too may type some too many, and those stay where they
 * were typed, for the field refuses them in sight.
 */
function isNoAmount(text: string, digits: number): boolean {
  if (digits <= MAX_AMOUNT_DIGITS) return false
  return text.startsWith('0') || digits > MAX_TYPED_DIGITS || imeiKind(text) === 'valid' || isArticleNumber(text)
}

/** Whether the last of 12 to 14 digits is the check digit of those before it, as on articles (GS1 General Specifications, 7.9). */
function isArticleNumber(text: string): boolean {
  if (!/^\d{12,14}$/.test(text)) return false
  const weighted = [...text].toReversed().map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 3))
  return weighted.reduce((sum, one) => sum + one, 0) % 10 === 0
}
