import type { Trx } from '../../../db/handle.ts'
import { insertMany, type NewRow } from '../../../db/rows.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { holdsAt, piecesOf, refuseAllHeld, sellableUnits } from './sellable.ts'

/** What somebody buys; `title` is what a refusal calls it. */
export type WantedLine = { product_id: number; title: string; qty: number }

/**
 * Takes what an order's lines want; the same product on two lines counts together. What is on hold is nobody's to sell.
 * @throws 404 for a product, 400 for the first one that there is not enough of
 */
export async function takeStock(trx: Trx, order_id: number, lines: readonly WantedLine[]): Promise<void> {
  const wanted = mergeLines(lines)
  const serialised = await serialisedAmong(trx, [...wanted.keys()])
  const pieces = await piecesOf(trx, [...wanted.keys()], holdsAt(trx))
  const movements: NewRow<'stock_movement'>[] = []
  for (const { product_id, title, qty } of wanted.values()) {
    const units = serialised.get(product_id) ? await sellableUnits(trx, product_id, holdsAt(trx)) : null
    const left = units ? units.length : pieces.get(product_id)!.free
    if (left === 0) await refuseAllHeld(trx, product_id, holdsAt(trx))
    if (left < qty) throw outOfStock(title, left)
    const sale = { product_id, order_id, kind: 'sale' as const, actor_id: trx.act.actor }
    if (units) for (const unit_id of units.slice(0, qty)) movements.push({ ...sale, unit_id, quantity: -1 })
    else movements.push({ ...sale, unit_id: null, quantity: -qty })
  }
  await insertMany(trx, 'stock_movement', movements)
}

/** @throws 404 when one of them is not in the catalogue */
async function serialisedAmong(trx: Trx, ids: readonly number[]): Promise<Map<number, boolean>> {
  if (ids.length === 0) return new Map()
  const products = await trx
    .selectFrom('product')
    .select(['id', 'serialised'])
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .execute()
  if (products.length < ids.length) throw notFound('product-not-found', 'Product not found')
  return new Map(products.map(({ id, serialised }) => [id, serialised === 1]))
}

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
