import { z } from 'zod'
import { DECLARATION_LANGUAGES } from '../../domain/trade-ins/declaration.ts'
import { RULE_BOUNDS } from '../../domain/trade-ins/rule-bounds.ts'
import { SELLER_FIELDS, SELLER_KINDS } from '../../domain/trade-ins/seller.ts'
import { Approval } from '../../http/approval.contract.ts'
import {
  cents,
  day,
  flag,
  id,
  int,
  listOf,
  milliseconds,
  name,
  oneOf,
  optional,
  shopsMoney,
  text,
} from '../../http/fields.contract.ts'
import { Check } from './buy-ins.contract.ts'

/** Buying a device: the papers and the money. */

/** Why a device that was bought cannot go back to its seller. */
export const KEPT_BECAUSE = ['unit-not-in-stock', 'unit-touched'] as const

const identity = z.object({
  kind: oneOf(SELLER_KINDS),
  name: name(),
  document_kind: optional(text({ max: 60 })),
  number: optional(text({ max: 60 })),
  issuer: optional(text({ max: 100 })),
  valid_until: optional(day()),
  born: optional(day()),
  address: optional(text({ max: 500 })),
})

export const NewPurchase = z.object({
  offer_version: int(),
  identity: identity.extend({
    /** As its upload for this request was answered. */
    photo: optional(text({ max: 100, cards: 'allow' })),
  }),
  other_owner: optional(flag()),
  declaration: z.object({
    language: oneOf(DECLARATION_LANGUAGES),
    words_version: int(),
    /** Path data of an SVG of 600 by 200: `M`, `L`, digits, spaces and points only. */
    signature: optional(text({ max: 20_000, cards: 'allow' })),
  }),
  payout: listOf(
    z.object({ method: oneOf(['cash', 'transfer']), amount_cents: cents(), reference: optional(text({ max: 100 })) }),
    { max: 4 },
  ),
  selling_price_cents: optional(cents()),
  approval: optional(Approval),
})

/** The paper for both sides; labels may come out as often as anybody likes. */
export const Printed = z.object({ paper: oneOf(['purchase', 'label']) })

export const Undo = z.object({ reason: name({ max: 500 }), approval: optional(Approval) })

const leg = z.object({ method: text(), amount_cents: int() })

/** A purchase with what its paper says. */
export const Purchase = z.object({
  id: id(),
  number: text(),
  pickup_id: id().nullable(),
  unit_id: id().nullable(),
  customer_id: id().nullable(),
  customer: text().nullable(),
  cashier: text(),
  approver: text().nullable(),
  title: text(),
  serial_number: text().nullable(),
  total_cents: cents(),
  currency: text(),
  /** `reference` is where a transfer went: the seller’s account. */
  legs: z.array(leg.extend({ reference: text().nullable() })),
  identity: z
    .object({ ...identity.shape, kind: oneOf(SELLER_KINDS), photo_id: optional(id()) })
    .partial()
    .nullable(),
  /** Who asked the seller, and when, where somebody else was on file as the owner; null where nobody was. */
  other_owner: z.object({ asked_by: text(), at: milliseconds() }).nullable(),
  declaration: z.object({ words: text().nullable(), language: text(), signature: text().nullable() }).nullable(),
  hold_until: milliseconds().nullable(),
  /** What was looked up about the device, as it was known then. */
  checks: z.array(Check),
  /** How often its paper came out. */
  printed: int(),
  original_number: text().nullable(),
  undone_by: z.object({ id: id(), number: text() }).nullable(),
  note: text().nullable(),
  created_at: milliseconds(),
})

/** What its seller still owes for a repair. */
export const OwedRepair = z.object({ order_id: id(), ticket_number: text(), due_cents: cents() })

/** The same without the papers of its seller, and without their account. */
export const PurchaseFacts = Purchase.omit({ identity: true, declaration: true }).extend({
  legs: z.array(leg),
  device_id: id().nullable(),
  /** Null where it is not on hold, or no longer; the paper says what was agreed. */
  hold_until: milliseconds().nullable(),
  /** For the repair that the request came from. */
  owed_repair: OwedRepair.nullable(),
  /** The purchase that this one takes back. */
  original_id: id().nullable(),
  /** Whether its seller’s papers are there still: they go on their day. */
  papers_kept: flag(),
  /** Why it cannot be taken back any more. */
  kept_because: oneOf(KEPT_BECAUSE).nullable(),
})

export const PurchaseId = z.object({ id: id() })

/** What the shop has decided about buying in. */
export const Rules = z.object({
  hold_days: int(RULE_BOUNDS.hold_days),
  payout_limit_cents: shopsMoney(cents()),
  offer_days: int(RULE_BOUNDS.offer_days),
  seller_fields: listOf(oneOf(SELLER_FIELDS), { max: SELLER_FIELDS.length }),
  seller_age: int(RULE_BOUNDS.seller_age),
  retain_years: int(RULE_BOUNDS.retain_years),
})
export const RulesChanges = Rules.partial()
