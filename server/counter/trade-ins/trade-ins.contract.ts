import { z } from 'zod'
import { GRADES } from '../../domain/grade.ts'
import { PICKUP_STATUSES } from '../../domain/pickup-status.ts'
import {
  cents,
  id,
  listOf,
  milliseconds,
  name,
  jsonObject,
  oneOf,
  optional,
  paging,
  text,
} from '../../http/fields.contract.ts'

/** Language → text. */
const texts = z.record(text({ max: 10 }), text())

export const TradeInQuery = z.object({ ...paging, status: optional(oneOf(PICKUP_STATUSES)) })

export const TradeIn = z.object({
  id: id(),
  user_id: id(),
  user_full_name: text(),
  user_email: text().nullable(),
  brand_id: id(),
  brand_name: text(),
  model_text: text(),
  storage: text().nullable(),
  condition: oneOf(GRADES),
  additional_info: text().nullable(),
  address: jsonObject().nullable(),
  scheduled_at: milliseconds().nullable(),
  status: oneOf(PICKUP_STATUSES),
  notes: text().nullable(),
  estimated_price_cents: cents().nullable(),
  created_at: milliseconds(),
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
  channel: oneOf(['web', 'counter']),
  device_id: id().nullable(),
  order_id: id().nullable(),
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
  purchase: z.object({ id: id(), number: text(), created_at: milliseconds() }).nullable(),
})

export const TradeInId = z.object({ id: id() })

/** What is left out keeps its value; the first evaluation needs an offer. */
export const Evaluation = z.object({
  final_offer_cents: optional(cents()),
  notes: optional(text()),
  status: optional(oneOf(PICKUP_STATUSES)),
  evaluation_cost_cents: optional(cents()),
  diagnostics: optional(jsonObject()),
  parts_replaced: optional(listOf(text({ max: 200 }))),
})

export const OfferAsked = z.object({
  brand: name(),
  model: name(),
  storage: optional(text({ max: 100 })),
  condition: oneOf(GRADES),
  deduction_ids: optional(listOf(id(), { max: 50 })),
})

export const Offer = z.object({
  base_cents: cents(),
  source: oneOf(['matrix', 'default']),
  deductions: z.array(z.object({ name: text(), amount_cents: cents() })),
  estimated_cents: cents(),
  fee_cents: cents(),
  net_cents: cents(),
})
