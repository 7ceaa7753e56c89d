import { instantOf, wallClock } from '../time/shop-day.ts'

/**
 * From when on a device that was bought may be sold: the start of the local day after that many full days (money.md 7.5).
 * Without days it may be sold at once.
 */
export function holdEnds(bought_at: number, days: number, timeZone: string): number {
  if (days === 0) return bought_at
  const day = wallClock(bought_at, timeZone)
  return instantOf({ ...day, day: day.day + days + 1, hour: 0, minute: 0 }, timeZone)
}
