import fc from 'fast-check'
import { expect, test } from 'vitest'
import { documentNumber, parseDocumentNumber, restoredTerminal, seriesOf } from '../../server/domain/numbers.ts'

test('a number names store, terminal and count', () => {
  expect(documentNumber('S1', 'T1', 1)).toBe('S1-T1-000001')
  expect(documentNumber('S12', 'T1X2', 1_234_567)).toBe('S12-T1X2-1234567')
  expect(documentNumber('S1', 'T1', 413, 'R')).toBe('S1-T1-R000413')
})

test('every number reads back as it is printed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('S1', 'S42'),
      fc.constantFrom('T1', 'T1X2'),
      fc.constantFrom('' as const, 'R' as const),
      fc.integer({ min: 0, max: 2 ** 32 }),
      (store, terminal, letter, n) => {
        expect(parseDocumentNumber(documentNumber(store, terminal, n, letter))).toEqual({ store, terminal, letter, n })
      },
    ),
  )
})

test('a typed number may be in lower case and between spaces', () => {
  expect(parseDocumentNumber(' s1-t1-000007 ')).toEqual({ store: 'S1', terminal: 'T1', letter: '', n: 7 })
  expect(parseDocumentNumber(' s1-t1x2-r000007 ')).toEqual({ store: 'S1', terminal: 'T1X2', letter: 'R', n: 7 })
})

test('what is no document number is null', () => {
  for (const text of [
    '',
    '7',
    'S1-T1',
    'S1-T1-7',
    'S1-T1-0000007',
    'S1-T1-00000x',
    '1-T1-000001',
    'S1T1000001',
    'S1-T1-R7',
    'S1-T1-Q000007',
  ])
    expect([text, parseDocumentNumber(text)]).toEqual([text, null])
})

test('a restored terminal is called as it never was before', () => {
  expect(restoredTerminal('T1', 2)).toBe('T1X2')
  expect(restoredTerminal('T1X2', 3)).toBe('T1X3')
  expect(restoredTerminal('TX9', 4)).toBe('TX10')
  fc.assert(
    fc.property(
      fc.constantFrom('T1', 'T12', 'TX', 'X'),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }),
      (first, steps) => {
        const names: string[] = [first]
        let epoch = 1
        for (const step of steps) names.push(restoredTerminal(names.at(-1)!, (epoch += step)))
        expect(new Set(names).size).toBe(names.length)
        for (const name of names) expect(seriesOf(names.at(-1)!)).toContain(name)
      },
    ),
  )
})

test('the series of a terminal are its own and those before each restore', () => {
  expect(seriesOf('T1')).toEqual(['T1'])
  expect(seriesOf('T1X4')).toEqual(['T1', 'T1X2', 'T1X3', 'T1X4'])
})
