import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromMinorUnits, toMinorUnits } from '../../../server/domain/money/card-amount.ts'
import { MAX_CENTS } from '../../../server/domain/money/money.ts'

const CURRENCIES = ['usd', 'EUR', 'jpy', 'KRW', 'kwd', 'TND', 'isk', 'UGX']

test('whatever can be asked for in a currency comes back as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_CENTS }), fc.constantFrom(...CURRENCIES), (cents, currency) => {
      const amount = toMinorUnits(cents, currency)
      if (amount === null) expect(cents % 100).not.toBe(0)
      else expect(fromMinorUnits(amount, currency)).toBe(cents)
    }),
  )
})

test.each([
  ['usd', 1_099, 1_099],
  ['jpy', 50_000, 500],
  ['kwd', 1_099, 10_990],
  ['isk', 500, 500],
])('%s: %i hundredths are %i of its minor unit', (currency, cents, amount) => {
  expect(toMinorUnits(cents, currency)).toBe(amount)
})

test.each([
  ['JPY', 50_050],
  ['ISK', 505],
])('%s has no decimals', (currency, cents) => {
  expect(toMinorUnits(cents, currency)).toBeNull()
})

test('an amount that hundredths do not hold is none of ours', () => {
  expect(fromMinorUnits(10_995, 'kwd')).toBeNull()
})
