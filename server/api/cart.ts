import type { z } from 'zod'
import type { Trx } from '../../db/handle.ts'
import { json } from '../http/body.ts'
import { act, nothing, read, write } from '../http/endpoint.ts'
import { own } from '../http/auth/permissions.ts'
import { addToCart, type Cart as Held, findCart, openCart, removeFromCart, setInCart } from '../shop/sales/carts.ts'
import { holdsAt } from '../shop/stock/sellable.ts'
import { Cart, CartCount, ItemChanges, ItemId, NewItem } from './cart.contract.ts'

export const cart = [
  // An act: only the first look writes, to make the cart.
  act(
    'GET /cart',
    { who: own, response: Cart, summary: 'The caller’s cart' },
    async ({ db, database, write }, { session }) => {
      const user_id = session!.caller.id
      const held = await findCart(db, user_id, database.clock.expiry())
      return held ? shown(held) : await write((trx) => openedCart(trx, user_id))
    },
  ),

  read(
    'GET /cart/count',
    { who: own, response: CartCount, summary: 'How many products and pieces lie in the cart' },
    async ({ db, database }, { session }) => {
      const items = (await findCart(db, session!.caller.id, database.clock.expiry()))?.items ?? []
      return { count: items.length, total_items: items.reduce((pieces, { qty }) => pieces + qty, 0) }
    },
  ),

  write(
    'POST /cart/items',
    { who: own, body: json(NewItem), response: Cart, status: 201, summary: 'Puts a product into the cart' },
    async ({ trx }, { body: { product_id, qty = 1 }, session }) => {
      await addToCart(trx, session!.caller.id, { product_id, qty })
      return await openedCart(trx, session!.caller.id)
    },
  ),

  write(
    'PUT /cart/items/:product_id',
    {
      who: own,
      params: ItemId,
      body: json(ItemChanges),
      response: Cart,
      summary: 'Sets how many of a product lie in the cart; 0 or less removes it',
    },
    async ({ trx }, { params: { product_id }, body: { qty }, session }) => {
      await setInCart(trx, session!.caller.id, { product_id, qty })
      return await openedCart(trx, session!.caller.id)
    },
  ),

  write(
    'DELETE /cart/items/:product_id',
    { who: own, params: ItemId, response: nothing, summary: 'Takes a product out of the cart' },
    async ({ trx }, { params, session }) => await removeFromCart(trx, session!.caller.id, params.product_id),
  ),
]

async function openedCart(trx: Trx, user_id: number): Promise<z.output<typeof Cart>> {
  await openCart(trx, user_id)
  return shown((await findCart(trx, user_id, holdsAt(trx)))!)
}

const shown = ({ items, subtotal_cents: subtotal, ...rest }: Held): z.output<typeof Cart> => ({
  ...rest,
  subtotal,
  items: items.map(({ unit_price_cents: unit_price, line_total_cents: line_total, ...item }) => ({
    ...item,
    unit_price,
    line_total,
  })),
})
