import { formatMoney, MAX_CENTS, parseMoney } from '../../../server/domain/money/money.ts'

/** The value of a money field: cents, null for an empty field, or the typed text where it is no amount. */
export type Amount = number | string | null

/** Whether something was typed that is no amount: it must not be saved as nothing. */
export const isUnread = (amount: Amount): amount is string => typeof amount === 'string'

/** Figures before the cents. A code has more of them, or letters. */
const MAX_WHOLE_DIGITS = 8

/** Cents above which a field asks whether so much is meant. */
export const QUESTIONED_CENTS = 100_000_000

/** Digits, and at most two of them behind a comma or point. */
const PLAIN = /^(\d*)(?:[.,](\d{0,2}))?$/
/** Thousands in groups of three, all parted by one sign; the cents behind the other one. */
const GROUPED = /^[1-9]\d{0,2}([.,'’\s])\d{3}(?:\1\d{3})*(?:([.,])(\d{0,2}))?$/

/**
 * The cents of a typed amount: null for nothing, undefined for what is no amount in any way of writing. A single group behind
 * a comma or point (`12.345`) is a number where the language of the screen writes thousands so, and elsewhere nothing that
 * can be known.
 */
export function readAmount(typed: string, locale: string): number | null | undefined {
  const text = typed.trim()
  if (text === '') return null
  const [whole, part] = plainParts(text) ?? groupedParts(text, locale) ?? []
  if (whole === undefined || whole.length > MAX_WHOLE_DIGITS) return undefined
  const cents = parseMoney(`${whole || '0'}.${part || '0'}`)
  return typeof cents === 'number' && cents <= MAX_CENTS ? cents : undefined
}

type Parts = [whole: string, part: string]

function plainParts(text: string): Parts | null {
  const [all, whole = '', part = ''] = PLAIN.exec(text) ?? []
  return all === undefined || whole + part === '' ? null : [whole, part]
}

function groupedParts(text: string, locale: string): Parts | null {
  const [all, sign = '', mark, part = ''] = GROUPED.exec(text) ?? []
  if (all === undefined || sign === mark) return null
  const whole = mark === undefined ? text : text.slice(0, text.lastIndexOf(mark))
  const digits = whole.replaceAll(/\D/g, '')
  const isOneGroup = mark === undefined && digits.length <= 6
  if (isOneGroup && (sign === '.' || sign === ',') && sign !== groupSignOf(locale)) return null
  return [digits, part]
}

/** What parts the thousands in this language. */
const groupSignOf = (locale: string) =>
  new Intl.NumberFormat(locale, { useGrouping: 'always' }).formatToParts(1_234).find(({ type }) => type === 'group')
    ?.value

/** As `MoneyField` shows it: with the locale's sign before the cents, without thousands. */
export function writeAmount(cents: number | null, locale: string): string {
  if (cents === null) return ''
  const comma = new Intl.NumberFormat(locale).format(0.5).includes(',')
  return comma ? formatMoney(cents).replace('.', ',') : formatMoney(cents)
}
