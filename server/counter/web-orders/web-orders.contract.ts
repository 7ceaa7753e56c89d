import { z } from 'zod'
import { TAX_MODES } from '../session/setup.contract.ts'
import { SALES_STATUSES } from '../../domain/sales-status.ts'
import {
  cents,
  flag,
  id,
  int,
  jsonObject,
  listOf,
  milliseconds,
  name,
  oneOf,
  optional,
  text,
} from '../../http/fields.contract.ts'

/** Money that moved, in the currency's minor unit: above 0 what came, below 0 what went. */
const Entry = z.object({
  amount_cents: int(),
  kind: oneOf(['charge', 'refund', 'refund-failed', 'dispute', 'dispute-won']),
  /** Stripe's id of what moved it, the card terminal's reference, or how it went back. */
  reference: text().nullable(),
  created_at: milliseconds(),
  /** Of money at the desk: what it states of each tax rate (basis points), by the rule of the day of the order. */
  receipt: z
    .object({
      number: text(),
      cashier: text().nullable(),
      /** What was handed over in cash, where it was noted. */
      tendered_cents: cents().nullable(),
      tax_mode: oneOf(TAX_MODES),
      tax_rate: int(),
      taxes: z.array(z.object({ rate: int(), cents: int() })),
    })
    .nullable(),
})

const Payment = z.object({
  id: id(),
  /** `card` online; `Cash`, `Card` or `Other` at the counter. */
  method: text(),
  amount_cents: cents(),
  currency: text(),
  /** Stripe's word, or `intended`, `unanswered` or `abandoned` where there is nothing at Stripe to be paid. */
  status: text(),
  intent_id: text().nullable(),
  entries: z.array(Entry),
})

export const Refund = z.object({
  id: id(),
  amount_cents: cents(),
  reason: text().nullable(),
  /** `intended` is written down and will be made, `pending` is on its way. */
  status: oneOf(['intended', 'pending', 'succeeded', 'failed']),
  /** Stripe's word for why it failed. */
  failure: text().nullable(),
  /** Stripe's, once it has answered. One that went back outside Stripe has `succeeded` without. */
  refund_id: text().nullable(),
  created_at: milliseconds(),
})

const Dispute = z.object({
  id: id(),
  dispute_id: text(),
  amount_cents: cents(),
  reason: text().nullable(),
  /** Stripe's word. */
  status: text(),
  evidence_due_at: milliseconds().nullable(),
  created_at: milliseconds(),
})

const Line = z.object({
  product_id: id(),
  title: text(),
  qty: int(),
  unit_price_cents: cents(),
  line_total_cents: cents(),
})

/** A sale of the web shop, with all that happened to its money. */
export const SalesOrder = z.object({
  id: id(),
  /** Whose goods they are: head office has the orders of several stores. */
  store_id: id(),
  customer: z.object({ id: id(), full_name: text(), email: text().nullable(), phone: text().nullable() }),
  status: oneOf(SALES_STATUSES),
  total_cents: cents(),
  currency: text(),
  payment_method: text(),
  notes: text().nullable(),
  /** As the web shop sent it. */
  shipping_address: jsonObject().nullable(),
  /** What came and what went back of it, outside Stripe too; disputed money aside. */
  paid_cents: cents(),
  refunded_cents: cents(),
  /** There is money on it that somebody must pay back. */
  refund_due: flag(),
  /**
   * Why: it came too late, for an order that was paid otherwise, is not the amount or currency of the order, or a
   * refund came back.
   */
  trouble: oneOf(['late', 'twice', 'amount', 'currency', 'refund-failed']).nullable(),
  /** A dispute that is still to be answered or decided. */
  disputed: flag(),
  lines: z.array(Line),
  payments: z.array(Payment),
  refunds: z.array(Refund),
  disputes: z.array(Dispute),
  expires_at: milliseconds().nullable(),
  created_at: milliseconds(),
  updated_at: milliseconds(),
})

/** Newest first. `before` is the id of the last row of the page before. */
export const SalesOrderQuery = z.object({
  status: optional(oneOf(SALES_STATUSES)),
  /** Paid here rather than online. */
  at_counter: optional(flag()),
  refund_due: optional(flag()),
  disputed: optional(flag()),
  /** Of one store alone, where there are those of several. */
  store_id: optional(id()),
  before: optional(id()),
  limit: optional(int({ min: 1, max: 100 })),
})

export const SalesOrderId = z.object({ id: id() })

export const NewRefund = z.object({
  /** All that is left unless said otherwise. */
  amount_cents: optional(cents()),
  reason: optional(text({ max: 500 })),
  /** What goes back to stock. Left out: everything once all of the money is back, and nothing before. */
  restock: optional(listOf(z.object({ product_id: id(), qty: int({ min: 1 }) }), { max: 100 })),
})

export const RefundElsewhere = z.object({
  /** What is due unless said otherwise. */
  amount_cents: optional(cents()),
  /** How it went back. */
  reason: name({ max: 500 }),
})
