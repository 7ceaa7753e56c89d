import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addTaxes,
  type BillLine,
  oneLine,
  taxOfPaid,
  type TaxByRate,
  taxToState,
} from '../../../server/domain/money/receipt-tax.ts'

/** What each of these payments states, in order, of a bill that stays as it is. */
function statedBy(lines: readonly BillLine[], payments: readonly number[]): TaxByRate[] {
  const stated: TaxByRate[] = []
  let paid = 0
  for (const amount of payments) stated.push(taxToState(lines, (paid += amount), addTaxes(stated)))
  return stated
}

const PART_AND_LABOUR = [
  { gross_cents: 89_90, rate: 1_900 },
  { gross_cents: 45_00, rate: 700 },
]

test('a deposit on a part and labour states its share of each rate, and the rest states the rest', () => {
  const [deposit, rest] = statedBy(PART_AND_LABOUR, [50_00, 84_90])
  expect([...deposit!]).toEqual([[700, 1_09], [1_900, 5_32]]) // oxfmt-ignore
  expect([...rest!]).toEqual([[700, 1_85], [1_900, 9_03]]) // oxfmt-ignore
  expect([...taxOfPaid(PART_AND_LABOUR, 134_90)]).toEqual([[1_900, 14_35], [700, 2_94]]) // oxfmt-ignore
})

test('100.00 of 250.00 at 20 % states 16.67, the 150.00 after it 25.00', () => {
  const lines = oneLine(250_00, { mode: 'included', rate: 2_000 })
  expect(statedBy(lines, [100_00, 150_00]).map((taxes) => taxes.get(2_000))).toEqual([16_67, 25_00])
})

test('after a discount each line is taxed by what is left of it', () => {
  const discounted = [
    { gross_cents: 83_24, rate: 1_900 },
    { gross_cents: 41_66, rate: 700 },
  ]
  expect([...taxOfPaid(discounted, 124_90)]).toEqual([[1_900, 13_29], [700, 2_73]]) // oxfmt-ignore
})

test('a rate that has changed since the deposit: the last receipt states the whole tax less what was stated', () => {
  const deposit = taxToState(oneLine(250_00, { mode: 'included', rate: 1_900 }), 50_00, new Map())
  expect([...deposit]).toEqual([[1_900, 7_98]])
  const last = taxToState(oneLine(250_00, { mode: 'included', rate: 1_600 }), 250_00, deposit)
  expect([...last]).toEqual([[1_600, 34_48], [1_900, -7_98]]) // oxfmt-ignore
  expect([...last.values()].reduce((a, b) => a + b)).toBe(26_50)
})

test('three parts of a bill of 180.00 at 19 % state 28.74 together, not each', () => {
  const lines = oneLine(180_00, { mode: 'added', rate: 1_900 })
  const taxes = statedBy(lines, [80_00, 60_00, 40_00]).map((each) => each.get(1_900)!)
  expect(taxes.reduce((a, b) => a + b)).toBe(28_74)
  expect(taxes).toEqual([12_77, 9_58, 6_39])
})

test('who charges no tax states none, also of what was taken before', () => {
  const stated = new Map([[2_000, 1_667]])
  expect([...taxToState(oneLine(250_00, { mode: 'none', rate: 2_000 }), 250_00, stated)]).toEqual([[2_000, -1_667]])
  expect([...taxToState(oneLine(250_00, { mode: 'none', rate: 2_000 }), 100_00, new Map())]).toEqual([])
})

const line = fc.record({
  gross_cents: fc.integer({ min: 0, max: 9_999_999_999 }),
  rate: fc.integer({ min: 0, max: 10_000 }),
})

test('whatever is paid, given back and repriced, the taxes stated add up to the tax of what is paid', () => {
  const step = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const stated: TaxByRate[] = []
      for (const { lines, share } of steps) {
        const total = lines.reduce((sum, { gross_cents }) => sum + gross_cents, 0)
        const paid = Math.floor(total * share)
        stated.push(taxToState(lines, paid, addTaxes(stated)))
        const nonZero = [...addTaxes(stated)].filter(([, tax]) => tax !== 0).toSorted(([a], [b]) => a - b)
        expect(nonZero).toEqual([...taxOfPaid(lines, paid)].toSorted(([a], [b]) => a - b))
      }
    }),
  )
})

test('all of a bill carries all of its tax, and a part never more than a cent beyond its share', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 3 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lines, share) => {
        const total = lines.reduce((sum, { gross_cents }) => sum + gross_cents, 0)
        const whole = [...taxOfPaid(lines, total).values()].reduce((a, b) => a + b, 0)
        const paid = Math.floor(total * share)
        const taken = [...taxOfPaid(lines, paid).values()].reduce((a, b) => a + b, 0)
        if (total > 0) expect(Math.abs(taken - (whole * paid) / total)).toBeLessThanOrEqual(lines.length / 2 + 1e-4)
        expect(taken).toBeLessThanOrEqual(paid)
      },
    ),
  )
})
