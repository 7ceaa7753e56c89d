import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { ageOf } from '../../../db/queries/newest-first.ts'
import { CLOSED_DISPUTES, isToPayHere } from '../../domain/sales-status.ts'
import { deviceName } from '../../domain/text/device-name.ts'
import { listPickups } from '../../shop/trade-ins/trade-ins.ts'
import type { CustomerCard } from './customers.contract.ts'

/** What a customer ordered in the web shop, and what they offered us. */

type Card = z.output<typeof CustomerCard>

/** Of each a card shows the newest. */
const SHOWN = 20

/** Their orders, newest first, with what is in them and what needs a person. */
export async function webOrdersOf(db: Db, user_id: number): Promise<Card['web_orders']> {
  const orders = await db
    .selectFrom('sales_order')
    .select(['id', 'status', 'payment_method', 'total_cents', 'created_at'])
    .where('user_id', '=', user_id)
    .where('deleted_at', 'is', null)
    .orderBy(ageOf('sales_order'), 'desc')
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute()
  if (orders.length === 0) return []
  const ids = padded(orders.map(({ id }) => id))
  const lines = await db
    .selectFrom('sales_line')
    .select(['order_id', 'title', 'qty'])
    .where('order_id', 'in', ids)
    .orderBy('id')
    .execute()
  const due = await db
    .selectFrom('sales_payment')
    .select('order_id')
    .where('order_id', 'in', ids)
    .where('refund_due', '=', 1)
    .execute()
  const paid = await db
    .selectFrom('sales_payment_entry')
    .select('order_id')
    .where('order_id', 'in', ids)
    .where('kind', '=', 'charge')
    .execute()
  const disputes = await db
    .selectFrom('dispute')
    .select('order_id')
    .where('order_id', 'in', ids)
    .where('status', 'not in', CLOSED_DISPUTES)
    .execute()
  const isAmong = (rows: readonly { order_id: number }[], id: number) => rows.some(({ order_id }) => order_id === id)
  return orders.map(({ payment_method, ...order }) => ({
    ...order,
    products: lines.filter(({ order_id }) => order_id === order.id).map(({ title, qty }) => ({ title, qty })),
    to_pay_cents: isToPayHere({ ...order, payment_method }, isAmong(paid, order.id)) ? order.total_cents : 0,
    refund_due: isAmong(due, order.id),
    disputed: isAmong(disputes, order.id),
  }))
}

/** What they offered us, newest first. */
export async function requestsOf(db: Db, own: number): Promise<Card['requests']> {
  const requests = await listPickups(db, { own })
    .orderBy(ageOf('pickup_request'), 'desc')
    .orderBy('pickup_request.id', 'desc')
    .limit(SHOWN)
    .execute()
  return requests.map(({ id, status, brand_name, model_text, storage, created_at }) => ({
    id,
    status,
    device_title: deviceName({ brand: brand_name, model: model_text, storage }),
    created_at,
  }))
}
