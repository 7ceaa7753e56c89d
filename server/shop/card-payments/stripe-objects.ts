import { z } from 'zod'

/** What is read of Stripe's objects and events. All else in them, names, addresses and cards among it, is dropped unread. */

const stripeId = z.string().regex(/^[\w-]{1,255}$/)
const word = z.string().regex(/^[\w.-]{1,100}$/)
const amount = z.int().min(0)
const currency = z.string().regex(/^[A-Za-z]{3}$/)
/** An object that may come whole or by its id. */
const linked = z
  .union([stripeId, z.object({ id: stripeId }).transform(({ id }) => id)])
  .nullish()
  .catch(null)
/** What a payment or refund of ours is known by; what others wrote there does not matter. */
const ownMetadata = z
  .object({
    order_id: z.string().max(20).optional().catch(undefined),
    reference: z.string().max(100).optional().catch(undefined),
  })
  .nullish()
  .catch(null)

export const Intent = z.object({
  id: stripeId,
  amount,
  amount_received: amount.nullish(),
  currency,
  status: word.optional(),
  metadata: ownMetadata,
})
export type Intent = z.output<typeof Intent>

/** The one answer with the buyer's secret. */
export const NewIntent = Intent.extend({ status: word, client_secret: z.string().min(1).max(500) })

export const Refund = z.object({
  id: stripeId,
  amount,
  currency,
  status: word.nullish(),
  payment_intent: linked,
  reason: word.nullish().catch(null),
  failure_reason: word.nullish().catch(null),
  metadata: ownMetadata,
})
export type Refund = z.output<typeof Refund>
export const Refunds = z.object({ data: z.array(Refund), has_more: z.boolean().optional() })

export const Charge = z.object({
  id: stripeId,
  amount_refunded: amount,
  currency,
  payment_intent: linked,
  refunds: Refunds.nullish().catch(null),
})
export type Charge = z.output<typeof Charge>

export const Dispute = z.object({
  id: stripeId,
  amount,
  currency,
  status: word,
  reason: word.nullish().catch(null),
  payment_intent: linked,
  evidence_details: z.object({ due_by: z.int().nullish() }).nullish().catch(null),
})
export type Dispute = z.output<typeof Dispute>

export const StripeEvent = z.object({
  id: stripeId,
  type: word,
  /** s since 1970. */
  created: z.int().min(0).max(253_402_300_799).optional().catch(undefined),
  livemode: z.boolean().optional().catch(undefined),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
})
export type StripeEvent = z.output<typeof StripeEvent>
export const StripeEvents = z.object({ data: z.array(StripeEvent), has_more: z.boolean().optional() })
