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

type WallClock = { year: number; month: number; day: number; hour: number; minute: number }

/** `2026-11-23T17:00`, as a date field takes it. */
export function writeLocal(at: number, timeZone: string): string {
  const { year, month, day, hour, minute } = wallClock(at, timeZone)
  return `${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}`
}

/** Null for what is no whole date and time. */
export function readLocal(written: string, timeZone: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(written)?.slice(1).map(Number)
  if (!parts) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts
  return instantOf({ year, month, day, hour, minute }, timeZone)
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

function wallClock(at: number, timeZone: string): WallClock {
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

const twoDigits = (n: number) => String(n).padStart(2, '0')
