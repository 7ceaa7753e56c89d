import { z } from 'zod'
import { MAX_QUANTITY } from '../domain/cart.ts'
import { amount, id, int, optional, text } from '../http/fields.contract.ts'

export const Cart = z.object({
  id: id(),
  user_id: id(),
  items: z.array(
    z.object({
      product_id: id(),
      title: text(),
      qty: int(),
      /** The product's price now. */
      unit_price: amount(),
      line_total: amount(),
    }),
  ),
  subtotal: amount(),
})

export const CartCount = z.object({ count: int(), total_items: int() })

/** One piece unless said otherwise. */
export const NewItem = z.object({ product_id: id(), qty: optional(int({ min: 1, max: MAX_QUANTITY })) })
/** 0 or less removes the item. */
export const ItemChanges = z.object({ qty: int({ max: MAX_QUANTITY }) })
export const ItemId = z.object({ product_id: id() })
