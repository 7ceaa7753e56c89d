import type { Context } from '../../server/context.ts'
import { newReconciler, reconcile } from '../../server/shop/card-payments/reconcile.ts'
import type { Person, Reply, ShopOptions } from '../support/shop.ts'
import type { Card } from '../support/stripe-machine.ts'
import { openStandIn, signed } from '../support/stripe-stand-in.ts'
import { openStore } from './store-shop.ts'

/** A store whose customers pay by card, and the Stripe that it speaks to; both go by the shop's clock. */
export async function openCardShop({ config, ...options }: ShopOptions = {}) {
  let now = Date.now
  const stripe = await openStandIn(() => now())
  const store = await openStore({ ...options, config: { stripe: stripe.config, ...config } })
  now = store.clock.now
  hurry(store.context)
  const state = newReconciler(store.context)
  /** One of now: time passes by days here. */
  const tokenOf = ({ id }: Person) => store.context.tokens.issue({ sub: id, sid: `test-${id}` })
  const card = {
    ...store,
    stripe,
    state,
    reconcile: () => reconcile(store.context, state),
    /** Orders products by card; the intent is the one that Stripe made for it. */
    buy: async (id: number, quantity = 1, as: Person = store.customer): Promise<Bought> => {
      const price = (await store.call('GET', `/api/products/${id}`)).body.price
      const reply = await store.api(
        'POST',
        '/orders/checkout',
        { items: [{ id, price, quantity }], paymentMethod: 'card' },
        { as },
      )
      return { ...reply, order_id: reply.body.order_id, intent_id: reply.body.client_secret?.split('_secret_')[0] }
    },
    /** Buys and pays, and Stripe tells of it. */
    paid: async (id: number, quantity = 1, pays: Card = 'good'): Promise<Bought> => {
      const bought = await card.buy(id, quantity)
      stripe.confirm(bought.intent_id, pays)
      await card.deliver(...stripe.events)
      return bought
    },
    /** Sends what Stripe signed just now, one after the other, and returns the last reply. */
    deliver: async (...events: object[]): Promise<Reply> => {
      let last: Reply | undefined
      for (const event of events) last = await card.send(signed(event, store.clock.now()))
      return last!
    },
    send: ({ body, headers }: ReturnType<typeof signed>) =>
      store.call('POST', '/api/orders/stripe-webhook', { body, headers }),
    event: (type: string) => stripe.events.findLast((event) => event.type === type)!,
    status: async (order_id: number): Promise<string> => (await card.sale(order_id)).status,
    /** The order as the desk sees it. */
    sale: async (order_id: number) =>
      (await store.call('GET', `/counter/sales-orders/${order_id}`, { token: tokenOf(store.staff) })).body,
    refund: (order_id: number, body: object = {}, as: Person = store.staff) =>
      store.call('POST', `/counter/sales-orders/${order_id}/refunds`, { token: tokenOf(as), body }),
    /** Notes money that went back outside Stripe. */
    elsewhere: (order_id: number, body: object) =>
      store.call('POST', `/counter/sales-orders/${order_id}/refunds/elsewhere`, { token: tokenOf(store.staff), body }),
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]()
      await stripe[Symbol.asyncDispose]()
    },
  }
  return card
}

export type CardShop = Awaited<ReturnType<typeof openCardShop>>
type Bought = Reply & { order_id: number; intent_id: string }

/** The SDK waits half a second before it asks again. */
export function hurry({ stripe }: Pick<Context, 'stripe'>): void {
  if (stripe) stripe.api.getInitialNetworkRetryDelay = () => 0.01
}

/** All tries of one question. */
export const EVERY_TRY = { times: 3 }
