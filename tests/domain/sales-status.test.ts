import { expect, test } from 'vitest'
import { holdsStock, mayBecome, SALES_STATUSES, type SalesStatus } from '../../server/domain/sales-status.ts'

const next = (from: SalesStatus) => SALES_STATUSES.filter((to) => to !== from && mayBecome(from, to))

test('which status may follow which', () => {
  expect(Object.fromEntries(SALES_STATUSES.map((from) => [from, next(from)]))).toEqual({
    pending: ['paid', 'shipped', 'completed', 'cancelled', 'refunded'],
    paid: ['shipped', 'completed', 'cancelled', 'refunded'],
    shipped: ['paid', 'completed', 'cancelled', 'refunded'],
    completed: ['paid', 'shipped', 'cancelled', 'refunded'],
    cancelled: ['refunded'],
    refunded: [],
  })
})

test('what stays as it is may', () => {
  for (const status of SALES_STATUSES) expect(mayBecome(status, status)).toBe(true)
})

test('no step by hand brings back goods that were given back', () => {
  for (const from of SALES_STATUSES.filter((status) => !holdsStock(status)))
    expect(next(from).filter(holdsStock)).toEqual([])
})
