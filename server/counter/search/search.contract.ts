import { z } from 'zod'
import { id, int, optional, text, milliseconds } from '../../http/fields.contract.ts'
import { PICKUP_STATUSES } from '../../domain/pickup-status.ts'
import { SALES_STATUSES } from '../../domain/sales-status.ts'
import { ORDER_STATUSES } from '../../domain/repair-status.ts'
import { flag, oneOf, shopsMoney } from '../../http/fields.contract.ts'

export const SearchQuery = z.object({
  q: text({ max: 200, cards: 'allow' }),
  limit: optional(int({ min: 1, max: 50 })),
})

export const CustomerHit = z.object({
  id: id(),
  full_name: text(),
  phone: text().nullable(),
  /** They registered online, and nobody has confirmed who they are. */
  unconfirmed: flag(),
  open_tickets: int(),
})
export const DeviceHit = z.object({
  id: id(),
  /** `Apple iPhone 13`: brand and model. */
  title: text(),
  serial_number: text().nullable(),
  owner_id: id().nullable(),
  owner_name: text().nullable(),
  /** It was bought in, and nobody may sell it before. */
  hold_until: milliseconds().nullable(),
})
export const TicketHit = z.object({
  id: id(),
  ticket_number: text(),
  status: oneOf(ORDER_STATUSES),
  device_title: text(),
  customer_name: text(),
  note: text().nullable(),
  promised_at: milliseconds().nullable(),
  overdue: flag(),
  /** It is done, and its device waits to be picked up. */
  ready: flag(),
  /** The number of its receipt, where the ticket was found by it. */
  receipt_number: shopsMoney(text().nullable()),
})

/** An order of the web shop, found by the receipt of what was paid for it at the desk. */
export const WebOrderHit = z.object({
  id: id(),
  status: oneOf(SALES_STATUSES),
  customer_name: text(),
  receipt_number: shopsMoney(text()),
})

/** What somebody offers us. */
export const RequestHit = z.object({
  id: id(),
  status: oneOf(PICKUP_STATUSES),
  device_title: text(),
  customer_name: text(),
})

/** What we have bought. */
export const PurchaseHit = z.object({
  id: id(),
  number: text(),
  title: text(),
  customer_name: text(),
  total_cents: shopsMoney(int()),
  /** It was taken back, or takes another one back. */
  undone: flag(),
})

/** What the one box finds, newest first within each kind. */
export const SearchReply = z.object({
  customers: z.array(CustomerHit),
  devices: z.array(DeviceHit),
  tickets: z.array(TicketHit),
  web_orders: z.array(WebOrderHit),
  requests: z.array(RequestHit),
  /** None for who sees no money. */
  purchases: z.array(PurchaseHit),
})
