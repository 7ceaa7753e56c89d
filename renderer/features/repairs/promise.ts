import { instantOf, wallClock, type WallClock } from '../../../server/domain/time/shop-day.ts'
import { readDate } from '../../ui/fields/written-date.ts'

/** The dates that a repair is promised for, in the shop's own time zone. */

export type QuickPromise = 'today' | 'tomorrow' | 'threeDays' | 'week'

const DAYS_AHEAD: Record<QuickPromise, number> = { today: 0, tomorrow: 1, threeDays: 3, week: 7 }
const CLOSING_TIME = { hour: 17, minute: 0 }

/** 17:00 of that day, in ms; null for today when 17:00 has passed. */
export function promiseFor(quick: QuickPromise, now: number, timeZone: string): number | null {
  const today = wallClock(now, timeZone)
  const at = instantOf({ ...today, day: today.day + DAYS_AHEAD[quick], ...CLOSING_TIME }, timeZone)
  return at > now ? at : null
}

/** What somebody typed, by the clocks of the shop; 17:00 where no time is said. Null for what is no day. */
export function readPromise(typed: string, now: number, { locale, timeZone }: Spoken): number | null {
  const clock = readDate(typed, locale, wallClock(now, timeZone), CLOSING_TIME)
  return clock && instantOf(clock, timeZone)
}

type Spoken = { locale: string; timeZone: string }

/** A day of the shop at the time of another promise, or 17:00. */
export function onDay(day: Pick<WallClock, 'year' | 'month' | 'day'>, at: number | null, timeZone: string): number {
  const { hour, minute } = at === null ? CLOSING_TIME : wallClock(at, timeZone)
  return instantOf({ ...day, hour, minute }, timeZone)
}
