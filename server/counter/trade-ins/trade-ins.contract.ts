import { z } from 'zod'
import { GRADES } from '../../domain/grade.ts'
import { PICKUP_STATUSES } from '../../domain/pickup-status.ts'
import { PICKUP_TODOS } from '../../domain/trade-ins/todo.ts'
import {
  cents,
  flag,
  id,
  int,
  listOf,
  milliseconds,
  jsonObject,
  oneOf,
  optional,
  paging,
  shopsMoney,
  text,
} from '../../http/fields.contract.ts'
import { uploads } from '../../http/uploads.contract.ts'
import { Check } from './buy-ins.contract.ts'
import { KEPT_BECAUSE, OwedRepair } from './purchases.contract.ts'

/** Language → text. */
const texts = z.record(text({ max: 10 }), text())

export const TradeInQuery = z.object({
  ...paging,
  status: optional(oneOf(PICKUP_STATUSES)),
  /** What they wait for; those to collect come in the order of their times. */
  todo: optional(oneOf(['open', ...PICKUP_TODOS])),
  /** Those that are to be collected before this instant. */
  before: optional(milliseconds()),
  /** Of one store alone, where there are those of several. */
  store_id: optional(id()),
})

/** How many requests wait for what. */
export const TradeInWork = z.object({
  collect: int(),
  evaluate: int(),
  answer: int(),
  pay: int(),
  'give-back': int(),
  /** Offered or accepted, and not paid yet. */
  unpaid_cents: cents(),
})

export const TradeIn = z.object({
  id: id(),
  /** Whose it is: head office has those of several stores. */
  store_id: id(),
  user_id: id(),
  user_full_name: text(),
  user_email: text().nullable(),
  user_phone: text().nullable(),
  brand_id: id(),
  brand_name: text(),
  model_text: text(),
  storage: text().nullable(),
  condition: oneOf(GRADES),
  additional_info: text().nullable(),
  address: jsonObject().nullable(),
  scheduled_at: milliseconds().nullable(),
  collected_at: milliseconds().nullable(),
  status: oneOf(PICKUP_STATUSES),
  notes: text().nullable(),
  estimated_price_cents: cents().nullable(),
  created_at: milliseconds(),
  channel: oneOf(['web', 'counter']),
  /** Addresses that are good for an hour. */
  photos: z.array(text()),
  evaluation: z
    .object({
      id: id(),
      tester_id: id(),
      final_offer_cents: cents(),
      notes: text().nullable(),
      evaluation_cost_cents: cents().nullable(),
      diagnostics: jsonObject().nullable(),
      parts_replaced: z.array(text()).nullable(),
      created_at: milliseconds(),
    })
    .nullable(),
})

/** One request with all that was asked, offered and paid. */
export const TradeInDetail = TradeIn.extend({
  /** As the shop knows it, once it was seen. */
  device: z
    .object({
      id: id(),
      title: text(),
      serial_number: text().nullable(),
      /** Whose it is on file, where that is somebody else than who sells it. */
      other_owner: z.object({ id: id(), full_name: text() }).nullable(),
      checks: z.array(Check),
      elsewhere: z.object({ where: oneOf(['stock', 'hold', 'repair']), name: text() }).nullable(),
    })
    .nullable(),
  order_id: id().nullable(),
  answered_at: milliseconds().nullable(),
  given_back_at: milliseconds().nullable(),
  answered_offer_cents: cents().nullable(),
  /** The evaluation of it that is under way. */
  draft_id: text().nullable(),
  /** The first one first; the last one stands. */
  offers: z.array(
    z.object({
      version: id(),
      condition: oneOf(GRADES),
      base_cents: cents().nullable(),
      source: oneOf(['matrix', 'manual']),
      deductions: z.array(z.object({ name: text(), amount_cents: cents() })),
      price_cents: cents(),
      reason: text().nullable(),
      valid_until: milliseconds().nullable(),
      created_at: milliseconds(),
      made_by_name: text(),
      approved_by_name: text().nullable(),
      /** The one that a reply to its owner carried last. */
      shown: flag(),
    }),
  ),
  /** As they stood when the offer was made. */
  answers: z.array(
    z.object({
      text: texts,
      choice: text(),
      choice_text: texts.nullable(),
      grade: oneOf(GRADES).nullable(),
      deduction: z.object({ name: text(), amount_cents: cents() }).nullable(),
    }),
  ),
  /** What such units are sold at already; null where nobody has said so. */
  selling_price_cents: cents().nullable(),
  /** For the repair that it came from. */
  owed_repair: shopsMoney(OwedRepair.nullable()),
  purchase: z
    .object({
      id: id(),
      number: text(),
      created_at: milliseconds(),
      total_cents: cents(),
      /** Until when nobody may sell it; null where it is not on hold, or no longer. */
      hold_until: milliseconds().nullable(),
      /** Why it cannot be taken back any more. */
      kept_because: oneOf(KEPT_BECAUSE).nullable(),
    })
    .nullable(),
})

export const TradeInId = z.object({ id: id() })

/** Another time, fetched (or not yet after all), given back; what is left out stays. */
export const TradeInChanges = z.object({
  scheduled_at: milliseconds().nullable().optional(),
  status: optional(oneOf(['requested', 'collected'])),
  given_back: optional(flag()),
})

/** What the customer says at the desk to the offer that lies before them. */
export const DeskAnswer = z.object({ version: int(), answer: oneOf(['accepted', 'rejected']) })

export const IdentityPhotos = z.object({ photos: uploads() })

/** How the purchase of this request names the photo; null where none was sent. */
export const IdentityPhoto = z.object({ photo: text().nullable() })

/** What is left out keeps its value; the first evaluation needs an offer. */
export const Evaluation = z.object({
  final_offer_cents: optional(cents()),
  notes: optional(text()),
  status: optional(oneOf(PICKUP_STATUSES)),
  evaluation_cost_cents: optional(cents()),
  diagnostics: optional(jsonObject()),
  parts_replaced: optional(listOf(text({ max: 200 }))),
})
