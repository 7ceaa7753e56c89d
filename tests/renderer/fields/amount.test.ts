import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAmount, writeAmount } from '../../../renderer/ui/fields/amount.ts'

test.each([
  ['1200', 120_000],
  ['12,50', 1250],
  ['12.5', 1250],
  ['1.250,00', 125_000],
  ['1,250.00', 125_000],
  ['1 250,00', 125_000],
  ['1\u202f250,00', 125_000],
  ["1'250.00", 125_000],
  ['1’250', 125_000],
  ['1.234.567,8', 123_456_780],
  ['1,234,567', 123_456_700],
  ['12 345 678', 1_234_567_800],
  [',5', 50],
  ['12,', 1200],
  [' 12 ', 1200],
  ['0', 0],
])('%s is read as %i cents, in whichever language', (typed, cents) => {
  for (const locale of ['en-GB', 'de', 'fr', 'de-CH']) expect(readAmount(typed, locale)).toBe(cents)
})

test('one group of thousands is read where the language writes it so, and elsewhere it is no amount', () => {
  const read = (typed: string) => ['en-GB', 'de', 'fr', 'de-CH'].map((locale) => readAmount(typed, locale))
  expect(read('12.345')).toEqual([undefined, 1_234_500, undefined, undefined])
  expect(read('1,250')).toEqual([125_000, undefined, undefined, undefined])
})

test('an empty field is no amount rather than nothing owed', () => {
  expect(readAmount('  ', 'en-GB')).toBeNull()
})

test.each([
  'abc',
  '1,2345',
  '-5',
  '1..5',
  '.',
  '12a',
  '99999999999',
  '000012345678',
  '4006381333931',
  '1234.567',
  '1234,567',
  '12,34.56',
  '1.23,45',
  '1,23,456',
  '0.123',
  '0,123',
  '1.234,567',
  '1,234.567.8',
  '1 2',
  '12 50',
  '1.234.56',
  '1 234.567',
  "1'23",
  '1.234 567',
  '1,234.5.6',
])('%s fits no way of writing and is refused', (typed) => {
  for (const locale of ['en-GB', 'de', 'fr', 'de-CH']) expect(readAmount(typed, locale)).toBeUndefined()
})

test('what is written is read back the same, in either way of writing', () => {
  for (const locale of ['de', 'en-GB', 'fr', 'de-CH'])
    for (const cents of [0, 5, 50, 99, 100, 123_456, 9_999_999_999])
      expect(readAmount(writeAmount(cents, locale), locale)).toBe(cents)
})

test('what an amount looks like in a language is read back the same there', () => {
  const cents = fc.integer({ min: 0, max: 9_999_999_999 })
  fc.assert(
    fc.property(cents, fc.constantFrom('de', 'en-GB', 'fr', 'de-CH', 'es', 'pl'), (amount, locale) => {
      const written = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(amount / 100)
      expect(readAmount(written, locale)).toBe(amount)
    }),
  )
})
