import { expect, test } from 'vitest'
import {
  changeOf,
  EMPTY_DRAFT,
  intakeBody,
  type IntakeDraft,
} from '../../../renderer/features/repairs/intake/intake-draft.ts'

const bodyOf = (draft: Partial<IntakeDraft>) => intakeBody({ ...EMPTY_DRAFT, ...draft }, (accessory) => accessory)

test('a known customer and device are sent by id alone', () => {
  const known = {
    customer_id: 7,
    full_name: 'left over',
    device: { id: 9, title: 'Apple iPhone 13', serial_number: null },
  }
  const { customer, device } = bodyOf(known)
  expect(customer).toEqual({ id: 7 })
  expect(device).toEqual({ id: 9 })
})

test('a phone number is sent without the slashes and dots that people write', () => {
  const phoneOf = (phone: string) => bodyOf({ full_name: 'Kaya', phone }).customer.phone
  expect(phoneOf('0171 / 5550123')).toBe('0171 5550123')
  expect(phoneOf(' 0171/555.01.23 ')).toBe('0171 555 01 23')
  expect(phoneOf('+49 (171)  555-0123')).toBe('+49 (171) 555-0123')
  expect(phoneOf(' / ')).toBe(undefined)
})

test('a picked model is sent by id, a typed one by its names', () => {
  const typed = { type_id: 1, brand: ' Fairphone ', model: '5', serial: ' 123 ' }
  expect(bodyOf({ ...typed, model_id: 4 }).device).toEqual({ model_id: 4, device_type_id: 1, serial_number: '123' })
  expect(bodyOf(typed).device).toEqual({
    device_type_id: 1,
    brand_name: 'Fairphone',
    model_name: '5',
    serial_number: '123',
  })
})

test('accessories are those that were pressed and those that were typed', () => {
  expect(bodyOf({ accessories: ['charger'], otherAccessories: 'stylus, , dock ;' }).accessories).toEqual([
    'charger',
    'stylus',
    'dock',
  ])
})

test('what was left empty is not sent', () => {
  const { note, passcode, estimate_cents, promised_at, signature } = bodyOf({ note: '  ' })
  expect([note, passcode, estimate_cents, promised_at, signature]).toEqual(Array(5).fill(undefined))
})

const SIGNED = { ...EMPTY_DRAFT, terms: true, signature: 'M0 0' }

test('whoever agreed and signed is not the customer any more when another one is chosen, or taken back', () => {
  const gone = { terms: false, signature: '' }
  expect(changeOf({ ...SIGNED, customer_id: 1 }, { customer_id: null })).toEqual({ customer_id: null, ...gone })
  expect(changeOf({ ...SIGNED, customer_id: 1 }, () => ({ customer_id: 2 }))).toEqual({ customer_id: 2, ...gone })
  expect(changeOf({ ...SIGNED, full_name: 'Mira' }, { customer_id: 2, full_name: '' })).toMatchObject(gone)
})

test('the agreement stays with a correction of the name, and with the first customer that is chosen', () => {
  expect(changeOf({ ...SIGNED, full_name: 'Mria' }, { full_name: 'Mira' })).toEqual({ full_name: 'Mira' })
  expect(changeOf({ ...SIGNED, customer_id: 1 }, { customer_id: 1 })).toEqual({ customer_id: 1 })
  expect(changeOf(SIGNED, { customer_id: 1 })).toEqual({ customer_id: 1 })
})
