import { z } from 'zod'
import { id, int, milliseconds, name, oneOf, optional, phone, text } from '../../http/fields.contract.ts'
import { TAX_MODES } from '../session/setup.contract.ts'

/** What head office heard of a machine last, and when. */
const Contact = z.object({
  seen_at: milliseconds(),
  version: text(),
  /** By how much its clock is ahead of head office's, in ms. */
  clock_offset: int(),
  /** Changes that it has not sent, and since when the oldest of them waits. */
  waiting: int(),
  waiting_since: milliseconds().nullable(),
  /** Photos that it has not sent; null where it has not said so yet. */
  photos_waiting: int().nullable(),
  /** What of it is held or quarantined here. */
  troubles: int(),
  /** What it has heard and cannot apply; null where it has not said so yet. */
  troubles_there: int().nullable(),
  /** When its rows were as they are here last, and of how many tables and days they are not; null where it has not said so yet. */
  same_at: milliseconds().nullable(),
  differs: int().nullable(),
})

const FleetNode = z.object({
  id: id(),
  name: text(),
  /** What its numbers say: `T2`. */
  terminal: text(),
  store_id: id(),
  is_head_office: z.boolean(),
  /** When head office let it in; null for head office itself. */
  enrolled_at: milliseconds().nullable(),
  revoked_at: milliseconds().nullable(),
  heir_id: id().nullable(),
  contact: Contact.nullable(),
})

/** A code that is good and not used yet. What it says is shown once, when it is made. */
const OpenCode = z.object({
  store_id: id(),
  terminal: text(),
  name: text(),
  replaces: id().nullable(),
  created_at: milliseconds(),
  expires_at: milliseconds(),
})

export const Fleet = z.object({
  /** What this machine is: only a head office lets others in. */
  role: oneOf(['alone', 'terminal', 'head-office']),
  stores: z.array(z.object({ id: id(), code: text(), name: text() })),
  nodes: z.array(FleetNode),
  codes: z.array(OpenCode),
})

const StoreOfCode = z.object({
  /** What its numbers begin with: `S2`. */
  code: text({ min: 1, max: 20 }),
  name: name(),
  /** The organisation's, where it is left out; another one is refused. */
  currency: optional(text({ min: 3, max: 3 })),
  time_zone: optional(text({ max: 64 })),
  country: optional(text({ min: 2, max: 2 })),
  tax_mode: optional(oneOf(TAX_MODES)),
  tax_rate: optional(int({ min: 0, max: 10_000 })),
  phone: optional(phone()),
  address: optional(text({ max: 500 })),
})

/** For a store that is there, or a new one: one of the two is given. */
export const NewEnrolmentCode = z.object({
  store_id: optional(id()),
  store: optional(StoreOfCode),
  /** What its numbers will say, another one than any machine of the store had. */
  terminal: text({ min: 1, max: 20 }),
  name: name({ max: 100 }),
  /** The dead machine of the store whose place it takes. */
  replaces: optional(id()),
})

export const EnrolmentCode = z.object({
  /** `K7PM-3QXD-9RTW`, good once. */
  code: text(),
  expires_at: milliseconds(),
  store_id: id(),
  terminal: text(),
})

export const CodeToWithdraw = z.object({ store_id: id(), terminal: text({ min: 1, max: 20 }) })

/** Head office, where nobody is named. */
export const Revocation = z.object({ heir_id: optional(id()) })
export const NewHeir = z.object({ heir_id: id() })
