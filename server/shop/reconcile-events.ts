import type { Db } from '../../db/handle.ts'
import type { CardContext } from './card-payments.ts'
import { EVENT_TYPES, receiveEvent } from './stripe-events.ts'
import { ask, type StripeAccess, StripeTrouble } from './stripe.ts'
import { type StripeEvent, StripeEvents } from './stripe-objects.ts'

/** What Stripe lists of what happened, for a shop that no webhook reaches. */

/** What a run remembers for the next. */
export type Reconciler = {
  /** When this program started, in ms: what is half done from before, nobody is at work on. */
  started: number
  /** From when on Stripe's events are asked for, in ms of Stripe's clock; null until the first run has found out. */
  since: number | null
  /** The event that was put off and asked about last: the next run begins behind it. */
  putOff: number
  /** Whether the last run failed: trouble is told once. */
  troubled: boolean
}

export type Run = CardContext & { stripe: StripeAccess; state: Reconciler }

const HOUR = 3_600_000
/** Stripe repeats a webhook for three days: what is older was told of, or never will be. */
const TOLD_WITHIN = 3 * 24 * HOUR
/** An event may be listed somewhat later than one that happened after it. */
const OVERLAP = HOUR / 6
/** A dispute comes within this time. */
const MAY_CHANGE = 180 * 24 * HOUR
const PAGES = 100

/** What happened at Stripe since the last run, oldest first: refunds and disputes that were made elsewhere among it. */
export async function hearEvents(run: Run, since: number) {
  const { database, state, now } = run
  if (!(await mayChange(database.db, now() - MAY_CHANGE))) return
  const events = await eventsSince(run, since)
  for (const event of events.toReversed()) await receiveEvent(run, event)
  const newest = events[0]?.created
  if (newest !== undefined) state.since = Math.max(since, newest * 1_000 - OVERLAP)
}

/** From when on events may not have been heard yet. */
export async function heardUntil(db: Db): Promise<number> {
  const event = await db
    .selectFrom('stripe_event')
    .select('happened_at')
    .orderBy('happened_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return Math.max(0, (event?.happened_at ?? 0) - TOLD_WITHIN)
}

async function mayChange(db: Db, after: number): Promise<boolean> {
  const payment = await db
    .selectFrom('sales_payment')
    .select('created_at')
    .where('intent_id', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return payment !== undefined && payment.created_at > after
}

/** Newest first, as Stripe lists them. */
async function eventsSince({ stripe }: Run, since: number): Promise<StripeEvent[]> {
  const events: StripeEvent[] = []
  const wanted = { types: EVENT_TYPES, created: { gte: Math.floor(since / 1_000) }, limit: 100 }
  for (let page = 0; page < PAGES; page++) {
    const last = events.at(-1)?.id
    const asked = { ...wanted, ...(last !== undefined && { starting_after: last }) }
    const { data, has_more = false } = await ask(stripe, StripeEvents, (api) => api.events.list(asked)).catch(unlisted)
    events.push(...data)
    if (!has_more || data.length === 0) break
  }
  return events
}

/** A key that may not read events: the intents are asked about one by one all the same. */
function unlisted(error: unknown) {
  if (mayNot(error)) return { data: [], has_more: false }
  throw error
}

/** Whether this shop's key is not meant to ask this. */
export const mayNot = (error: unknown) =>
  error instanceof StripeTrouble && (error.kind === 'refused' || error.code === 'permission')
