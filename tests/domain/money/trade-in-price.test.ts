import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GRADES } from '../../../server/domain/grade.ts'
import {
  type Deduction,
  lessDeductions,
  matrixOffer,
  type PriceEntry,
  storageKey,
  tradeInOffer,
} from '../../../server/domain/money/trade-in-price.ts'

const NOW = Date.UTC(2026, 0, 15)
const DAY = 86_400_000
const always = { valid_from: null, valid_until: null }
const entry = (fields: Partial<PriceEntry>): PriceEntry => ({
  storage_key: '',
  condition: 'A',
  price_cents: 10_000,
  ...always,
  ...fields,
})
const offer = (entries: PriceEntry[], storage: string | null = null, deductions: Deduction[] = []) =>
  tradeInOffer({ entries, deductions, storage, condition: 'A', now: NOW })

test.each([
  ['A', '256GB', 96_000, 91_000],
  ['A', null, 80_000, 75_000],
  ['B', '64GB', 54_000, 49_000],
  ['C', '1 tb', 80_000, 75_000],
  ['D', '2TB', 60_000, 55_000],
  ['E', '512GB', 15_000, 10_000],
  ['E', '17GB', 10_000, 5_000],
] as const)(
  'without an entry a %s with %s is worth %i, and %i to the customer',
  (condition, storage, estimated, net) => {
    expect(tradeInOffer({ entries: [], storage, condition, now: NOW })).toMatchObject({
      source: 'default',
      estimated_cents: estimated,
      fee_cents: 5_000,
      net_cents: net,
    })
  },
)

test('an entry for this very storage goes before one for any, and either before the default', () => {
  const entries = [entry({ price_cents: 30_000 }), entry({ storage_key: '256GB', price_cents: 40_000 })]
  expect(offer(entries, '256 gb')).toMatchObject({ source: 'matrix', estimated_cents: 40_000 })
  expect(offer(entries, '128GB').estimated_cents).toBe(30_000)
  expect(offer([entry({ condition: 'B' })]).source).toBe('default')
})

test('an entry holds from its first instant until just before its last, and the newer one counts', () => {
  const old = entry({ price_cents: 1, valid_from: NOW - 9 * DAY })
  const current = entry({ price_cents: 2, valid_from: NOW, valid_until: NOW + DAY })
  expect(offer([old, current]).base_cents).toBe(2)
  expect(offer([old, entry({ price_cents: 3, valid_from: NOW + 1 })]).base_cents).toBe(1)
  expect(offer([old, entry({ price_cents: 4, valid_until: NOW })]).base_cents).toBe(1)
})

test('of two entries that began at the same instant, or never, the newer one counts', () => {
  for (const valid_from of [null, NOW]) {
    const [old, newer] = [entry({ price_cents: 1, valid_from }), entry({ price_cents: 2, valid_from })]
    expect(offer([old, newer]).base_cents).toBe(2)
  }
})

test('deductions are amounts or parts of the base, and never make an offer negative', () => {
  const cracked = { name: 'Cracked screen', amount_cents: 8_000, percent_tenths: null, ...always }
  const worn = { name: 'Worn', amount_cents: null, percent_tenths: 125, ...always }
  const late = { name: 'Gone', amount_cents: 1, percent_tenths: null, valid_from: null, valid_until: NOW }
  expect(offer([entry({ price_cents: 10_004 })], null, [worn, late])).toMatchObject({
    deductions: [{ name: 'Worn', amount_cents: 1_251 }],
    estimated_cents: 8_753,
    net_cents: 3_753,
  })
  expect(offer([entry({})], null, [cracked, cracked])).toMatchObject({ estimated_cents: 0, net_cents: 0 })
})

test('an offer is whole cents between nothing and its base, whatever the matrix holds', () => {
  const cents = fc.integer({ min: 0, max: 9_999_999_999 })
  const entries = fc.array(
    fc.record({ storage_key: fc.constantFrom('', '1TB'), condition: fc.constantFrom(...GRADES), price_cents: cents }),
  )
  const deductions = fc.array(
    fc.record({ amount_cents: fc.option(cents), percent_tenths: fc.option(fc.integer({ min: 0, max: 1_000 })) }),
  )
  fc.assert(
    fc.property(entries, deductions, fc.constantFrom(...GRADES), (lines, off, condition) => {
      const { base_cents, estimated_cents, net_cents } = tradeInOffer({
        entries: lines.map((line) => ({ ...line, ...always })),
        deductions: off.map((line) => ({ ...line, ...always, name: 'x' })),
        storage: '1TB',
        condition,
        now: NOW,
      })
      for (const amount of [base_cents, estimated_cents, net_cents]) expect(Number.isSafeInteger(amount)).toBe(true)
      expect(net_cents >= 0 && net_cents <= estimated_cents && estimated_cents <= base_cents).toBe(true)
    }),
  )
})

test('storage is the same however it is written', () => {
  expect([storageKey('256 gb'), storageKey(' 256GB'), storageKey(null)]).toEqual(['256GB', '256GB', ''])
})

const off = (fields: Partial<Deduction>): Deduction => ({
  name: 'Fault',
  amount_cents: null,
  percent_tenths: null,
  ...always,
  ...fields,
})
const priced = (base: number, ...deductions: Deduction[]) => lessDeductions(base, { deductions, now: NOW })

test('E35: 240.00 less 10 % and 25.00 is 191.00', () => {
  expect(priced(24_000, off({ percent_tenths: 100 }), off({ amount_cents: 2_500 }))).toEqual({
    base_cents: 24_000,
    deductions: [
      { name: 'Fault', amount_cents: 2_400 },
      { name: 'Fault', amount_cents: 2_500 },
    ],
    price_cents: 19_100,
  })
})

test('E36: 7.5 % of 199.99 are 15.00', () => {
  expect(priced(19_999, off({ percent_tenths: 75 })).deductions[0]!.amount_cents).toBe(1_500)
})

test('E37: 30.00 less 45.00 is nothing', () => {
  expect(priced(3_000, off({ amount_cents: 4_500 })).price_cents).toBe(0)
})

test('the counter takes no fee, and makes up no price where the matrix has none', () => {
  const asked = { storage: null, condition: 'A', now: NOW } as const
  expect(matrixOffer({ ...asked, entries: [entry({ price_cents: 24_000 })] })?.price_cents).toBe(24_000)
  expect(matrixOffer({ ...asked, entries: [entry({ condition: 'B' })] })).toBeNull()
})
