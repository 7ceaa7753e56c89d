import { expect, test } from 'vitest'
import {
  bodyOf,
  changed,
  NOTHING_KEPT,
  reconciled,
  sentOff,
  valueOf,
  withChanges,
} from '../../../renderer/features/trade-ins/evaluate/changes.ts'
import { buyIn } from './buy-in.ts'

const answered = (choices: Record<number, string>) =>
  buyIn({ answers: Object.entries(choices).map(([id, choice]) => ({ item_id: Number(id), choice, photo_id: null })) })

test('what was changed is shown at once, and sent with all else of its part', () => {
  const draft = answered({ 1: 'yes', 2: 'no' })
  const kept = changed(NOTHING_KEPT, draft, { 'answer.2': 'yes', 'answer.3': 'near', 'answer.1': null })
  const given = [
    { item_id: 2, choice: 'yes', photo_id: null },
    { item_id: 3, choice: 'near', photo_id: null },
  ]
  expect(withChanges(draft, kept.changes).answers).toEqual(given)
  expect(bodyOf(draft, kept.changes)).toEqual({ version: 1, answers: given })
  const named = changed(NOTHING_KEPT, draft, { 'device.model': 'iPhone 12' })
  expect(bodyOf(draft, named.changes).device).toEqual({
    serial_number: '490154203237518',
    device_type_id: 1,
    brand: 'Apple',
    model: 'iPhone 12',
    storage: '128GB',
  })
})

test('somebody’s answer to another question is kept beside ours', () => {
  const kept = changed(NOTHING_KEPT, answered({}), { 'answer.1': 'yes' })
  const now = answered({ 2: 'no' })
  const after = reconciled(kept, now)
  expect(after).toEqual(kept)
  expect(bodyOf(now, after.changes).answers?.map(({ item_id }) => item_id)).toEqual([2, 1])
})

test('somebody’s answer to the same question stands, and ours is not lost', () => {
  const kept = changed(NOTHING_KEPT, answered({ 1: 'yes' }), { 'answer.1': 'no' })
  const after = reconciled(kept, answered({ 1: 'near' }))
  expect(after).toEqual({ changes: {}, base: {}, lost: { 'answer.1': 'no' }, by: 'Kim Clerk' })
  const put = changed(after, answered({ 1: 'near' }), { 'answer.1': 'no' })
  expect(put.lost).toEqual({})
  expect(reconciled(put, answered({ 1: 'near' }))).toEqual(put)
})

test('an answer whose reply was lost is found to be kept, and nothing is said', () => {
  const kept = changed(NOTHING_KEPT, answered({}), { 'answer.1': 'yes' })
  expect(reconciled(kept, answered({ 1: 'yes' }))).toEqual(NOTHING_KEPT)
})

test('what was changed again while it was sent is still to be sent', () => {
  const first = changed(NOTHING_KEPT, answered({}), { 'answer.1': 'yes', 'answer.2': 'no' })
  const second = changed(first, answered({}), { 'answer.1': 'near' })
  const after = sentOff(second, first.changes)
  expect(after.changes).toEqual({ 'answer.1': 'near' })
  expect(reconciled(after, answered({ 1: 'yes', 2: 'no' }))).toEqual(after)
  expect(sentOff(after, after.changes)).toEqual(NOTHING_KEPT)
})

test('another price is a part of its own', () => {
  const other = { price_cents: 20_000, reason: 'As new', photo_id: 4 }
  const kept = changed(NOTHING_KEPT, buyIn(), { other_price: other })
  expect(valueOf(withChanges(buyIn(), kept.changes), 'other_price')).toEqual(other)
  expect(bodyOf(buyIn(), kept.changes)).toEqual({ version: 1, other_price: other })
})
