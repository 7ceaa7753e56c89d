import { z } from 'zod'
import {
  cents,
  clearable,
  flag,
  id,
  int,
  milliseconds,
  name,
  oneOf,
  optional,
  phone,
  email,
  shopsMoney,
  text,
} from '../../http/fields.contract.ts'
import { PICKUP_STATUSES } from '../../domain/pickup-status.ts'
import { ORDER_STATUSES } from '../../domain/repair-status.ts'
import { SALES_STATUSES } from '../../domain/sales-status.ts'

export const CustomerMatch = z.object({
  id: id(),
  full_name: text(),
  phone: text().nullable(),
  email: text().nullable(),
  /** They registered online, and nobody at the desk or with a code from it has confirmed who they are. */
  unconfirmed: flag(),
  open_tickets: int(),
  balance_cents: shopsMoney(int()),
})
export const CustomerMatches = z.array(CustomerMatch)
/** Any part of the name, the beginning of any of its words, or any part of the phone number; at most `limit`, 8 unless given. */
export const CustomerQuery = z.object({
  q: text({ max: 200, cards: 'allow' }),
  limit: optional(int({ min: 1, max: 50 })),
})

const PastTicket = z.object({
  id: id(),
  ticket_number: text(),
  status: oneOf(ORDER_STATUSES),
  device_id: id(),
  device_title: text(),
  faults: z.array(text()),
  note: text().nullable(),
  due_cents: shopsMoney(int()),
  created_at: milliseconds(),
  promised_at: milliseconds().nullable(),
  completed_at: milliseconds().nullable(),
  /** When the device left the shop; null while it is here. */
  picked_up_at: milliseconds().nullable(),
})

export const CustomerDevice = z.object({
  id: id(),
  device_type_id: id(),
  title: text(),
  serial_number: text().nullable(),
  tickets: int(),
})

/** What they ordered in the web shop. */
const OrderOfCustomer = z.object({
  id: id(),
  status: oneOf(SALES_STATUSES),
  products: z.array(z.object({ title: text(), qty: int() })),
  total_cents: cents(),
  /** What the counter waits for; 0 for one that is paid, given up, or to be paid by card online. */
  to_pay_cents: cents(),
  refund_due: flag(),
  disputed: flag(),
  created_at: milliseconds(),
})

/** What they offered us, through the web shop or here. */
const RequestOfCustomer = z.object({
  id: id(),
  status: oneOf(PICKUP_STATUSES),
  device_title: text(),
  created_at: milliseconds(),
})

export const CustomerCard = CustomerMatch.extend({
  has_password: flag(),
  created_at: milliseconds(),
  devices: z.array(CustomerDevice),
  tickets: z.array(PastTicket),
  /** The newest ones; not for who sees no money, who may not open them either. */
  web_orders: shopsMoney(z.array(OrderOfCustomer)),
  requests: z.array(RequestOfCustomer),
})

export const CustomerChange = z.object({
  full_name: optional(name()),
  phone: clearable(phone()),
  email: clearable(email()),
})

/** A device found by its serial number or IMEI, with what was done to it before. */
export const DeviceCard = z.object({
  id: id(),
  title: text(),
  type: text(),
  serial_number: text().nullable(),
  owner_id: id().nullable(),
  owner_name: text().nullable(),
  owner_phone: text().nullable(),
  notes: text().nullable(),
  /** The piece of stock that it is now; null where it is none. */
  unit_id: id().nullable(),
  tickets: z.array(PastTicket),
})
export const DeviceLookupQuery = z.object({ serial: text({ min: 1, max: 100, cards: 'allow' }) })
/** `device` is null when the shop has never seen this number. `imei` says whether it is one, and whether its check digit holds. */
export const DeviceLookup = z.object({
  device: DeviceCard.nullable(),
  imei: oneOf(['valid', 'invalid', 'not-an-imei']),
})

/** A one-time code with which a customer sets a password; shown once, on the claim stub. */
export const ActivationCode = z.object({ code: text(), expires_at: milliseconds() })

/** Groups of people who have one phone number, each as it was given; not those who are known to be different people. */
export const SharedPhones = z.array(
  z.array(z.object({ id: id(), full_name: text(), phone: text().nullable(), works_here: flag() })),
)
export const SharedPhone = z.object({ different_people: flag() })
