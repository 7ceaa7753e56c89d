import { expect, test } from 'vitest'
import { endOfDay } from '../../../server/domain/time/shop-day.ts'

test.each([
  ['2026-11-30T08:00:00Z', 'Europe/Berlin', '2026-11-30T23:00:00.000Z'],
  ['2026-11-30T23:30:00Z', 'Europe/Berlin', '2026-12-01T23:00:00.000Z'],
  ['2026-11-30T23:00:00Z', 'Europe/Berlin', '2026-12-01T23:00:00.000Z'],
  ['2026-03-29T00:30:00Z', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['2026-12-31T23:00:00Z', 'America/New_York', '2027-01-01T05:00:00.000Z'],
  ['2026-11-30T12:00:00Z', 'Asia/Kathmandu', '2026-11-30T18:15:00.000Z'],
])('at %s the day in %s ends at %s', (now, place, end) => {
  expect(new Date(endOfDay(Date.parse(now), place)).toISOString()).toBe(end)
})
