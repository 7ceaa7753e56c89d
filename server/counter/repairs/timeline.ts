import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { Movement } from '../../shop/repairs/receipts.ts'
import type { TimelineEntry as Schema } from './tickets.contract.ts'

type TimelineEntry = z.output<typeof Schema>

/** What happened to a repair, oldest first, and who was the first to do it. */
export type History = { timeline: TimelineEntry[]; taken_in_by: string | null }

export async function historyOf(
  db: Db,
  order: { id: number; created_at: number },
  movements: readonly Movement[],
): Promise<History> {
  const events = await eventsOf(db, order.id)
  const taken_in_by = await openerOf(db, order.id)
  const opened = { ...NOTHING, id: 'opened', at: order.created_at, kind: 'opened' as const, who: taken_in_by }
  const entries: TimelineEntry[] = [opened, ...events, ...movements.map(moneyEntry)]
  return { timeline: entries.toSorted((a, b) => a.at - b.at), taken_in_by }
}

const NOTHING = { who: null, text: null, from: null, to: null, amount_cents: null }

async function openerOf(db: Db, order_id: number): Promise<string | null> {
  const opener = await db
    .selectFrom('repair_order')
    .innerJoin('user', 'user.id', 'repair_order.opened_by')
    .select('user.full_name')
    .where('repair_order.id', '=', order_id)
    .executeTakeFirst()
  return opener?.full_name ?? null
}

async function eventsOf(db: Db, order_id: number): Promise<TimelineEntry[]> {
  const events = await db
    .selectFrom('order_event')
    .leftJoin('user as who', 'who.id', 'order_event.actor_id')
    .leftJoin('user as whom', 'whom.id', 'order_event.user_id')
    .select([
      'order_event.id',
      'order_event.created_at as at',
      'order_event.kind',
      'order_event.text',
      'from_value as from',
      'to_value as to',
    ])
    .select(['who.full_name as who', 'whom.full_name as whom'])
    .where('order_event.order_id', '=', order_id)
    .orderBy('order_event.id')
    .execute()
  // The kinds that the shop writes are those that the contract knows.
  return events.map(({ whom, text, ...event }) => ({
    ...event,
    id: `event-${event.id}`,
    kind: event.kind as TimelineEntry['kind'],
    text: text ?? whom,
    amount_cents: null,
  }))
}

const moneyEntry = ({ id, at, cashier, kind, amount_cents, payment_method }: Movement): TimelineEntry => ({
  ...NOTHING,
  id: `money-${id}`,
  at,
  who: cashier,
  kind: kind === 'payment' ? 'payment' : 'correction',
  text: payment_method,
  amount_cents,
})
