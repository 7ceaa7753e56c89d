import fc from 'fast-check'
import { expect, test } from 'vitest'
import { discountPercent, discountTenths } from '../../../server/domain/money/discount.ts'
import { MAX_CENTS, percentOf, times } from '../../../server/domain/money/money.ts'

const cents = fc.integer({ min: 1, max: MAX_CENTS })

test('a discount in tenths is rounded half up and in whole percent cut, exactly, for every price', () => {
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      const [price, original] = [Math.min(a, b), Math.max(a, b)].map(BigInt) as [bigint, bigint]
      const off = original - price
      expect(BigInt(discountTenths(Number(price), Number(original)))).toBe((2_000n * off + original) / (2n * original))
      expect(BigInt(discountPercent(Number(price), Number(original)))).toBe((100n * off) / original)
      expect([
        discountTenths(Number(original), Number(price)),
        discountPercent(Number(original), Number(price)),
      ]).toEqual([0, 0])
    }),
    { numRuns: 5_000 },
  )
})

test('a price taken many times, and a percentage of it, are exact or refused', () => {
  fc.assert(
    fc.property(cents, fc.integer({ min: 0, max: 10_000 }), (price, count) => {
      expect(BigInt(times(price, count))).toBe(BigInt(price) * BigInt(count))
      expect(BigInt(percentOf(price, count))).toBe((BigInt(price) * BigInt(count)) / 100n)
    }),
  )
  expect(() => times(MAX_CENTS, 1_000_000)).toThrow(RangeError)
  expect(() => times(0.5, 2)).toThrow(RangeError)
})
