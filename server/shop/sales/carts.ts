import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, insertMinted, updateLocal } from '../../../db/local.ts'
import { MAX_QUANTITY } from '../../domain/cart.ts'
import { sum, times } from '../../domain/money/money.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import type { ProductQuantity } from '../stock/ledger.ts'
import { holdsAt, refuseAllHeld, shownOnWeb } from '../stock/sellable.ts'

/**
 * The carts of the store, one for each person. What is in one costs what the product costs now, and a product that the web
 * shop does not show (any more) is not seen in it.
 */

/** Products in one cart: even of the dearest, the sum of all their pieces is exact. */
const MAX_CART_LINES = 90

export type Cart = { id: number; user_id: number; items: CartLine[]; subtotal_cents: number }
export type CartLine = ProductQuantity & { title: string; unit_price_cents: number; line_total_cents: number }

/** The cart of a person as it stands, null before there is one; `at` as in `sellable.ts`. */
export async function findCart(db: Db, user_id: number, at: number): Promise<Cart | null> {
  const cart = await cartRow(db, user_id)
  if (!cart) return null
  const rows = await shownIn(db, cart.id, at)
  const items = rows.map(({ product_id, title, qty, unit_price_cents }) => ({
    product_id,
    title,
    qty,
    unit_price_cents,
    line_total_cents: times(unit_price_cents, qty),
  }))
  return { id: cart.id, user_id, items, subtotal_cents: sum(items.map(({ line_total_cents }) => line_total_cents)) }
}

/** The cart of a person, made on first use; returns its id. */
export async function openCart(trx: Trx, user_id: number): Promise<number> {
  return (await cartRow(trx, user_id))?.id ?? (await insertMinted(trx, 'cart', { user_id }))
}

/**
 * Puts pieces of a product into a person's cart, to those that are there already.
 * @throws 404 for a product that the web shop does not show, 400 for one that is on hold and for more than a cart holds
 */
export async function addToCart(trx: Trx, user_id: number, { product_id, qty }: ProductQuantity): Promise<void> {
  await refuseUnknown(trx, product_id)
  await refuseAllHeld(trx, product_id, holdsAt(trx))
  const cart_id = await openCart(trx, user_id)
  const items = await itemsIn(trx, cart_id)
  const item = items.find((other) => other.product_id === product_id)
  const pieces = (item?.qty ?? 0) + qty
  if (pieces > MAX_QUANTITY)
    throw badRequest('cart-pieces-full', `A cart holds at most ${MAX_QUANTITY} of one product`, { most: MAX_QUANTITY })
  if (item) return void (await updateLocal(trx, 'cart_item', { id: item.id }, { qty: pieces }))
  if (items.length >= MAX_CART_LINES)
    throw badRequest('cart-full', `A cart holds at most ${MAX_CART_LINES} products`, { most: MAX_CART_LINES })
  await insertMinted(trx, 'cart_item', { cart_id, product_id, qty })
}

/**
 * Sets how many of a product lie in a person's cart; 0 or less takes it out.
 * @throws 404
 */
export async function setInCart(trx: Trx, user_id: number, { product_id, qty }: ProductQuantity): Promise<void> {
  const item = await findItem(trx, user_id, product_id)
  if (qty <= 0) await deleteLocal(trx, 'cart_item', { id: item.id })
  else await updateLocal(trx, 'cart_item', { id: item.id }, { qty })
}

/**
 * Takes a product out of a person's cart.
 * @throws 404
 */
export async function removeFromCart(trx: Trx, user_id: number, product_id: number): Promise<void> {
  await setInCart(trx, user_id, { product_id, qty: 0 })
}

/** Takes what was bought out of a person's cart; returns how many pieces of each product lay in it. */
export async function takeFromCart(
  trx: Trx,
  user_id: number,
  bought: readonly ProductQuantity[],
): Promise<Map<number, number>> {
  const cart = await cartRow(trx, user_id)
  const taken = new Map<number, number>()
  for (const { id, product_id, qty } of cart ? await itemsIn(trx, cart.id) : []) {
    const pieces = Math.min(qty, bought.find((line) => line.product_id === product_id)?.qty ?? 0)
    if (pieces === 0) continue
    taken.set(product_id, pieces)
    if (pieces === qty) await deleteLocal(trx, 'cart_item', { id: id })
    else await updateLocal(trx, 'cart_item', { id: id }, { qty: qty - pieces })
  }
  return taken
}

/** Puts back what an order took out, as far as the cart holds it and the catalogue has it. */
export async function putBack(trx: Trx, user_id: number, lines: readonly ProductQuantity[]): Promise<void> {
  const cart_id = await openCart(trx, user_id)
  const items = await itemsIn(trx, cart_id)
  for (const { product_id, qty } of lines) {
    const item = items.find((other) => other.product_id === product_id)
    if (item) await updateLocal(trx, 'cart_item', { id: item.id }, { qty: Math.min(MAX_QUANTITY, item.qty + qty) })
    else await insertMinted(trx, 'cart_item', { cart_id, product_id, qty })
  }
}

const cartRow = (db: Db, user_id: number) =>
  db.selectFrom('cart').select('id').where('user_id', '=', user_id).orderBy('id').limit(1).executeTakeFirst()

/** What is in a cart, as far as the catalogue has it. */
const itemsIn = (db: Db, cart_id: number) => items(db, cart_id).execute()

/** What is seen in a cart: what the web shop shows. */
const shownIn = async (db: Db, cart_id: number, at: number) =>
  await items(db, cart_id)
    .where(await shownOnWeb(db, at))
    .execute()

const items = (db: Db, cart_id: number) =>
  db
    .selectFrom('cart_item')
    .innerJoin('product', 'product.id', 'cart_item.product_id')
    .select([
      'cart_item.id',
      'cart_item.product_id',
      'cart_item.qty',
      'product.name as title',
      'product.price_cents as unit_price_cents',
    ])
    .where('cart_item.cart_id', '=', cart_id)
    .where('product.deleted_at', 'is', null)
    .orderBy('cart_item.id')

async function findItem(trx: Trx, user_id: number, product_id: number) {
  const cart = await cartRow(trx, user_id)
  const item = cart && (await shownIn(trx, cart.id, holdsAt(trx))).find((other) => other.product_id === product_id)
  if (!item) throw notFound('item-not-in-cart', 'Item not in cart')
  return item
}

async function refuseUnknown(trx: Trx, product_id: number) {
  const product = await trx
    .selectFrom('product')
    .select('id')
    .where('id', '=', product_id)
    .where('deleted_at', 'is', null)
    .where(await shownOnWeb(trx, holdsAt(trx)))
    .executeTakeFirst()
  if (!product) throw notFound('product-not-found', 'Product not found')
}
