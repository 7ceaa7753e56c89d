import { z } from 'zod'
import { CONDITIONS } from '../../domain/device-condition.ts'
import { cents, email, flag, id, milliseconds, name, oneOf, optional, phone, text } from '../../http/fields.contract.ts'

/** Parts one intake may speak of: those of the checklist, and some that the shop adds. */
const MAX_CONDITION_PARTS = 30

/** One device taken in: everything on the intake screen, saved at once or not at all. */
export const NewIntake = z.object({
  customer: z.object({
    /** A customer the shop knows; otherwise the name and phone of a new one. */
    id: optional(id()),
    full_name: optional(name()),
    phone: optional(phone()),
    email: optional(email()),
    /** Somebody else than this account, which nobody has confirmed: its number and address may be theirs. */
    not: optional(id()),
  }),
  device: z.object({
    /** A device the shop knows; otherwise type, brand and model of a new one, by id or by name (made where missing). */
    id: optional(id()),
    /** It has changed hands: this customer owns it from now on. */
    take_over: optional(flag()),
    /** It has an open repair, and gets a second ticket all the same. */
    second_ticket: optional(flag()),
    device_type_id: optional(id()),
    device_type_name: optional(name({ max: 100 })),
    brand_id: optional(id()),
    brand_name: optional(name({ max: 100 })),
    model_id: optional(id()),
    model_name: optional(name({ max: 100 })),
    serial_number: optional(text({ max: 100 })),
  }),
  /** Fault codes; the first one is the order's `problem_id`. */
  problem_ids: optional(z.array(id()).max(20)),
  note: optional(text()),
  accessories: optional(z.array(name({ max: 100 })).max(30)),
  /** It was asked, and nothing came with the device. */
  nothing_with_it: optional(flag()),
  condition: optional(
    z.record(name({ max: 40 }), oneOf(CONDITIONS)).refine((parts) => Object.keys(parts).length <= MAX_CONDITION_PARTS, {
      params: { type: 'too_long' },
      message: `Dictionary should have at most ${MAX_CONDITION_PARTS} items after validation`,
    }),
  ),
  /** Kept secret: encrypted, shown on request only, erased when the repair is done. */
  passcode: optional(text({ max: 100, cards: 'allow' })),
  estimate_cents: optional(cents()),
  promised_at: optional(milliseconds()),
  terms_accepted: optional(flag()),
  /** Path data of an SVG of 600 by 200: `M`, `L`, digits, spaces and points only. */
  signature: optional(text({ max: 20_000, cards: 'allow' })),
})

export const TakenIn = z.object({
  order_id: id(),
  ticket_number: text(),
  customer_id: id(),
  device_id: id(),
  /** For a new customer: the one-time code to print on the claim stub. */
  claim_code: z.object({ code: text(), expires_at: milliseconds() }).nullable(),
})
