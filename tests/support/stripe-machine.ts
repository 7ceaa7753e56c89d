import { randomBytes } from 'node:crypto'

/**
 * Stripe's payment intents, refunds and disputes as its documentation describes their states. Each change is told by an
 * event, which carries the object as it was then.
 */

type Status = 'requires_payment_method' | 'requires_action' | 'processing' | 'succeeded' | 'canceled'
export type Intent = {
  id: string
  object: 'payment_intent'
  amount: number
  amount_received: number
  currency: string
  status: Status
  client_secret: string
  created: number
  livemode: boolean
  latest_charge: string | null
  metadata: Record<string, string>
  payment_method_types: string[]
  last_payment_error: object | null
  shipping: object
}
export type Refund = {
  id: string
  object: 'refund'
  amount: number
  currency: string
  status: 'pending' | 'succeeded' | 'failed'
  payment_intent: string
  charge: string
  reason: string | null
  failure_reason?: string
  metadata: Record<string, string>
  created: number
}
export type Dispute = {
  id: string
  object: 'dispute'
  amount: number
  currency: string
  status: 'needs_response' | 'under_review' | 'won' | 'lost'
  reason: string
  payment_intent: string
  charge: string
  evidence_details: { due_by: number }
  created: number
}
export type StripeEvent = {
  id: string
  object: 'event'
  type: string
  created: number
  livemode: boolean
  data: { object: object }
}

/** How a card behaves. */
export type Card = 'good' | 'declined' | 'asks' | 'slow'

/** What Stripe answers instead of an object. */
export class Refusal extends Error {
  readonly status: number
  readonly body: { error: { type: string; code?: string; message: string } }
  constructor(status: number, type: string, code: string | undefined, message: string) {
    super(message)
    this.status = status
    this.body = { error: { type, ...(code && { code }), message } }
  }
}

const badRequest = (code: string, message: string) => new Refusal(400, 'invalid_request_error', code, message)
const missing = (id: string) => new Refusal(404, 'invalid_request_error', 'resource_missing', `No such object: '${id}'`)
const token = () => randomBytes(8).toString('hex')

export type Machine = ReturnType<typeof openMachine>

export function openMachine(now: () => number) {
  const intents = new Map<string, Intent>()
  const refunds = new Map<string, Refund>()
  const disputes = new Map<string, Dispute>()
  const events: StripeEvent[] = []
  const seconds = () => Math.floor(now() / 1_000)

  const tell = (type: string, object: object) => {
    const event = { id: `evt_${token()}`, object: 'event' as const, type, created: seconds(), livemode: false }
    events.push({ ...event, data: { object: structuredClone(object) } })
  }
  const find = <T>(map: Map<string, T>, id: string): T => {
    const found = map.get(id)
    if (!found) throw missing(id)
    return found
  }
  const step = (intent: Intent, status: Status, type: string) => {
    intent.status = status
    tell(`payment_intent.${type}`, intent)
  }
  const succeed = (intent: Intent) => {
    intent.amount_received = intent.amount
    intent.latest_charge = `ch_${token()}`
    step(intent, 'succeeded', 'succeeded')
  }
  const decline = (intent: Intent) => {
    intent.last_payment_error = {
      type: 'card_error',
      code: 'card_declined',
      payment_method: { card: { last4: '0002' } },
    }
    step(intent, 'requires_payment_method', 'payment_failed')
  }
  const refundedOn = (payment_intent: string) =>
    [...refunds.values()]
      .filter((refund) => refund.payment_intent === payment_intent && refund.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0)

  return {
    intents,
    refunds,
    disputes,
    events,

    createIntent({ amount, currency, metadata = {}, payment_method_types = ['card'] }: Params): Intent {
      const cents = Number(amount)
      if (!Number.isInteger(cents) || cents < 1)
        throw badRequest('parameter_invalid_integer', 'Invalid positive integer')
      if (cents < 50 && currency === 'usd') throw badRequest('amount_too_small', 'Amount must be at least $0.50 usd')
      if (cents > 99_999_999) throw badRequest('amount_too_large', 'Amount must be no more than $999,999.99')
      const id = `pi_${token()}`
      const intent: Intent = {
        id,
        object: 'payment_intent',
        amount: cents,
        amount_received: 0,
        currency: String(currency),
        status: 'requires_payment_method',
        client_secret: `${id}_secret_${token()}`,
        created: seconds(),
        livemode: false,
        latest_charge: null,
        metadata: metadata as Record<string, string>,
        payment_method_types: payment_method_types as string[],
        last_payment_error: null,
        shipping: { name: 'Ann Example', address: { line1: '1 Hidden Street' } },
      }
      intents.set(id, intent)
      tell('payment_intent.created', intent)
      return intent
    },
    intent: (id: string) => find(intents, id),
    /** The buyer pays, in their browser. */
    confirm(id: string, card: Card = 'good'): Intent {
      const intent = find(intents, id)
      if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_action')
        throw badRequest('payment_intent_unexpected_state', `This PaymentIntent is ${intent.status}`)
      if (card === 'good') succeed(intent)
      else if (card === 'declined') decline(intent)
      else if (card === 'asks') step(intent, 'requires_action', 'requires_action')
      else step(intent, 'processing', 'processing')
      return intent
    },
    /** The bank has made up its mind about a slow payment, or the buyer has proved themself. */
    finish(id: string, good: boolean): Intent {
      const intent = find(intents, id)
      if (intent.status !== 'processing' && intent.status !== 'requires_action') return intent
      if (good) succeed(intent)
      else decline(intent)
      return intent
    },
    cancelIntent(id: string): Intent {
      const intent = find(intents, id)
      if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_action')
        throw badRequest('payment_intent_unexpected_state', `You cannot cancel a ${intent.status} PaymentIntent`)
      step(intent, 'canceled', 'canceled')
      return intent
    },
    /** `pending` for a refund that the bank takes its time with. */
    createRefund(
      { payment_intent, amount, reason = null, metadata = {} }: Params,
      status: 'succeeded' | 'pending',
    ): Refund {
      const intent = find(intents, String(payment_intent))
      if (intent.status !== 'succeeded') throw badRequest('charge_not_captured', 'This PaymentIntent has no charge')
      const disputed = [...disputes.values()].some(
        (dispute) => dispute.payment_intent === intent.id && dispute.status !== 'won',
      )
      if (disputed) throw badRequest('charge_disputed', 'This charge is disputed')
      const left = intent.amount_received - refundedOn(intent.id)
      const wanted = amount === undefined ? left : Number(amount)
      if (left === 0) throw badRequest('charge_already_refunded', 'This charge has already been refunded')
      if (wanted > left || wanted < 1)
        throw badRequest('amount_too_large', 'Refund amount is greater than what is left')
      const refund: Refund = {
        id: `re_${token()}`,
        object: 'refund',
        amount: wanted,
        currency: intent.currency,
        status,
        payment_intent: intent.id,
        charge: intent.latest_charge!,
        reason: reason as string | null,
        metadata: metadata as Record<string, string>,
        created: seconds(),
      }
      refunds.set(refund.id, refund)
      tell('refund.created', refund)
      tell('charge.refunded', {
        id: intent.latest_charge,
        object: 'charge',
        amount: intent.amount,
        amount_refunded: refundedOn(intent.id),
        refunded: refundedOn(intent.id) === intent.amount_received,
        currency: intent.currency,
        payment_intent: intent.id,
        billing_details: { name: 'Ann Example', address: { line1: '1 Hidden Street' } },
        payment_method_details: { card: { last4: '4242' } },
      })
      return refund
    },
    refund: (id: string) => find(refunds, id),
    /** A pending refund arrives, or any fails: the money is the shop's again. */
    finishRefund(id: string, good: boolean): Refund {
      const refund = find(refunds, id)
      if (refund.status === 'failed' || (good && refund.status === 'succeeded')) return refund
      refund.status = good ? 'succeeded' : 'failed'
      if (!good) refund.failure_reason = 'expired_or_canceled_card'
      tell(good ? 'refund.updated' : 'refund.failed', refund)
      return refund
    },
    /** The buyer's bank takes the whole charge back. */
    openDispute(intent_id: string): Dispute {
      const intent = find(intents, intent_id)
      const dispute: Dispute = {
        id: `du_${token()}`,
        object: 'dispute',
        amount: intent.amount_received,
        currency: intent.currency,
        status: 'needs_response',
        reason: 'fraudulent',
        payment_intent: intent.id,
        charge: intent.latest_charge!,
        evidence_details: { due_by: seconds() + 7 * 86_400 },
        created: seconds(),
      }
      disputes.set(dispute.id, dispute)
      tell('charge.dispute.created', dispute)
      tell('charge.dispute.funds_withdrawn', dispute)
      return dispute
    },
    dispute: (id: string) => find(disputes, id),
    stepDispute(id: string, to: 'under_review' | 'won' | 'lost'): Dispute {
      const dispute = find(disputes, id)
      if (dispute.status === 'won' || dispute.status === 'lost') return dispute
      dispute.status = to
      tell(to === 'under_review' ? 'charge.dispute.updated' : 'charge.dispute.closed', dispute)
      if (to === 'won') tell('charge.dispute.funds_reinstated', dispute)
      return dispute
    },
  }
}

/** What is posted, as the form has it. */
export type Params = Record<string, unknown>
