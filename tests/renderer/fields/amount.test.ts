import { expect, test } from 'vitest'
import { readAmount, writeAmount } from '../../../renderer/ui/fields/amount.ts'

test.each([
  ['1200', 120_000],
  ['12,50', 1250],
  ['12.5', 1250],
  ['1.250,00', 125_000],
  ['1,250.00', 125_000],
  ['1 250,00', 125_000],
  ["1'250.00", 125_000],
  ['1.250', 125_000],
  [',5', 50],
  ['12,', 1200],
  ['0', 0],
])('%s is read as %i cents', (typed, cents) => {
  expect(readAmount(typed)).toBe(cents)
})

test('an empty field is no amount rather than nothing owed', () => {
  expect(readAmount('  ')).toBeNull()
})

test.each(['abc', '1,2345', '-5', '1..5', '.', '12a', '99999999999', '000012345678', '4006381333931'])(
  '%s is refused',
  (typed) => {
    expect(readAmount(typed)).toBeUndefined()
  },
)

test('what is written is read back the same, in either way of writing', () => {
  for (const locale of ['de', 'en-GB', 'fr', 'de-CH'])
    for (const cents of [0, 5, 50, 99, 100, 123_456, 9_999_999_999])
      expect(readAmount(writeAmount(cents, locale))).toBe(cents)
})
