import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { changeDue, formatMoney, MAX_CENTS, parseMoney, sum, toNumber } from '../../../server/domain/money/money.ts'

const amount = fc.oneof(
  fc.integer({ min: 0, max: MAX_CENTS }),
  fc.integer({ min: MAX_CENTS - 1_000, max: MAX_CENTS }),
  fc.integer({ min: 0, max: 1_000 }),
)
const signed = fc.integer({ min: -MAX_CENTS, max: MAX_CENTS })
const type = (value: unknown) => {
  const parsed = parseMoney(value)
  return typeof parsed === 'number' ? 'accepted' : parsed.type
}

test('every amount reads back as it is written', () => {
  fc.assert(
    fc.property(fc.oneof(amount, signed), (cents) => {
      expect(parseMoney(formatMoney(cents))).toBe(cents)
    }),
    { numRuns: 5_000 },
  )
})

test('every cent part and every power of ten reads back as it is written', () => {
  for (let unit = 1; unit <= 100_000_000; unit *= 10)
    for (let cents = unit * 100 - 101; cents <= unit * 100 + 101 && cents <= MAX_CENTS; cents++)
      expect(parseMoney(formatMoney(cents))).toBe(cents)
})

test('an amount is written with exactly two decimals', () => {
  expect([0, 5, 10, 99, 100, 123456, MAX_CENTS].map(formatMoney)).toEqual([
    '0.00',
    '0.05',
    '0.10',
    '0.99',
    '1.00',
    '1234.56',
    '99999999.99',
  ])
  expect([-1, -250, -0].map(formatMoney)).toEqual(['-0.01', '-2.50', '0.00'])
})

test('the largest exact integers are written to the cent', () => {
  fc.assert(
    fc.property(fc.integer({ min: Number.MAX_SAFE_INTEGER - 1_000_000, max: Number.MAX_SAFE_INTEGER }), (cents) => {
      const digits = String(cents)
      expect(formatMoney(cents)).toBe(`${digits.slice(0, -2)}.${digits.slice(-2)}`)
    }),
  )
})

test('a JSON number and its decimal string are the same money', () => {
  fc.assert(
    fc.property(fc.oneof(amount, signed), (cents) => {
      expect(parseMoney(toNumber(cents))).toBe(cents)
      expect(parseMoney(JSON.parse(formatMoney(cents)))).toBe(cents)
      expect(Number(formatMoney(cents))).toBe(toNumber(cents))
    }),
    { numRuns: 5_000 },
  )
})

test('exponents, signs, spaces and trailing zeros are other spellings of the same money', () => {
  const spellings: [unknown, number][] = [
    ['1e2', 10_000],
    ['1.5E+2', 15_000],
    ['12500e-2', 12_500],
    ['0.001e1', 1],
    ['1.2300', 123],
    ['100e-4', 1],
    ['.5', 50],
    ['5.', 500],
    ['+7', 700],
    [' 7.10\n', 710],
    ['007', 700],
    ['0e99999999999999999999', 0],
    ['0.000', 0],
    [1e2, 10_000],
    [0.1, 10],
    [1.15, 115],
    [-0, 0],
    ['-0.00', 0],
    ['-3.5', -350],
  ]
  for (const [written, cents] of spellings) expect([written, parseMoney(written)]).toEqual([written, cents])
})

test('exponent forms agree with plain ones', () => {
  fc.assert(
    fc.property(amount, fc.integer({ min: -12, max: 12 }), (cents, shift) => {
      const mantissa = BigInt(cents) * 10n ** BigInt(shift + 12)
      expect(parseMoney(`${mantissa}e${-14 - shift}`)).toBe(cents)
    }),
  )
})

test('a number that a double does not hold is read by its digits', () => {
  for (const [digits, expected] of [
    ['0.1000000000000000055', 'decimal_max_places'],
    ['12345678.991234567', 'decimal_max_places'],
    ['99999999.9900000000000001', 'decimal_max_places'],
    ['1e-400', 'decimal_max_places'],
    ['99999999.990000000000', 9_999_999_999],
    ['0.10000000000000000', 10],
    ['-0.0000000000000000', 0],
    ['1e400', Number.MAX_SAFE_INTEGER],
  ] as const) {
    const parsed = parseMoney(JSON.rawJSON(digits))
    expect([digits, typeof parsed === 'number' ? parsed : parsed.type]).toEqual([digits, expected])
  }
})

test('a third significant decimal is refused', () => {
  for (const written of ['1.001', '0.009', 0.001, 1e-7, '1e-3', '99999999.999', '1e-999999999'])
    expect([written, type(written)]).toEqual([written, 'decimal_max_places'])
})

test('what is no decimal is refused in its words', () => {
  const unreadable = [
    '',
    ' ',
    '.',
    '-',
    'abc',
    '1,50',
    '1 000',
    '1_000',
    '0x10',
    '1.2.3',
    '12.3.',
    '..12',
    '1e',
    '--1',
    '€5',
    '1\u0000',
  ]
  for (const written of unreadable) expect([written, type(written)]).toEqual([written, 'decimal_parsing'])
  for (const value of [null, undefined, true, [], {}, 5n]) expect(type(value)).toBe('decimal_type')
  for (const value of [NaN, Infinity, '-inf', 'Infinity', 'NaN', 'sNaN']) expect(type(value)).toBe('finite_number')
})

test('amounts beyond the limit stay beyond it, however large', () => {
  for (const written of [
    '100000000',
    '100000000.00',
    1e8,
    1e21,
    1e300,
    '1e999999999',
    '9'.repeat(400),
    '9999999999999',
  ])
    expect(parseMoney(written)).toBeGreaterThan(MAX_CENTS)
  expect(parseMoney('-1e30')).toBeLessThan(-MAX_CENTS)
})

test('any text at all is read or refused, and what is read is an integer', () => {
  const soup = fc.string({ unit: fc.constantFrom(...'0123456789.eE+- '), maxLength: 20 })
  fc.assert(
    fc.property(fc.oneof(soup, fc.string(), fc.double(), fc.anything()), (value) => {
      const parsed = parseMoney(value)
      if (typeof parsed === 'number') expect(Number.isSafeInteger(parsed) && !Object.is(parsed, -0)).toBe(true)
      else expect(parsed.msg).not.toBe('')
    }),
    { numRuns: 5_000 },
  )
})

describe('sums', () => {
  it('never drift, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(signed, { maxLength: 300 }), (amounts) => {
        const exact = amounts.reduce((total, cents) => total + BigInt(cents), 0n)
        expect(sum(amounts)).toBe(Number(exact))
        expect(sum(amounts.toReversed())).toBe(sum(amounts))
      }),
    )
    expect(formatMoney(sum(Array.from({ length: 100_000 }, () => 10)))).toBe('10000.00')
  })

  it('throw rather than lose a cent beyond 2^53', () => {
    expect(() => sum([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError)
    expect(() => sum([0.5, 0.5])).toThrow(RangeError)
    expect(() => formatMoney(2 ** 53)).toThrow(RangeError)
    expect(() => formatMoney(NaN)).toThrow(RangeError)
    expect(() => toNumber(1.5)).toThrow(RangeError)
  })
})

test('change is what was tendered over the amount, and nothing while it does not cover it', () => {
  expect(changeDue(1_999, 2_000)).toBe(1)
  expect(changeDue(2_000, 2_000)).toBe(0)
  expect(changeDue(2_000, 500)).toBe(0)
})
