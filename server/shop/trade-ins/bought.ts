import type { Db } from '../../../db/handle.ts'
import { ageOf } from '../../../db/queries/newest-first.ts'
import { isOpen, OPEN_STATUSES, type OrderStatus } from '../../domain/repair-status.ts'
import type { PickupStatus } from '../../domain/pickup-status.ts'
import { badRequest, conflict } from '../../http/errors.ts'
import { unitPlace } from '../stock/bought-units.ts'
import { reservedUnits, unitsPresent } from '../stock/ledger.ts'

/** Whether the device of a request, or of a repair, was bought, and may still go back. */

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
    .execute()
  const ids = bought.map(({ to_value }) => Number(to_value))
  const requests = await db
    .selectFrom('pickup_request')
    .select(['id', 'status'])
    // A device that waited to be fetched is bought without a word of its repair.
    .where((where) => (ids.length > 0 ? where('id', 'in', ids) : where('order_id', '=', order_id)))
    .where('deleted_at', 'is', null)
    .orderBy(ageOf('pickup_request'), 'desc')
    .orderBy('id', 'desc')
    .execute()
  // One purchase at most stands; which request came last a clock that was put back does not tell.
  for (const request of requests) {
    const purchase = await purchaseOf(db, request.id)
    if (purchase) return { ...request, purchase_number: purchase.number }
  }
  return requests[0] ? { ...requests[0], purchase_number: null } : null
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
  const number = await purchaseSince(db, order_id, await tradeInOfRepair(db, order_id))
  if (number) throw conflict('device-bought', `The shop has bought this device: ${number}`, { number })
}

/** By which purchase, of the request that the repair became or of another, its device is the shop's; null where it is not. */
export const purchaseSince = async (
  db: Db,
  order_id: number,
  became: { purchase_number: string | null } | null,
): Promise<string | null> => became?.purchase_number ?? (await boughtSince(db, order_id))

/** The purchase by which the device of a repair came into stock after it, and is there still, whatever the repair knows of it. */
async function boughtSince(db: Db, order_id: number): Promise<string | null> {
  const units = await db
    .selectFrom('repair_order')
    .innerJoin('unit', 'unit.device_id', 'repair_order.device_id')
    .innerJoin('receipt', 'receipt.id', 'unit.purchase_receipt_id')
    .leftJoin('receipt as undone', 'undone.original_id', 'receipt.id')
    .select(['unit.id', 'receipt.number'])
    .where('repair_order.id', '=', order_id)
    // The shop repairs what is its own too.
    .whereRef('receipt.created_at', '>=', 'repair_order.created_at')
    .where('unit.deleted_at', 'is', null)
    .where('undone.id', 'is', null)
    .execute()
  const ids = units.map(({ id }) => id)
  // What waits for its buyer lies here too.
  const here = (await unitsPresent(db, ids)).union(await reservedUnits(db, ids))
  return units.find(({ id }) => here.has(id))?.number ?? null
}

/** A purchase by its unit, the request that it was made for, and when. */
type Bought = { unit_id: number | null; pickup_id: number | null; created_at: number }

/** Why a purchase cannot be taken back; null while its unit is here and untouched (money.md 7.6). */
export async function keptBecause(db: Db, bought: Bought): Promise<'unit-not-in-stock' | 'unit-touched' | null> {
  const place = bought.unit_id === null ? 'gone' : await unitPlace(db, bought.unit_id)
  if (place === 'gone') return 'unit-not-in-stock'
  return place === 'moved' || (await wasRepaired(db, bought)) ? 'unit-touched' : null
}

/** @throws 400 where its unit is not here, or was touched since it came: repaired, sold and returned, counted or moved */
export async function refuseKept(db: Db, bought: Bought): Promise<void> {
  const kept = await keptBecause(db, bought)
  if (kept === 'unit-not-in-stock') throw badRequest('unit-not-in-stock', 'Unit is not in stock')
  if (kept) throw badRequest('unit-touched', 'This unit was repaired, sold, counted or moved since it was bought')
}

/**
 * Whether the device has another ticket than the one that the offer came from: an open one, or one of since the purchase. One that
 * was cancelled is none.
 */
async function wasRepaired(db: Db, { unit_id, pickup_id, created_at }: Bought): Promise<boolean> {
  const tickets = db
    .selectFrom('unit')
    .innerJoin('repair_order', 'repair_order.device_id', 'unit.device_id')
    .leftJoin('pickup_request', (on) =>
      on.onRef('pickup_request.order_id', '=', 'repair_order.id').on('pickup_request.id', '=', pickup_id ?? 0),
    )
    .select('repair_order.id')
    .where('unit.id', '=', unit_id ?? 0)
    .where('repair_order.deleted_at', 'is', null)
    .where('pickup_request.id', 'is', null)
    .where('repair_order.status', '<>', 'Cancelled')
    .where((where) =>
      where.or([where('repair_order.status', 'in', OPEN_STATUSES), where('repair_order.created_at', '>', created_at)]),
    )
  return (await tickets.limit(1).executeTakeFirst()) !== undefined
}
