import type { Db } from '../../../db/handle.ts'
import { conflict } from '../../http/errors.ts'

/** Whether the device of a request was bought. */

/** @throws 409 where the device of a request was bought, and that was not undone */
export async function refuseBought(db: Db, pickup_id: number): Promise<void> {
  const bought = await purchaseOf(db, pickup_id)
  if (bought) throw conflict('bought-already', `It is bought already: ${bought.number}`, { number: bought.number })
}

/** The purchase of a request that was not undone; undefined where there is none. */
export const purchaseOf = (db: Db, pickup_id: number) =>
  db
    .selectFrom('receipt_line')
    .innerJoin('receipt', 'receipt.id', 'receipt_line.receipt_id')
    .leftJoin('receipt as undone', 'undone.original_id', 'receipt.id')
    .select(['receipt.id', 'receipt.number', 'receipt.created_at', 'receipt.total_cents', 'receipt_line.unit_id'])
    .where('receipt_line.pickup_id', '=', pickup_id)
    .where('receipt.original_id', 'is', null)
    .where('undone.id', 'is', null)
    .executeTakeFirst()
