import { expect, test } from 'vitest'
import { forbiddenBy } from '../../../server/domain/trade-ins/device-checks.ts'
import { sellerFaults } from '../../../server/domain/trade-ins/seller.ts'

const faults = (born: string | null, valid_until: string | null) =>
  sellerFaults({ born, valid_until }, '2026-03-02', 18)

test('who is under age on the day may not sell, and may from the birthday on', () => {
  expect(faults('2008-03-03', null)).toEqual(['seller-minor'])
  expect(faults('2008-03-02', null)).toEqual([])
  expect(sellerFaults({ born: '2008-02-29', valid_until: null }, '2026-02-28', 18)).toEqual(['seller-minor'])
  expect(sellerFaults({ born: '2008-02-29', valid_until: null }, '2026-03-01', 18)).toEqual([])
})

test('a document counts through its last day', () => {
  expect(faults(null, '2026-03-02')).toEqual([])
  expect(faults(null, '2026-03-01')).toEqual(['document-expired'])
  expect(faults(null, null)).toEqual([])
})

test('a lock, a theft and a device that is here already forbid to pay; what was not checked does not', () => {
  expect(
    forbiddenBy([
      { kind: 'activation-lock', result: 'fail' },
      { kind: 'lost-stolen', result: 'not-checked' },
      { kind: 'network-lock', result: 'fail' },
      { kind: 'luhn', result: 'fail' },
      { kind: 'duplicate', result: 'pass' },
    ]),
  ).toEqual(['activation-lock'])
})
