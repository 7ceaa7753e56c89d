import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Db, backdated, type Trx } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import type { Context } from '../../context.ts'
import { keyedPin, randomPin, setPin } from '../people/pins.ts'
import { addUser, setPassword } from '../people/users.ts'
import { assign } from '../repairs/assignments.ts'
import { findOrAddModel, findOrAddNamed } from '../devices/catalogue.ts'
import { CHARGER, CUSTOMERS, MODELS, type Plan, plans, serialOf, STAFF, TROUBLES } from './repairs-data.ts'
import { PLACES } from './catalogue-data.ts'
import { openDemoStore, STORE_STEPS } from './store.ts'
import { registerDevice } from '../devices/devices.ts'
import { keepIntake } from '../repairs/intakes.ts'
import { addLocation, replaceFirstLocations } from '../stock/locations.ts'
import { appendOrderEvents } from '../repairs/order-events.ts'
import { changeOrder, openOrder } from '../repairs/orders.ts'
import { takePayment } from '../repairs/payments.ts'
import { findOrAddStarter, starterLanguage } from '../devices/starter-catalogue.ts'
import { percentOf } from '../../domain/money/money.ts'

/** Somebody who works in the demonstration; the password and PIN are told once. */
export type DemoPerson = {
  full_name: string
  phone: string
  email: string
  role: 'admin' | 'customer'
  password: string
  pin: string | null
}

type Demo = Pick<Context, 'database' | 'passwords' | 'tokens'>

const HOUR = 3_600_000
const DAY = 24 * HOUR
const BY = { actor: null, device: null, act: 'demo' }

/**
 * Fills the shop with a small believable working day: three people behind the counter, forty customers, sixty repairs of
 * the last weeks, and a store with sixty products, its orders and trade-ins. Returns who was added to the staff; nobody, and nothing changes, when it was there already. The first
 * of the staff is an admin where there is none yet. Writes repair by repair, so that a server beside it is never stalled,
 * and says after each step how many of all are done.
 */
export async function openDemo(
  { database, passwords, tokens }: Demo,
  onStep: (done: number, all: number) => void = () => {},
): Promise<DemoPerson[]> {
  const told = await addStaff({ database, passwords, tokens })
  const staff = await idsBySource(
    database.db,
    STAFF.map(({ key }) => `demo:${key}`),
  )
  const language = await starterLanguage(database.db)
  const repairs = plans()
  let done = 0
  const step = () => onStep(++done, repairs.length + STORE_STEPS)
  for (const plan of repairs) {
    if (await isThere(database.db, plan)) continue
    await database.write(BY, (trx) => playRepair(trx, plan, { staff, language }))
    step()
    await pause(5)
  }
  await openDemoStore({ database }, staff, step)
  return told
}

async function addStaff({ database, passwords, tokens }: Demo): Promise<DemoPerson[]> {
  if ((await idsBySource(database.db, [`demo:${STAFF[0].key}`])).length > 0) return []
  const secrets = await Promise.all(
    STAFF.map(async () => {
      const [password, pin] = [newPassword(), await randomPin(database.db, tokens)]
      const [password_hash, pin_hash] = [await passwords.hash(password), await passwords.hash(pin)]
      return { password, pin, password_hash, kept: { ...keyedPin(tokens, pin), pin_hash } }
    }),
  )
  return await database.write(BY, async (trx) => {
    await nameShop(trx)
    const people: DemoPerson[] = []
    for (const [index, { key, full_name, phone, email }] of STAFF.entries()) {
      const { password, pin, password_hash, kept } = secrets[index]!
      const role = (await hasAdmin(trx)) ? 'customer' : 'admin'
      const user_id = await addUser(trx, { full_name, phone, email, role, is_staff: true, source_key: `demo:${key}` })
      await setPassword(trx, user_id, password_hash)
      // Two of three drew the same digits once in some thousand times: the second then has none.
      const hasPin = await setPin(trx, user_id, kept)
      people.push({ full_name, phone, email, role, password, pin: hasPin ? pin : null })
    }
    return people
  })
}

const hasAdmin = async (db: Db) =>
  (await db
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'admin')
    .where('deleted_at', 'is', null)
    .executeTakeFirst()) !== undefined

/** Three short words and a number: easy to type once. */
function newPassword(): string {
  const words = [
    'amber',
    'birch',
    'cedar',
    'delta',
    'ember',
    'fjord',
    'grove',
    'heron',
    'ivory',
    'jade',
    'kelp',
    'lotus',
    'maple',
    'north',
    'ocean',
    'pearl',
  ]
  return [...Array.from({ length: 3 }, () => words[randomInt(words.length)]), randomInt(100, 1_000)].join('-')
}

/** A shop that nobody has set up gets a name, a currency, and the places where its goods lie. */
async function nameShop(trx: Trx) {
  const { store_id } = trx.act.node
  const { set_up_at } = await trx
    .selectFrom('store')
    .select('set_up_at')
    .where('id', '=', store_id)
    .executeTakeFirstOrThrow()
  if (set_up_at !== null) return
  const name = { name: 'Harbour Street Repairs', phone: '020 7946 0100', address: '12 Harbour Street, London' }
  await patch(trx, 'store', store_id, {
    ...name,
    currency: 'GBP',
    time_zone: 'Europe/London',
    tax_rate: 2_000,
    set_up_at: trx.act.now,
  })
  const [first, second] = PLACES
  await replaceFirstLocations(trx, first)
  await addLocation(trx, second)
}

async function idsBySource(db: Db, keys: string[]): Promise<number[]> {
  const rows = await db
    .selectFrom('user')
    .select(['id', 'source_key'])
    .where('source_key', 'in', keys)
    .where('deleted_at', 'is', null)
    .execute()
  return rows.toSorted((a, b) => keys.indexOf(a.source_key!) - keys.indexOf(b.source_key!)).map(({ id }) => id)
}

const deviceKey = ({ n }: Plan) => `demo:device:${n}`

const isThere = async (db: Db, plan: Plan) =>
  (await db.selectFrom('device').select('id').where('source_key', '=', deviceKey(plan)).executeTakeFirst()) !==
  undefined

type DemoStaff = { staff: readonly number[]; language: Awaited<ReturnType<typeof starterLanguage>> }

/** One repair from the counter to where it stands today, each step dated when it happened. */
async function playRepair(trx: Trx, plan: Plan, { staff, language }: DemoStaff) {
  const { now } = trx.act
  const trouble = TROUBLES[plan.n % TROUBLES.length]!
  const bench = staff[plan.n % 2] ?? null
  const desk = staff[2] ?? null
  const opened = Math.min(startOfDay(now) - plan.age * DAY + 9 * HOUR + (plan.n % 8) * HOUR, now - 10 * 60_000)
  const at = (hours: number, actor: number | null) =>
    backdated(trx, { now: Math.min(opened + hours * HOUR, now), actor })

  const customer_id = await customerOf(at(0, desk), plan.n)
  const device_id = await deviceOf(at(0, desk), plan, customer_id)
  const problem_id = await findOrAddStarter(trx, 'problem', trouble.problem)
  const promise = plan.promise === null ? null : startOfDay(now) + plan.promise * DAY + 17 * HOUR
  const order = await openOrder(at(0, desk), {
    device_id,
    problem_id,
    note: trouble[language],
    estimated_completion_date: promise,
  })
  await keepIntake(at(0, desk), order.id, {
    problem_ids: [problem_id],
    accessories: plan.n % 3 === 0 ? [CHARGER[language]] : [],
    condition: {
      screen: trouble.problem === 'Screen broken' ? 'broken' : 'ok',
      body: plan.n % 4 === 0 ? 'worn' : 'ok',
    },
    terms_accepted: true,
  })
  if (plan.status === 'Pending' && plan.n % 3 !== 0) return
  await changeOrder(at(1, desk), order.id, { cost_cents: trouble.cents, discount_cents: plan.n % 9 === 0 ? 1_000 : 0 })
  if (bench !== null) await assign(at(2, desk), { order_id: order.id, user_id: bench })
  if (plan.message) await appendOrderEvents(at(3, bench), order.id, [{ kind: 'message', text: plan.message[language] }])
  await finish(plan, order.id, { at, bench, desk })
}

type Steps = { at(hours: number, actor: number | null): Trx; bench: number | null; desk: number | null }

async function finish({ status, paid, n }: Plan, order_id: number, { at, bench, desk }: Steps) {
  if (status === 'Pending') return
  if (status === 'Cancelled') return void (await changeOrder(at(26, desk), order_id, { status }))
  await changeOrder(at(20, bench), order_id, { status: 'Repairing' })
  if (status === 'Completed') await changeOrder(at(50 + (n % 20), bench), order_id, { status })
  if (paid === 0) return
  const { cost_cents, discount_cents } = await at(0, desk)
    .selectFrom('repair_order')
    .select(['cost_cents', 'discount_cents'])
    .where('id', '=', order_id)
    .executeTakeFirstOrThrow()
  const card = n % 2 === 0
  await takePayment(at(status === 'Completed' ? 74 : 21, desk), {
    order_id,
    amount_cents: percentOf(cost_cents - discount_cents, paid),
    payment_method: card ? 'Card' : 'Cash',
    transaction_id: card ? `T${String(480_213 + n * 97)}` : null,
  })
  if (status === 'Completed' && paid === 100 && n % 6 !== 0)
    await changeOrder(at(74, desk), order_id, { picked_up: true })
}

async function customerOf(trx: Trx, n: number): Promise<number> {
  const index = (n * 17) % CUSTOMERS.length
  const source_key = `demo:customer:${index}`
  const [known] = await idsBySource(trx, [source_key])
  const full_name = CUSTOMERS[index]!
  const phone = `07700 900${String(100 + index * 7).padStart(3, '0')}`
  return known ?? (await addUser(trx, { full_name, phone, role: 'customer', is_staff: false, source_key }))
}

async function deviceOf(trx: Trx, plan: Plan, owner_id: number): Promise<number> {
  const [type, brand, name] = MODELS[(plan.n * 4) % MODELS.length]!
  const device_type_id = await findOrAddStarter(trx, 'device_type', type)
  const brand_id = await findOrAddNamed(trx, 'brand', brand)
  const model_id = await findOrAddModel(trx, { brand_id, device_type_id, name })
  const device = {
    device_type_id,
    brand_id,
    model_id,
    owner_id,
    serial_number: serialOf(plan.n, type),
    source_key: deviceKey(plan),
  }
  return (await registerDevice(trx, device)).id
}

const startOfDay = (now: number) => now - (now % DAY)
