import { sql } from 'kysely'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { insertMany, type NewRow } from '../../../db/rows.ts'
import { OWN_STORE, type Shelf, STORE_OF } from './shelf.ts'

/**
 * How many pieces there are: a ledger of what came and went, and the sum of it in each store. A serialised product moves
 * unit by unit; a unit is in a store's stock while its movements there sum to 1. There is one writer at a time, so what is
 * checked here is true until the transaction commits. Where nothing else is said the store is this machine's.
 */

/** How much of a product, for instance of a refund. */
export type ProductQuantity = { product_id: number; qty: number }

type Movement = NewRow<'stock_movement'>

/** The stock of each of these products; 0 for what never moved. */
export async function stockOf(
  db: Db,
  product_ids: readonly number[],
  shelf: Shelf = 'counter',
): Promise<Map<number, number>> {
  const stock = new Map(product_ids.map((id) => [id, 0]))
  if (stock.size === 0) return stock
  const sums = await db
    .selectFrom('product')
    .innerJoin('stock_movement', (on) =>
      on.onRef('product_id', '=', 'product.id').on('stock_movement.store_id', '=', STORE_OF[shelf]),
    )
    .select(['product.id', ({ fn }) => fn.sum<number>('quantity').as('quantity')])
    .where('product.id', 'in', [...stock.keys()])
    .groupBy('product.id')
    .execute()
  for (const { id, quantity } of sums) stock.set(id, quantity)
  return stock
}

/** Whether any store has pieces of a product, or fewer than none. */
export async function isStocked(db: Db, product_id: number): Promise<boolean> {
  const stocked = await db
    .selectFrom('stock_movement')
    .select('store_id')
    .where('product_id', '=', product_id)
    .groupBy('store_id')
    .having(({ fn }) => fn.sum('quantity'), '<>', 0)
    .limit(1)
    .executeTakeFirst()
  return stocked !== undefined
}

/**
 * Gives back what an order holds, all of it or `some`, to the store that it was taken from. What was given back before is not given back again, so calling
 * twice does no harm; of `some` no more returns than the order still holds. A unit that was counted back, or whose device was bought
 * in again, is here already.
 */
export async function giveStockBack(trx: Trx, order_id: number, some?: readonly ProductQuantity[]): Promise<void> {
  const left = some && quantityPerProduct(some)
  for (const [store_id, held] of Map.groupBy(await piecesHeldBy(trx, order_id), (piece) => piece.store_id)) {
    const movements: Movement[] = []
    const units = held.flatMap(({ unit_id }) => unit_id ?? [])
    const here = (await unitsPresent(trx, units, store_id)).union(await presentAnew(trx, units, store_id))
    for (const { product_id, unit_id, pieces } of held) {
      const quantity = left ? Math.min(pieces, left.get(product_id) ?? 0) : pieces
      if (quantity === 0 || (unit_id !== null && here.has(unit_id))) continue
      left?.set(product_id, left.get(product_id)! - quantity)
      movements.push({ product_id, unit_id, order_id, quantity, kind: 'return', actor_id: trx.act.actor })
    }
    await insertMany(inStore(trx, store_id), 'stock_movement', movements)
  }
}

type Store = number | typeof OWN_STORE

/** The units of a serialised product that are here, the longest-kept first. */
export async function unitsInStock(db: Db, product_id: number, store: Store = OWN_STORE): Promise<number[]> {
  const units = await db
    .selectFrom('stock_movement')
    .select((q) => q.ref('unit_id').$notNull().as('unit_id'))
    .where('product_id', '=', product_id)
    .where('store_id', '=', store)
    .where('unit_id', 'is not', null)
    .groupBy('unit_id')
    .having(({ fn }) => fn.sum('quantity'), '>', 0)
    .orderBy(sql`min(created_at)`)
    .orderBy('unit_id')
    .execute()
  return units.map(({ unit_id }) => unit_id)
}

/** Those of some units that are here. */
export async function unitsPresent(
  db: Db,
  unit_ids: readonly number[],
  store: Store = OWN_STORE,
): Promise<Set<number>> {
  if (unit_ids.length === 0) return new Set()
  const units = await db
    .selectFrom('stock_movement')
    .select((q) => q.ref('unit_id').$notNull().as('unit_id'))
    .where(idIn(db, 'unit_id', idListParameter(db, unit_ids)))
    .where('store_id', '=', store)
    .groupBy('unit_id')
    .having(({ fn }) => fn.sum('quantity'), '>', 0)
    .execute()
  return new Set(units.map(({ unit_id }) => unit_id))
}

/** Those of some units whose device is here as another unit: it was bought in again. */
async function presentAnew(db: Db, unit_ids: readonly number[], store: Store): Promise<Set<number>> {
  if (unit_ids.length === 0) return new Set()
  const same = await db
    .selectFrom('unit')
    .innerJoin('unit as other', 'other.serial_key', 'unit.serial_key')
    .select(['unit.id', 'other.id as other_id'])
    .where(idIn(db, 'unit.id', idListParameter(db, unit_ids)))
    .whereRef('other.id', '<>', 'unit.id')
    .where('other.deleted_at', 'is', null)
    .execute()
  const present = await unitsPresent(
    db,
    same.map(({ other_id }) => other_id),
    store,
  )
  return new Set(same.filter(({ other_id }) => present.has(other_id)).map(({ id }) => id))
}

/** Those of some units that are sold but not on their way yet: they may still stand on the shelf. */
export async function reservedUnits(db: Db, unit_ids: readonly number[]): Promise<Set<number>> {
  if (unit_ids.length === 0) return new Set()
  const units = await reservedMovements(db)
    .select((q) => q.ref('unit_id').$notNull().as('unit_id'))
    .where(idIn(db, 'unit_id', idListParameter(db, unit_ids)))
    .groupBy(['unit_id', 'order_id'])
    .having(({ fn }) => fn.sum('quantity'), '<', 0)
    .execute()
  return new Set(units.map(({ unit_id }) => unit_id))
}

/** How many pieces of these products are sold but not on their way yet; one that nobody waits for is left out. */
export async function reservedCounts(db: Db, product_ids: readonly number[]): Promise<Map<number, number>> {
  if (product_ids.length === 0) return new Map()
  const sums = await reservedMovements(db)
    .select(['product_id', ({ fn }) => fn.sum<number>('quantity').as('quantity')])
    .where(idIn(db, 'product_id', idListParameter(db, product_ids)))
    .groupBy('product_id')
    .having(({ fn }) => fn.sum('quantity'), '<', 0)
    .execute()
  return new Map(sums.map(({ product_id, quantity }) => [product_id, -quantity]))
}

/** Whether an order holds pieces of a product, of whichever store. */
export async function isReserved(db: Db, product_id: number): Promise<boolean> {
  const sums = movementsOfWaiting(db).where('product_id', '=', product_id).groupBy('stock_movement.store_id')
  const reserved = sums.select('stock_movement.store_id').having(({ fn }) => fn.sum('quantity'), '<', 0)
  return (await reserved.limit(1).executeTakeFirst()) !== undefined
}

/** What came and went here for orders that wait for their buyer. */
const reservedMovements = (db: Db) => movementsOfWaiting(db).where('stock_movement.store_id', '=', OWN_STORE)

const movementsOfWaiting = (db: Db) =>
  db
    .selectFrom('stock_movement')
    .innerJoin('sales_order', 'sales_order.id', 'stock_movement.order_id')
    .where('sales_order.status', 'in', ['pending', 'paid'])
    .where('sales_order.deleted_at', 'is', null)

/** What of an order's goods left the stock and came back, each piece of a unit by itself: below 0 what it still has. */
export const movedBy = (db: Db, order_id: number) =>
  db
    .selectFrom('stock_movement')
    .select(['product_id', 'unit_id', 'store_id', ({ fn }) => fn.sum<number>('quantity').as('quantity')])
    .where('order_id', '=', order_id)
    .groupBy(['product_id', 'unit_id', 'store_id'])
    .orderBy('product_id')
    .orderBy('unit_id')
    .execute()

/** What an order has taken and not given back. */
async function piecesHeldBy(trx: Trx, order_id: number) {
  const held = (await movedBy(trx, order_id)).filter(({ quantity }) => quantity < 0)
  return held.map(({ quantity, ...of }) => ({ ...of, pieces: -quantity }))
}

function quantityPerProduct(some: readonly ProductQuantity[]): Map<number, number> {
  const total = new Map<number, number>()
  for (const { product_id, qty } of some) total.set(product_id, (total.get(product_id) ?? 0) + qty)
  return total
}
