import { expect, test } from 'vitest'
import { newcomersOf } from '../../renderer/frame/search/search.ts'

const IMEI = '490154203237518'
const waysOf = (query: string, scanned = false) => newcomersOf(query, scanned).map(({ to }) => to)

test('a name or a phone number that nobody has is a new customer', () => {
  expect(waysOf('Kaya New')).toEqual(['/intake?name=Kaya+New'])
  expect(waysOf('0170 555-123')).toEqual(['/intake?phone=0170+555-123'])
  expect(waysOf('0170/555.123')).toEqual(['/intake?phone=0170%2F555.123'])
})

test('a valid IMEI is a new device, and fifteen other digits are a phone number', () => {
  expect(waysOf(IMEI)).toEqual([`/intake?serial=${IMEI}`])
  expect(waysOf('490154203237519')).toEqual(['/intake?phone=490154203237519'])
})

test('an unknown number that was scanned is a new device, whatever it looks like', () => {
  expect(waysOf('C02XG2JHJG5H', true)).toEqual(['/intake?serial=C02XG2JHJG5H'])
  expect(waysOf('490154203237519', true)).toEqual(['/intake?serial=490154203237519'])
  expect(waysOf('S:C02XG2JHJG5H')).toEqual(['/intake?serial=C02XG2JHJG5H'])
})

test('the code of a ticket or device that is not there says nothing of a newcomer', () => {
  expect(waysOf('T:S1-T1-000999', true)).toEqual([])
  expect(waysOf('D:4711', true)).toEqual([])
})
