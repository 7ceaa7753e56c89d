import { z } from 'zod'
import { GRADES } from '../../domain/grade.ts'
import { CHECK_KINDS, CHECK_OUTCOMES } from '../../domain/trade-ins/device-checks.ts'
import { ANSWER_KINDS, QUESTION_GROUPS } from '../../domain/trade-ins/questions.ts'
import {
  cents,
  email,
  id,
  int,
  listOf,
  milliseconds,
  name,
  oneOf,
  optional,
  phone,
  text,
} from '../../http/fields.contract.ts'
import { Approval } from '../../http/approval.contract.ts'
import { uploads } from '../../http/uploads.contract.ts'

/** An evaluation under way: the device, what was answered, and what follows from it. */

/** Language → text. */
const texts = z.record(text({ max: 10 }), text({ max: 500 }))

export const Question = z.object({
  id: id(),
  section: oneOf(QUESTION_GROUPS),
  /** The part of the condition at intake that says the same. */
  part: text({ max: 40 }).nullable(),
  text: texts,
  answers: oneOf(ANSWER_KINDS),
  must: z.boolean(),
  options: listOf(
    z.object({
      key: text({ max: 40 }),
      text: texts,
      grade: oneOf(GRADES).nullable(),
      deduction_id: id().nullable(),
      blocks: z.boolean(),
      below: int({ min: 1, max: 101 }).nullable(),
      conditions: listOf(text({ max: 20 }), { max: 20 }),
    }),
    { max: 50 },
  ),
})

const device = {
  serial_number: text({ max: 100 }).nullable(),
  device_type_id: id().nullable(),
  brand: text({ max: 100 }),
  model: text({ max: 100 }),
  storage: text({ max: 100 }).nullable(),
}

const otherPrice = z.object({ price_cents: cents(), reason: text({ max: 500 }), photo_id: id().nullable() })

const deductions = z.array(z.object({ name: text(), amount_cents: cents() }))

export const Check = z.object({
  kind: oneOf(CHECK_KINDS),
  result: oneOf(CHECK_OUTCOMES),
  source: text().nullable(),
  reference: text().nullable(),
  at: milliseconds().nullable(),
})

/** The page works the offer out by these while somebody answers. */
const dated = { valid_from: milliseconds().nullable(), valid_until: milliseconds().nullable() }

const Pricing = z.object({
  entries: z.array(
    z.object({
      storage: text().nullable(),
      storage_key: text(),
      condition: oneOf(GRADES),
      price_cents: cents(),
      ...dated,
    }),
  ),
  deductions: z.array(
    z.object({
      id: id(),
      name: text(),
      amount_cents: cents().nullable(),
      percent_tenths: int().nullable(),
      ...dated,
    }),
  ),
})

export const BuyIn = z.object({
  id: text(),
  /** The request that is evaluated; null for a walk-in who is not named yet. */
  pickup_id: id().nullable(),
  order_id: id().nullable(),
  device: z.object({ ...device, device_id: id().nullable() }),
  answers: z.array(z.object({ item_id: id(), choice: text(), photo_id: id().nullable() })),
  other_price: otherPrice.nullable(),
  photos: z.array(z.object({ id: id() })),
  version: int(),
  updated_by_name: text(),
  updated_at: milliseconds(),
  questions: z.array(Question),
  /** What follows from the answers. */
  assessment: z.object({
    grade: oneOf(GRADES),
    blocked_by: z.array(id()),
    unanswered: z.array(id()),
    unfit: z.array(id()),
  }),
  /** By the matrix; null where it has no line for this device and grade. */
  offer: z.object({ base_cents: cents(), deductions, price_cents: cents() }).nullable(),
  pricing: Pricing,
  /** Models of devices that were here and whose IMEI begins alike, while the device is not described. */
  suggested: z.array(z.object({ brand: text(), model: text(), device_type_id: id() })),
  /** Who sells, where it is known; `named` where the request is theirs. */
  seller: z
    .object({
      id: id(),
      full_name: text(),
      phone: text().nullable(),
      email: text().nullable(),
      unconfirmed: z.boolean(),
      named: z.boolean(),
    })
    .nullable(),
  checks: z.array(Check),
  /** Where the device is already, so that it cannot be bought. */
  elsewhere: z.object({ where: oneOf(['stock', 'hold', 'repair']), name: text() }).nullable(),
})

/** A line of the list of evaluations that are gone on with. */
export const BuyInLine = z.object({
  id: text(),
  pickup_id: id().nullable(),
  title: text(),
  serial_number: text().nullable(),
  updated_by_name: text(),
  updated_at: milliseconds(),
})

/** A UUID, whose digits may look like a card's. */
export const BuyInId = z.object({ id: text({ max: 40, cards: 'allow' }) })

/** The state of an evaluation that the caller has seen. */
export const BuyInVersion = z.object({ version: int() })

/** What an evaluation begins from: a number, a device of the shop's, a request, or a ticket. */
export const NewBuyIn = z.object({
  serial_number: optional(text({ max: 100 })),
  device_id: optional(id()),
  pickup_id: optional(id()),
  order_id: optional(id()),
})

/** `version` is the state that was changed; what is left out stays. */
export const BuyInChanges = z.object({
  version: int(),
  device: optional(z.object(device)),
  answers: optional(
    listOf(z.object({ item_id: id(), choice: text({ max: 2_000 }), photo_id: optional(id()) }), { max: 200 }),
  ),
  other_price: otherPrice.nullable().optional(),
})

export const BuyInPhotos = z.object({ photos: uploads() })

export const NewCheck = z.object({
  kind: oneOf(['lost-stolen', 'activation-lock', 'network-lock']),
  result: oneOf(CHECK_OUTCOMES),
  source: optional(text({ max: 200 })),
  reference: optional(text({ max: 200 })),
})

/** `seen_cents` is the sum that whoever offers has seen: where it comes to another one by now, nothing is offered. */
const offered = { version: int(), seen_cents: optional(cents()), approval: optional(Approval) }

/** Another price than the matrix has needs somebody's approval; an admin's own session is one. */
export const OfferMade = z.object(offered)

/** Who sells: a customer the shop knows, or somebody new; a phone number is enough. */
export const SellerNamed = z.object({
  ...offered,
  customer: z.object({
    id: optional(id()),
    full_name: optional(name()),
    phone: optional(phone()),
    email: optional(email()),
    not: optional(id()),
  }),
})
