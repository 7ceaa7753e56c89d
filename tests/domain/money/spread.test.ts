import fc from 'fast-check'
import { expect, test } from 'vitest'
import { share, spread } from '../../../server/domain/money/spread.ts'

test.each([
  ['E1', 100, [1_000, 1_000, 1_000], [33, 34, 33]],
  ['E2', 1_000, [30_000, 1_999, 495], [923, 62, 15]],
  ['E3', 2_997, [999, 999, 999], [999, 999, 999]],
] as const)('%s: %i over %j is %j', (_, amount, weights, shares) => {
  expect(spread(amount, weights)).toEqual(shares)
})

test('where the weights come to nothing nobody gets anything', () => {
  expect(spread(100, [0, 0])).toEqual([0, 0])
  expect(spread(100, [])).toEqual([])
})

const cents = fc.integer({ min: 0, max: 9_999_999_999 })
const weights = fc.array(cents, { minLength: 1, maxLength: 20 }).filter((list) => list.some((weight) => weight > 0))

test('shares add up, lie within a cent of the exact one, and never above their own weight while it is enough', () => {
  fc.assert(
    fc.property(cents, weights, (amount, list) => {
      const shares = spread(amount, list)
      const whole = list.reduce((sum, weight) => sum + weight, 0)
      expect(shares.reduce((sum, each) => sum + each, 0)).toBe(amount)
      for (const [index, each] of shares.entries()) {
        const exact = (BigInt(amount) * BigInt(list[index]!) * 1_000n) / BigInt(whole)
        expect(Math.abs(each * 1_000 - Number(exact))).toBeLessThanOrEqual(1_001)
        if (amount <= whole) expect(each).toBeLessThanOrEqual(list[index]!)
      }
    }),
  )
})

test('a negative amount mirrors a positive one, and so do negative weights', () => {
  const negative = (list: readonly number[]) => list.map((each) => 0 - each)
  fc.assert(
    fc.property(cents, weights, (amount, list) => {
      expect(spread(-amount, list)).toEqual(negative(spread(amount, list)))
      expect(spread(-amount, negative(list))).toEqual(negative(spread(amount, list)))
    }),
  )
})

test('a share is rounded half away from zero, however large the product', () => {
  expect([share(5, 1, 10), share(-5, 1, 10), share(4, 1, 10), share(-4, 1, 10)]).toEqual([1, -1, 0, 0])
  expect(share(9_999_999_999, 9_999_999_998, 9_999_999_999)).toBe(9_999_999_998)
  expect(share(-9_999_999_999, 5_000_000_001, 10_000_000_000)).toBe(-5_000_000_000)
})
