import type { Db, Trx } from '../../../db/handle.ts'
import { isOpen, isReady } from '../../domain/repair-status.ts'
import { appendOrderEvents } from './order-events.ts'
import { changeOrder, type OrderChanges, totalOf } from './orders.ts'

/** What becomes of the repairs of a device that the shop has bought. */

type Bought = NonNullable<OrderChanges['bought']>

/**
 * Ends the repairs for which the device is here, open ones and those that wait to be fetched: it is the shop's own now, and
 * nobody fetches it. What was charged stays due, so that a repair with a price is completed; one without is cancelled. Those of
 * long ago stay as they are: their device had left, even where nobody had written that down.
 */
export async function endRepairs(trx: Trx, device_id: number, bought: Bought): Promise<void> {
  const orders = await trx
    .selectFrom('repair_order')
    .select(['id', 'status', 'cost_cents', 'discount_cents', 'completed_at', 'picked_up_at'])
    .where('device_id', '=', device_id)
    .where('picked_up_at', 'is', null)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  for (const order of orders) {
    if (!isOpen(order.status) && !isReady(order, trx.act.now)) continue
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

/** Those of some repairs that ended because this customer sold the shop the device, and did not get it back. */
export async function endedByPurchase(db: Db, order_ids: readonly number[], customer_id: number): Promise<Set<number>> {
  if (order_ids.length === 0) return new Set()
  const events = await db
    .selectFrom('order_event')
    .select(['order_id', 'kind', 'to_value'])
    .where('order_id', 'in', order_ids)
    .where('kind', 'in', ['bought', 'given-back', 'brought-back'])
    .orderBy('id')
    .execute()
  const last = new Map(events.map((event) => [event.order_id, event]))
  const bought = [...last.values()].filter(({ kind }) => kind === 'bought')
  const sold = await soldBy(
    db,
    customer_id,
    bought.map(({ to_value }) => Number(to_value)),
  )
  return new Set(bought.filter(({ to_value }) => sold.has(Number(to_value))).map(({ order_id }) => order_id))
}

/** Those of some requests whose device this customer sold. */
async function soldBy(db: Db, customer_id: number, pickup_ids: readonly number[]): Promise<Set<number>> {
  if (pickup_ids.length === 0) return new Set()
  const sales = await db
    .selectFrom('receipt_line')
    .innerJoin('receipt', 'receipt.id', 'receipt_line.receipt_id')
    .select((q) => q.ref('receipt_line.pickup_id').$notNull().as('pickup_id'))
    .where('receipt_line.pickup_id', 'in', pickup_ids)
    .where('receipt.customer_id', '=', customer_id)
    .execute()
  return new Set(sales.map(({ pickup_id }) => pickup_id))
}
