import { formOf } from '../../api/pictures.ts'
import type { Person } from '../../support/person.ts'
import { BRAND, imeiOf, MODELS, STORAGE, type World } from './shop-world.ts'

/**
 * The life of a request for a device: asked for on the web or brought to the counter, looked at, offered for, answered, bought,
 * taken back, sold on, by the documented APIs and the counter in any order, sensible or not. Whoever does something looks first,
 * as people do, and so goes on after a server that was gone. In the end each is answered with no or bought.
 */

type Life = { n: number; serial: string; model: string; customer: Person }
type Seen = {
  id: number
  status: string
  draft_id: string | null
  offers: { version: number; price_cents: number }[]
  purchase: { id: number; number: string } | null
}
type Step = (world: World, life: Life, seen: Seen) => Promise<void>

/** How many things happen to a request before it is brought to its end. */
const STEPS = { from: 3, to: 9 }
/** Of so many devices one comes to the counter twice. */
const AGAIN = 8

export async function live(world: World, n: number): Promise<void> {
  const { random, crew } = world
  const again = n > 0 && random.between(1, AGAIN) === 1 ? random.between(0, n - 1) : n
  const life = {
    n,
    serial: imeiOf(again),
    model: MODELS[again % MODELS.length]!,
    customer: crew.customers[n % crew.customers.length]!,
  }
  const id = await begin(world, life)
  world.known.add(id)
  for (let left = random.between(STEPS.from, STEPS.to); left > 0; left--)
    await random.of(SOMETHING)(world, life, await look(world, id))
  await settle(world, life, id)
}

/** A request, made again until one is there: without an answer nobody knows of the first. */
async function begin(world: World, life: Life): Promise<number> {
  for (;;) {
    const id = world.random.sometimes(0.6) ? await askOnWeb(world, life) : await walkIn(world, life)
    if (id !== null) return id
  }
}

async function askOnWeb({ ask }: World, { model, customer }: Life): Promise<number | null> {
  const body = formOf({ brand_name: BRAND, model_text: model, storage: STORAGE, condition: 'B' })
  const reply = await ask(customer, 'POST', '/api/tradein/pickup-requests', body)
  return reply?.status === 201 ? reply.body.id : null
}

async function walkIn(world: World, life: Life): Promise<number | null> {
  const { ask, crew } = world
  const draft = await evaluation(world, life, { serial_number: life.serial })
  if (!draft) return null
  const named = { version: draft.version, customer: { id: life.customer.id } }
  const reply = await ask(crew.staff, 'POST', `/counter/buy-ins/${draft.id}/seller`, named)
  return reply?.status === 201 ? reply.body.pickup_id : null
}

/** Begins or goes on with an evaluation and answers it, now better, now worse. */
async function evaluation({ ask, crew, random }: World, { serial, model }: Life, from: object) {
  const as = random.of([crew.evaluator, crew.staff])
  const begun = await ask(as, 'POST', '/counter/buy-ins', from)
  if (begun?.status !== 201) return null
  type Question = { id: number; answers: string; options: { key: string }[] }
  const device = { serial_number: serial, brand: BRAND, model, storage: STORAGE }
  const described = {
    ...device,
    device_type_id: begun.body.device.device_type_id ?? (await phoneType(ask, crew.staff)),
  }
  const first = { version: begun.body.version, device: described }
  const asked = await ask(as, 'PUT', `/counter/buy-ins/${begun.body.id}`, first)
  if (asked?.status !== 200) return null
  const answers = (asked.body.questions as Question[]).map(({ id: item_id, answers, options }) => ({
    item_id,
    choice:
      answers === 'percent' ? '90' : random.sometimes(0.1) && options.length > 2 ? options[1]!.key : options[0]!.key,
  }))
  const reply = await ask(as, 'PUT', `/counter/buy-ins/${begun.body.id}`, { version: asked.body.version, answers })
  return reply?.status === 200 ? (reply.body as { id: string; version: number }) : null
}

let known: number | undefined

async function phoneType(ask: World['ask'], as: Person): Promise<number> {
  while (known === undefined) {
    const types = await ask(as, 'GET', '/v1/devices/types')
    known = (types?.body as { id: number; name: string }[] | undefined)?.find(({ name }) => name === 'Phone')?.id
  }
  return known
}

/** What stands now, asked until it is answered. */
async function look({ ask, crew }: World, id: number): Promise<Seen> {
  for (;;) {
    const reply = await ask(crew.staff, 'GET', `/counter/trade-ins/${id}`)
    if (reply?.status === 200) return reply.body
    if (reply !== null) throw new Error(`Request ${id} is gone: ${reply.text}`)
  }
}

const lastOffer = ({ offers }: Seen) => offers.at(-1)

const offerAtCounter: Step = async (world, life, { id }) => {
  const draft = await evaluation(world, life, { pickup_id: id })
  if (draft) await world.ask(world.crew.staff, 'POST', `/counter/buy-ins/${draft.id}/offer`, { version: draft.version })
}

const offerThroughApi: Step = async ({ ask, crew, random }, _life, { id }) => {
  const final_offer = random.between(10, 200)
  const status = random.of(['offered', 'offered', 'offered', 'evaluating', 'collected', 'rejected'])
  await ask(crew.admin, 'PUT', `/api/admin/tradeins/${id}/evaluate`, { final_offer, status })
}

const lookAsCustomer: Step = async ({ ask }, { customer }) => {
  await ask(customer, 'GET', '/api/tradein/pickup-requests/me')
}

const answer: Step = async ({ ask, random }, { customer }, { id }) => {
  const action = random.of(['accept', 'accept', 'reject'])
  await ask(customer, 'POST', `/api/tradein/pickup-requests/${id}/respond`, { action })
}

/** One window or two at once; to the offer that stands, or to an older one. */
const buyIt: Step = async (world, _life, seen) => {
  const { random, crew } = world
  const offer = random.sometimes(0.1) ? seen.offers[0] : lastOffer(seen)
  if (!offer) return
  const windows = random.sometimes(0.4) ? [crew.staff, crew.other] : [crew.staff]
  await Promise.all(windows.map((as) => pay(world, as, seen.id, offer)))
}

async function pay(
  { ask, bought }: World,
  as: Person,
  pickup_id: number,
  offer: { version: number; price_cents: number },
) {
  const reply = await ask(as, 'POST', `/counter/trade-ins/${pickup_id}/purchase`, {
    offer_version: offer.version,
    identity: { kind: 'private', name: 'Sam Seller', document_kind: 'id-card', number: 'L01X00T47' },
    other_owner: true,
    declaration: { language: 'en', words_version: 1, signature: 'M1 1L2 2' },
    payout: [{ method: 'cash', amount_cents: offer.price_cents }],
    selling_price_cents: 29_900,
  })
  if (reply?.status === 201) bought.push({ pickup_id, number: reply.body.number, unit_id: reply.body.unit_id })
}

const undo: Step = async ({ ask, crew }, _life, { purchase }) => {
  if (purchase)
    await ask(crew.admin, 'POST', `/counter/purchases/${purchase.id}/undo`, { reason: 'Changed their mind' })
}

/** A product with pieces of whatever kind; undefined before there is one. */
async function anyProduct({ ask, crew, random }: World) {
  const reply = await ask(crew.staff, 'GET', '/counter/products?limit=100')
  const products = (reply?.status === 200 ? reply.body : []) as { id: number; here: number; price_cents: number }[]
  const here = products.filter((product) => product.here > 0)
  return here.length === 0 ? undefined : random.of(here)
}

/** Somebody wants it on the web, while it is held or not, shown or not; and gives it up again. */
const order: Step = async (world) => {
  const { ask, crew, random } = world
  const product = await anyProduct(world)
  if (!product) return
  await ask(crew.admin, 'PATCH', `/counter/products/${product.id}`, { web: random.of([true, null]) })
  await ask(crew.buyer, 'POST', '/api/cart/items', { product_id: product.id })
  const items = [{ id: product.id, price: product.price_cents / 100, quantity: 1 }]
  const placed = await ask(crew.buyer, 'POST', '/api/orders/checkout', { items, paymentMethod: 'cod' })
  if (placed?.status === 200 && random.sometimes(0.7))
    await ask(crew.staff, 'POST', `/counter/sales-orders/${placed.body.order_id}/cancel`, {})
}

/** Somebody counts, or writes off; where a unit is held both are refused. */
const keepStock: Step = async (world) => {
  const { ask, crew, random } = world
  const product = await anyProduct(world)
  if (!product) return
  const reply = await ask(crew.staff, 'GET', `/counter/products/${product.id}/units`)
  const units = (reply?.status === 200 ? reply.body : []) as { id: number; serial_number: string; in_stock: boolean }[]
  const here = units.filter(({ in_stock }) => in_stock)
  if (here.length === 0) return
  const path = `/counter/products/${product.id}/stock`
  if (random.sometimes(0.5))
    await ask(crew.staff, 'POST', `${path}/write-offs`, { unit_ids: [random.of(here).id], note: 'Broken' })
  else {
    const serial_numbers = random.of([units, here, here.slice(1)]).map(({ serial_number }) => serial_number)
    await ask(crew.staff, 'POST', `${path}/counts`, { serial_numbers: [...new Set(serial_numbers)] })
  }
}

const release: Step = async ({ ask, crew, bought, random }) => {
  if (bought.length === 0) return
  const { unit_id } = random.of(bought)
  const as = random.of([crew.admin, crew.staff])
  const reply = await ask(as, 'POST', `/counter/units/${unit_id}/hold/release`, { reason: 'Police have seen it' })
  if (as !== crew.admin && reply?.status === 201) throw new Error('Somebody who is no admin ended a hold')
}

const SOMETHING: readonly Step[] = [
  offerAtCounter,
  offerAtCounter,
  offerThroughApi,
  lookAsCustomer,
  answer,
  answer,
  buyIt,
  buyIt,
  buyIt,
  undo,
  order,
  order,
  keepStock,
  release,
]

/** Brings a request to its end: bought, or answered with no. */
async function settle(world: World, life: Life, id: number): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const seen = await look(world, id)
    if (seen.purchase || seen.status === 'rejected') return
    const wantsIt = tries < 4 && world.random.sometimes(0.7)
    if (seen.status !== 'offered' && seen.status !== 'accepted') await offerAtCounter(world, life, seen)
    else if (wantsIt) await pay(world, world.crew.staff, id, lastOffer(seen)!)
    else await refuse(world, life, seen)
  }
  throw new Error(`Request ${id} came to no end`)
}

/** The customer looks and says no; to what they had accepted, a new offer is made first. */
async function refuse(world: World, life: Life, seen: Seen) {
  const { ask, crew } = world
  if (seen.status === 'accepted')
    await ask(crew.admin, 'PUT', `/api/admin/tradeins/${seen.id}/evaluate`, { status: 'offered' })
  await lookAsCustomer(world, life, seen)
  await ask(life.customer, 'POST', `/api/tradein/pickup-requests/${seen.id}/respond`, { action: 'reject' })
}
