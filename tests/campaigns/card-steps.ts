import { Refusal } from '../support/stripe-machine.ts'
import { type Fault, signed } from '../support/stripe-stand-in.ts'
import type { World } from './card-world.ts'

/** What customers, the shop and Stripe do, with injected faults, in random order. */
type Step = (world: World) => unknown

const FAULTS: Fault[] = [
  'cut-before',
  'cut-after',
  'hang-before',
  'hang-after',
  'limit',
  'down',
  'down-after',
  'html',
  'empty',
]

/** Now and then Stripe or the line to it fails, or the program dies once Stripe has done its work. */
function injectFault({ random, stripe, tally, kill }: World, share: number) {
  if (!random.sometimes(share)) return
  tally.faults++
  if (random.sometimes(0.3)) {
    stripe.done.hook = () => {
      stripe.done.hook = null
      kill()
    }
    return
  }
  stripe.break(random.of(FAULTS), { times: random.between(1, 3) })
}

/** Runs a step with injected faults, and starts the program again where it ended. */
async function withFaults(world: World, share: number, step: () => Promise<unknown>) {
  injectFault(world, share)
  await step().catch((error: unknown) => {
    if (!world.wasKilled()) throw error
  })
  world.stripe.mend()
  world.stripe.done.hook = null
  if (world.wasKilled()) await world.restart()
}

const buy: Step = (world) =>
  withFaults(world, 0.3, async () => {
    const { random, products, call, payable, tally } = world
    const id = random.of(products)
    const as = random.of(world.customers)
    const { price } = (await call('GET', `/api/products/${id}`, as)).body
    const items = [{ id, price, quantity: random.between(1, 2) }]
    const { status, body } = await call('POST', '/api/orders/checkout', as, { items, paymentMethod: 'card' })
    tally.orders++
    if (status === 200) payable.push(body.client_secret.split('_secret_')[0])
  })

/** Stripe refuses what cannot be in this state: so it does to whoever tries. */
function attempt(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

const anyIntent = ({ random, payable, stripe }: World) =>
  payable.length > 0 ? stripe.intents.get(random.of(payable))! : null

const pay: Step = (world) => {
  const intent = anyIntent(world)
  if (intent)
    attempt(() =>
      world.stripe.confirm(intent.id, world.random.of(['good', 'good', 'good', 'declined', 'asks', 'slow'])),
    )
}

const finish: Step = (world) => {
  const intent = anyIntent(world)
  if (intent) world.stripe.finish(intent.id, world.random.sometimes(0.7))
}

const cancelAtStripe: Step = (world) => {
  const intent = anyIntent(world)
  if (intent) attempt(() => world.stripe.cancelIntent(intent.id))
}

const refundAtStripe: Step = (world) => {
  const intent = anyIntent(world)
  if (!intent) return
  const part = world.random.sometimes(0.5) ? { amount: world.random.between(1, intent.amount) } : {}
  const status = world.random.sometimes(0.7) ? 'succeeded' : 'pending'
  attempt(() => world.stripe.createRefund({ payment_intent: intent.id, ...part }, status))
}

const finishRefund: Step = ({ stripe, random }) => {
  const refunds = [...stripe.refunds.keys()]
  if (refunds.length > 0) stripe.finishRefund(random.of(refunds), random.sometimes(0.6))
}

const dispute: Step = (world) => {
  const { stripe, random, tally } = world
  const open = [...stripe.disputes.values()]
  if (open.length > 0 && random.sometimes(0.6))
    return void stripe.stepDispute(random.of(open).id, random.of(['under_review', 'won', 'lost']))
  const intent = anyIntent(world)
  if (!intent || intent.status !== 'succeeded' || open.some(({ payment_intent }) => payment_intent === intent.id))
    return
  stripe.openDispute(intent.id)
  tally.disputes++
}

const anyOrder = ({ random, tally }: World) => random.between(1, Math.max(1, tally.orders))

const cancelOrder: Step = (world) =>
  world.call('PUT', `/api/admin/orders/${anyOrder(world)}`, world.admin, { status: 'cancelled' })

const deleteOrder: Step = (world) => world.call('DELETE', `/api/admin/orders/${anyOrder(world)}`, world.admin)

const refundAtCounter: Step = async (world) => {
  if (world.random.sometimes(0.7)) await payAndTell(world)
  await withFaults(world, 0.4, async () => {
    const { random, admin, call, tally } = world
    const part = random.sometimes(0.5) ? { amount_cents: random.between(1, 20_000) } : {}
    const order_id = await orderAtRandom(world)
    if (order_id === null) return
    world.stripe.refunding.status = random.sometimes(0.7) ? 'succeeded' : 'pending'
    const { status } = await call('POST', `/counter/sales-orders/${order_id}/refunds`, admin, part)
    if (status === 201) tally.refunds++
  })
}

/** Somebody pays, and the shop hears of it: in a few steps at random it seldom knows of anything that could go back. */
async function payAndTell(world: World): Promise<void> {
  const intent = anyIntent(world)
  if (!intent) return
  attempt(() => world.stripe.confirm(intent.id, 'good'))
  for (const event of world.stripe.events.filter(({ data: { object } }) => 'id' in object && object.id === intent.id))
    await world.deliver(event)
}

/** Mostly one on which there is something to be paid back. */
async function orderAtRandom({ shop, random }: World): Promise<number | null> {
  const orders = await shop().database.db.selectFrom('sales_order').select(['id', 'status']).execute()
  const paid = orders.filter(({ status }) => status === 'paid')
  const among = paid.length > 0 && random.sometimes(0.8) ? paid : orders
  return among.length > 0 ? random.of(among).id : null
}

/** Some of what Stripe has to tell, in any order, again and at the same time; and what somebody else made up. */
const deliver: Step = async (world) => {
  const { random, stripe } = world
  for (const event of random.shuffled(stripe.events).slice(0, random.between(1, 6))) {
    if (random.sometimes(0.2)) await forge(world)
    if (random.sometimes(0.05)) {
      world.kill()
      await world.deliver(event)
      await world.restart()
    } else if (random.sometimes(0.2)) await Promise.all([world.deliver(event), world.deliver(event)])
    else await world.deliver(event)
  }
}

/** A forged event: signed with another secret, long ago, or over other bytes. */
async function forge({ random, stripe, shop, tally, payable }: World) {
  const id = payable.length > 0 ? random.of(payable) : 'pi_none'
  const intent = stripe.intents.get(id)
  const object = {
    id,
    amount: intent?.amount ?? 100,
    amount_received: intent?.amount ?? 100,
    currency: 'usd',
    status: 'succeeded',
  }
  const event = { id: `evt_forged_${random.between(1, 1e9)}`, type: 'payment_intent.succeeded', data: { object } }
  const now = shop().clock.now()
  const letter = random.of([
    signed(event, now, 'whsec_of_somebody_else'),
    signed(event, now - 301_000),
    { ...signed(event, now), body: JSON.stringify({ ...event, id: `${event.id}_2` }) },
    { ...signed(event, now), headers: {} },
  ])
  const { status } = await shop().call('POST', '/api/orders/stripe-webhook', letter)
  tally.forged++
  if (status !== 400) tally.forgedTaken++
}

const pass: Step = ({ pass, random }) => pass(random.between(1, 15))
const reconcile: Step = (world) => withFaults(world, 0.3, world.reconcile)
const restart: Step = (world) => world.restart()

/** How often each happens. */
const STEPS: [Step, number][] = [
  [buy, 18],
  [pay, 20],
  [finish, 8],
  [cancelAtStripe, 2],
  [refundAtStripe, 3],
  [finishRefund, 4],
  [dispute, 6],
  [cancelOrder, 3],
  [deleteOrder, 1],
  [refundAtCounter, 9],
  [deliver, 22],
  [pass, 8],
  [reconcile, 8],
  [restart, 2],
]
const ALL = STEPS.reduce((sum, [, often]) => sum + often, 0)

/** Does one of it all. */
export async function anyStep(world: World): Promise<void> {
  let left = world.random.chance() * ALL
  const [step] = STEPS.find(([, often]) => (left -= often) < 0)!
  world.tally.steps++
  await step(world)
}

/** Everything comes to its end: the banks make up their minds, and time passes. Sometimes no webhook ever arrives. */
export async function end(world: World): Promise<void> {
  const { stripe, random } = world
  world.calm()
  for (const { id, status } of stripe.intents.values())
    if (status === 'processing') stripe.finish(id, random.sometimes(0.5))
  for (const { id, status } of stripe.refunds.values())
    if (status === 'pending') stripe.finishRefund(id, random.sometimes(0.8))
  if (random.sometimes(0.6)) for (const event of random.shuffled(stripe.events)) await world.deliver(event)
  if (random.sometimes(0.3)) await world.restart()
  for (const minutes of [45, 7 * 60, 7 * 60]) {
    world.pass(minutes)
    await world.reconcile()
  }
}
