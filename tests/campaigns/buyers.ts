import type { Db } from '../../db/handle.ts'
import { insert } from '../../db/rows.ts'
import { toNumber } from '../../server/domain/money/money.ts'
import type { Figure } from '../bench/report.ts'
import type { Person } from '../support/person.ts'
import { none } from './cashiers.ts'
import { verifyFailure, inspectDatabase, type Opened, type ShopFiles, serve } from './shop-files.ts'
import { type Random, randomFrom } from './random.ts'
import { randomDelivery, broken, type Outcome, send, succeeded, type PlannedRequest } from './repeated-requests.ts'

type Product = { id: number; price_cents: number; stock: number }

/** R8: many buyers order the last pieces of a product at once, to be paid at the counter, until it is gone. */
export async function buyers(
  files: ShopFiles,
  size: { cashiers: number; orders: number; seed: number },
): Promise<Figure[]> {
  const random = randomFrom(size.seed)
  const { people, products } = await inspectDatabase(files, (opened) => prepare(opened, size, random))
  const server = await serve(files)
  const outcomes: Outcome[] = []
  const salvo = (product: Product, most: number) =>
    Promise.all(people.map((as) => send(server.url, order(product, as, random.between(1, most), random))))
  try {
    for (const product of products) outcomes.push(...(await salvo(product, 3)), ...(await salvo(product, 1)))
  } finally {
    await server.stop('SIGTERM')
  }
  const found = await inspectDatabase(files, ({ database }) => salesOf(database.db))
  return figuresOf({ products, outcomes, found, verified: await verifyFailure(files) })
}

async function prepare({ database, person }: Opened, size: { cashiers: number; orders: number }, random: Random) {
  const people: Person[] = []
  for (let n = 0; n < size.cashiers; n++) people.push(await person('customer', { email: `buyer${n}@example.com` }))
  const products = await database.write({ actor: null, device: null, act: 'campaign' }, async (trx) => {
    const { id: brand_id } = await trx.selectFrom('brand').select('id').limit(1).executeTakeFirstOrThrow()
    const { id: category_id } = await trx.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
    const made: Product[] = []
    for (let n = 0; n < size.orders; n++) {
      const price_cents = random.between(1, 500_000)
      const stock = random.between(1, Math.max(1, Math.floor(size.cashiers / 2)))
      const id = await insert(trx, 'product', {
        brand_id,
        category_id,
        model: 'iPhone 14 Pro',
        name: `iPhone ${n}`,
        condition: 'A',
        price_cents,
        original_price_cents: price_cents,
        discount_tenths: 0,
        rating_hundredths: 450,
        reviews: 0,
        image: null,
        highlights: '[]',
        cities: '[]',
        city_keys: '|',
        serialised: false,
      })
      await insert(trx, 'stock_movement', { product_id: id, quantity: stock, kind: 'receipt' })
      made.push({ id, price_cents, stock })
    }
    return made
  })
  return { people, products }
}

function order({ id, price_cents }: Product, as: Person, quantity: number, random: Random): PlannedRequest {
  const way = randomDelivery(random)
  const items = [{ id, price: toNumber(price_cents), quantity }]
  const body = { items, paymentMethod: 'cod', shippingAddress: { ref: way.ref } }
  return { ...way, as, path: '/api/orders/checkout', body }
}

async function salesOf(db: Db) {
  const sales = await db.selectFrom('sales_order').select(['id', 'shipping_address', 'status']).execute()
  const lines = await db.selectFrom('sales_line').select(['product_id', 'qty']).execute()
  const movements = await db.selectFrom('stock_movement').select(['product_id', 'quantity']).orderBy('id').execute()
  return { sales, lines, movements }
}

type Run = {
  products: Product[]
  outcomes: Outcome[]
  found: Awaited<ReturnType<typeof salesOf>>
  verified: string | null
}

function figuresOf({ products, outcomes, found: { sales, lines, movements }, verified }: Run): Figure[] {
  const sold = (id: number) => lines.reduce((n, { product_id, qty }) => n + (product_id === id ? qty : 0), 0)
  const done = Map.groupBy(sales, ({ shipping_address }) => (JSON.parse(shipping_address!) as { ref: string }).ref)
  const strange = outcomes
    .flatMap(({ answers }) => answers)
    .filter((answer) => !succeeded(answer) && answer.status !== 400)
  const figure = none(`${products.length} products, ${outcomes.length} orders sent, ${sales.length} taken`)
  return [
    figure(
      'times a stock was below 0',
      products.filter(({ id }) => lowest(movements, id) < 0),
    ),
    figure(
      'products whose sales are not their stock',
      products.filter(({ id, stock }) => sold(id) !== stock),
    ),
    figure(
      'promises broken',
      outcomes.flatMap((outcome) => broken(outcome, done.get(outcome.wish.ref)?.length ?? 0)),
    ),
    figure(
      'answers neither 2xx nor 400',
      strange.map(({ status, text }) => `${status} ${text}`),
    ),
    figure('faults found by verify', verified === null ? [] : [verified]),
  ]
}

function lowest(movements: readonly { product_id: number; quantity: number }[], id: number): number {
  let stock = 0
  let least = 0
  for (const { product_id, quantity } of movements) {
    if (product_id === id) stock += quantity
    least = Math.min(least, stock)
  }
  return least
}
