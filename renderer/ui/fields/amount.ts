import { formatMoney, MAX_CENTS, parseMoney } from '../../../server/domain/money/money.ts'

/** The value of a money field: cents, null for an empty field, or the typed text where it is no amount. */
export type Amount = number | string | null

/** Whether something was typed that is no amount: it must not be saved as nothing. */
export const isUnread = (amount: Amount): amount is string => typeof amount === 'string'

/** Figures before the cents. A code has more of them, or letters. */
const MAX_WHOLE_DIGITS = 8

/** Null for nothing, undefined for what is no amount. The last comma or point with at most two digits after it parts the cents. */
export function readAmount(typed: string): number | null | undefined {
  const bare = typed.replace(/[\s'’]/g, '')
  if (bare === '') return null
  const [, whole = '', , part = ''] = /^(.*?)(?:([.,])(\d{0,2}))?$/.exec(bare) ?? []
  if (!/^\d*([.,]\d{3})*$/.test(whole) || (whole === '' && part === '')) return undefined
  if (whole.replace(/[.,]/g, '').length > MAX_WHOLE_DIGITS) return undefined
  const cents = parseMoney(`${whole.replace(/[.,]/g, '') || '0'}.${part || '0'}`)
  return typeof cents === 'number' && cents <= MAX_CENTS ? cents : undefined
}

/** As `MoneyField` shows it: with the locale's sign before the cents, without thousands. */
export function writeAmount(cents: number | null, locale: string): string {
  if (cents === null) return ''
  const comma = new Intl.NumberFormat(locale).format(0.5).includes(',')
  return comma ? formatMoney(cents).replace('.', ',') : formatMoney(cents)
}
