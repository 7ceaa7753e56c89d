import { expect, test } from 'vitest'
import { newIntakeRows } from '../../renderer/frame/search/search.ts'

const IMEI = '490154203237518'
const addressesOf = (query: string, scanned = false) => newIntakeRows(query, scanned).map(({ to }) => to)

test('a name or a phone number that nobody has is a new customer', () => {
  expect(addressesOf('Kaya New')).toEqual(['/intake?name=Kaya+New'])
  expect(addressesOf('0170 555-123')).toEqual(['/intake?phone=0170+555-123'])
  expect(addressesOf('0170/555.123')).toEqual(['/intake?phone=0170%2F555.123'])
})

test('a valid IMEI is a new device, and fifteen other digits are a phone number', () => {
  expect(addressesOf(IMEI)).toEqual([`/intake?serial=${IMEI}`])
  expect(addressesOf('490154203237519')).toEqual(['/intake?phone=490154203237519'])
})

test('an unknown number that was scanned is a new device, whatever it looks like', () => {
  expect(addressesOf('C02XG2JHJG5H', true)).toEqual(['/intake?serial=C02XG2JHJG5H'])
  expect(addressesOf('490154203237519', true)).toEqual(['/intake?serial=490154203237519'])
  expect(addressesOf('S:C02XG2JHJG5H')).toEqual(['/intake?serial=C02XG2JHJG5H'])
})

test('the code of a document or device that is not there starts no intake', () => {
  expect(addressesOf('T:S1-T1-000999', true)).toEqual([])
  expect(addressesOf('D:4711', true)).toEqual([])
  expect(addressesOf('O:17', true)).toEqual([])
})
