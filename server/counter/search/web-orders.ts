import { ageOf } from '../../../db/queries/newest-first.ts'
import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { WebOrderHit } from './search.contract.ts'

/** The web shop's orders that these receipts of the desk belong to, newest first. */
export async function webOrdersOfReceipts(
  db: Db,
  numbers: readonly string[],
  limit: number,
): Promise<z.output<typeof WebOrderHit>[]> {
  if (numbers.length === 0) return []
  const found = await db
    .selectFrom('sales_payment_entry')
    .innerJoin('sales_order', 'sales_order.id', 'sales_payment_entry.order_id')
    .innerJoin('user', 'user.id', 'sales_order.user_id')
    .select(['sales_order.id', 'sales_order.status', 'user.full_name', 'user.email', 'receipt_number'])
    .where('receipt_number', 'in', numbers)
    .where('sales_order.deleted_at', 'is', null)
    .orderBy(ageOf('sales_order'), 'desc')
    .orderBy('sales_payment_entry.id', 'desc')
    .limit(limit)
    .execute()
  return found.map(({ full_name, email, receipt_number, ...order }) => ({
    ...order,
    customer_name: full_name || email || '',
    receipt_number: receipt_number!,
  }))
}
