import { expect, test } from 'vitest'
import {
  effectOf,
  nextOpen,
  nextStep,
  restIsFine,
  storagesOf,
  workOut,
} from '../../../renderer/features/trade-ins/evaluate/answering.ts'
import { buyIn, option, question } from './buy-in.ts'

const LOCK = question(3, { options: [option('yes'), option('no', { blocks: true })] })
const BATTERY = question(4, {
  answers: 'percent',
  must: false,
  options: [option('weak', { deduction_id: 7, below: 80 })],
})
const PORT = question(2, { options: [option('yes'), option('no', { deduction_id: 8 })] })
const SCREEN = question(5, { section: 'cosmetic', options: [option('none'), option('near', { grade: 'B' })] })
// Not in the order of the screen.
const QUESTIONS = [question(1), SCREEN, PORT, LOCK, BATTERY]

const given = (choices: Record<number, string>) => ({
  questions: QUESTIONS,
  answers: Object.entries(choices).map(([id, choice]) => ({ item_id: Number(id), choice, photo_id: null })),
})

test('E35: a tenth and 25.00 off 240.00 come to 191.00, each seen in its row', () => {
  const draft = buyIn(given({ 2: 'no', 4: '79' }))
  const { offer } = workOut(draft, 0)
  expect(offer).toEqual({
    base_cents: 24_000,
    deductions: [
      { name: 'Battery', amount_cents: 2_400 },
      { name: 'Charging port', amount_cents: 2_500 },
    ],
    price_cents: 19_100,
  })
  expect(effectOf(BATTERY, draft, 24_000, 0)).toMatchObject({ off: 2_400, text: { en: 'weak' } })
  expect(effectOf(PORT, draft, 24_000, 0)).toMatchObject({ off: 2_500 })
  expect(effectOf(question(1), draft, 24_000, 0)).toBeUndefined()
})

test('the worst answer is the grade, and without a line of the matrix no price is made up', () => {
  expect(workOut(buyIn(given({ 5: 'near' })), 0)).toMatchObject({
    assessment: { grade: 'B' },
    offer: { price_cents: 19_000 },
  })
  expect(workOut(buyIn(given({ 1: 'no' })), 0)).toMatchObject({ assessment: { grade: 'D' }, offer: null })
})

test('“all the rest works” answers neither what forbids to buy, nor what is a number, nor what is answered', () => {
  expect(restIsFine(buyIn(given({ 2: 'no' })), 'function')).toEqual({ 'answer.1': 'yes' })
  expect(restIsFine(buyIn(given({})), 'cosmetic')).toEqual({ 'answer.5': 'none' })
})

test('the cursor goes on to the next open question, what works before what it looks like', () => {
  expect(nextOpen(buyIn(given({})))?.id).toBe(1)
  expect(nextOpen(buyIn(given({ 1: 'yes', 2: 'yes' })), 2)?.id).toBe(3)
  expect(nextOpen(buyIn(given({ 1: 'yes', 2: 'yes', 3: 'yes' })), 4)?.id).toBe(5)
  // The last one goes back to what was left open, unless it may be.
  expect(nextOpen(buyIn(given({ 2: 'yes', 3: 'yes', 5: 'none' })), 5)?.id).toBe(1)
  expect(nextOpen(buyIn(given({ 1: 'yes', 2: 'yes', 3: 'yes', 5: 'none' })), 5)).toBeUndefined()
  // An answer that the shop offers no more is open.
  expect(nextOpen(buyIn(given({ 1: 'perhaps' })))?.id).toBe(1)
})

test('work goes on with the device, its size, the questions and then who sells', () => {
  const { device, ...rest } = buyIn(given({}))
  const at = (changes: object, more: object = {}) => nextStep({ ...rest, device: { ...device, ...changes }, ...more })
  expect(at({ model: '' })).toBe('model')
  expect(at({ model: '' }, { suggested: [{ brand: 'Apple', model: 'iPhone 13', device_type_id: 1 }] })).toBe(
    'suggested',
  )
  expect(at({ device_type_id: null })).toBe('type')
  expect(at({ storage: null })).toBe('storage')
  expect(at({})).toBe('question-1')
  expect(at({}, given({ 1: 'yes', 2: 'yes', 3: 'yes', 4: '90', 5: 'none' }))).toBe('seller')
})

test('the sizes to choose from are those that have a price, the smallest first', () => {
  expect(storagesOf(buyIn())).toEqual(['128GB', '1TB'])
})
