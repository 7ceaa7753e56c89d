import { holdsStock } from '../../server/domain/sales-status.ts'
import type { World } from './card-world.ts'

/** What is wrong with a world that has come to its end: sentences, none when all is well. */
export type Findings = { wrong: string[]; doubleCredits: number }

export async function check(world: World): Promise<Findings> {
  const rows = await rowsOf(world)
  const { doubled, wrong: money } = checkMoney(world, rows)
  return {
    wrong: [...money, ...checkIntents(world, rows), ...checkRefunds(world, rows), ...checkStock(world, rows)],
    doubleCredits: doubled,
  }
}

type Rows = Awaited<ReturnType<typeof rowsOf>>

async function rowsOf({ shop }: World) {
  const { db } = shop().database
  return {
    orders: await db.selectFrom('sales_order').selectAll().execute(),
    payments: await db.selectFrom('sales_payment').selectAll().execute(),
    entries: await db.selectFrom('sales_payment_entry').selectAll().execute(),
    refunds: await db.selectFrom('refund').selectAll().execute(),
    disputes: await db.selectFrom('dispute').selectAll().execute(),
    lines: await db.selectFrom('sales_line').selectAll().execute(),
    events: await db.selectFrom('stripe_event').select('event_id').execute(),
    movements: await db.selectFrom('stock_movement').selectAll().execute(),
  }
}

const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)

/** Our sums against Stripe's, and each order against both. */
function checkMoney({ stripe }: World, { orders, payments, entries, events }: Rows) {
  const wrong: string[] = []
  const marks = entries.map(({ kind, reference }) => `${kind} ${reference}`)
  const doubled = marks.length - new Set(marks).size
  if (doubled > 0) wrong.push(`${doubled} entries stand there twice`)
  if (new Set(events.map(({ event_id }) => event_id)).size < events.length) wrong.push('an event is kept twice')
  for (const payment of payments) {
    const intent = payment.intent_id === null ? undefined : stripe.intents.get(payment.intent_id)
    const captured = intent?.status === 'succeeded' ? intent.amount_received : 0
    const back = sum(
      [...stripe.refunds.values()]
        .filter((one) => one.payment_intent === intent?.id && one.status === 'succeeded')
        .map(({ amount }) => amount),
    )
    const own = entries.filter(({ payment_id }) => payment_id === payment.id)
    const held = sum(own.filter(({ kind }) => !kind.startsWith('dispute')).map(({ amount_cents }) => amount_cents))
    const disputed = sum(
      [...stripe.disputes.values()]
        .filter((one) => one.payment_intent === intent?.id && one.status !== 'won')
        .map(({ amount }) => amount),
    )
    const gone = -sum(own.filter(({ kind }) => kind.startsWith('dispute')).map(({ amount_cents }) => amount_cents))
    const order = orders.find(({ id }) => id === payment.order_id)!
    const say = (text: string) =>
      void wrong.push(`order ${order.id} (${order.status}, payment ${payment.status}): ${text}`)
    if (held !== captured - back) say(`holds ${held}, but Stripe captured ${captured} and paid back ${back}`)
    const wasPaid = everWhole(own, captured) ? 'refunded' : 'paid'
    const expected = captured === 0 || order.status === 'cancelled' ? 'cancelled' : wasPaid
    if (order.status !== expected) say(`should be ${expected}`)
    const closed = order.status === 'cancelled' || order.status === 'refunded'
    if (closed && captured - back - gone > 0 && !payment.refund_due) say('must be paid back and is not flagged')
    if (captured - back - gone <= 0 && payment.refund_due) say('is flagged although nothing is left to be paid back')
    if (captured > 0 && captured !== payment.amount_cents) say('was charged another amount')
    if (gone !== disputed) say(`${gone} is disputed, at Stripe ${disputed}`)
  }
  return { wrong, doubled }
}

/** Whether at some moment all of the money was back: a refund may have failed after that. */
function everWhole(entries: Rows['entries'], captured: number): boolean {
  let back = 0
  for (const { kind, amount_cents } of entries) {
    if (kind === 'refund' || kind === 'refund-failed') back -= amount_cents
    if (captured > 0 && back >= captured) return true
  }
  return false
}

/** No intent may be left that somebody can pay for an order that is over, and none that nobody knows. */
function checkIntents({ stripe }: World, { payments, disputes }: Rows): string[] {
  const wrong: string[] = []
  for (const { id, status } of stripe.intents.values()) {
    const payment = payments.find(({ intent_id }) => intent_id === id)
    if (status !== 'succeeded' && status !== 'canceled') wrong.push(`intent ${id} is left ${status}`)
    if (payment && payment.status !== status) wrong.push(`intent ${id} is ${status}, the payment ${payment.status}`)
    if (!payment && status !== 'canceled') wrong.push(`nobody knows of intent ${id}, which is ${status}`)
  }
  for (const payment of payments)
    if (payment.intent_id === null && payment.status !== 'abandoned')
      wrong.push(`payment ${payment.id} is left ${payment.status}`)
  for (const { id, status } of stripe.disputes.values())
    if (disputes.find(({ dispute_id }) => dispute_id === id)?.status !== status)
      wrong.push(`dispute ${id} is ${status} at Stripe`)
  return wrong
}

/** Each refund of ours was made once, and each of Stripe's is known with its end. */
function checkRefunds({ stripe }: World, { refunds }: Rows): string[] {
  const wrong: string[] = []
  for (const { id, status } of stripe.refunds.values()) {
    const known = refunds.filter(({ refund_id }) => refund_id === id)
    if (known.length !== 1 || known[0]!.status !== status)
      wrong.push(`refund ${id} is ${status}, here ${known.map((one) => one.status).join() || 'unknown'}`)
  }
  for (const { id, status, refund_id } of refunds)
    if (refund_id === null ? status !== 'failed' : !stripe.refunds.has(refund_id))
      wrong.push(`refund row ${id} is left ${status}`)
  const ours = [...stripe.refunds.values()].flatMap(({ metadata }) => metadata['reference'] ?? [])
  if (new Set(ours).size !== ours.length) wrong.push('a refund was made twice')
  return wrong
}

/** What was there at first, less what orders keep. */
function checkStock({ products, stock }: World, { orders, lines, movements }: Rows): string[] {
  const keeping = new Set(orders.filter(({ status }) => holdsStock(status)).map(({ id }) => id))
  return products.flatMap((id, index) => {
    const kept = sum(lines.filter((line) => line.product_id === id && keeping.has(line.order_id)).map(({ qty }) => qty))
    const here = sum(movements.filter(({ product_id }) => product_id === id).map(({ quantity }) => quantity))
    return here === stock[index]! - kept ? [] : [`product ${id}: ${here} are here, ${stock[index]! - kept} should be`]
  })
}
