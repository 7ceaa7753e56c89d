import { expect, test } from 'vitest'
import { isOpen, isOverdue, isReady, ORDER_STATUSES, paymentStatus } from '../../server/domain/repair-status.ts'

test('a payment of all that is due is Paid, of less Partial', () => {
  for (const order of ORDER_STATUSES) {
    expect(paymentStatus(10_000, 10_000, order)).toBe('Paid')
    expect(paymentStatus(10_000, 9_999, order)).toBe('Partial')
    expect(paymentStatus(10_000, 1, order)).toBe('Partial')
  }
})

test('a payment of nothing is Due once the repair is Completed and Unpaid before', () => {
  expect(ORDER_STATUSES.map((order) => paymentStatus(10_000, 0, order))).toEqual(['Unpaid', 'Unpaid', 'Due', 'Unpaid'])
})

test('where nothing is owed, nothing is Paid', () => {
  for (const order of ORDER_STATUSES) expect(paymentStatus(0, 0, order)).toBe('Paid')
})

test('Pending and Repairing are open', () => {
  expect(ORDER_STATUSES.filter(isOpen)).toEqual(['Pending', 'Repairing'])
})

test('an open repair is overdue once its promise has passed', () => {
  expect(isOverdue({ status: 'Repairing', promised_at: 999 }, 1_000)).toBe(true)
  expect(isOverdue({ status: 'Repairing', promised_at: 1_000 }, 1_000)).toBe(false)
  expect(isOverdue({ status: 'Completed', promised_at: 999 }, 1_000)).toBe(false)
  expect(isOverdue({ status: 'Pending', promised_at: null }, 1_000)).toBe(false)
})

test('a completed repair is ready until its device has left, and for six weeks at most', () => {
  const week = 7 * 86_400_000
  const done = { status: 'Completed', completed_at: 0, picked_up_at: null } as const
  expect(isReady(done, 6 * week)).toBe(true)
  expect(isReady(done, 6 * week + 1)).toBe(false)
  expect(isReady({ ...done, picked_up_at: 1 }, week)).toBe(false)
  expect(isReady({ ...done, status: 'Cancelled' }, week)).toBe(false)
  expect(isReady({ ...done, completed_at: null }, 7 * week)).toBe(false)
})
