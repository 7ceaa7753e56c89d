import type { Db, Trx } from '../../../db/handle.ts'
import { insert, insertMany } from '../../../db/rows.ts'
import type { StockMovementTable, UnitTable } from '../../../db/schema/store-tables.ts'
import { serialKey } from '../../domain/text/fold.ts'
import type { Grade } from '../../domain/grade.ts'
import { badRequest } from '../../http/errors.ts'
import { findProduct, type Product } from './product-list.ts'
import { reservedCounts, reservedUnits, stockOf, unitsInStock, unitsPresent } from './ledger.ts'
import { heldUnits, holdsAt, piecesOf, refuseHeld } from './sellable.ts'
import { CAME_HERE, OWN_STORE } from './shelf.ts'

/**
 * What comes in, is counted and is written off by hand, in the store of this machine. Orders take in `take-stock.ts` and give
 * back in `ledger.ts`.
 */

export type NewUnit = {
  serial_number?: string | null | undefined
  /** The product's unless given. */
  condition?: Grade | undefined
  cost_cents?: number | null | undefined
  origin?: UnitTable['origin'] | undefined
  note?: string | null | undefined
}

type Note = string | null | undefined
type Kind = StockMovementTable['kind']

/**
 * Takes in so many pieces of a product, or a piece for each unit.
 * @throws 404; 400 where a serialised product comes without units or another with them, or a serial number is here already
 */
export async function receiveStock(
  trx: Trx,
  product_id: number,
  { quantity, units, note }: { quantity?: number | undefined; units?: readonly NewUnit[] | undefined; note?: Note },
): Promise<void> {
  const product = await findProduct(trx, product_id)
  if (units) await receiveUnits(trx, serialisedOnly(product), units, note)
  else await move(trx, countedOnly(product), 'receipt', quantity ?? 1, note)
}

/**
 * Brings the stock to what was counted on the shelf: a number, or the serial numbers that were found. What is kept for an
 * order lies there too and stays the order's; when even some of that is missing the stock falls below 0. Returns the
 * difference.
 * @throws 404; 400 for the wrong kind of count, a serial number that the product does not have, and a unit on hold that was
 * not found: an admin ends its hold first
 */
export async function countStock(
  trx: Trx,
  product_id: number,
  {
    quantity,
    serial_numbers,
    note,
  }: { quantity?: number | undefined; serial_numbers?: readonly string[] | undefined; note?: Note },
): Promise<number> {
  const product = await findProduct(trx, product_id)
  if (serial_numbers) return await countUnits(trx, serialisedOnly(product), serial_numbers, note)
  countedOnly(product)
  const free = (quantity ?? 0) - ((await reservedCounts(trx, [product_id])).get(product_id) ?? 0)
  const difference = free - (await stockOf(trx, [product_id])).get(product_id)!
  if (difference !== 0) await move(trx, product, 'count', difference, note)
  return difference
}

/**
 * Takes pieces out of stock that are lost or spoilt.
 * @throws 404, 400 when there are not so many, or a unit is not here or on hold
 */
export async function writeOff(
  trx: Trx,
  product_id: number,
  {
    quantity,
    unit_ids,
    note,
  }: { quantity?: number | undefined; unit_ids?: readonly number[] | undefined; note?: Note },
): Promise<void> {
  const product = await findProduct(trx, product_id)
  if (unit_ids) {
    const here = new Set(await unitsInStock(trx, serialisedOnly(product).id))
    if (unit_ids.some((id) => !here.has(id))) throw badRequest('unit-not-in-stock', 'Unit is not in stock')
    await refuseHeld(trx, unit_ids)
    return await moveUnits(trx, product, 'write-off', -1, [...new Set(unit_ids)], note)
  }
  countedOnly(product)
  const { free: left } = (await piecesOf(trx, [product_id], holdsAt(trx))).get(product_id)!
  if ((quantity ?? 1) > left) throw badRequest('stock-too-low', `Only ${left} in stock`, { left })
  await move(trx, product, 'write-off', -(quantity ?? 1), note)
}

/** The units of a product that are or were here, in the order they came, sold ones included. */
export const listUnits = (db: Db, product_id: number) =>
  units(db).where('product_id', '=', product_id).where(CAME_HERE).orderBy('id')

/** One that is known to be there. */
export const findUnit = (db: Db, id: number) => units(db).where('id', '=', id).executeTakeFirstOrThrow()

const units = (db: Db) =>
  db
    .selectFrom('unit')
    .select(['id', 'serial_number', 'condition', 'cost_cents', 'origin', 'note', 'created_at'])
    .where('deleted_at', 'is', null)

/** These units with whether each is in stock, and until when it is on hold. */
export async function withPresence<U extends { id: number }>(
  db: Db,
  units: readonly U[],
  at: number,
): Promise<(U & { in_stock: boolean; hold_until: number | null })[]> {
  const here = await unitsPresent(
    db,
    units.map(({ id }) => id),
  )
  const held = new Map((await heldUnits(db, at)).map(({ id, hold_until }) => [id, hold_until]))
  return units.map((unit) => ({ ...unit, in_stock: here.has(unit.id), hold_until: held.get(unit.id) ?? null }))
}

/** What came and went of a product here, newest first. */
export const listMovements = (db: Db, product_id: number) =>
  db
    .selectFrom('stock_movement')
    .leftJoin('user', 'user.id', 'actor_id')
    .leftJoin('unit', 'unit.id', 'unit_id')
    .select([
      'stock_movement.id',
      'quantity',
      'kind',
      'stock_movement.note',
      'order_id',
      'unit_id',
      'serial_number',
      'actor_id',
      'user.full_name as actor_name',
      'stock_movement.created_at',
    ])
    .where('stock_movement.product_id', '=', product_id)
    .where('stock_movement.store_id', '=', OWN_STORE)
    .orderBy('stock_movement.created_at', 'desc')
    .orderBy('stock_movement.id', 'desc')

async function receiveUnits(trx: Trx, product: Product, units: readonly NewUnit[], note: Note) {
  const rows = units.map((unit) => ({
    product_id: product.id,
    ...serialOf(unit.serial_number),
    condition: unit.condition ?? product.condition,
    cost_cents: unit.cost_cents ?? null,
    origin: unit.origin ?? ('purchase' as const),
    note: unit.note ?? null,
  }))
  await refusePresent(trx, rows)
  await moveUnits(trx, product, 'receipt', 1, await insertMany(trx, 'unit', rows), note)
}

/** A piece that left may come back, as a unit of its own: it was bought anew. */
async function refusePresent(trx: Trx, rows: readonly { serial_key: string | null; serial_number: string | null }[]) {
  const keys = new Set<string>()
  for (const { serial_key, serial_number } of rows) {
    if (serial_key === null) continue
    if (keys.has(serial_key)) throw alreadyHere(serial_number)
    keys.add(serial_key)
  }
  if (keys.size === 0) return
  const present = await trx
    .selectFrom('unit')
    .innerJoin('stock_movement', 'unit_id', 'unit.id')
    .select('serial_number')
    .where('serial_key', 'in', [...keys])
    .where('stock_movement.store_id', '=', OWN_STORE)
    .groupBy(['unit.id', 'serial_number'])
    .having(({ fn }) => fn.sum('quantity'), '>', 0)
    .executeTakeFirst()
  if (present) throw alreadyHere(present.serial_number)
}

async function countUnits(trx: Trx, product: Product, serial_numbers: readonly string[], note: Note): Promise<number> {
  const here = new Set(await unitsInStock(trx, product.id))
  const found = new Set<number>()
  for (const written of serial_numbers) found.add(await unitCalled(trx, product.id, written, here))
  const missing = [...here].filter((id) => !found.has(id))
  const away = [...found].filter((id) => !here.has(id))
  const kept = await reservedUnits(trx, away)
  const back = away.filter((id) => !kept.has(id))
  await refuseHeld(trx, missing)
  await refusePresent(trx, await serialsOf(trx, back))
  await moveUnits(trx, product, 'count', -1, missing, note)
  await moveUnits(trx, product, 'count', 1, back, note)
  return back.length - missing.length
}

const serialsOf = async (trx: Trx, unit_ids: readonly number[]) =>
  unit_ids.length === 0
    ? []
    : await trx.selectFrom('unit').select(['serial_key', 'serial_number']).where('id', 'in', unit_ids).execute()

/** The unit with this serial number that is here; else the last one that did not go back to who had sold it. */
async function unitCalled(trx: Trx, product_id: number, written: string, here: ReadonlySet<number>): Promise<number> {
  const units = await trx
    .selectFrom('unit')
    .select('id')
    .where('serial_key', '=', serialKey(written))
    .where('product_id', '=', product_id)
    .where('deleted_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('stock_movement')
            .select('stock_movement.id')
            .whereRef('stock_movement.unit_id', '=', 'unit.id')
            .where('kind', '=', 'purchase-return'),
        ),
      ),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const unit = units.find(({ id }) => here.has(id)) ?? units[0]
  if (!unit)
    throw badRequest('serial-of-other-product', `Serial number '${written}' is not of this product`, {
      serial: written,
    })
  return unit.id
}

async function move(trx: Trx, { id: product_id }: Product, kind: Kind, quantity: number, note: Note) {
  await insert(trx, 'stock_movement', { product_id, quantity, kind, note: note ?? null, actor_id: trx.act.actor })
}

async function moveUnits(
  trx: Trx,
  { id: product_id }: Product,
  kind: Kind,
  quantity: number,
  unit_ids: readonly number[],
  note: Note,
) {
  const movement = { product_id, quantity, kind, note: note ?? null, actor_id: trx.act.actor }
  await insertMany(
    trx,
    'stock_movement',
    unit_ids.map((unit_id) => ({ ...movement, unit_id })),
  )
}

function serialisedOnly(product: Product): Product {
  if (!product.serialised) throw badRequest('product-not-serialised', 'Product is counted, not kept by serial number')
  return product
}

function countedOnly(product: Product): Product {
  if (product.serialised) throw badRequest('product-serialised', 'Product is kept by serial number')
  return product
}

const alreadyHere = (serial: string | null) =>
  badRequest('serial-number-in-stock', `Serial number '${serial}' is in stock already`, { serial: serial ?? '' })

function serialOf(written: string | null | undefined) {
  const serial_number = written?.trim() || null
  return { serial_number, serial_key: (serial_number && serialKey(serial_number)) || null }
}
