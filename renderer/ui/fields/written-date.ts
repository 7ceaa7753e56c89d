import type { WallClock } from '../../../server/domain/time/shop-day.ts'

/** Dates that people type, in the order of day, month and year of their language. */

type Part = 'year' | 'month' | 'day'

/** `DD/MM/YYYY, 17:00` with the figures of an instant that is given. */
export function writeDate(at: number, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { ...NUMERIC, timeZone }).format(at)
}

const NUMERIC = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
} as const

/** In which order day, month and year stand in a language. */
function orderOf(locale: string): Part[] {
  const parts = new Intl.DateTimeFormat(locale, NUMERIC).formatToParts(0).map(({ type }) => type)
  return parts.filter((type): type is Part => type === 'year' || type === 'month' || type === 'day')
}

/** A year of two figures follows at once, so that `30.11. 9` ends in a time. */
const DATE = /^\s*(\d{1,4})\s*[-./]\s*(\d{1,2})(?:[-./](\d{2})(?![\d:])|\s*[-./]\s*(\d{4}))?[.,]?/
const TIME = /^[\s,T]*(?:(\d{1,2})(?:[:.](\d{2}))?\s*([ap]\.?m|uhr|h)?\.?)?\s*$/i

/**
 * The day and time that somebody typed: `30/11/2026, 17:00`, `30.11. 9`, `11/30 5 pm`, `2026-11-30`. Without a year the next such
 * day from `today` on is meant, without a time `closing`. Null for what is no day.
 */
export function readDate(
  typed: string,
  locale: string,
  today: Pick<WallClock, Part>,
  closing: Pick<WallClock, 'hour' | 'minute'>,
): WallClock | null {
  const date = DATE.exec(typed)
  const time = date && TIME.exec(typed.slice(date[0].length).replaceAll(/[\u202f\u00a0]/g, ' '))
  if (!date || !time) return null
  const [, first, second, short, long] = date
  const day = dayOf([first, second, short ?? long], locale, today)
  const clock = time[1] === undefined ? closing : clockOf(Number(time[1]), Number(time[2] ?? 0), time[3])
  return day && clock && { ...day, hour: clock.hour, minute: clock.minute }
}

function dayOf([first, second, third]: (string | undefined)[], locale: string, today: Pick<WallClock, Part>) {
  const order: Part[] = first!.length > 2 ? ['year', 'month', 'day'] : orderOf(locale)
  const written = third === undefined ? order.filter((part) => part !== 'year') : order
  const figures = [first, second, third].map(Number)
  const found = Object.fromEntries(written.map((part, index) => [part, figures[index]!])) as Partial<WallClock>
  const { month = 0, day = 0 } = found
  const year = found.year === undefined ? yearOfNext(month, day, today) : found.year + (found.year < 100 ? 2_000 : 0)
  const real = new Date(Date.UTC(year, month - 1, day))
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === day ? { year, month, day } : null
}

const yearOfNext = (month: number, day: number, today: Pick<WallClock, Part>) =>
  month < today.month || (month === today.month && day < today.day) ? today.year + 1 : today.year

function clockOf(hour: number, minute: number, half = ''): Pick<WallClock, 'hour' | 'minute'> | null {
  const isHalf = /^[ap]/i.test(half)
  if (minute > 59 || hour > (isHalf ? 12 : 23) || (isHalf && hour === 0)) return null
  return { hour: isHalf ? (hour % 12) + (/^p/i.test(half) ? 12 : 0) : hour, minute }
}
