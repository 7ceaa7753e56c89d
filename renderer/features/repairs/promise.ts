import { readDate, type WallClock } from '../../ui/fields/written-date.ts'

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

/** The instant at which clocks there show this; twice, because the offset at the guess may be another one. */
function instantOf(clock: WallClock, timeZone: string): number {
  const wanted = Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute)
  let at = wanted
  for (let round = 0; round < 2; round++) at += wanted - wallClockAsUtc(at, timeZone)
  return at
}

function wallClockAsUtc(at: number, timeZone: string): number {
  const { year, month, day, hour, minute } = wallClock(at, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute)
}

/** What clocks there show. */
export function wallClock(at: number, timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  // These five are asked for above.
  return parts as WallClock
}
