import type { Db } from '../../db/handle.ts'
import { insert } from '../../db/rows.ts'
import { addModel, addNamed } from '../../server/shop/devices/catalogue.ts'
import type { Figure } from '../bench/report.ts'
import { journalOf } from '../support/journal.ts'
import { PASSWORD, type Person } from '../support/person.ts'
import { login, type World, worldAt } from './clock-world.ts'
import { verifyFailure, inspectDatabase, type Opened, type ShopFiles, SECRET } from './shop-files.ts'
import { type Random, randomFrom } from './random.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

type Wrong = { name: string; off: (time: number) => number; state: 'trusted' | 'unconfirmed' | 'contradicted' }

/** How a clock can be wrong, and what is to be said of it. */
const WRONG: readonly Wrong[] = [
  { name: 'eleven minutes back', off: () => -11 * MINUTE, state: 'contradicted' },
  { name: 'a day back', off: () => -DAY, state: 'contradicted' },
  { name: 'ten years back', off: () => -10 * YEAR, state: 'contradicted' },
  { name: 'in 1970', off: (time) => DAY - time, state: 'contradicted' },
  { name: 'an hour ahead, like a time zone', off: () => HOUR, state: 'trusted' },
  { name: 'a day ahead', off: () => DAY, state: 'trusted' },
  { name: '27 hours ahead', off: () => 27 * HOUR, state: 'unconfirmed' },
  { name: '34 days ahead', off: () => 34 * DAY, state: 'unconfirmed' },
  { name: '36 days ahead', off: () => 36 * DAY, state: 'contradicted' },
  { name: 'ten years ahead', off: () => 10 * YEAR, state: 'contradicted' },
  { name: 'in 2038', off: (time) => Date.UTC(2038, 0, 19, 3, 14, 8) - time, state: 'contradicted' },
]

type Shop = Omit<Awaited<ReturnType<typeof prepare>>, 'buyers'> & { buyer: Person }

/** A round leaves two orders waiting, or three, of the twenty that one customer may have. */
const ROUNDS_PER_BUYER = 6
/** What was granted and written in a stretch of work. */
type Work = { access_token: string; refresh_token: string; order: number; key: string; kept: string }
/** `ahead`: orders of `orders` that were dated so far ahead by a clock that nobody had confirmed that they outlast nine days. */
type Count = { tickets: number; orders: number; ahead: number; checks: number; wrong: string[] }

/**
 * R6: a shop works on while the clock of its machine is wrong, at a start or from one moment to the next, and right again.
 * `blind` plants the fault that nothing judges the clock; `only` names the ways to be wrong.
 */
export async function clockCampaign(
  files: ShopFiles,
  { rounds, seed, blind = false, only }: { rounds: number; seed: number; blind?: boolean; only?: readonly string[] },
): Promise<Figure[]> {
  const random = randomFrom(seed)
  const { buyers, ...place } = await inspectDatabase(files, (opened) =>
    prepare(opened, 1 + Math.floor(rounds / ROUNDS_PER_BUYER)),
  )
  const shopOf = (round: number) => ({ ...place, buyer: buyers[Math.floor(round / ROUNDS_PER_BUYER)]! })
  const world = worldAt(files, { secret: SECRET, blind })
  const count: Count = { tickets: 0, orders: 0, ahead: 0, checks: 0, wrong: [] }
  const ways = WRONG.filter(({ name }) => !only || only.includes(name))
  const began = world.time()
  const checked =
    (told: (what: string) => string): Round['check'] =>
    (what, is, wanted) => {
      count.checks += 1
      if (is !== wanted) count.wrong.push(told(`${what} is ${String(is)} and not ${String(wanted)}`))
    }
  try {
    for (let round = 0; round < rounds; round++) {
      const way = ways[round % ways.length]!
      const running = round % 2 === 1
      const check = checked((what) => `round ${round}, ${way.name}${running ? ' while it runs' : ''}: ${what}`)
      await oneRound({ world, shop: shopOf(round), way, running, random, count, check })
    }
    const shop = shopOf(rounds)
    await deadBattery({ world, shop, random, count, check: checked((what) => `after two days in 1970: ${what}`) })
    await wholeWeek({ world, shop, buyers, count, check: checked((what) => `after nine days: ${what}`) })
  } finally {
    await world.stop()
  }
  // A clock of up to 35 days ahead dates what is written, as after a holiday.
  const span = { from: began, to: world.time() + 35 * DAY }
  const found = await inspectDatabase(files, ({ database }) => rowsOf(database.db))
  return figuresOf(count, found, span, await verifyFailure(files))
}

async function prepare({ database, person }: Opened, buyerCount: number) {
  const people = { clerk: await person('staff'), victim: await person('staff') }
  const buyers: Person[] = []
  while (buyers.length < buyerCount) buyers.push(await person('customer'))
  return await database.write({ actor: null, device: null, act: 'campaign' }, async (trx) => {
    const brand_id = (await addNamed(trx, 'brand', { name: 'Clockwork' })).id
    const device_type_id = (await addNamed(trx, 'device_type', { name: 'Watch' })).id
    const model_id = (await addModel(trx, { brand_id, device_type_id, name: 'Watch 1' })).id
    const { id: category_id } = await trx.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
    const wares = { brand_id, category_id, model: 'Watch 1', name: 'Watch', condition: 'A' as const, image: null }
    const price = { price_cents: 5_000, original_price_cents: 5_000, discount_tenths: 0 }
    const shown = { rating_hundredths: 450, reviews: 0, highlights: '[]', cities: '[]', city_keys: '|' }
    const product_id = await insert(trx, 'product', { ...wares, ...price, ...shown, serialised: false })
    await insert(trx, 'stock_movement', { product_id, quantity: 10_000, kind: 'receipt' })
    return { ...people, buyers, model_id, product_id }
  })
}

type Stretch = {
  world: World
  shop: Shop
  random: Random
  count: Count
  check(what: string, is: unknown, wanted: unknown): void
}
type Round = Stretch & { way: Wrong; running: boolean }

async function oneRound(round: Round) {
  const { world, shop, way, running, random, check, count } = round
  await world.start(0)
  check('the clock before', await stateOf(world), 'trusted')
  const before = await work(round)
  for (let guess = 0; guess < 5; guess++) await login(world, shop.victim, 'wrong')
  check('the answer to a sixth guess', (await login(world, shop.victim, PASSWORD)).status, 429)
  const off = way.off(world.time())
  if (running) await world.jump(off)
  else {
    const shut = random.between(1, 60) * MINUTE
    await restart(world, off - shut, shut) // So that the clock is wrong by as much beside the last write.
  }
  check('the wrong clock', await stateOf(world), way.state)
  const isBelieved = way.state === 'trusted'
  await checkWork(round, before, { sessions: 200, tokens: isBelieved ? null : 200, key: !isBelieved })
  await checkVictim(round)
  const meanwhile = await work(round)
  if (running) await world.jump(0)
  else await restart(world, 0, random.between(1, 10) * MINUTE)
  check('the clock set right', await stateOf(world), isBelieved ? 'contradicted' : 'trusted')
  if (isBelieved) await confirmRight(round)
  // What a believed clock granted lies in the future now, and is worth nothing.
  const isFuture = isBelieved || way.state === 'unconfirmed'
  await checkWork(
    round,
    meanwhile,
    isFuture ? { sessions: 401, tokens: 401, key: false } : { sessions: 200, tokens: null, key: true },
  )
  await checkWork(round, before, { sessions: 200, tokens: null, key: false })
  await restart(world, 0, 16 * MINUTE)
  check('the sign-in 16 minutes after the last guess', (await login(world, shop.victim, PASSWORD)).status, 200)
  count.orders += 2
  if (way.state === 'unconfirmed' && off > 2 * DAY) count.ahead += 1
  // A clock that is set back from ahead leaves every order that is dated in the future its whole time from then on, and no more.
  if (way.state !== 'unconfirmed' && off > 0) count.ahead = 0
  await world.stop()
  world.pass(random.between(1, 12) * HOUR)
}

async function restart(world: World, off: number, after: number) {
  await world.stop()
  world.pass(after)
  await world.start(off)
}

const stateOf = async (world: World) => (await world.call('GET', '/health')).body.clock

/** A sign-in, a ticket, an order that waits for the counter, and an answer kept under a key. */
async function work({ world, shop, count, check, random }: Stretch): Promise<Work> {
  const { access_token, refresh_token } = (await login(world, shop.clerk, PASSWORD)).body.tokens
  const device = { model_id: shop.model_id }
  const customer = { full_name: 'Walk In', phone: `0170 ${random.between(1_000_000, 9_999_999)}` }
  const taken = await world.call('POST', '/counter/intakes', { token: access_token, body: { customer, device } })
  check('the answer to an intake', taken.status, 201)
  if (taken.status === 201) count.tickets += 1
  const buyer = (await login(world, shop.buyer, PASSWORD)).body.tokens.access_token
  const items = [{ id: shop.product_id, price: 50, quantity: 1 }]
  const placed = await world.call('POST', '/api/orders/checkout', {
    token: buyer,
    body: { items, paymentMethod: 'cod' },
  })
  check('the answer to an order', placed.status, 200)
  const key = `key-${random.between(1, 2 ** 40)}`
  const kept = await keyed(world, access_token, key)
  check('the answer to a keyed request', kept.status, 201)
  return { access_token, refresh_token, order: placed.body.order_id, key, kept: kept.text }
}

const keyed = (world: World, token: string, key: string) =>
  world.call('POST', '/v1/devices/brands', { token, key, body: { name: key } })

type Wanted = { sessions: number; tokens: number | null; key: boolean }

/** Whether what was granted is worth what it should be; null where both are right. */
async function checkWork({ world, shop, check }: Stretch, done: Work, wanted: Wanted) {
  const { refresh_token } = done
  const refreshed = await world.call('POST', '/v1/auth/refresh', { body: { refresh_token } })
  check('the answer to a refresh', refreshed.status, wanted.sessions)
  const { status } = await world.call('GET', '/v1/orders', { token: done.access_token })
  if (wanted.tokens !== null) check('the answer to an access token', status, wanted.tokens)
  if (wanted.key)
    check('the answer kept under a key', (await keyed(world, refreshed.body.access_token, done.key)).text, done.kept)
  const buyer = (await login(world, shop.buyer, PASSWORD)).body.tokens.access_token
  const orders = (await world.call('GET', '/api/orders/me?limit=100', { token: buyer })).body
  const order = orders.find((row: { id?: number; order?: { id: number } }) => (row.order?.id ?? row.id) === done.order)
  check(`order ${done.order}`, (order?.order ?? order)?.status, 'pending')
}

async function checkVictim({ world, shop, check }: Round) {
  const { status, retryAfter } = await login(world, shop.victim, PASSWORD)
  check('a lockout within its 15 minutes', status === 200 || (status === 429 && retryAfter <= 900), true)
}

async function confirmRight({ world, shop, check }: Round) {
  const { access_token } = (await login(world, shop.clerk, PASSWORD)).body.tokens
  const { says } = (await world.call('GET', '/counter/clock')).body
  const confirmed = await world.call('POST', '/counter/clock', { token: access_token, body: { says } })
  check('the answer to who confirms it', confirmed.status, 200)
  check('the confirmed clock', await stateOf(world), 'trusted')
}

/** The shop is shut for two days, and the program starts in 1970; it is stopped, the clock is set, and it starts again. */
async function deadBattery(stretch: Stretch) {
  const { world, check, count } = stretch
  world.pass(2 * DAY)
  await world.start(DAY - world.time())
  check('the clock', await stateOf(world), 'contradicted')
  const meanwhile = await work(stretch)
  count.orders += 1
  await restart(world, 0, 5 * MINUTE)
  check('the clock set right', await stateOf(world), 'unconfirmed')
  await seeDate(stretch)
  await checkWork(stretch, meanwhile, { sessions: 200, tokens: null, key: true })
  await world.stop()
}

async function seeDate({ world, shop, check }: Pick<Stretch, 'world' | 'shop' | 'check'>) {
  await world.call('POST', '/counter/session', { body: { login: shop.clerk.phone, password: PASSWORD } })
  check('the clock that was seen', await stateOf(world), 'trusted')
}

/** At last the shop is shut for nine days: the orders expire once somebody has seen the date, and not before. */
async function wholeWeek({
  world,
  shop,
  buyers,
  count,
  check,
}: Omit<Stretch, 'random'> & { buyers: readonly Person[] }) {
  const pending = async () => {
    let orders = 0
    for (const buyer of buyers) {
      const token = (await login(world, buyer, PASSWORD)).body.tokens.access_token
      orders += (await world.call('GET', '/api/orders/me?status=pending&limit=100', { token })).body.length
    }
    return orders
  }
  world.pass(9 * DAY)
  await world.start(0)
  check('the clock', await stateOf(world), 'unconfirmed')
  check('orders that wait', await pending(), count.orders)
  await seeDate({ world, shop, check })
  await restart(world, 0, MINUTE)
  check('orders that still wait', await pending(), count.ahead)
}

async function rowsOf(db: Db) {
  const tickets = await db.selectFrom('repair_order').select(['ticket_number', 'created_at']).orderBy('id').execute()
  const entries = await journalOf({ db })
  return { tickets, entries }
}

type Found = Awaited<ReturnType<typeof rowsOf>>

function figuresOf(
  count: Count,
  { tickets, entries }: Found,
  span: { from: number; to: number },
  fault: string | null,
) {
  const numbers = tickets.map(({ ticket_number }) => Number(ticket_number.split('-').at(-1)))
  const isDense = numbers.length === count.tickets && numbers.every((number, index) => number === index + 1)
  const astray = entries.filter(({ at }) => at < span.from - MINUTE || at > span.to)
  const isOrdered = entries.every(({ hlc }, index) => index === 0 || hlc > entries[index - 1]!.hlc)
  const figure = (what: string, result: string, goal: string, reached: boolean): Figure => ({
    name: 'R6',
    what,
    result,
    goal,
    reached,
  })
  return [
    figure(
      'tokens, orders, locks and words that are as they should be',
      `${count.checks - count.wrong.length} of ${count.checks}`,
      'all',
      count.wrong.length === 0,
    ),
    figure(
      'ticket numbers',
      `${numbers.length} of ${count.tickets}, ${isDense ? 'dense' : 'with gaps'}`,
      'dense',
      isDense,
    ),
    figure('entries dated by a contradicted clock', `${astray.length} of ${entries.length}`, '0', astray.length === 0),
    figure('stamps of the journal', isOrdered ? 'in order' : 'out of order', 'in order', isOrdered),
    figure('the journal', fault ?? 'verifies', 'verifies', fault === null),
    ...count.wrong.slice(0, 20).map((what) => figure('WRONG', what, 'nothing', false)),
  ]
}
