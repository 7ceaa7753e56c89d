import { expect, test } from 'vitest'
import { movedBy, periodOf } from '../../../server/domain/time/shop-period.ts'

const NOON = Date.UTC(2026, 0, 15, 12)
const iso = (at: number) => new Date(at).toISOString()

test('a day, a week from Monday on and a month begin and end as the clocks of a place say', () => {
  const of = (span: 'day' | 'week' | 'month', day?: string) => {
    const { from, until, ...period } = periodOf(span, day, NOON, 'Europe/Berlin')
    return [period.day, iso(from), iso(until)]
  }
  expect(of('day')).toEqual(['2026-01-15', '2026-01-14T23:00:00.000Z', '2026-01-15T23:00:00.000Z'])
  expect(of('week')).toEqual(['2026-01-15', '2026-01-11T23:00:00.000Z', '2026-01-18T23:00:00.000Z'])
  expect(of('week', '2026-01-18')).toEqual(['2026-01-18', '2026-01-11T23:00:00.000Z', '2026-01-18T23:00:00.000Z'])
  expect(of('week', '2026-01-01')[1]).toBe('2025-12-28T23:00:00.000Z')
  expect(of('month', '2026-12-31')).toEqual(['2026-12-31', '2026-11-30T23:00:00.000Z', '2026-12-31T23:00:00.000Z'])
  // The day on which clocks go forward has 23 hours.
  expect(of('day', '2026-03-29')).toEqual(['2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'])
})

test('today is another day at another place', () => {
  expect(periodOf('day', undefined, NOON, 'Pacific/Auckland').day).toBe('2026-01-16')
})

test('one goes on by days, weeks and months', () => {
  expect(movedBy('day', '2026-02-28', 1)).toBe('2026-03-01')
  expect(movedBy('week', '2026-01-01', -1)).toBe('2025-12-25')
  expect(movedBy('month', '2026-01-31', 1)).toBe('2026-02-01')
  expect(movedBy('month', '2026-01-31', -1)).toBe('2025-12-01')
})
