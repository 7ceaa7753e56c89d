import fc from 'fast-check'
import { expect, test } from 'vitest'
import { imeiKind, luhnValid, numberKind, typeAllocationOf } from '../../server/domain/imei.ts'

test('known numbers pass the Luhn check', () => {
  for (const digits of ['79927398713', '490154203237518', '356938035643809', '4111111111111111', '0'])
    expect([digits, luhnValid(digits)]).toEqual([digits, true])
})

test('every number has exactly one check digit', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 20 }), (digits) => {
      expect([...'0123456789'].filter((check) => luhnValid(digits + check))).toHaveLength(1)
    }),
  )
})

test('one mistyped digit is always noticed', () => {
  const fourteen = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 14, maxLength: 14 })
  fc.assert(
    fc.property(fourteen, fc.nat(14), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
      const check = [...'0123456789'].find((digit) => luhnValid(digits + digit)) ?? ''
      const right = digits + check
      const wrong = right.slice(0, at) + String((Number(right[at]) + shift) % 10) + right.slice(at + 1)
      expect([imeiKind(right), imeiKind(wrong)]).toEqual(['valid', 'invalid'])
    }),
  )
})

test('what is not all digits fails the Luhn check', () => {
  for (const text of ['', 'a', '7992739871x', '٤', ' 0']) expect(luhnValid(text)).toBe(false)
})

test('an IMEI may be written with spaces, dashes and slashes', () => {
  for (const serial of ['49-015420-323751-8', '49 015420 323751 8', '490154/20/323751/8', ' 490154203237518 '])
    expect(imeiKind(serial)).toBe('valid')
})

test('other serial numbers are no IMEI', () => {
  for (const serial of ['C02XK1JQ05N', '49015420323751', '4901542032375181', '', '49015420323751x'])
    expect(imeiKind(serial)).toBe('not-an-imei')
})

test.each([
  ['49-015420-323751-8', 'imei'],
  ['490154203237519', 'wrong-imei'],
  ['A0000000002B33', 'meid'],
  ['270113177609606898', 'meid'],
  ['89049032004008882600004821908637', 'eid'],
  ['C02XG2JHJG5H', 'other'],
  ['', 'other'],
])('%s is said to be what it is: %s', (number, kind) => {
  expect(numberKind(number)).toBe(kind)
})

test('an IMEI says of which type it is, however it is written, and no other number does', () => {
  expect(typeAllocationOf('49 0154 20 323751 8')).toBe('49015420')
  expect(typeAllocationOf('C02XG2JHJG5H')).toBeNull()
})
