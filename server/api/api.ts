import { withPrefix } from '../http/endpoint.ts'
import { addresses } from './addresses.ts'
import { adminOrders } from './admin-orders.ts'
import { adminTradeIns } from './admin-trade-ins.ts'
import { auth } from './auth.ts'
import { cart } from './cart.ts'
import { categories } from './categories.ts'
import { locations } from './locations.ts'
import { orders } from './orders.ts'
import { products } from './products.ts'
import { stripeWebhook } from './stripe-webhook.ts'
import { tradeIn } from './trade-in.ts'
import { uploads } from './uploads.ts'

/** The store and trade-in API, as `store-api.md` documents it. */
export const api = [
  ...withPrefix('/api', [
    ...auth,
    ...products,
    ...cart,
    ...addresses,
    ...orders,
    ...stripeWebhook,
    ...adminOrders,
    ...categories,
    ...locations,
    ...tradeIn,
    ...adminTradeIns,
  ]),
  ...uploads,
]
