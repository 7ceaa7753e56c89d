import { z } from 'zod'
import { GRADES } from '../domain/grade.ts'
import { PICKUP_STATUSES } from '../domain/pickup-status.ts'
import { amount, flag, id, instant, listOf, name, jsonObject, oneOf, optional, text } from '../http/fields.contract.ts'
import { uploads } from '../http/uploads.contract.ts'
import { paging } from './query.contract.ts'

export const EstimateAsked = z.object({
  brand: name(),
  model: name(),
  storage: optional(text({ max: 100 })),
  /** An empty choice is missing, another word is refused in the store's own form. */
  condition: name().meta({ enum: GRADES }),
  notes: optional(text()),
})

export const Estimate = z.object({
  success: flag(),
  data: z.object({ estimated_price: amount(), service_fee: amount(), net_amount: amount() }),
})

export const TradeInBrand = z.object({ id: id(), name: text() })
/** Everything, unless one of these is given. `q` is any part of the name. */
export const TradeInBrandQuery = z.object({ ...paging(100), q: optional(text({ max: 200, cards: 'allow' })) })

/** Each photo under 5 MB. */
export const PHOTO_LIMITS = { most: 5, size: 5 * 1_048_576 }

export const NewPickup = z.object({
  brand_id: optional(id()),
  brand_name: optional(name()),
  model_text: name(),
  storage: optional(text({ max: 100 })),
  condition: oneOf(GRADES),
  additional_info: optional(text()),
  /** A JSON jsonObject, or words. */
  address_json: optional(text()),
  scheduled_at: optional(instant()),
  estimated_price: optional(amount()),
  photos: optional(uploads()),
})

const pickup = {
  id: id(),
  user_id: id(),
  brand_id: id(),
  brand_name: text(),
  model_text: text(),
  storage: text().nullable(),
  condition: oneOf(GRADES),
  additional_info: text().nullable(),
  /** Addresses that are good for an hour. */
  photos: listOf(text()),
  address_json: jsonObject().nullable(),
  scheduled_at: instant().nullable(),
  deposit_amount: amount().nullable(),
  status: oneOf(PICKUP_STATUSES),
  created_at: instant(),
  estimated_price: amount().nullable(),
}

export const Pickup = z.object(pickup)

export const MyPickup = z.object({
  ...pickup,
  evaluation: z
    .object({ id: id(), pickup_id: id(), final_offer: amount(), notes: text().nullable(), created_at: instant() })
    .nullable(),
})

export const PickupPage = z.object(paging(100))
/** The newest 1,000 unless said otherwise. */
export const AdminPickupPage = z.object(paging(1_000))

export const PickupId = z.object({ pickup_id: id() })

export const OfferAnswer = z.object({ action: text() })

export const AdminPickup = z.object({ ...pickup, notes: text().nullable() })

export const Evaluation = z.object({
  id: id(),
  pickup_id: id(),
  tester_id: id(),
  final_offer: amount(),
  notes: text().nullable(),
  evaluation_cost: amount().nullable(),
  diagnostics_json: jsonObject().nullable(),
  parts_replaced_json: listOf(text()).nullable(),
  created_at: instant(),
})

/** The six states, and the words of an admin page that exists. */
const STATUS_WORDS = [...PICKUP_STATUSES, 'scheduled', 'evaluated', 'offer_sent', 'completed'] as const

/** What is left out keeps its value; the first evaluation needs an offer and a status. */
export const EvaluationChanges = z.object({
  final_offer: optional(amount()),
  notes: optional(text()),
  status: optional(oneOf(STATUS_WORDS)),
  evaluation_cost: optional(amount()),
  diagnostics: optional(jsonObject()),
  parts_replaced: optional(listOf(text({ max: 200 }))),
})

export const AdminTradeIn = z.object({
  pickup: AdminPickup,
  user: z.object({ id: id(), email: text().nullable(), full_name: text() }),
  evaluation: Evaluation.nullable(),
})

export const Evaluated = z.object({ pickup: AdminPickup, evaluation: Evaluation })
