import { wallClock, type WallClock } from '../../../../server/domain/time/shop-day.ts'
import { serverNow } from '../../../server-clock.ts'
import { readDate } from '../../../ui/fields/written-date.ts'

type Place = { locale: string; timeZone: string }

const MIDNIGHT = { hour: 0, minute: 0 }

/** A day as the server takes it, `2026-03-01`; undefined for what is no day. */
export function isoDay(typed: string, { locale, timeZone }: Place): string | undefined {
  const read = readDate(typed, locale, wallClock(serverNow(), timeZone), MIDNIGHT)
  return read ? written(read) : undefined
}

/** The same of somebody's birth: a year of two figures lies in the past. */
export function isoBirth(typed: string, { locale, timeZone }: Place): string | undefined {
  const today = wallClock(serverNow(), timeZone)
  const read = readDate(typed, locale, today, MIDNIGHT)
  return read ? written({ ...read, year: read.year > today.year ? read.year - 100 : read.year }) : undefined
}

/** `1985-02-01` as people write it. */
export const spokenDay = (day: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(day))

export const isoToday = ({ timeZone }: Pick<Place, 'timeZone'>): string => written(wallClock(serverNow(), timeZone))

const written = ({ year, month, day }: Pick<WallClock, 'year' | 'month' | 'day'>) =>
  [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
