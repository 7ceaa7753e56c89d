import fc from 'fast-check'
import { expect, test } from 'vitest'
import { documentNumber, parseDocumentNumber } from '../../server/domain/numbers.ts'

test('a number names store, terminal and count', () => {
  expect(documentNumber('S1', 'T1', 1)).toBe('S1-T1-000001')
  expect(documentNumber('S12', 'T1B', 1_234_567)).toBe('S12-T1B-1234567')
})

test('every number reads back as it is printed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('S1', 'S42'),
      fc.constantFrom('T1', 'T1B'),
      fc.integer({ min: 0, max: 2 ** 32 }),
      (store, terminal, n) => {
        expect(parseDocumentNumber(documentNumber(store, terminal, n))).toEqual({ store, terminal, n })
      },
    ),
  )
})

test('a typed number may be in lower case and between spaces', () => {
  expect(parseDocumentNumber(' s1-t1-000007 ')).toEqual({ store: 'S1', terminal: 'T1', n: 7 })
})

test('what is no document number is null', () => {
  for (const text of ['', '7', 'S1-T1', 'S1-T1-7', 'S1-T1-0000007', 'S1-T1-00000x', '1-T1-000001', 'S1T1000001'])
    expect([text, parseDocumentNumber(text)]).toEqual([text, null])
})
