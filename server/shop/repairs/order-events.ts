import type { Trx } from '../../../db/handle.ts'
import { insertMany } from '../../../db/rows.ts'
import { ageOf } from '../../../db/queries/newest-first.ts'

/** What happened to an order besides payments. `from` and `to` are statuses, cents, ms or how many, by kind. */
export type OrderEvent = {
  kind:
    | 'status'
    | 'price'
    | 'promise'
    | 'note'
    | 'assigned'
    | 'unassigned'
    | 'message'
    | 'passcode-shown'
    | 'claim-code'
    | 'password-set'
    | 'picked-up'
    | 'brought-back'
    | 'bought'
    | 'given-back'
    | 'new-owner'
    | 'photos'
    | 'photo-removed'
  /** Whom the order was given to or taken from, or who had the device before. */
  user_id?: number
  /** The message, the new note, the number of the purchase. */
  text?: string | null
  from?: string | number | null
  to?: string | number | null
}

/** Writes down what happened to an order, with who did it and when. */
export async function appendOrderEvents(trx: Trx, order_id: number, events: readonly OrderEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ kind, user_id = null, text = null, from = null, to = null }) => ({
    order_id,
    kind,
    actor_id: trx.act.actor,
    user_id,
    text,
    from_value: from === null ? null : String(from),
    to_value: to === null ? null : String(to),
  }))
  await insertMany(trx, 'order_event', rows)
}

/** Writes down on a customer's newest repair what happened to their account: whoever opens it next sees who did it, and when. */
export async function appendToNewestOrder(trx: Trx, customer_id: number, event: OrderEvent): Promise<void> {
  const order = await trx
    .selectFrom('repair_order')
    .select('id')
    .where('customer_id', '=', customer_id)
    .where('deleted_at', 'is', null)
    .orderBy(ageOf('repair_order'), 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (order) await appendOrderEvents(trx, order.id, [event])
}
