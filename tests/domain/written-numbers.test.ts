import { expect, test } from 'vitest'
import { numbersMeant } from '../../server/domain/written-numbers.ts'

const SERIES = ['T1', 'T1X2', 'T10'].map((terminal) => ({ store: 'S1', terminal }))
const meant = (written: string) => numbersMeant(written, SERIES).numbers

test.each(['62', '#62', '# 62', 'No. 62', 'Nr.62', '000062', '٦٢', '６２', ' \u200b62\u202c '])(
  '%j is the ticket of this number in every series, and the receipt',
  (written) => {
    expect(meant(written)).toEqual(
      SERIES.flatMap(({ terminal }) => [`S1-${terminal}-000062`, `S1-${terminal}-R000062`]),
    )
  },
)

test.each(['T1-62', 't1-62', 'T1 62', 'T1–000062', 't1000062'])('%j names its terminal', (written) => {
  expect(meant(written)).toEqual(['S1-T1-000062', 'S1-T1-R000062'])
})

test.each([
  'S1-T1-62',
  's1t1000062',
  'S1−T1−62',
  'S1‑T1‑62',
  'S1—T1—000062',
  '#s1-t1-62',
  's1 t1 62',
  'S1/T1/62',
  ' S1 - T1 - 62 ',
  'S1T1000062',
])('%j names store and terminal', (written) => {
  expect(numbersMeant(written, SERIES)).toEqual({ numbers: ['S1-T1-000062'], whole: true })
})

test('a terminal whose name begins like another is told apart where the digits can tell', () => {
  expect(meant('s1t10000062')).toEqual(['S1-T1-000062', 'S1-T10-000062'])
  expect(meant('s1-t10-62')).toEqual(['S1-T10-000062'])
})

test('a receipt is written with its letter', () => {
  expect(meant('S1-T1-R413')).toEqual(['S1-T1-R000413'])
  expect(meant('s1t1x2r000413')).toEqual(['S1-T1X2-R000413'])
  expect(meant('R413')).toContain('S1-T10-R000413')
  expect(meant('R413')).not.toContain('S1-T10-000413')
})

test('a purchase is written with its letter, and no bare number means one', () => {
  expect(meant('S1-T1-P7')).toEqual(['S1-T1-P000007'])
  expect(meant('p7')).toContain('S1-T10-P000007')
  expect(meant('7')).not.toContain('S1-T1-P000007')
})

test('numbers grow beyond six digits', () => {
  expect(meant('T1-1234567')).toContain('S1-T1-1234567')
  expect(meant('S1T11234567')).toContain('S1-T1-1234567')
})

test.each(['', '#', 'T1', 'S1-T1', 'S2-T1-62', 'T9-62', 'iPhone 13', '0170 5550062', '62 63', '1.5', 'r', 'T1-62x'])(
  '%j is no number of ours',
  (written) => {
    expect(meant(written)).toEqual([])
  },
)
