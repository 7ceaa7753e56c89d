import { expect, test } from 'vitest'
import { holdEnds } from '../../../server/domain/trade-ins/hold.ts'
import { instantOf } from '../../../server/domain/time/shop-day.ts'

const at = (zone: string, month: number, day: number, hour: number, minute: number) =>
  instantOf({ year: 2026, month, day, hour, minute }, zone)

test('E41: bought on Monday 2 March at 10:15 for seven days, it may be sold from Tuesday 10 March 00:00 of the shop', () => {
  for (const zone of ['Europe/London', 'America/New_York', 'Asia/Tokyo'])
    expect(holdEnds(at(zone, 3, 2, 10, 15), 7, zone)).toBe(at(zone, 3, 10, 0, 0))
})

test('days are those of the shop’s clocks, also across a change to summer time', () => {
  const zone = 'Europe/Berlin'
  const ends = holdEnds(at(zone, 3, 25, 23, 59), 3, zone)
  expect(ends).toBe(at(zone, 3, 29, 0, 0))
  expect(holdEnds(at(zone, 3, 28, 9, 0), 0, zone)).toBe(at(zone, 3, 28, 9, 0))
  // The day of the change has 23 hours.
  expect(holdEnds(at(zone, 3, 28, 9, 0), 1, zone) - holdEnds(at(zone, 3, 27, 9, 0), 1, zone)).toBe(23 * 3_600_000)
})
