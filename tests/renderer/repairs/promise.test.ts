import { expect, test } from 'vitest'
import { onDay, promiseFor, readPromise } from '../../../renderer/features/repairs/promise.ts'
import { writeDate } from '../../../renderer/ui/fields/written-date.ts'

const BERLIN = 'Europe/Berlin'
const at = (written: string) => Date.parse(written)

test('a promise is for 17:00 on the clocks of the shop', () => {
  const now = at('2026-11-20T09:00:00Z')
  expect(promiseFor('today', now, BERLIN)).toBe(at('2026-11-20T16:00:00Z'))
  expect(promiseFor('threeDays', now, BERLIN)).toBe(at('2026-11-23T16:00:00Z'))
  expect(promiseFor('today', now, 'America/New_York')).toBe(at('2026-11-20T22:00:00Z'))
})

test('today is not promised any more after 17:00', () => {
  expect(promiseFor('today', at('2026-11-20T16:00:00Z'), BERLIN)).toBeNull()
  expect(promiseFor('tomorrow', at('2026-11-20T16:00:00Z'), BERLIN)).toBe(at('2026-11-21T16:00:00Z'))
})

test('a week over the change of the clocks still ends at 17:00', () => {
  expect(promiseFor('week', at('2026-10-23T08:00:00Z'), BERLIN)).toBe(at('2026-10-30T16:00:00Z'))
  expect(promiseFor('week', at('2026-03-25T08:00:00Z'), BERLIN)).toBe(at('2026-04-01T15:00:00Z'))
})

test('a day after the end of the month is one of the next', () => {
  expect(promiseFor('threeDays', at('2026-12-30T08:00:00Z'), BERLIN)).toBe(at('2027-01-02T16:00:00Z'))
})

test.each([BERLIN, 'Asia/Kolkata', 'America/St_Johns', 'UTC'])(
  'what the date field says is read back in %s, in every language',
  (timeZone) => {
    const instant = at('2026-07-04T10:17:00Z')
    for (const locale of ['en-GB', 'en-US', 'en-CA', 'de-DE', 'de-CH', 'en-DE']) {
      const written = writeDate(instant, locale, timeZone)
      expect([locale, written, readPromise(written, instant, { locale, timeZone })]).toEqual([locale, written, instant])
    }
  },
)

test.each([
  ['30.11.2026, 9:30', 'de-DE', '2026-11-30T08:30:00Z'],
  ['30.11.', 'de-DE', '2026-11-30T16:00:00Z'],
  ['30.11. 9 Uhr', 'de-DE', '2026-11-30T08:00:00Z'],
  ['1.2.', 'de-DE', '2027-02-01T16:00:00Z'],
  ['30/11', 'en-GB', '2026-11-30T16:00:00Z'],
  ['11/30 5 pm', 'en-US', '2026-11-30T16:00:00Z'],
  ['11/30/26 12:15 am', 'en-US', '2026-11-29T23:15:00Z'],
  ['2026-11-30', 'en-US', '2026-11-30T16:00:00Z'],
])('%s in %s is meant as %s', (typed, locale, instant) => {
  expect(readPromise(typed, at('2026-11-20T09:00:00Z'), { locale, timeZone: BERLIN })).toBe(at(instant))
})

test.each(['', 'soon', '31.11.', '30.13.2026', '30.11. 25:00', '30.11. 9:75', '30', '30.11.2026 9:30 or later'])(
  '%j is no date',
  (typed) => {
    expect(readPromise(typed, at('2026-11-20T09:00:00Z'), { locale: 'de-DE', timeZone: BERLIN })).toBeNull()
  },
)

test('a day that is pressed keeps the time that was promised', () => {
  const day = { year: 2026, month: 11, day: 30 }
  expect(onDay(day, null, BERLIN)).toBe(at('2026-11-30T16:00:00Z'))
  expect(onDay(day, at('2026-11-20T08:30:00Z'), BERLIN)).toBe(at('2026-11-30T08:30:00Z'))
})
