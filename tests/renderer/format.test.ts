import { expect, test } from 'vitest'
import { formatCents, formatInstant, formatWhen, formatWhenAndTime } from '../../renderer/ui/format.ts'

const berlin = { locale: 'en-GB', timeZone: 'Europe/Berlin' }
const now = Date.parse('2026-03-10T13:00:00Z')

test('today is a time of day, in the shop’s zone', () => {
  expect(formatWhen(Date.parse('2026-03-10T13:02:00Z'), now, berlin)).toBe('14:02')
})

test('the day before and the day after have words', () => {
  expect(formatWhen(Date.parse('2026-03-09T08:00:00Z'), now, berlin)).toBe('yesterday')
  expect(formatWhen(Date.parse('2026-03-11T08:00:00Z'), now, berlin)).toBe('tomorrow')
  expect(formatWhen(Date.parse('2026-03-09T08:00:00Z'), now, { ...berlin, locale: 'de' })).toBe('gestern')
})

test('days end at midnight of the shop, not of UTC', () => {
  expect(formatWhen(Date.parse('2026-03-09T23:30:00Z'), now, berlin)).toBe('00:30')
  expect(formatWhen(Date.parse('2026-03-09T22:30:00Z'), now, berlin)).toBe('yesterday')
})

test('the night that skips an hour does not lose a day', () => {
  const after = Date.parse('2026-03-30T10:00:00Z')
  expect(formatWhen(Date.parse('2026-03-29T00:30:00Z'), after, berlin)).toBe('yesterday')
  expect(formatWhen(Date.parse('2026-03-28T22:30:00Z'), after, berlin)).toBe('28 Mar')
})

test('a promise for another day says its hour too', () => {
  expect(formatWhenAndTime(Date.parse('2026-03-11T16:00:00Z'), now, berlin)).toBe('tomorrow, 17:00')
  expect(formatWhenAndTime(Date.parse('2026-03-20T16:00:00Z'), now, berlin)).toBe('20 Mar, 17:00')
  expect(formatWhenAndTime(Date.parse('2026-03-10T16:00:00Z'), now, berlin)).toBe('17:00')
})

test('older is a date, of another year with its year', () => {
  expect(formatWhen(Date.parse('2026-01-05T12:00:00Z'), now, berlin)).toBe('5 Jan')
  expect(formatWhen(Date.parse('2024-01-05T12:00:00Z'), now, berlin)).toBe('5 Jan 2024')
})

test('the full instant names day, date and second', () => {
  expect(formatInstant(now, berlin)).toContain('10 March 2026')
  expect(formatInstant(now, berlin)).toContain('14:00:00')
})

test('amounts carry the shop’s currency', () => {
  expect(formatCents(123_450, { locale: 'en-GB', currency: 'EUR' })).toBe('€1,234.50')
  expect(formatCents(123_450, { locale: 'de', currency: 'EUR' })).toBe('1.234,50\u00a0€')
  expect(formatCents(-5, { locale: 'en-US', currency: 'USD' })).toBe('-$0.05')
})
