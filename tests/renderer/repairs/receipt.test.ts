import { expect, test } from 'vitest'
import { billAtPayment } from '../../../renderer/features/repairs/papers/receipt.tsx'
import type { Ticket, TicketPayment } from '../../../renderer/features/repairs/requests.ts'

const payment = (id: number, amount_cents: number, cost_cents: number | null, discount_cents: number | null) =>
  // The rest of a payment says nothing of the bill.
  ({ id, amount_cents, cost_cents, discount_cents }) as TicketPayment

const ticket = (payments: TicketPayment[]) =>
  ({ cost_cents: 25_000, discount_cents: 0, total_cents: 25_000, paid_cents: 25_000, due_cents: 0, payments }) as Ticket

test('a receipt that is printed again says what it said when the money was taken', () => {
  const [first, second] = [payment(1, 5_000, 20_000, 1_000), payment(2, 20_000, 25_000, 0)]
  const now = ticket([first, second])
  expect(billAtPayment(now, first)).toEqual({
    cost_cents: 20_000,
    discount_cents: 1_000,
    total_cents: 19_000,
    paid_cents: 5_000,
    due_cents: 14_000,
  })
  expect(billAtPayment(now, second)).toMatchObject({ total_cents: 25_000, paid_cents: 25_000, due_cents: 0 })
})

test('the receipt of a payment older than its bill goes by what the repair costs today', () => {
  const old = payment(1, 5_000, null, null)
  expect(billAtPayment(ticket([old]), old)).toMatchObject({ total_cents: 25_000, paid_cents: 5_000, due_cents: 20_000 })
})
