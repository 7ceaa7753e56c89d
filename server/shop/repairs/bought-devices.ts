import type { Db, Trx } from '../../../db/handle.ts'
import { isOpen } from '../../domain/repair-status.ts'
import { appendOrderEvents } from './order-events.ts'
import { changeOrder, type OrderChanges, totalOf } from './orders.ts'

/** What becomes of the repairs of a device that the shop has bought. */

type Bought = NonNullable<OrderChanges['bought']>

/**
 * Ends the repairs for which the device was here: it is the shop's own now, and nobody fetches it. What was charged stays due,
 * so that a repair with a price is completed; one without is cancelled.
 */
export async function endRepairs(trx: Trx, device_id: number, bought: Bought): Promise<void> {
  const orders = await trx
    .selectFrom('repair_order')
    .select(['id', 'status', 'cost_cents', 'discount_cents'])
    .where('device_id', '=', device_id)
    .where('picked_up_at', 'is', null)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  for (const order of orders) {
    const end = totalOf(order) > 0 ? 'Completed' : 'Cancelled'
    await changeOrder(trx, order.id, { bought, ...(isOpen(order.status) && { status: end }) })
  }
}

/** Notes on the repairs that a purchase has ended that it was taken back, under which number: the device went to its seller. */
export async function noteGivenBack(trx: Trx, device_id: number, { pickup_id, number }: Bought): Promise<void> {
  const ended = await trx
    .selectFrom('order_event')
    .innerJoin('repair_order', 'repair_order.id', 'order_event.order_id')
    .select('order_event.order_id')
    .distinct()
    .where('repair_order.device_id', '=', device_id)
    .where('order_event.kind', '=', 'bought')
    .where('order_event.to_value', '=', String(pickup_id))
    .orderBy('order_event.order_id')
    .execute()
  for (const { order_id } of ended)
    await appendOrderEvents(trx, order_id, [{ kind: 'given-back', text: number, to: pickup_id }])
}

/** Those of some repairs that ended because the shop bought the device, and still has it of this customer. */
export async function endedByPurchase(db: Db, order_ids: readonly number[]): Promise<Set<number>> {
  if (order_ids.length === 0) return new Set()
  const events = await db
    .selectFrom('order_event')
    .select(['order_id', 'kind'])
    .where('order_id', 'in', order_ids)
    .where('kind', 'in', ['bought', 'given-back', 'brought-back'])
    .orderBy('id')
    .execute()
  const last = new Map(events.map(({ order_id, kind }) => [order_id, kind]))
  return new Set([...last].flatMap(([id, kind]) => (kind === 'bought' ? [id] : [])))
}
