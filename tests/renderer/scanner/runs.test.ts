import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  burstOf,
  isScanAmongChoices,
  looksScanned,
  MAX_MACHINE_GAP_MS,
  looksLikeCode,
  textOf,
  type FieldKind,
} from '../../../renderer/ui/scanner/runs.ts'

const typed = (text: string, gap: number, from = 0) =>
  [...text].map((sign, index) => ({ text: sign, at: from + index * gap, code: '', shift: false }))

/** As they were scanned at a counter: IMEIs, a label's serial numbers, with and without capitals. */
const SCANS = ['352099001761481', '353918058712342', 'C02XG2JHJG5H', 'snh2a7k9', '86h4500312', 'T:S1-T1-000123']
test('every scanner up to 45 ms a key is known by its speed', () => {
  for (const code of SCANS)
    for (const gap of [5, 30, MAX_MACHINE_GAP_MS]) {
      expect(textOf(burstOf(typed(code, gap)))).toBe(code)
      expect(looksScanned(burstOf(typed(code, gap)))).toBe(true)
    }
})

test('words and international phone numbers that a program types are no scans', () => {
  for (const text of ['Nora Once More', '+49 171 5550123', '+491715550123', 'smith'])
    expect([text, looksScanned(typed(text, 1))]).toEqual([text, false])
})

test('a burst is what came last at that speed, and hands are no burst', () => {
  expect(textOf(burstOf([...typed('ab', 120), ...typed('C02XG2', 5, 400)]))).toBe('C02XG2')
  expect(burstOf(typed('smith', 60))).toEqual([])
  expect(burstOf(typed('the', 10))).toEqual([])
})

test('a machine that is late with a key is one all the same; a hand that rolls over a few keys is not', () => {
  const late = (...gaps: number[]) =>
    burstOf(gaps.reduce((run, gap) => [...run, ...typed('x', 0, run.at(-1)!.at + gap)], typed('x', 0)))
  for (let place = 0; place < 14; place++) expect(late(...Array(14).fill(15).with(place, 140))).toHaveLength(15)
  expect(late(15, 15, 15, 60, 15, 15, 15, 60, 15, 15)).toHaveLength(11)
  expect(late(15, 15, 15, 100, 110)).toEqual([])
  expect(late(100, 40, 110, 120, 40, 90, 15, 15, 15)).toHaveLength(4)
  expect(late(15, 15, 15, 160, 15, 15, 15)).toHaveLength(4)
})

test('four characters within a second, or a letter, are no choosing by digits', () => {
  expect(isScanAmongChoices(typed('123', 150))).toBe(false)
  expect(isScanAmongChoices(typed('1234', 150))).toBe(true)
  expect(isScanAmongChoices(typed('1234', 400))).toBe(false)
  expect(isScanAmongChoices(typed('86h', 150))).toBe(true)
})

test.each<[FieldKind, boolean, string[], string[]]>([
  [
    'amount',
    false,
    ['352099001761481', '000012345678', 'C02XG2JHJG5H', 'D:4711', '4006381333931', '1234567890123456'],
    ['50', '1250,00', '99999999', '12o', '123456789', '12345678901', '4006381333930'],
  ],
  [
    'phone',
    false,
    ['352099001761481', 'C02XG2JHJG5H', 'snh2a7k9', 'T:S1-T1-000046'],
    ['015112345678', '+44 7700', 'Anna'],
  ],
  ['filter', false, ['T:S1-T1-000046', '352099001761481'], ['S1-T1-000046', 'iphone13', '50']],
  ['filter', true, ['S1-T1-000046', 'C02XG2JHJG5H'], ['akku', '50']],
  ['code', true, ['S:C02XG2JHJG5H', 'T:S1-T1-000046'], ['C02XG2JHJG5H', '352099001761481']],
  ['text', true, ['D:4711', '352099001761481'], ['Falls off at night', 'RTX3080TI', 'C02XG2JHJG5H']],
])('by hand into a field for %s (Enter: %s) codes are told from what belongs there', (kind, ended, codes, others) => {
  for (const text of codes) expect([text, looksLikeCode(typed(text, 150), kind, ended)]).toEqual([text, true])
  for (const text of others) expect([text, looksLikeCode(typed(text, 150), kind, ended)]).toEqual([text, false])
})

test('no amount that can be typed is a code', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99_999_999 }),
      (amount) => !looksLikeCode(typed(String(amount), 100), 'amount', true),
    ),
  )
})
