import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import type { Db } from '../../../db/handle.ts'

/** Stock that no machine comes to alone: two of them sold or bought one thing and did not know of each other. */

/** Of these products the stores that have fewer than none, with how many. Other stores' are known to head office alone. */
export async function stockBelowZero(
  db: Db,
  product_ids: readonly number[],
): Promise<Map<number, { store_id: number; quantity: number }[]>> {
  if (product_ids.length === 0) return new Map()
  const sums = await db
    .selectFrom('stock_movement')
    .select(['product_id', 'store_id', ({ fn }) => fn.sum<number>('quantity').as('quantity')])
    .where(idIn(db, 'product_id', idListParameter(db, product_ids)))
    .groupBy(['product_id', 'store_id'])
    .having(({ fn }) => fn.sum('quantity'), '<', 0)
    .orderBy('product_id')
    .orderBy('store_id')
    .execute()
  const byProduct = Map.groupBy(sums, ({ product_id }) => product_id)
  return new Map([...byProduct].map(([id, rows]) => [id, rows.map(({ store_id, quantity }) => ({ store_id, quantity }))])) // oxfmt-ignore
}

/**
 * Of these units those that were sold more often than they came, with the movements that sold them; and those whose serial number
 * another unit that is here has too, with the numbers of both: the device was bought twice.
 */
export async function unitsTwice(db: Db, unit_ids: readonly number[]): Promise<Map<number, readonly number[]>> {
  if (unit_ids.length === 0) return new Map()
  return new Map([...(await boughtTwice(db, unit_ids)), ...(await soldTwice(db, unit_ids))])
}

/** These units and all others with their serial numbers. */
export async function withSameSerial(db: Db, unit_ids: readonly number[]): Promise<number[]> {
  if (unit_ids.length === 0) return []
  const others = await db
    .selectFrom('unit')
    .innerJoin('unit as other', 'other.serial_key', 'unit.serial_key')
    .select('other.id')
    .where(idIn(db, 'unit.id', idListParameter(db, unit_ids)))
    .execute()
  return [...new Set([...unit_ids, ...others.map(({ id }) => id)])]
}

async function soldTwice(db: Db, unit_ids: readonly number[]): Promise<Map<number, number[]>> {
  const sums = await db
    .selectFrom('stock_movement')
    .select((q) => q.ref('unit_id').$notNull().as('unit_id'))
    .where(idIn(db, 'unit_id', idListParameter(db, unit_ids)))
    .groupBy(['unit_id', 'store_id'])
    .having(({ fn }) => fn.sum('quantity'), '<', 0)
    .execute()
  if (sums.length === 0) return new Map()
  const sales = await db
    .selectFrom('stock_movement')
    .select(['id', (q) => q.ref('unit_id').$notNull().as('unit_id')])
    .where(
      'unit_id',
      'in',
      sums.map(({ unit_id }) => unit_id),
    ) // oxfmt-ignore
    .where('quantity', '<', 0)
    .orderBy('id')
    .execute()
  const byUnit = Map.groupBy(sales, ({ unit_id }) => unit_id)
  return new Map([...byUnit].map(([id, rows]) => [id, rows.map((row) => row.id)]))
}

async function boughtTwice(db: Db, unit_ids: readonly number[]): Promise<Map<number, number[]>> {
  const pairs = await db
    .selectFrom('unit')
    .innerJoin('unit as other', 'other.serial_key', 'unit.serial_key')
    .select(['unit.id', 'other.id as other_id'])
    .where(idIn(db, 'unit.id', idListParameter(db, unit_ids)))
    .whereRef('other.id', '<>', 'unit.id')
    .where('unit.deleted_at', 'is', null)
    .where('other.deleted_at', 'is', null)
    .execute()
  if (pairs.length === 0) return new Map()
  const all = [...new Set(pairs.flatMap(({ id, other_id }) => [id, other_id]))]
  const present = await db
    .selectFrom('stock_movement')
    .select((q) => q.ref('unit_id').$notNull().as('unit_id'))
    .where(idIn(db, 'unit_id', idListParameter(db, all)))
    .groupBy('unit_id')
    .having(({ fn }) => fn.sum('quantity'), '>', 0)
    .execute()
  const here = new Set(present.map(({ unit_id }) => unit_id))
  // Of two the later one is the task.
  const twice = pairs.filter(({ id, other_id }) => here.has(id) && here.has(other_id) && other_id < id)
  const byUnit = Map.groupBy(twice, ({ id }) => id)
  return new Map([...byUnit].map(([id, rows]) => [id, rows.map(({ other_id }) => other_id).toSorted((a, b) => a - b)])) // oxfmt-ignore
}
