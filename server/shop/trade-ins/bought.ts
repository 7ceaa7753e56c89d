import type { Db } from '../../../db/handle.ts'
import { isOpen, type OrderStatus } from '../../domain/repair-status.ts'
import type { PickupStatus } from '../../domain/pickup-status.ts'
import { conflict } from '../../http/errors.ts'

/** Whether the device of a request, or of a repair, was bought. */

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

/** The request that a repair became, and the number of its purchase where it was bought and that was not undone. */
export async function tradeInOfRepair(
  db: Db,
  order_id: number,
): Promise<{ id: number; status: PickupStatus; purchase_number: string | null } | null> {
  const bought = await db
    .selectFrom('order_event')
    .select('to_value')
    .where('order_id', '=', order_id)
    .where('kind', '=', 'bought')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const request = await db
    .selectFrom('pickup_request')
    .select(['id', 'status'])
    // A device that waited to be fetched is bought without a word of its repair.
    .where((where) => (bought ? where('id', '=', Number(bought.to_value)) : where('order_id', '=', order_id)))
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!request) return null
  return { ...request, purchase_number: (await purchaseOf(db, request.id))?.number ?? null }
}

/**
 * Looks whether a change of a repair would say that its device is a customer's again.
 * @throws 409 where the shop has bought it: then the purchase is taken back first
 */
export async function refuseBoughtDevice(
  db: Db,
  order_id: number,
  { status, picked_up }: { status?: OrderStatus | undefined; picked_up?: boolean | undefined },
): Promise<void> {
  if (picked_up !== false && !(status && isOpen(status))) return
  const number = (await tradeInOfRepair(db, order_id))?.purchase_number
  if (number) throw conflict('device-bought', `The shop has bought this device: ${number}`, { number })
}
