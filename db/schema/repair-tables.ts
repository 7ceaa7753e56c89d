import type { OrderStatus, PaymentStatus } from '../../server/domain/repair-status.ts'
import type { Bit, Duplicate, Synced } from './synced.ts'

/** Devices and what they may be, repairs and their money. */

export type NamedTable = Synced & Duplicate & { name: string; name_key: string; description: string | null }

/** `starter` is 1 for a type, brand or model that came with the new shop, until somebody uses it or adds it themselves. */
type Starter = { starter: Bit | null }

export type DeviceTypeTable = NamedTable & Starter

export type BrandTable = NamedTable & Starter

export type ModelTable = Synced &
  Starter &
  Duplicate & { brand_id: number; device_type_id: number; name: string; name_key: string }

export type DeviceTable = Synced &
  Duplicate & {
    brand_id: number
    model_id: number
    device_type_id: number
    serial_number: string | null
    serial_key: string | null
    owner_id: number | null
    notes: string | null
    source_key: string | null
  }

export type RepairOrderTable = Synced & {
  ticket_number: string
  /** Who took it in; null for an import. */
  opened_by: number | null
  device_id: number
  customer_id: number
  problem_id: number | null
  cost_cents: number
  discount_cents: number
  note: string | null
  status: OrderStatus
  estimated_completion_date: number | null
  completed_at: number | null
  /** When the device left the shop; null while it is here. */
  picked_up_at: number | null
  source_key: string | null
}

/** What was noted when the device was taken in; one row for an order made at the counter. */
export type IntakeTable = Synced & {
  order_id: number
  /** JSON list of words. */
  accessories: string
  /** 1 where somebody said that nothing came with it; an empty list alone says that nobody asked. */
  nothing_with_it: Bit | null
  /** JSON object, part → condition. */
  condition: string
  terms_accepted: Bit
  signature: string | null
}

/** A fault that was named at an intake, in the order of their ids. */
export type IntakeProblemTable = Synced & { intake_id: number; problem_id: number }

export type AssignmentTable = Synced & { order_id: number; user_id: number; assigned_at: number }

export type PaymentTable = Synced & {
  order_id: number
  due_amount_cents: number
  status: PaymentStatus
  payment_method: string | null
  transaction_id: string | null
  /** Of before each entry had its own; null since. */
  receipt_number: string | null
  paid_at: number
  /** What the customer handed over in cash, where it was noted. */
  tendered_cents: number | null
  /** What the repair cost when the money was taken: of before the entries said so; null since, and for payments older than that. */
  cost_cents: number | null
  discount_cents: number | null
}

/** Money that moved, append-only: what a payment holds is the sum of its entries. */
export type PaymentEntryTable = Synced & {
  payment_id: number
  order_id: number
  amount_cents: number
  kind: 'payment' | 'correction' | 'removal'
  actor_id: number | null
  /** `S1-T1-R000001`; two entries of one receipt change the method. Null, as all that follows, for entries older than that. */
  receipt_number: string | null
  /** How this money moved: what a correction makes of the payment changes no entry. */
  payment_method: string | null
  transaction_id: string | null
  /** What the repair cost then. */
  cost_cents: number | null
  discount_cents: number | null
  /** JSON: the tax that the receipt states, `server/shop/receipt-tax.ts`. */
  tax: string | null
}

/** What happened to an order besides payments, append-only. */
export type OrderEventTable = Synced & {
  order_id: number
  kind: string
  actor_id: number | null
  /** Whom it was given to or taken from. */
  user_id: number | null
  text: string | null
  from_value: string | null
  to_value: string | null
}

export type TicketPhotoTable = Synced & {
  order_id: number
  photo_id: number
  position: number
  taken_by: number | null
}
