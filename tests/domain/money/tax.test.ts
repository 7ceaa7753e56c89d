import fc from 'fast-check'
import { expect, test } from 'vitest'
import { charged, priced, taxOf, taxRuleAt } from '../../../server/domain/money/tax.ts'

const cents = fc.integer({ min: -9_999_999_999, max: 9_999_999_999 })
const rate = fc.integer({ min: 0, max: 10_000 })
const mode = fc.constantFrom('included', 'added', 'none')

test('the included tax of 119.00 at 19 % is 19.00', () => {
  expect(taxOf(11_900, { mode: 'included', rate: 1_900 })).toEqual({ net: 10_000, tax: 1_900, gross: 11_900 })
})

test('the tax added to 100.00 at 8.25 % is 8.25', () => {
  expect(taxOf(10_000, { mode: 'added', rate: 825 })).toEqual({ net: 10_000, tax: 825, gross: 10_825 })
})

test('half a cent rounds up', () => {
  expect(taxOf(50, { mode: 'added', rate: 100 }).tax).toBe(1)
  expect(taxOf(49, { mode: 'added', rate: 100 }).tax).toBe(0)
  expect(taxOf(3, { mode: 'included', rate: 10_000 }).tax).toBe(2)
})

test('a shop without tax charges the price', () => {
  expect(taxOf(4_200, { mode: 'none', rate: 1_900 })).toEqual({ net: 4_200, tax: 0, gross: 4_200 })
})

test('net and tax always add up to gross, and the price is one of the two', () => {
  fc.assert(
    fc.property(cents, rate, mode, (price, basisPoints, kind) => {
      const { net, tax, gross } = taxOf(price, { mode: kind, rate: basisPoints })
      expect(net + tax).toBe(gross)
      expect(kind === 'added' ? net : gross).toBe(price)
    }),
  )
})

test('the tax is never half a cent off the exact one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), rate, (price, basisPoints) => {
      const whole = 10_000 + basisPoints
      const { tax } = taxOf(price, { mode: 'included', rate: basisPoints })
      const doubledError = 2n * (BigInt(tax) * BigInt(whole) - BigInt(price) * BigInt(basisPoints))
      expect(doubledError <= BigInt(whole) && doubledError > -BigInt(whole)).toBe(true)
    }),
  )
})

test('a refund mirrors its sale to the cent', () => {
  fc.assert(
    fc.property(cents, rate, mode, (price, basisPoints, kind) => {
      const sale = taxOf(price, { mode: kind, rate: basisPoints })
      const refund = taxOf(-price, { mode: kind, rate: basisPoints })
      expect([sale.net + refund.net, sale.tax + refund.tax, sale.gross + refund.gross]).toEqual([0, 0, 0])
    }),
  )
})

test('figures beyond exact integers throw', () => {
  expect(() => taxOf(Number.MAX_SAFE_INTEGER, { mode: 'added', rate: 1_900 })).toThrow(RangeError)
  expect(() => taxOf(100, { mode: 'added', rate: -1 })).toThrow(RangeError)
})

test('a price typed before tax comes back to the cent from what is charged for it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000_000_000 }), rate, mode, (price, basisPoints, kind) => {
      const rule = { mode: kind, rate: basisPoints } as const
      expect(priced(charged(price, rule), rule)).toBe(price)
    }),
  )
  expect(charged(10_000, { mode: 'added', rate: 825 })).toBe(10_825)
})

test('an earlier day keeps the tax rule that held then', () => {
  const now = { mode: 'included', rate: 1_900 } as const
  const former = [
    { until: 100, mode: 'none', rate: 0 },
    { until: 200, mode: 'included', rate: 1_600 },
  ] as const
  expect(taxRuleAt(99, now, former)).toMatchObject({ mode: 'none' })
  expect(taxRuleAt(100, now, former)).toMatchObject({ rate: 1_600 })
  expect(taxRuleAt(200, now, former)).toEqual(now)
})
