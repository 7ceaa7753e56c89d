import { expect, test } from 'vitest'
import { promiseFor, readLocal, writeLocal } from '../../../renderer/features/repairs/promise.ts'

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
  'what the date field says is read back in %s',
  (zone) => {
    const instant = at('2026-07-04T10:17:00Z')
    expect(readLocal(writeLocal(instant, zone), zone)).toBe(instant)
  },
)

test('half a date is no date', () => {
  expect(readLocal('2026-07-04', BERLIN)).toBeNull()
  expect(readLocal('', BERLIN)).toBeNull()
})
