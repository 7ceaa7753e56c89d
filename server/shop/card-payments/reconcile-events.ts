import type { Db } from '../../../db/handle.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'
import type { CardContext } from './intents.ts'
import { EVENT_TYPES, receiveEvent } from './stripe-events.ts'
import { callStripe, type StripeAccess, StripeError } from './stripe.ts'
import { StripeEvents } from './stripe-objects.ts'

/** What Stripe lists of what happened, for a shop that no webhook reaches. */

/** What a run remembers for the next. */
export type Reconciler = {
  /** When this program started, in ms: what is half done from before, nobody is at work on. */
  started: number
  /** From when on Stripe's events are asked for, in ms of Stripe's clock; null until the first run has found out. */
  since: number | null
  /** The event that was put off and asked about last: the next run begins behind it. */
  lastDeferredId: number
  /** Whether the last run failed: trouble is told once. */
  hasFailed: boolean
}

export type Run = CardContext & { stripe: StripeAccess; state: Reconciler }

const HOUR_MS = 3_600_000
/** Stripe repeats a webhook for three days: what is older was told of, or never will be. */
const WEBHOOK_RETRY_MS = 3 * 24 * HOUR_MS
/** An event may be listed somewhat later than one that happened after it. */
const OVERLAP_MS = HOUR_MS / 6
/** A dispute comes within this time. */
const MAX_PAYMENT_AGE_MS = 180 * 24 * HOUR_MS
/** How often a run asks at most; the next one goes on from there. */
const MAX_PAGES_PER_RUN = 100

/** From one second to another, both included, and behind an event; in the words of Stripe. */
type Span = { gte: number; lte?: number; startingAfter?: string }

/**
 * What happened at Stripe since the last run, oldest first: refunds and disputes that were made elsewhere among it. Stripe
 * lists the newest first: what is more than a page is halved, so that `since` never passes what was not heard, and no more
 * than a page is in memory.
 */
export async function pollEvents(run: Run, since: number) {
  const { database, state, now } = run
  if (!(await mayChange(database.db, now() - MAX_PAYMENT_AGE_MS))) return
  const spans: Span[] = [{ gte: Math.floor(since / 1_000) }]
  for (let page = 0; page < MAX_PAGES_PER_RUN && spans.length > 0; page++) {
    const span = spans.pop()!
    const { data, has_more = false } = await eventsIn(run, span)
    if (has_more && span.gte !== span.lte) {
      spans.push(...halves(span, data[0]?.created))
      continue
    }
    for (const event of data.toReversed()) await receiveEvent(run, event)
    const until = span.lte ?? data[0]?.created
    const last = data.at(-1)?.id
    if (has_more && last !== undefined) spans.push({ ...span, startingAfter: last })
    else if (until !== undefined) state.since = Math.max(since, until * 1_000 - OVERLAP_MS)
  }
}

/** The newer and the older half of a span; of an open one up to the newest event, and whatever comes after it. */
function halves({ gte, lte }: Span, newest = gte): [Span, Span] {
  const middle = Math.floor((gte + (lte ?? Math.max(gte, newest))) / 2)
  return [
    { gte: middle + 1, ...(lte !== undefined && { lte }) },
    { gte, lte: middle },
  ]
}

/** From when on events may not have been heard yet. */
export async function eventCursor(db: Db): Promise<number> {
  const event = await db
    .selectFrom('stripe_event')
    .select('happened_at')
    .orderBy('happened_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return Math.max(0, (event?.happened_at ?? 0) - WEBHOOK_RETRY_MS)
}

async function mayChange(db: Db, after: number): Promise<boolean> {
  // Of each node the last: ids are in the order of time within one alone.
  for (const node of await ownedNodes(db)) {
    const payment = await db
      .selectFrom('sales_payment')
      .select('created_at')
      .where('intent_id', 'is not', null)
      .where(idOf([node], 'id'))
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (payment !== undefined && payment.created_at > after) return true
  }
  return false
}

/** A page of them, newest first. */
function eventsIn({ stripe }: Run, { startingAfter, ...created }: Span) {
  const wanted = {
    types: EVENT_TYPES,
    created,
    limit: 100,
    ...(startingAfter !== undefined && { starting_after: startingAfter }),
  }
  return callStripe(stripe, StripeEvents, (api) => api.events.list(wanted)).catch(emptyIfDenied)
}

/** A key that may not read events: the intents are asked about one by one all the same. */
function emptyIfDenied(error: unknown) {
  if (isPermissionDenied(error)) return { data: [], has_more: false }
  throw error
}

/** Whether this shop's key is not meant to ask this. */
export const isPermissionDenied = (error: unknown) =>
  error instanceof StripeError && (error.kind === 'refused' || error.code === 'permission')
