import { Stripe } from 'stripe'
import { z } from 'zod'
import { raw } from '../http/body.ts'
import { act } from '../http/endpoint.ts'
import { badRequest, HttpError } from '../http/errors.ts'
import { everyone } from '../http/auth/permissions.ts'
import { receiveEvent } from '../shop/card-payments/stripe-events.ts'
import { StripeEvent } from '../shop/card-payments/stripe-objects.ts'

const Received = z.object({ received: z.literal(true) })

/** What an event may come to, in bytes: Stripe's have a few thousand. */
const EVENT_LIMIT = 262_144

/** How old a signature may be, and how far ahead of our clock, in s. */
const TOLERANCE = 300

export const stripeWebhook = [
  act(
    'POST /orders/stripe-webhook',
    {
      who: everyone,
      body: raw(EVENT_LIMIT),
      response: Received,
      refusals: {
        400: { 'stripe-signature-invalid': 'Not signed by Stripe', 'stripe-event-invalid': 'No event' },
        500: { 'stripe-webhook-not-configured': 'No webhook secret is configured' },
      },
      summary: 'What Stripe tells of payments, with its signature in `Stripe-Signature`',
    },
    async (context, { body, headers }) => {
      const { webhookSecret } = context.config.stripe
      if (webhookSecret === null)
        throw new HttpError(500, 'stripe-webhook-not-configured', 'Stripe webhook not configured')
      await receiveEvent(context, verified(body, headers['stripe-signature'], webhookSecret, context.now()))
      return { received: true as const }
    },
  ),
]

/**
 * The event, if Stripe signed these very bytes not long ago.
 * @throws 400
 */
function verified(body: Buffer, signature: string | string[] | undefined, secret: string, now: number): StripeEvent {
  const signed = signedEvent(body, String(signature ?? ''), secret, now)
  const event = StripeEvent.safeParse(signed)
  if (!event.success) throw badRequest('stripe-event-invalid', 'The body is no Stripe event')
  return event.data
}

function signedEvent(body: Buffer, signature: string, secret: string, now: number): unknown {
  try {
    const event = Stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE, undefined, now)
    if (signedAt(signature) <= now / 1_000 + TOLERANCE) return event
  } catch {
    // Whatever is wrong with it: whoever sent it learns nothing of how it was checked.
  }
  throw badRequest('stripe-signature-invalid', 'Invalid signature')
}

const signedAt = (signature: string) => Number(/(?:^|,)\s*t=(\d+)/.exec(signature)?.[1])
