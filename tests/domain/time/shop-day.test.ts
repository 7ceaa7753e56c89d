import { expect, test } from 'vitest'
import { endOfDay, startOfDay } from '../../../server/domain/time/shop-day.ts'

test.each([
  ['2026-11-30T08:00:00Z', 'Europe/Berlin', '2026-11-30T23:00:00.000Z'],
  ['2026-11-30T23:30:00Z', 'Europe/Berlin', '2026-12-01T23:00:00.000Z'],
  ['2026-11-30T23:00:00Z', 'Europe/Berlin', '2026-12-01T23:00:00.000Z'],
  ['2026-03-29T00:30:00Z', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['2026-12-31T23:00:00Z', 'America/New_York', '2027-01-01T05:00:00.000Z'],
  // Clocks that go forward at midnight show no 00:00: the day ends when they show 01:00.
  ['2026-03-28T12:00:00Z', 'Atlantic/Azores', '2026-03-29T01:00:00.000Z'],
  ['2026-09-06T03:30:00Z', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ['2026-04-23T12:00:00Z', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
  // Where they go back at midnight, its first coming counts.
  ['2026-10-31T12:00:00Z', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  ['2026-11-30T12:00:00Z', 'Asia/Kathmandu', '2026-11-30T18:15:00.000Z'],
])('at %s the day in %s ends at %s', (now, place, end) => {
  expect(new Date(endOfDay(Date.parse(now), place)).toISOString()).toBe(end)
})

test.each([
  ['2026-11-30T08:00:00Z', 'Europe/Berlin', '2026-11-29T23:00:00.000Z'],
  ['2026-11-29T23:00:00Z', 'Europe/Berlin', '2026-11-29T23:00:00.000Z'],
  ['2026-03-29T20:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-12-31T23:00:00Z', 'America/New_York', '2026-12-31T05:00:00.000Z'],
])('at %s the day in %s began at %s', (now, place, begin) => {
  expect(new Date(startOfDay(Date.parse(now), place)).toISOString()).toBe(begin)
})
