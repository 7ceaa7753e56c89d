import { sql, type RawBuilder } from 'kysely'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import { insert, patch } from '../../../db/rows.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'
import { wallClock } from '../../domain/time/shop-day.ts'
import { holdEnds } from '../../domain/trade-ins/hold.ts'
import { badRequest, type HttpError, notFound } from '../../http/errors.ts'
import type { Correction } from '../clock-corrections.ts'
import { ownShop } from '../shop-settings.ts'
import { stockOf, unitsInStock } from './ledger.ts'
import { type Shelf, STORE_OF } from './shelf.ts'

/**
 * What may be sold: what is in stock and not on hold. A unit that was bought in is held until its day, unless an admin lets it
 * go (money.md 7.5). Whoever sells, orders, counts, writes off or lists asks here. `at` is an instant by which time has run out
 * for sure (`clock.expiry()`, in a write `holdsAt`): by a clock that nobody has confirmed no hold ends. Each is asked of the
 * counter's stock unless it is the web shop that asks.
 */

/** A unit that is here and must stay here. */
export type HeldUnit = { id: number; product_id: number; device_id: number | null; hold_until: number }

/** The instant by which this write judges holds. */
export const holdsAt = (trx: Trx): number => trx.act.clock.reading.expiry

/** All units on hold of a shelf: they are few, and found by an index of what has a hold at all. */
const heldOn = (shelf: Shelf) => (db: Db, at: number) =>
  db
    .selectFrom('unit')
    .innerJoin('product', 'product.id', 'unit.product_id')
    .select(['unit.id', 'unit.product_id', 'unit.device_id', (q) => q.ref('hold_until').$notNull().as('hold_until')])
    .where('hold_until', '>', at)
    .where('unit.deleted_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('hold_release').select('hold_release.id').whereRef('hold_release.unit_id', '=', 'unit.id')),
      ),
    )
    .where(
      ({ selectFrom }) =>
        selectFrom('stock_movement')
          .select(({ fn }) => fn.sum<number>('quantity').as('here'))
          .whereRef('stock_movement.unit_id', '=', 'unit.id')
          .where('stock_movement.store_id', '=', STORE_OF[shelf]),
      '>',
      0,
    )
    .orderBy('hold_until')
    .orderBy('unit.id')

const EVERY_HELD = { counter: prepared(heldOn('counter')), web: prepared(heldOn('web')) }

/** The units on hold, the one that is free first; of some products, or all. */
export async function heldUnits(
  db: Db,
  at: number,
  { product_ids, shelf = 'counter' }: { product_ids?: readonly number[]; shelf?: Shelf } = {},
): Promise<HeldUnit[]> {
  const held = await EVERY_HELD[shelf](db, at)
  if (!product_ids) return held
  const wanted = new Set(product_ids)
  return held.filter(({ product_id }) => wanted.has(product_id))
}

/** How many of these units are on hold, by product; a product without any is left out. */
function countedByProduct(held: readonly HeldUnit[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { product_id } of held) counts.set(product_id, (counts.get(product_id) ?? 0) + 1)
  return counts
}

/** Pieces of a product: all that are here, those of them on hold, and those that may be sold, never below 0. */
export type Pieces = { here: number; on_hold: number; free: number }

/** The pieces of each of these products. */
export async function piecesOf(
  db: Db,
  product_ids: readonly number[],
  at: number,
  shelf: Shelf = 'counter',
): Promise<Map<number, Pieces>> {
  const stock = await stockOf(db, product_ids, shelf)
  const held = countedByProduct(await heldUnits(db, at, { product_ids, shelf }))
  return new Map(
    [...stock].map(([id, here]) => {
      const on_hold = held.get(id) ?? 0
      return [id, { here, on_hold, free: Math.max(0, here - on_hold) }]
    }),
  )
}

/** The units of a serialised product that the web shop may sell, the longest-kept first; it lies in this store. */
export async function sellableUnits(
  db: Db,
  { product_id, store_id }: { product_id: number; store_id: number },
  at: number,
): Promise<number[]> {
  const held = new Set((await heldUnits(db, at, { product_ids: [product_id], shelf: 'web' })).map(({ id }) => id))
  return (await unitsInStock(db, product_id, store_id)).filter((id) => !held.has(id))
}

/**
 * Looks whether the web shop has nothing of a product but units on hold.
 * @throws 400 with the day on which the first of them is free
 */
export async function refuseAllHeld(db: Db, product_id: number, at: number): Promise<void> {
  const product_ids = [product_id]
  const [first] = await heldUnits(db, at, { product_ids, shelf: 'web' })
  if (first && (await piecesOf(db, product_ids, at, 'web')).get(product_id)!.free === 0) throw await onHold(db, first)
}

/**
 * Looks at units that somebody wants to move.
 * @throws 400 where one of them is on hold, with its day
 */
export async function refuseHeld(trx: Trx, unit_ids: readonly number[]): Promise<void> {
  if (unit_ids.length === 0) return
  const held = (await heldUnits(trx, holdsAt(trx))).find(({ id }) => unit_ids.includes(id))
  if (held) throw await onHold(trx, held)
}

/** The refusal of a unit on hold: the day on which it is free, as the shop's clock has it. */
export async function onHold(db: Db, { hold_until }: Pick<HeldUnit, 'hold_until'>): Promise<HttpError> {
  const { time_zone } = await ownShop(db)
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: time_zone, day: 'numeric', month: 'long' })
  return badRequest('unit-on-hold', `On hold until ${day.format(hold_until)}`, { until_at: hold_until })
}

/**
 * What the web shop shows of `product`: what it was told to, and where nobody said, what has a price and more than units on
 * hold.
 */
export async function shownOnWeb(db: Db, at: number): Promise<RawBuilder<boolean>> {
  const held = await heldUnits(db, at, { shelf: 'web' })
  const product_ids = [...new Set(held.map(({ product_id }) => product_id))]
  const hidden = [...(await piecesOf(db, product_ids, at, 'web'))].flatMap(([id, { free }]) => (free > 0 ? [] : [id]))
  const automatic = sql<boolean>`product.web is null and product.price_cents > 0`
  if (hidden.length === 0) return sql<boolean>`(product.web = 1 or ${automatic})`
  const isHidden = idIn(db, 'product.id', idListParameter(db, hidden))
  return sql<boolean>`(product.web = 1 or (${automatic} and not (${isHidden})))`
}

/**
 * Lets a unit go before its day.
 * @throws 404 for the unit, 400 where it is not on hold
 */
export async function releaseHold(trx: Trx, unit_id: number, reason: string): Promise<void> {
  const unit = await trx
    .selectFrom('unit')
    .select('id')
    .where('id', '=', unit_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!unit) throw notFound('unit-not-found', 'Unit not found')
  const held = (await heldUnits(trx, holdsAt(trx))).some(({ id }) => id === unit_id)
  if (!held) throw badRequest('unit-not-on-hold', 'This unit is not on hold')
  await insert(trx, 'hold_release', { unit_id, by: trx.act.actor!, reason })
}

/**
 * Moves the holds of what was bought after `since`, up to `until`, while the clock was contradicted and `by` ms off: as many
 * days, from the day on which it was bought in truth.
 */
export async function moveHolds(trx: Trx, { since, until, by }: Correction): Promise<void> {
  const { time_zone } = await ownShop(trx)
  const units = await trx
    .selectFrom('unit')
    .select(['id', 'created_at', (q) => q.ref('hold_until').$notNull().as('hold_until')])
    .where('hold_until', 'is not', null)
    .where('created_at', '>', since)
    .where(idOf(await ownedNodes(trx), 'id'))
    .where('created_at', '<=', until)
    .execute()
  for (const { id, created_at, hold_until } of units) {
    const days = dayNumber(hold_until, time_zone) - dayNumber(created_at, time_zone)
    await patch(trx, 'unit', id, { hold_until: holdEnds(created_at + by, Math.max(0, days - 1), time_zone) })
  }
}

function dayNumber(at: number, time_zone: string): number {
  const { year, month, day } = wallClock(at, time_zone)
  return Date.UTC(year, month - 1, day) / 86_400_000
}
