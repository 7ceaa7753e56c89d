import { newReconciler, reconcile } from '../../server/shop/card-payments/reconcile.ts'
import type { Reconciler } from '../../server/shop/card-payments/reconcile-events.ts'
import { openStripe } from '../../server/shop/card-payments/stripe.ts'
import { hurry } from '../api/card-shop.ts'
import { openStore } from '../api/store-shop.ts'
import type { TestDatabase } from '../support/database.ts'
import { openShop, type Person, type Shop } from '../support/shop.ts'
import type { StripeEvent } from '../support/stripe-machine.ts'
import { openStandIn, signed } from '../support/stripe-stand-in.ts'
import { type Random, randomFrom } from './random.ts'

/** What a campaign has done so far. */
export type Tally = Record<
  'steps' | 'orders' | 'events' | 'repeated' | 'forged' | 'forgedTaken' | 'faults' | 'kills' | 'refunds' | 'disputes',
  number
>

/** A shop with its Stripe, whose program can be killed at any moment and started again. */
export type World = Awaited<ReturnType<typeof openWorld>>

/** The program waits this long for Stripe, in ms: not at all while all goes wrong, and long enough on a busy machine at the end. */
const FAULTY_TIMEOUT_MS = 400
const CALM_TIMEOUT_MS = 20_000

export async function openWorld(seed: number, tally: Tally, freshOne: () => Promise<TestDatabase>) {
  const random: Random = randomFrom(seed)
  const fresh = await freshOne()
  let now = Date.now
  const stripe = await openStandIn(() => now())
  const store = await openStore({ on: fresh, config: { stripe: stripe.config } })
  const stock = [random.between(2, 4), random.between(3, 8)]
  const products: number[] = []
  for (const pieces of stock)
    products.push(await store.product({ stock: pieces, price_cents: random.between(100, 99_999) }))
  let shop: Shop = store
  let state: Reconciler
  let killed = false
  let stripeTimeout = FAULTY_TIMEOUT_MS

  const connect = () => {
    shop.context.stripe = openStripe(stripe.config, stripeTimeout)
    hurry(shop.context)
  }
  const begin = () => {
    now = shop.clock.now
    state = newReconciler(shop.context)
    connect()
  }
  begin()

  const world = {
    random,
    tally,
    stripe,
    stock,
    products,
    customers: [store.customer, store.other],
    admin: store.admin,
    /** Intents whose secret a buyer was given. */
    payable: [] as string[],
    delivered: new Set<string>(),
    shop: () => shop,
    call: (method: string, path: string, as: Person, body?: unknown) => shop.call(method, path, { as, body }),
    pass: (minutes: number) => shop.clock.pass(minutes * 60_000),
    reconcile: () => reconcile(shop.context, state),
    /** From now on nothing goes wrong any more. */
    calm: () => {
      stripe.mend()
      stripeTimeout = CALM_TIMEOUT_MS
      connect()
    },
    /** From now on nothing is written any more, as if the power had gone. */
    kill: () => {
      killed = true
      shop.context.database.write = () => Promise.reject(new Error('killed'))
    },
    /** Starts the program again, on what it had written. */
    restart: async () => {
      if (killed) tally.kills++
      killed = false
      await shop[Symbol.asyncDispose]()
      shop = await openShop({ on: fresh, config: { stripe: stripe.config }, startsAt: now() })
      begin()
    },
    wasKilled: () => killed,
    deliver: async (event: StripeEvent): Promise<number> => {
      tally.events++
      if (world.delivered.has(event.id)) tally.repeated++
      const { body, headers } = signed(event, now())
      const { status } = await shop.call('POST', '/api/orders/stripe-webhook', { body, headers })
      if (status === 200) world.delivered.add(event.id)
      return status
    },
    [Symbol.asyncDispose]: async () => {
      await shop[Symbol.asyncDispose]()
      await stripe[Symbol.asyncDispose]()
      await fresh.remove()
    },
  }
  return world
}
