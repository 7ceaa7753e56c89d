import { inStore, type Trx } from '../../../db/handle.ts'
import { insertMany, type NewRow } from '../../../db/rows.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { holdsAt, piecesOf, refuseAllHeld, sellableUnits } from './sellable.ts'
import { STORE_OF } from './shelf.ts'

/** What somebody buys; `title` is what a refusal calls it. */
export type WantedLine = { product_id: number; title: string; qty: number }

/**
 * Takes what an order's lines want from the stores in which it lies; the same product on two lines counts together. What is
 * on hold is nobody's to sell.
 * @throws 404 for a product, 400 for the first one that there is not enough of
 */
export async function takeStock(trx: Trx, order_id: number, lines: readonly WantedLine[]): Promise<void> {
  const wanted = mergeLines(lines)
  const places = await placesOf(trx, [...wanted.keys()])
  const pieces = await piecesOf(trx, [...wanted.keys()], holdsAt(trx), 'web')
  const taken = new Map<number, NewRow<'stock_movement'>[]>()
  for (const { product_id, title, qty } of wanted.values()) {
    const { store_id, serialised } = places.get(product_id)!
    const units = serialised === 1 ? await sellableUnits(trx, { product_id, store_id }, holdsAt(trx)) : null
    const left = units ? units.length : pieces.get(product_id)!.free
    if (left === 0) await refuseAllHeld(trx, product_id, holdsAt(trx))
    if (left < qty) throw outOfStock(title, left)
    const sale = { product_id, order_id, kind: 'sale' as const, actor_id: trx.act.actor }
    const movements = taken.get(store_id) ?? []
    taken.set(store_id, movements)
    if (units) for (const unit_id of units.slice(0, qty)) movements.push({ ...sale, unit_id, quantity: -1 })
    else movements.push({ ...sale, unit_id: null, quantity: -qty })
  }
  for (const [store_id, movements] of taken) await insertMany(inStore(trx, store_id), 'stock_movement', movements)
}

/**
 * How each of them is kept, and in which store.
 * @throws 404 when one of them is not in the catalogue
 */
async function placesOf(trx: Trx, ids: readonly number[]): Promise<Map<number, Place>> {
  if (ids.length === 0) return new Map()
  const products = await trx
    .selectFrom('product')
    .select(['id', 'serialised', STORE_OF.web.as('store_id')])
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .execute()
  if (products.length < ids.length) throw notFound('product-not-found', 'Product not found')
  return new Map(products.map(({ id, ...place }) => [id, place]))
}

type Place = { serialised: 0 | 1; store_id: number }

/** One line for each product, named as its first. */
function mergeLines(lines: readonly WantedLine[]): Map<number, WantedLine> {
  const wanted = new Map<number, WantedLine>()
  for (const line of lines) {
    const qty = (wanted.get(line.product_id)?.qty ?? 0) + line.qty
    wanted.set(line.product_id, { ...(wanted.get(line.product_id) ?? line), qty })
  }
  return wanted
}

const outOfStock = (title: string, left: number) =>
  left > 0
    ? badRequest('product-stock-short', `Product '${title}' is out of stock (Only ${left} left)`, { title, left })
    : badRequest('product-out-of-stock', `Product '${title}' is out of stock`, { title })
