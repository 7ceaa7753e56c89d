import { expect, test } from 'vitest'
import { laterCorrections, standsDifferently } from '../../../renderer/features/repairs/papers/receipt-state.ts'
import type { TicketReceipt } from '../../../renderer/features/repairs/requests.ts'

const receipt = (payment_id: number, amount_cents: number, paid_cents: number) =>
  // The rest of a receipt says nothing of what is owed.
  ({ payment_id, amount_cents, paid_cents, cost_cents: 10_000, discount_cents: 0 }) as TicketReceipt

test('a receipt says what is true now as soon as money moved, the price changed or the repair was cancelled', () => {
  const only = receipt(1, 6_000, 6_000)
  const ticket = { receipts: [only], paid_cents: 6_000, due_cents: 4_000 }
  expect(standsDifferently(ticket, only)).toBe(false)
  expect(standsDifferently({ ...ticket, due_cents: 5_000 }, only)).toBe(true)
  expect(standsDifferently({ ...ticket, due_cents: 0 }, only)).toBe(true)
  const rest = receipt(2, 4_000, 10_000)
  const paid = { receipts: [only, rest], paid_cents: 10_000, due_cents: 0 }
  expect(standsDifferently(paid, only)).toBe(true)
  expect(standsDifferently(paid, rest)).toBe(false)
})

test('the corrections of a receipt are those of its own payment that came after it', () => {
  const [first, other, corrected, again] = [
    receipt(1, 6_000, 6_000),
    receipt(2, 4_000, 10_000),
    receipt(1, -1_000, 9_000),
    receipt(1, 500, 9_500),
  ]
  const ticket = { receipts: [first, other, corrected, again] }
  expect(laterCorrections(ticket, first)).toEqual([corrected, again])
  expect(laterCorrections(ticket, corrected)).toEqual([again])
  expect(laterCorrections(ticket, other)).toEqual([])
})
