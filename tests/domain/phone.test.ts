import fc from 'fast-check'
import { expect, test } from 'vitest'
import { phoneKey } from '../../server/domain/phone.ts'

test.each([
  ['+49 151 1234567', '+491511234567'],
  ['0049 151 123-4567', '+491511234567'],
  ['+49 (0)151 / 123 45 67', '+491511234567'],
  ['+49 (0 ) 151 1234567', '+491511234567'],
  ['(+49) 151 1234567', '+491511234567'],
  ['＋49 １５１ 1234567', '+491511234567'],
  ['(0151) 123-4567', '01511234567'],
  ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
  ['۰۱۲۳', '0123'],
  ['110', '110'],
  ['00', '00'],
  ['no number', ''],
  ['+', ''],
])('%s has the key %s', (written, key) => {
  expect(phoneKey(written)).toBe(key)
})

test('the key of a key is the key', () => {
  const written = fc.string({ unit: fc.constantFrom(...'0123456789+-() '), maxLength: 20 })
  fc.assert(
    fc.property(written, (phone) => {
      expect(phoneKey(phoneKey(phone))).toBe(phoneKey(phone))
    }),
  )
})

test('spaces, dashes and brackets make no difference', () => {
  const digits = fc.array(fc.constantFrom(...'123456789'), { minLength: 3, maxLength: 15 })
  fc.assert(
    fc.property(
      digits,
      fc.constantFrom(' ', '-', ' - ', '/', '.'),
      fc.constantFrom('', '+', '0'),
      (number, gap, lead) => {
        expect(phoneKey(lead + number.join(gap))).toBe(phoneKey(lead + number.join('')))
      },
    ),
  )
})
