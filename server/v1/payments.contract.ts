import { z } from 'zod'
import { PAYMENT_STATUSES } from '../domain/repair-status.ts'
import { id, instant, money, oneOf, optional, paging, text } from '../http/fields.contract.ts'

export const Payment = z.object({
  id: id(),
  order_id: id(),
  /** What this payment was to settle, before it. */
  due_amount: money(),
  amount: money(),
  status: oneOf(PAYMENT_STATUSES),
  payment_method: text().nullable(),
  transaction_id: text().nullable(),
  paid_at: instant(),
  created_at: instant(),
  updated_at: instant(),
})

const changeable = {
  amount: optional(money()),
  status: optional(oneOf(PAYMENT_STATUSES)),
  payment_method: optional(text({ max: 100 })),
  transaction_id: optional(text({ max: 200 })),
}

/** `due_amount` is all that is still owed unless given, `amount` nothing. */
export const NewPayment = z.object({ order_id: id(), due_amount: optional(money()), ...changeable })

/** Corrects the figures; the former ones stay in the journal. */
export const PaymentChanges = z.object(changeable)

export const PaymentQuery = z.object({ ...paging, status: optional(oneOf(PAYMENT_STATUSES)), order_id: optional(id()) })
export const PaymentId = z.object({ payment_id: id() })
