/** Days and hours as the clocks of a place show them. */

export type WallClock = { year: number; month: number; day: number; hour: number; minute: number }

/** The instant (ms) at which the day of `now` begins in that time zone. */
export const startOfDay = (now: number, timeZone: string): number =>
  instantOf({ ...wallClock(now, timeZone), hour: 0, minute: 0 }, timeZone)

/** The instant (ms) at which the day of `now` ends in that time zone: the first one of the next day. */
export function endOfDay(now: number, timeZone: string): number {
  const today = wallClock(now, timeZone)
  return instantOf({ ...today, day: today.day + 1, hour: 0, minute: 0 }, timeZone)
}

/**
 * The instant (ms) at which clocks there show this; where they leave it out, as they go forward, as much later as they go
 * forward. Looked at twice, because the offset at the guess may be another one.
 */
export function instantOf(clock: WallClock, timeZone: string): number {
  const wanted = asUtc(clock)
  const behindAt = (at: number) => wanted - asUtc(wallClock(at, timeZone))
  let at = wanted
  for (let round = 0; round < 2; round++) at += behindAt(at)
  return at + Math.max(0, behindAt(at))
}

const asUtc = ({ year, month, day, hour, minute }: WallClock) => Date.UTC(year, month - 1, day, hour, minute)

/** What clocks there show. */
export function wallClock(at: number, timeZone: string): WallClock {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  // These five are asked for below.
  return parts as WallClock
}

/** One for each time zone that was asked for, of which there are some hundreds: making one takes ten times its use. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  formats.set(timeZone, format)
  return format
}
