import type { z } from 'zod'
import type { Db, Trx } from '../../../db/handle.ts'
import { insertMinted, updateLocal } from '../../../db/local.ts'
import { isMine } from '../../../db/ownership.ts'
import type { StripeEventTable } from '../../../db/schema/local-tables.ts'
import { fromMinorUnits, toMinorUnits } from '../../domain/money/card-amount.ts'
import {
  applyDispute,
  applyIntent,
  applyRefund,
  type CardPayment,
  type DisputeMove,
  paymentOf,
  paymentTotals,
} from './ledger.ts'
import { BY_STRIPE, type CardContext } from './intents.ts'
import { callStripe, isRefusal, StripeError } from './stripe.ts'
import { Charge, Dispute, Intent, Refund, Refunds, StripeEvent } from './stripe-objects.ts'

/** What happened at Stripe, as its events tell it: each is stored and applied once, in any order, late or repeated. */

type Outcome = StripeEventTable['outcome']

/** An event of a kind we know: the intent it is about, and how to apply it. */
type ParsedEvent = {
  object: unknown
  payment: (db: Db) => Promise<CardPayment | null>
  apply: (trx: Trx, payment: CardPayment, stale: boolean) => Promise<void>
  /** What the event does not say: asked of Stripe before. */
  fetchMissing?: (context: CardContext, payment: CardPayment) => Promise<void>
}
type EventParser = (object: unknown) => ParsedEvent | null

/** Stripe's word for an intent; the event's own where it leaves no doubt. Without an amount it is the one that was asked for. */
const intent = (word: string, { certain = false } = {}): EventParser =>
  read(Intent.partial({ amount: true, currency: true }), (object) => ({
    payment: (db) => paymentOf(db, { intent_id: object.id, mark: object.metadata }),
    apply: async (trx, payment, stale) => {
      const { amount_cents, currency } = payment
      const asked = { amount: toMinorUnits(amount_cents, currency)!, currency }
      const status = certain ? word : (object.status ?? word)
      await applyIntent(trx, payment, { ...asked, ...object, status }, { stale })
    },
  }))

const refund = (word?: string): EventParser =>
  read(Refund, (object) => ({
    payment: (db) => paymentOf(db, { intent_id: object.payment_intent }),
    apply: (trx, payment) => applyRefund(trx, payment, { ...object, status: word ?? object.status }),
  }))

const dispute = (moved: DisputeMove = null): EventParser =>
  read(Dispute, (object) => ({
    payment: (db) => paymentOf(db, { intent_id: object.payment_intent }),
    apply: (trx, payment, stale) => applyDispute(trx, payment, object, { moved, stale }),
  }))

/** Says how much of a charge went back in all, but not by which refunds. */
const charge: EventParser = read(Charge, (object) => {
  let refunds = object.refunds?.has_more === false ? object.refunds.data : []
  return {
    payment: (db) => paymentOf(db, { intent_id: object.payment_intent }),
    fetchMissing: async ({ database, stripe }, { id, intent_id, currency }) => {
      const { refunded } = await paymentTotals(database.db, id)
      if (refunds.length > 0 || refunded >= (fromMinorUnits(object.amount_refunded, currency) ?? 0)) return
      if (!stripe) throw new StripeError('silent', null)
      const of = { payment_intent: intent_id!, limit: 100 }
      refunds = (await callStripe(stripe, Refunds, (api) => api.refunds.list(of))).data
    },
    apply: async (trx, payment) => {
      for (const one of refunds) await applyRefund(trx, payment, one)
    },
  }
})

function read<T extends z.ZodType>(
  shape: T,
  toEvent: (object: z.output<T>) => Omit<ParsedEvent, 'object'>,
): EventParser {
  return (object) => {
    const parsed = shape.safeParse(object)
    return parsed.success ? { object: parsed.data, ...toEvent(parsed.data) } : null
  }
}

const PARSERS = new Map<string, EventParser>([
  ['payment_intent.succeeded', intent('succeeded', { certain: true })],
  ['payment_intent.canceled', intent('canceled', { certain: true })],
  ['payment_intent.processing', intent('processing')],
  ['payment_intent.requires_action', intent('requires_action')],
  ['payment_intent.payment_failed', intent('requires_payment_method')],
  ['charge.refunded', charge],
  ['charge.refund.updated', refund()],
  ['refund.created', refund()],
  ['refund.updated', refund()],
  ['refund.failed', refund('failed')],
  ['charge.dispute.created', dispute()],
  ['charge.dispute.updated', dispute()],
  ['charge.dispute.closed', dispute()],
  ['charge.dispute.funds_withdrawn', dispute('withdrawn')],
  ['charge.dispute.funds_reinstated', dispute('reinstated')],
])

/** The kinds of events that are of use. */
export const EVENT_TYPES = [...PARSERS.keys()]

/** Stores and applies an event, unless it was before. What cannot be understood is stored all the same. */
export async function receiveEvent(context: CardContext, event: StripeEvent): Promise<void> {
  if (await isStored(context.database.db, event)) return
  const kind = PARSERS.get(event.type)
  const parsed = kind ? kind(event.data.object) : null
  const refused: Outcome | null = isOtherMode(context, event)
    ? 'other-mode'
    : !kind
      ? 'unknown-type'
      : !parsed
        ? 'unreadable'
        : null
  const isComplete = refused !== null || (await fetchMissing(context, parsed!))
  await context.database.write(BY_STRIPE, async (trx) => {
    if (await isStored(trx, event)) return
    if (refused !== null) return await store(trx, event, { outcome: refused, object: parsed?.object })
    await applyAndStore(trx, event, parsed!, isComplete)
  })
}

async function applyAndStore(trx: Trx, event: StripeEvent, parsed: ParsedEvent, isComplete: boolean) {
  const { object } = parsed
  const payment = await parsed.payment(trx)
  if (!payment) return await store(trx, event, { outcome: 'unknown-order', object })
  const { order_id } = payment
  // It is that machine's to settle, which asks Stripe about its own payments itself.
  if (!(await isMine(trx, payment.id))) return await store(trx, event, { outcome: 'other-node', object, order_id })
  if (isComplete) await parsed.apply(trx, payment, await isStale(trx, event))
  await store(trx, event, { outcome: isComplete ? 'applied' : 'to-ask', object, order_id })
}

/** Whether nothing is left to be asked. */
async function fetchMissing(context: CardContext, { fetchMissing, payment }: ParsedEvent): Promise<boolean> {
  const of = fetchMissing && (await payment(context.database.db))
  if (!of) return true
  try {
    await fetchMissing(context, of)
    return true
  } catch (error) {
    if (!(error instanceof StripeError)) throw error
    return false
  }
}

type DeferredEvent = Pick<StripeEventTable, 'id' | 'payload'>

/** The events that Stripe had to be asked about and could not be, those behind this one first. */
export const deferredEvents = (db: Db, behind: number): Promise<DeferredEvent[]> =>
  db
    .selectFrom('stripe_event')
    .select(['id', 'payload'])
    .where('outcome', '=', 'to-ask')
    .orderBy((eb) => eb('id', '>', behind), 'desc')
    .orderBy('id')
    .limit(50)
    .execute()

/**
 * Applies an event that was put off. Where Stripe has no answer to give it is of no use; the refunds that it is about are
 * told of by events of their own.
 * @throws StripeError when Stripe still cannot be asked
 */
export async function applyDeferred(context: CardContext, { id, payload }: DeferredEvent): Promise<void> {
  const event = StripeEvent.parse(JSON.parse(payload))
  const parsed = PARSERS.get(event.type)!(event.data.object)!
  const payment = (await parsed.payment(context.database.db))!
  const isComplete = await fetchMissingOrReject(context, parsed, payment)
  await context.database.write(BY_STRIPE, async (trx) => {
    if (isComplete) await parsed.apply(trx, payment, false)
    await updateLocal(trx, 'stripe_event', { id }, { outcome: isComplete ? 'applied' : 'unreadable' })
  })
}

/** Whether Stripe had an answer. */
async function fetchMissingOrReject(
  context: CardContext,
  { fetchMissing }: ParsedEvent,
  payment: CardPayment,
): Promise<boolean> {
  try {
    await fetchMissing?.(context, payment)
    return true
  } catch (error) {
    if (!isRefusal(error)) throw error
    return false
  }
}

const isStored = async (db: Db, { id }: StripeEvent) =>
  (await db.selectFrom('stripe_event').select('id').where('event_id', '=', id).executeTakeFirst()) !== undefined

/** A test's event at a shop with a live key, or the other way round: neither is this shop's money. */
const isOtherMode = ({ stripe }: CardContext, { livemode }: StripeEvent) =>
  livemode !== undefined && stripe !== null && stripe.live !== null && stripe.live !== livemode

/** Whether a later event about the same object was here before this one. */
async function isStale(trx: Trx, event: StripeEvent): Promise<boolean> {
  const newer = await trx
    .selectFrom('stripe_event')
    .select('id')
    .where('object_id', '=', objectId(event))
    .where('happened_at', '>', happenedAt(event, trx.act.now))
    .limit(1)
    .executeTakeFirst()
  return newer !== undefined
}

const happenedAt = ({ created }: StripeEvent, now: number) => (created === undefined ? now : created * 1_000)

function objectId({ data }: StripeEvent): string | null {
  const { id } = data.object
  return typeof id === 'string' && /^[\w-]{1,255}$/.test(id) ? id : null
}

/** Keeps the event with what was read of it: no names, no addresses, nothing of the card. */
async function store(
  trx: Trx,
  event: StripeEvent,
  { outcome, object, order_id = null }: { outcome: Outcome; object: unknown; order_id?: number | null },
) {
  const { id, type, created, livemode } = event
  const object_id = objectId(event)
  const payload = JSON.stringify({ id, type, created, livemode, data: { object: object ?? { id: object_id } } })
  const happened_at = happenedAt(event, trx.act.now)
  await insertMinted(trx, 'stripe_event', { event_id: id, type, object_id, happened_at, order_id, outcome, payload })
}
