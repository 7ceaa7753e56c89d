/** Days as the clocks of a place have them. */

/** The instant (ms) at which the day of `now` ends in that time zone: the first one of the next day. */
export function endOfDay(now: number, timeZone: string): number {
  const { year, month, day } = clockAt(now, timeZone)
  const midnight = Date.UTC(year, month - 1, day + 1)
  let at = midnight
  // Twice, because the offset at the guess may be another one.
  for (let round = 0; round < 2; round++) at += midnight - asUtc(at, timeZone)
  return at
}

function asUtc(at: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = clockAt(at, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

type Clock = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>

function clockAt(at: number, timeZone: string): Clock {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  // These six are asked for above.
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)])) as Clock
}
