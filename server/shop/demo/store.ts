import { setTimeout as pause } from 'node:timers/promises'
import { type Db, backdated, type Trx } from '../../../db/handle.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { GRADES } from '../../domain/grade.ts'
import type { SalesStatus } from '../../domain/sales-status.ts'
import { storageKey } from '../../domain/money/trade-in-price.ts'
import type { Context } from '../../context.ts'
import { addUser } from '../people/users.ts'
import { findOrAddNamed } from '../devices/catalogue.ts'
import { addCategory, categoriesCalled } from '../stock/categories.ts'
import { BUY_IN_STEPS, openDemoBuyIns } from './buy-ins.ts'
import { type DemoProduct, HIGHLIGHTS, PRODUCTS } from './catalogue-data.ts'
import { serialOf } from './repairs-data.ts'
import {
  DEDUCTIONS,
  type DemoSale,
  type DemoTradeIn,
  MATRIX,
  SEASONS,
  type Shopper,
  SHOPPERS,
  STREETS,
} from './sales-data.ts'
import { listLocations } from '../stock/locations.ts'
import { productKey } from '../stock/product-key.ts'
import { addProduct } from '../stock/product-changes.ts'
import { changeSalesOrder } from '../sales/order-outcome.ts'
import { placeOrder } from '../sales/orders.ts'
import { starterLanguage } from '../devices/starter-catalogue.ts'
import { stockOf } from '../stock/ledger.ts'
import { receiveStock } from '../stock/stock-keeping.ts'
import { addDeduction, addPrice, listDeductions, estimateFor } from '../trade-ins/prices.ts'
import { answerOffer, evaluate, requestPickup } from '../trade-ins/trade-ins.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const BY = { actor: null, device: null, act: 'demo' }

/** Products that are written at once. */
const AT_ONCE = 4

/** In how many steps the store is filled, where nothing is there yet. */
export const STORE_STEPS = Math.ceil(PRODUCTS.length / AT_ONCE) + 1 + SHOPPERS.length + BUY_IN_STEPS

type Language = Awaited<ReturnType<typeof starterLanguage>>
/** Who keeps the shelves and evaluates, who serves, and in which language they write. */
type DemoStaff = { bench: number; desk: number; language: Language }

/**
 * Fills the store: a catalogue with its stock, what the shop pays for used devices, and customers with their orders and
 * trade-ins; and the counter buys devices in. What is there already is left alone; once the last customer is there, nothing is
 * added any more.
 */
export async function openDemoStore(
  { database }: Pick<Context, 'database'>,
  staff: readonly number[],
  onStep: () => void = () => {},
): Promise<void> {
  const { db } = database
  if (await isKnown(db, SHOPPERS.at(-1)!)) return
  const crew = { bench: staff[0]!, desk: staff.at(-1)!, language: await starterLanguage(db) }
  const step = async (run: (trx: Trx) => Promise<unknown>) => {
    await database.write(BY, run)
    onStep()
    await pause(5)
  }
  for (let first = 0; first < PRODUCTS.length; first += AT_ONCE)
    await step(async (trx) => {
      for (const [n, product] of PRODUCTS.slice(first, first + AT_ONCE).entries())
        await addProductWithStock(trx, product, first + n, crew)
    })
  await step((trx) => priceUsedDevices(trx, crew))
  await openDemoBuyIns(db, step, crew)
  for (const [n, shopper] of SHOPPERS.entries())
    if (!(await isKnown(db, shopper))) await step((trx) => playShopper(trx, shopper, n, crew))
}

const sourceKey = ({ email }: Shopper) => `demo:${email}`

const isKnown = async (db: Db, shopper: Shopper) =>
  (await db.selectFrom('user').select('id').where('source_key', '=', sourceKey(shopper)).executeTakeFirst()) !==
  undefined

/** A product with its first pieces, dated some weeks back. */
async function addProductWithStock(trx: Trx, product: DemoProduct, n: number, { bench, language }: DemoStaff) {
  if (await productCalled(trx, product)) return
  const { category, brand, model, name, condition, price, original, stock, highlights, units } = product
  const at = backdated(trx, { now: trx.act.now - (25 + ((n * 11) % 40)) * DAY, actor: bench })
  const [kept] = await categoriesCalled(at, category)
  const places = await listLocations(at).execute()
  const place = places[n % places.length]
  const { id } = await addProduct(at, {
    category_id: (kept ?? (await addCategory(at, { name: category }))).id,
    brand,
    location_id: place?.id,
    model,
    name,
    condition,
    price_cents: price * 100,
    original_price_cents: original * 100,
    rating_hundredths: 380 + ((n * 37) % 120),
    reviews: (n * 23) % 180,
    highlights: highlights.map((key) => HIGHLIGHTS[key][language]),
    cities: citiesOf(places, n),
    serialised: units !== undefined,
  })
  if (units) await receiveStock(at, id, { units: units.map((cost, piece) => unitOf(n, piece, cost, category)) })
  else if (stock > 0) await receiveStock(at, id, { quantity: stock })
}

/** Where clients of the documented store look for goods, beside the shop's own places. */
const DOCUMENTED_CITIES = ['Vancouver', 'Ottawa']

/** Every third product is in one of its own places and one documented city alone. */
function citiesOf(places: readonly { name: string }[], n: number): string[] {
  const own = places.map(({ name }) => name)
  if (n % 3 !== 0) return [...new Set([...own, ...DOCUMENTED_CITIES])]
  const here = own[n % own.length]
  return [...new Set([...(here === undefined ? [] : [here]), DOCUMENTED_CITIES[(n / 3) % 2]!])]
}

const unitOf = (n: number, piece: number, cost: number, category: string) => ({
  serial_number: serialOf(5_000 + n * 10 + piece, category),
  cost_cents: cost * 100,
  origin: piece === 0 ? ('trade-in' as const) : ('purchase' as const),
})

/** The id of a product, even one that was taken out of the catalogue. */
const productCalled = async (db: Db, { brand, model, name, condition }: DemoProduct) =>
  await db
    .selectFrom('product')
    .select(['id', 'deleted_at'])
    .where('source_key', '=', productKey(brand, model, name, condition))
    .orderBy('deleted_at')
    .executeTakeFirst()

async function priceUsedDevices(trx: Trx, { bench, language }: DemoStaff) {
  const at = backdated(trx, { now: trx.act.now - 30 * DAY, actor: bench })
  const today = startOfDay(trx.act.now)
  for (const [brand, model, storage, prices] of MATRIX) {
    const brand_id = await findOrAddNamed(at, 'brand', brand)
    if (await hasPrice(at, brand_id, model, storage)) continue
    for (const { from, until, percent } of SEASONS)
      for (const [grade, price] of prices.entries())
        await addPrice(at, {
          brand_id,
          model,
          storage,
          condition: GRADES[grade]!,
          price_cents: price * percent,
          valid_from: today + from * DAY,
          valid_until: until === null ? null : today + until * DAY,
        })
  }
  const known = new Set((await listDeductions(at).execute()).map(({ name }) => nameKey(name)))
  for (const { name, ...deduction } of DEDUCTIONS)
    if (!known.has(nameKey(name[language])))
      await addDeduction(at, { name: name[language], ...deduction, valid_from: null, valid_until: null })
}

const hasPrice = async (db: Db, brand_id: number, model: string, storage: string | null) =>
  (await db
    .selectFrom('trade_in_price')
    .select('id')
    .where('brand_id', '=', brand_id)
    .where('model_key', '=', nameKey(model))
    .where('storage_key', '=', storageKey(storage))
    .executeTakeFirst()) !== undefined

/** A customer of the store, and everything that went on with them. */
async function playShopper(trx: Trx, shopper: Shopper, n: number, crew: DemoStaff) {
  const { full_name, email, sales, tradeIns } = shopper
  const since = Math.max(...[...sales, ...tradeIns].map(({ age }) => age)) + 1
  const account = { full_name, email, role: 'customer' as const, is_staff: false, source_key: sourceKey(shopper) }
  const user_id = await addUser(backdated(trx, { now: trx.act.now - since * DAY, actor: null }), account)
  const street = STREETS[n % STREETS.length]
  const city = (await listLocations(trx).execute())[0]?.name ?? DOCUMENTED_CITIES[0]
  const customer = {
    user_id,
    address: JSON.stringify({ full_name, address_line1: street, city }),
    pickUpAt: JSON.stringify({ full_name, street, city }),
  }
  for (const sale of sales) await playSale(trx, sale, customer, crew)
  for (const tradeIn of tradeIns) await playTradeIn(trx, tradeIn, customer, crew)
}

/** As the store's clients send them: where goods are sent, and where devices are picked up. */
type Customer = { user_id: number; address: string; pickUpAt: string }

/** Moments of something that began so many days ago, none of them in the future. */
function momentsOf(trx: Trx, age: number) {
  const began = Math.min(startOfDay(trx.act.now) - age * DAY + 10 * HOUR, trx.act.now - HOUR)
  return (hours: number, actor: number) => backdated(trx, { now: Math.min(began + hours * HOUR, trx.act.now), actor })
}

const STEPS: Record<SalesStatus, readonly SalesStatus[]> = {
  pending: [],
  paid: ['paid'],
  shipped: ['paid', 'shipped'],
  completed: ['paid', 'shipped', 'completed'],
  cancelled: ['cancelled'],
  refunded: ['paid', 'completed', 'refunded'],
}

async function playSale(trx: Trx, sale: DemoSale, { user_id, address }: Customer, { desk, language }: DemoStaff) {
  const at = momentsOf(trx, sale.age)
  const lines = await linesOf(trx, sale)
  if (lines.length === 0) return
  const { order } = await placeOrder(at(0, user_id), {
    user_id,
    lines,
    payment_method: sale.method,
    shipping_address: address,
    minutes: 7 * 24 * 60,
  })
  for (const [step, status] of STEPS[sale.status].entries())
    await changeSalesOrder(at(2 + step * 20, desk), order.id, { status })
  if (sale.notes) await changeSalesOrder(at(44, desk), order.id, { notes: sale.notes[language] })
}

/** What there is of it: somebody may have bought the rest since. */
async function linesOf(db: Db, { lines }: DemoSale) {
  const wanted = await Promise.all(
    lines.map(async ([name, qty]) => ({
      qty,
      product: await productCalled(
        db,
        PRODUCTS.find((one) => one.name === name)!,
      ),
    })),
  )
  const here = wanted.flatMap(({ product, qty }) =>
    product && product.deleted_at === null ? [{ product_id: product.id, qty }] : [],
  )
  const stock = await stockOf(
    db,
    here.map(({ product_id }) => product_id),
  )
  return here.filter(({ product_id, qty }) => stock.get(product_id)! >= qty)
}

async function playTradeIn(
  trx: Trx,
  tradeIn: DemoTradeIn,
  { user_id, pickUpAt }: Customer,
  { bench, language }: DemoStaff,
) {
  const at = momentsOf(trx, tradeIn.age)
  const { status, found, info } = tradeIn
  const [brand, model, storage, condition] = tradeIn.device
  const asked = at(0, user_id)
  const { estimated_cents } = await estimateFor(asked, { brand, model, storage, condition }, asked.act.now)
  const pickup = {
    user_id,
    brand_id: await findOrAddNamed(asked, 'brand', brand),
    model_text: model,
    storage,
    condition,
    additional_info: info?.[language] ?? null,
    address: pickUpAt,
    scheduled_at: startOfDay(asked.act.now) + DAY + 14 * HOUR,
    estimated_price_cents: estimated_cents,
  }
  const id = await requestPickup(asked, pickup, [])
  if (!found) return
  const answered = status === 'accepted' || status === 'rejected'
  const { offer, notes, parts, battery_health } = found
  await evaluate(
    at(28, bench),
    id,
    { tester_id: bench, status: answered ? 'offered' : status },
    {
      final_offer_cents: offer * 100,
      notes: notes[language],
      ...(parts && { parts_replaced: [...parts] }),
      ...(battery_health !== undefined && { diagnostics: JSON.stringify({ battery_health }) }),
    },
  )
  if (answered) await answerOffer(at(32, user_id), id, { own: user_id }, status)
}

const startOfDay = (now: number) => now - (now % DAY)
