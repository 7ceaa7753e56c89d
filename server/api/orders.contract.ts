import { z } from 'zod'
import { MAX_QUANTITY } from '../domain/cart.ts'
import { SALES_STATUSES } from '../domain/sales-status.ts'
import { amount, flag, id, instant, int, jsonObject, listOf, oneOf, optional, text } from '../http/fields.contract.ts'
import { paging } from './query.contract.ts'

/** `client_secret` is what the page pays with at Stripe. */
export const PlacedOrder = z.object({ order_id: id(), client_secret: text() })

/** What the page shows as its total is its own business: what counts is each price. */
export const Checkout = z.object({
  items: listOf(z.object({ id: id(), price: amount(), quantity: int({ min: 1, max: MAX_QUANTITY }) }), { max: 500 }),
  /** `card` unless said otherwise; anything else is paid at the counter. */
  paymentMethod: optional(text({ max: 50 })),
  shippingAddress: optional(jsonObject({ textAs: 'address' })),
})

/** `client_secret` only where the order is paid by card. */
export const CheckedOut = z.object({
  success: flag(),
  orderId: text(),
  order_id: id(),
  client_secret: text().optional(),
})

export const MyOrdersQuery = z.object({ status: optional(oneOf(SALES_STATUSES)), ...paging(100) })

/** What an order of one's own and one in the admin part have in common. */
export const money = { subtotal: amount(), tax: amount(), shipping_fee: amount(), total: amount() }

export const MyOrder = z.object({
  id: id(),
  user_id: id(),
  status: oneOf(SALES_STATUSES),
  ...money,
  created_at: instant(),
  items: z.array(
    z.object({
      product_id: id(),
      /** As the product was called then, which may not be its name now. */
      title: text(),
      unit_price: amount(),
      qty: int(),
      line_total: amount(),
      product: z.object({ id: id(), title: text(), image: text() }).nullable(),
    }),
  ),
  payment: z.object({ status: text(), amount: amount(), currency: text() }).nullable(),
})
