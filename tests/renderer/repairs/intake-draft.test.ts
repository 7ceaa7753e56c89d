import { expect, test } from 'vitest'
import { changeOf, EMPTY_DRAFT } from '../../../renderer/features/repairs/intake/intake-draft.ts'

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
