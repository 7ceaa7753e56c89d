import type { Db } from '../../../db/handle.ts'
import { badRequest } from '../../http/errors.ts'
import { CARD } from './orders.ts'

/** What one person may have waiting for them at the counter: it is sold to nobody else for days. */
const MAX_OPEN_ORDERS = 20
/** What all their unpaid orders hold: those by card too, which could be placed anew whenever they run out. */
const MAX_OPEN_PIECES = 200

/**
 * Looks at a person's unpaid orders, with the one that was just placed.
 * @throws 400 when they are too many, or hold too many pieces
 */
export async function refuseManyOpenOrders(db: Db, user_id: number): Promise<void> {
  const { orders, pieces } = await db
    .selectFrom('sales_order')
    .innerJoin('sales_line', 'sales_line.order_id', 'sales_order.id')
    .select(({ fn }) => [
      fn.count<number>('sales_order.id').distinct().filterWhere('sales_order.payment_method', '!=', CARD).as('orders'),
      fn.sum<number | null>('sales_line.qty').as('pieces'),
    ])
    .where('sales_order.user_id', '=', user_id)
    .where('sales_order.status', '=', 'pending')
    .where('sales_order.deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (orders > MAX_OPEN_ORDERS)
    throw badRequest(
      'too-many-open-orders',
      `You have ${MAX_OPEN_ORDERS} unpaid orders: wait until one is paid or cancelled`,
      { most: MAX_OPEN_ORDERS },
    )
  if ((pieces ?? 0) > MAX_OPEN_PIECES)
    throw badRequest(
      'too-many-open-pieces',
      `Your unpaid orders may hold ${MAX_OPEN_PIECES} pieces together: ask the shop for more`,
      { most: MAX_OPEN_PIECES },
    )
}
