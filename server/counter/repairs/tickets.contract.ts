import { z } from 'zod'
import { CONDITIONS } from '../../domain/device-condition.ts'
import { PICKUP_STATUSES } from '../../domain/pickup-status.ts'
import { ORDER_STATUSES, PAYMENT_STATUSES } from '../../domain/repair-status.ts'
import { TENDERS } from '../../domain/tenders.ts'
import {
  clearable,
  cents,
  flag,
  id,
  int,
  milliseconds,
  name,
  oneOf,
  optional,
  shopsMoney,
  text,
} from '../../http/fields.contract.ts'
import { TAX_MODES } from '../session/setup.contract.ts'
import { RepairRow } from './repairs.contract.ts'

/** One thing that happened to a ticket. Which of the optional fields are there depends on `kind`. */
export const TimelineEntry = z.object({
  id: text(),
  at: milliseconds(),
  /** Who did it; null when nobody signed in did (an import). */
  who: text().nullable(),
  kind: oneOf([
    'opened',
    'status',
    'message',
    'assigned',
    'unassigned',
    'payment',
    'correction',
    'price',
    'promise',
    'note',
    'passcode-shown',
    'claim-code',
    'password-set',
    'picked-up',
    'brought-back',
    'bought',
    'given-back',
    'new-owner',
    'photos',
    'photo-removed',
  ]),
  /** The message, the new note, the technician's name, the number of the purchase. */
  text: text().nullable(),
  from: text().nullable(),
  to: text().nullable(),
  amount_cents: shopsMoney(int().nullable()),
})

export const TicketPayment = z.object({
  id: id(),
  /** Of its first receipt; null for a note of what is owed. */
  receipt_number: text().nullable(),
  due_cents: cents(),
  amount_cents: int(),
  status: oneOf(PAYMENT_STATUSES),
  payment_method: text().nullable(),
  transaction_id: text().nullable(),
  /** What the customer handed over in cash; null where it was not noted. */
  tendered_cents: cents().nullable(),
  paid_at: milliseconds(),
  cashier: text().nullable(),
})

/** Money that moved, as its paper says it: what a correction made of it later stands on the receipt of the correction. */
export const TicketReceipt = z.object({
  /** Null for corrections of before they had numbers. */
  number: text().nullable(),
  payment_id: id(),
  at: milliseconds(),
  cashier: text().nullable(),
  kind: oneOf(['payment', 'correction', 'removal']),
  /** How it moved: another method is minus the old and plus the new one. */
  legs: z.array(
    z.object({
      amount_cents: int(),
      payment_method: text().nullable(),
      transaction_id: text().nullable(),
      tendered_cents: cents().nullable(),
    }),
  ),
  amount_cents: int(),
  /** What the repair cost then, and what was paid on it with this. */
  cost_cents: cents(),
  discount_cents: cents(),
  paid_cents: int(),
  /** The rule that held then, and what this receipt states of each rate: its own share alone. */
  tax_mode: oneOf(TAX_MODES),
  tax_rate: int(),
  taxes: z.array(z.object({ rate: int(), cents: int() })),
})

export const Intake = z.object({
  problems: z.array(z.object({ id: id(), name: text() })),
  accessories: z.array(text()),
  /** Somebody said that nothing came with it; an empty list alone says that nobody asked. */
  nothing_with_it: flag(),
  condition: z.record(z.string(), oneOf(CONDITIONS)),
  has_passcode: flag(),
  terms_accepted: flag(),
  /** The signature as the path of an SVG of 600 by 200; null when nobody signed. */
  signature: text().nullable(),
})

export const TicketPhoto = z.object({
  id: id(),
  /** In pixels. */
  width: int(),
  height: int(),
  created_at: milliseconds(),
  taken_by: text().nullable(),
})

export const Ticket = RepairRow.extend({
  cost_cents: shopsMoney(cents()),
  discount_cents: shopsMoney(cents()),
  device: z.object({
    id: id(),
    type: text(),
    brand: text(),
    model: text(),
    serial_number: text().nullable(),
    notes: text().nullable(),
    /** Other repairs of this device. */
    past_tickets: z.array(
      z.object({ id: id(), ticket_number: text(), status: oneOf(ORDER_STATUSES), created_at: milliseconds() }),
    ),
  }),
  customer: z.object({
    id: id(),
    full_name: text(),
    phone: text().nullable(),
    email: text().nullable(),
    /** What this customer owes over all tickets. */
    balance_cents: shopsMoney(int()),
    /** The customer can sign in; false for those made at the counter who have not used their code. */
    has_password: flag(),
  }),
  taken_in_by: text().nullable(),
  intake: Intake.nullable(),
  /** What it was to cost when it came in, before the first change of the price. */
  agreed_cents: shopsMoney(cents()),
  payments: shopsMoney(z.array(TicketPayment)),
  /** Those of payments that were removed too, oldest first. */
  receipts: shopsMoney(z.array(TicketReceipt)),
  photos: z.array(TicketPhoto),
  /** The request that it became, and the number of its purchase where the shop has bought the device. */
  trade_in: z.object({ id: id(), status: oneOf(PICKUP_STATUSES), purchase_number: text().nullable() }).nullable(),
  /** By which purchase the device is the shop's, for this repair or after it; null where it is not. */
  bought_by: text().nullable(),
  timeline: z.array(TimelineEntry),
})

export const NewMessage = z.object({ text: name({ max: 4_000 }) })

export const TicketChange = z.object({
  cost_cents: optional(cents()),
  discount_cents: optional(cents()),
  note: clearable(text()),
  status: optional(oneOf(ORDER_STATUSES)),
  promised_at: clearable(milliseconds()),
  /** The device has left the shop, or is back. Only for a repair that is completed or cancelled. */
  picked_up: optional(flag()),
  /** What stood there when the change was begun, of any of these: 409 where it is something else by now. */
  from: optional(
    z.object({
      cost_cents: optional(cents()),
      discount_cents: optional(cents()),
      note: clearable(text({ cards: 'allow' })),
      promised_at: clearable(milliseconds()),
    }),
  ),
})

export const NewTicketPayment = z.object({
  /** What goes onto the ticket; never more than is owed. */
  amount_cents: int({ min: 1 }),
  method: oneOf(TENDERS),
  /** What the customer handed over in cash; the change is worked out from it. */
  tendered_cents: optional(cents()),
  /** The card terminal's reference. */
  reference: optional(text({ max: 100 })),
})
/** What the payment really was: less where money went back or was mistyped. Its receipt stays; the difference has its own. */
export const PaymentCorrection = z.object({
  amount_cents: cents(),
  /** How it was really paid, with the card terminal's reference; as it was unless said otherwise. */
  method: optional(oneOf(TENDERS)),
  reference: optional(text({ max: 100 })),
  reason: name({ max: 300 }),
})
export const TicketPaid = z.object({ ticket: Ticket, payment: TicketPayment, change_cents: cents() })

export const Passcode = z.object({ passcode: text() })
export const AssignTechnician = z.object({ user_id: id() })
