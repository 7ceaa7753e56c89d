import { parseDocumentNumber } from '../../server/domain/numbers.ts'
import { formatMoney, sum } from '../../server/domain/money/money.ts'
import { addModel, addNamed } from '../../server/shop/devices/catalogue.ts'
import { registerDevice } from '../../server/shop/devices/devices.ts'
import { openOrder } from '../../server/shop/repairs/orders.ts'
import type { Db, Trx } from '../../db/handle.ts'
import type { Figure } from '../bench/report.ts'
import type { Person } from '../support/person.ts'
import { verifyFailure, inspectDatabase, type Opened, type ShopFiles, serve } from './shop-files.ts'
import { type Random, randomFrom } from './random.ts'
import { randomDelivery, broken, type Outcome, send, succeeded, type PlannedRequest } from './repeated-requests.ts'

/**
 * R8: many cashiers take money on one repair at once, through /v1 and the counter, some with an Idempotency-Key, some
 * twice, some cut off; then all of them take what is left. A server in a process of its own, on either engine.
 */
export async function cashiers(files: ShopFiles, size: { cashiers: number; orders: number; seed: number }) {
  const random = randomFrom(size.seed)
  const { people, orders } = await inspectDatabase(files, (opened) => prepare(opened, size, random))
  const server = await serve(files)
  const outcomes: Outcome[] = []
  try {
    for (const { id, total } of orders) {
      outcomes.push(
        ...(await all(
          server.url,
          people.map((as) => payment(id, as, random.between(1, random.of([50, total / 10, total])), random)),
        )),
      )
      const { due_cents } = await ticketOf(server.url, id, people[0]!)
      if (due_cents > 0)
        outcomes.push(
          ...(await all(
            server.url,
            people.map((as) => payment(id, as, due_cents, random)),
          )),
        )
    }
  } finally {
    await server.stop('SIGTERM')
  }
  const found = await inspectDatabase(files, ({ database }) => moneyOf(database.db))
  return figuresOf({ orders, outcomes, found, verified: await verifyFailure(files) })
}

type Order = { id: number; total: number }

/** Repairs of one device at these prices. */
export async function addRepairs(trx: Trx, owner_id: number, totals: readonly number[]): Promise<Order[]> {
  const brand_id = (await addNamed(trx, 'brand', { name: 'Fairphone' })).id
  const device_type_id = (await addNamed(trx, 'device_type', { name: 'Phone' })).id
  const model_id = (await addModel(trx, { brand_id, device_type_id, name: 'Five' })).id
  const { id: device_id } = await registerDevice(trx, { brand_id, device_type_id, model_id, owner_id })
  const made: Order[] = []
  for (const total of totals) made.push({ id: (await openOrder(trx, { device_id, cost_cents: total })).id, total })
  return made
}

async function prepare({ database, person }: Opened, size: { cashiers: number; orders: number }, random: Random) {
  const people: Person[] = []
  for (let n = 0; n < size.cashiers; n++) people.push(await person(n % 10 === 0 ? 'admin' : 'staff'))
  const { id: owner_id } = await person('customer')
  const totals = Array.from({ length: size.orders }, () => 10 * random.between(50, 50_000))
  const orders = await database.write({ actor: people[0]!.id, device: null, act: 'campaign' }, (trx) =>
    addRepairs(trx, owner_id, totals),
  )
  return { people, orders }
}

function payment(order_id: number, as: Person, amount: number, random: Random): PlannedRequest {
  const way = randomDelivery(random)
  if (random.between(0, 1) === 0) {
    const body = { order_id, amount: formatMoney(amount), payment_method: 'Cash', transaction_id: way.ref }
    return { ...way, as, path: '/v1/payments', body }
  }
  const body = { amount_cents: amount, method: 'Card', reference: way.ref }
  return { ...way, as, path: `/counter/tickets/${order_id}/payments`, body }
}

const all = (url: string, wishes: PlannedRequest[]) => Promise.all(wishes.map((wish) => send(url, wish)))

async function ticketOf(url: string, id: number, { token }: Person): Promise<{ due_cents: number }> {
  const reply = await fetch(`${url}/counter/tickets/${id}`, { headers: { authorization: `Bearer ${token}` } })
  return (await reply.json()) as { due_cents: number }
}

type Money = Awaited<ReturnType<typeof moneyOf>>

async function moneyOf(db: Db) {
  const payments = await db
    .selectFrom('payment')
    .select(['order_id', 'due_amount_cents', 'status', 'transaction_id'])
    .execute()
  const entries = await db.selectFrom('payment_entry').select(['order_id', 'amount_cents', 'receipt_number']).execute()
  return { payments, entries }
}

type Run = { orders: Order[]; outcomes: Outcome[]; found: Money; verified: string | null }

function figuresOf({ orders, outcomes, found: { payments, entries }, verified }: Run): Figure[] {
  const paid = new Map<number, number[]>(orders.map(({ id }) => [id, []]))
  for (const { order_id, amount_cents } of entries) paid.get(order_id)!.push(amount_cents)
  const closed = (id: number) => payments.filter(({ order_id, status }) => order_id === id && status === 'Paid').length
  const done = Map.groupBy(payments, ({ transaction_id }) => transaction_id ?? '')
  const numbers = entries.map(({ receipt_number }) => parseDocumentNumber(receipt_number!)!.n).toSorted((a, b) => a - b)
  const strange = outcomes
    .flatMap(({ answers }) => answers)
    .filter((answer) => !succeeded(answer) && answer.status !== 400)
  const figure = none(`${orders.length} repairs, ${outcomes.length} payments sent, ${payments.length} taken`)
  return [
    figure(
      'more paid than the total',
      orders.filter(({ id, total }) => sum(paid.get(id)!) > total),
    ),
    figure(
      'left owing at the end',
      orders.filter(({ id, total }) => sum(paid.get(id)!) < total),
    ),
    figure(
      'not closed by exactly one payment',
      orders.filter(({ id }) => closed(id) !== 1),
    ),
    figure(
      'promises broken',
      outcomes.flatMap((outcome) => broken(outcome, done.get(outcome.wish.ref)?.length ?? 0)),
    ),
    figure(
      'receipt numbers not 1..n',
      numbers.filter((n, index) => n !== index + 1),
    ),
    figure(
      'answers neither 2xx nor 400',
      strange.map(({ status, text }) => `${status} ${text}`),
    ),
    figure('faults found by verify', verified === null ? [] : [verified]),
  ]
}

/** A figure that must be 0, with the first examples where it is not. */
export const none =
  (about: string) =>
  (what: string, found: readonly unknown[]): Figure => {
    const examples = found.slice(0, 3).map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
    const result = [String(found.length), ...examples].join(' | ')
    return { name: 'R8', what: `${what} (${about})`, goal: '0', result, reached: found.length === 0 }
  }
