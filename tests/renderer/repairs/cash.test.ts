import { expect, test } from 'vitest'
import { isImplausibleSum, likelyNotes } from '../../../renderer/payment/cash.ts'

test('the exact amount comes first, then the notes that are likely to be handed over', () => {
  expect(likelyNotes(4_890)).toEqual([4_890, 5_000, 6_000, 10_000])
  expect(likelyNotes(12_990)).toEqual([12_990, 13_000, 15_000, 20_000])
  expect(likelyNotes(10_000)).toEqual([10_000, 20_000])
})

test('a round amount is not offered twice', () => {
  const notes = likelyNotes(5_000)
  expect(new Set(notes).size).toBe(notes.length)
  expect(notes[0]).toBe(5_000)
})

test('every suggestion covers the amount', () => {
  for (let amount = 1; amount < 70_000; amount += 37)
    for (const sum of likelyNotes(amount)) expect(sum).toBeGreaterThanOrEqual(amount)
})

test('nothing is handed over for nothing', () => {
  expect(likelyNotes(0)).toEqual([])
})

test('over ten times what is due and over 500 is asked about', () => {
  expect(isImplausibleSum(50_001, 5_000)).toBe(true)
  expect(isImplausibleSum(50_000, 100)).toBe(false)
  expect(isImplausibleSum(60_000, 6_000)).toBe(false)
  expect(isImplausibleSum(4_006_381_00, 89_00)).toBe(true)
})
