import { RowOfAnotherNode } from '../../../db/errors.ts'
import { inStore, type Trx } from '../../../db/handle.ts'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { insert, patch } from '../../../db/rows.ts'
import { nodeOf } from '../../../server/domain/ids.ts'
import { HttpError } from '../../../server/http/errors.ts'
import { addNamed } from '../../../server/shop/devices/catalogue.ts'
import { registerDevice } from '../../../server/shop/devices/devices.ts'
import { erasePerson } from '../../../server/shop/erasure/erase-customer.ts'
import { addUser, patchUser, setPassword } from '../../../server/shop/people/users.ts'
import { assign, unassign } from '../../../server/shop/repairs/assignments.ts'
import { keepIntake } from '../../../server/shop/repairs/intakes.ts'
import { changeOrder, openOrder, removeOrder } from '../../../server/shop/repairs/orders.ts'
import { correctPayment, removePayment, takePayment } from '../../../server/shop/repairs/payments.ts'
import { takeAtDesk } from '../../../server/shop/sales/counter-payments.ts'
import { cancelExpired, cancelOrder } from '../../../server/shop/sales/order-outcome.ts'
import { placeOrder } from '../../../server/shop/sales/orders.ts'
import { addProduct, changeProduct } from '../../../server/shop/stock/product-changes.ts'
import { receiveStock, writeOff } from '../../../server/shop/stock/stock-keeping.ts'
import { chosen, countNews, customersOf, type Doing, newName, noteName, state, sumsOf, withOne } from './doing.ts'
import type { Fleet, Machine } from './fleet.ts'
import { OFFICE } from './machines.ts'
import type { Deed } from './schedule.ts'

/** What people do at a machine, by the shop's own functions. */

/** Does it in one write, or is refused, which is a part of a day. */
export async function doAt(fleet: Fleet, machine: Machine, what: Deed, a: number, b: number): Promise<void> {
  const { database } = machine.sync
  // What the program does by itself, nobody does.
  const actor = what === 'expire' ? null : machine.clerk
  const before = sumsOf(machine)
  try {
    if (what === 'erase') return await eraseSomebody(fleet, machine, a)
    await database.write({ actor, device: 'desk', act: what }, (trx) => DEEDS[what]({ fleet, machine, trx, a, b }))
  } catch (error) {
    if (!(error instanceof HttpError) && !(error instanceof RowOfAnotherNode)) throw error
  } finally {
    countNews(fleet, machine, before)
  }
}

const STATUSES = ['Pending', 'Repairing', 'Completed', 'Cancelled'] as const

async function takeIn({ fleet, machine, trx, a, b }: Doing): Promise<void> {
  const known = b % 3 === 0 ? chosen(await customersOf({ fleet, machine, trx, a, b }), a) : null
  const full_name = newName(fleet, machine)
  const owner_id = known ?? (await addUser(trx, { full_name, role: 'customer', is_staff: false }))
  if (known === null) noteName(fleet, owner_id, full_name)
  const { brand_id, model_id, device_type_id } = fleet.day.catalogue
  const device = await registerDevice(trx, { brand_id, model_id, device_type_id, owner_id })
  const { id } = await openOrder(trx, { device_id: device.id, cost_cents: 1_000, note: `note ${b}` })
  await keepIntake(trx, id, { accessories: ['case'] })
  await takePayment(trx, { order_id: id })
}

const pay = (doing: Doing) =>
  withOne(doing, 'repair_order', async (order_id) => {
    const amount_cents = 50 * (1 + (doing.b % 9))
    const { id } = await takePayment(doing.trx, { order_id, amount_cents, payment_method: 'Cash' })
    state(doing.fleet, id, amount_cents)
  })

const correct = (doing: Doing) =>
  withOne(doing, 'payment', async (id) => {
    const amount_cents = 10 * (1 + doing.b)
    // Where the write fails, it holds what it did.
    const was = doing.machine.memory.rows<{ cents: number }>(
      `select coalesce(sum(amount_cents), 0) as cents from payment_entry where payment_id = ${id}`,
    )
    state(doing.fleet, id, was[0]!.cents)
    await correctPayment(doing.trx, id, { amount_cents })
    state(doing.fleet, id, amount_cents)
  })

/** A price of head office's, or a kind of goods that no shop adds, with goods of it: a terminal that goes past its own rules. */
const overstep = async ({ fleet, trx, a, b }: Doing) => {
  if (b % 2 === 0) return void (await patch(trx, 'product', fleet.day.catalogue.product_id, { price_cents: 1 + a }))
  const name = `Kind ${trx.act.node.id} ${++fleet.named}`
  await insert(trx, 'category', {
    slug: name.replaceAll(' ', '-').toLowerCase(),
    name,
    name_key: name.toLowerCase(),
    shown_as: name,
  })
}

/** A repair problem of a kind that was just made up, in a write of its own. */
const goodsOfIt = async ({ fleet, trx }: Doing) => {
  const kinds = await trx
    .selectFrom('category')
    .select(['id', 'name'])
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  const own = kinds.find(({ id, name }) => nodeOf(id) === trx.act.node.id && name.startsWith('Kind'))
  if (!own) return
  const phone = {
    brand: 'Fairphone',
    model: `9 ${++fleet.named}`,
    name: `Fairphone 9 ${fleet.named}`,
    condition: 'B',
    price_cents: 900,
  } as const
  await addProduct(trx, { ...phone, category_id: own.id })
}

/** What nobody had before, and a piece of it in the second store. */
const newGoods = async ({ fleet, trx }: Doing) => {
  const { id: category_id } = await trx
    .selectFrom('category')
    .select('id')
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow()
  const name = `New ${++fleet.named}`
  const { id } = await addProduct(trx, {
    brand: `Brand of ${name}`,
    model: name,
    name,
    condition: 'B',
    price_cents: 500,
    category_id,
  })
  await receiveStock(inStore(trx, 2), id, { quantity: 1 })
}

/** Somebody of the shop is made an admin of all, past the rules of the counter. */
const hireOneself = async (doing: Doing) => {
  const id = chosen(await customersOf(doing), doing.a)
  if (id !== null) await patch(doing.trx, 'user', id, { role: 'admin', is_staff: true, works_at: null })
}

/** What nobody may find but where it was set. */
const password = async ({ fleet, machine, trx }: Doing) => {
  const hash = `$2b$hash${machine.node}x${++fleet.named}y`
  const id = fleet.day.clerks[machine.node === OFFICE ? 1 + (fleet.named % 3) : machine.node]!
  await setPassword(trx, id, hash)
  fleet.hashes.set(id, [...(fleet.hashes.get(id) ?? []), hash])
}

const picture = async ({ trx, fleet, a }: Doing) => {
  await patchUser(trx, fleet.day.clerks[a % 4]!, { profile_picture: `/pictures/${++fleet.named}` })
}

const sell = async (doing: Doing) => {
  const user_id = chosen(await customersOf(doing), doing.a)
  const { product_id } = doing.fleet.day.catalogue
  if (user_id === null) return
  await placeOrder(doing.trx, {
    user_id,
    lines: [{ product_id, qty: 1 + (doing.b % 2) }],
    payment_method: 'counter',
    minutes: 60,
  })
}

const rename = async (doing: Doing) => {
  const { fleet, machine, trx } = doing
  const id = chosen(await customersOf(doing), doing.a)
  if (id === null) return
  const full_name = newName(fleet, machine)
  noteName(fleet, id, full_name)
  await patchUser(trx, id, { full_name })
}

const sameName = async (doing: Doing) => {
  const id = chosen(await customersOf(doing), doing.a)
  if (id === null) return
  const { full_name } = await doing.trx
    .selectFrom('user')
    .select('full_name')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  // Somebody types it anew and leaves it as it was: a write that says the same.
  await patchUser(doing.trx, id, { full_name: `${full_name} ` })
  await patchUser(doing.trx, id, { full_name })
}

/** Who was added at head office works there, or does not. */
const setWork = async ({ fleet, trx, a }: Doing, works: boolean) => {
  const rows = await trx
    .selectFrom('user')
    .select(['id', 'role', 'full_name'])
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  const some = rows.filter(
    ({ id, role, full_name }) =>
      nodeOf(id) !== OFFICE && (role === 'customer') === works && full_name.startsWith('Nym'),
  )
  const id = chosen(some.map((row) => row.id), a) // oxfmt-ignore
  if (id !== null && works) fleet.hired.add(id)
  if (id !== null) await patchUser(trx, id, { role: works ? 'evaluator' : 'customer', is_staff: works })
}

/** An order of the web shop, of somebody whom head office alone knows or a shop too, for goods that lie in the second store. */
const elsewhere = async ({ fleet, machine, trx, a, b }: Doing) => {
  const known = b % 2 === 0 ? chosen(await customersOf({ fleet, machine, trx, a, b }), a) : null
  const full_name = newName(fleet, machine)
  const user_id = known ?? (await addUser(trx, { full_name, role: 'customer', is_staff: false }))
  if (known === null) noteName(fleet, user_id, full_name)
  const lines = [{ product_id: fleet.day.catalogue.web_product_id, qty: 1 }]
  await placeOrder(trx, { user_id, lines, payment_method: 'counter', minutes: 60 })
}

async function eraseSomebody(fleet: Fleet, machine: Machine, a: number): Promise<void> {
  const { database } = machine.sync
  const by = { actor: machine.clerk, device: 'desk', act: 'erase' }
  const reading = { fleet, machine, trx: database.db as Trx, a, b: 0 }
  const id = chosen(await customersOf(reading), a)
  if (id === null) return
  await eraseOnce(fleet, machine, id, by)
}

/** Gives up what is open of a person and erases them, or once more one of whom somebody wrote on who did not know. */
async function eraseOnce(
  fleet: Fleet,
  { sync: { database } }: Machine,
  id: number,
  by = { actor: null as number | null, device: 'desk', act: 'erase' },
): Promise<void> {
  await database.write(by, async (trx) => {
    const repairs = trx
      .selectFrom('repair_order')
      .select('id')
      .where('customer_id', '=', id)
      .where('deleted_at', 'is', null)
    for (const order of await repairs.where('status', 'in', ['Pending', 'Repairing']).orderBy('id').execute())
      await changeOrder(trx, order.id, { status: 'Cancelled' })
    const sales = trx.selectFrom('sales_order').select('id').where('user_id', '=', id).where('deleted_at', 'is', null)
    for (const order of await sales.where('status', 'in', ['pending', 'paid', 'shipped']).orderBy('id').execute())
      await cancelOrder(trx, order.id, { reason: 'admin' })
  })
  const rows = await database.write(by, (trx) => erasePerson(trx, id))
  fleet.erased.add(id)
  // What breaks off in the middle somebody does once more.
  fleet.halfErased.add(id)
  await eraseBodies(database, by, rows)
  fleet.halfErased.delete(id)
}

/** The same, and what comes back with it is counted. */
export async function erase(fleet: Fleet, machine: Machine, id: number): Promise<void> {
  const before = sumsOf(machine)
  try {
    await eraseOnce(fleet, machine, id)
  } finally {
    countNews(fleet, machine, before)
  }
}

const DEEDS: Record<Exclude<Deed, 'erase'>, (doing: Doing) => Promise<unknown>> = {
  intake: takeIn,
  pay,
  correct,
  'take back': (doing) => withOne(doing, 'payment', (id) => removePayment(doing.trx, id)),
  status: (doing) =>
    withOne(doing, 'repair_order', (id) => changeOrder(doing.trx, id, { status: STATUSES[doing.b % 4]! })),
  note: (doing) => withOne(doing, 'repair_order', (id) => changeOrder(doing.trx, id, { note: `note ${doing.b % 4}` })),
  cost: (doing) =>
    withOne(doing, 'repair_order', (id) => changeOrder(doing.trx, id, { cost_cents: 1_000 + 100 * doing.b })),
  rename,
  'same name': sameName,
  remove: (doing) => withOne(doing, 'repair_order', (id) => removeOrder(doing.trx, id)),
  assign: (doing) =>
    withOne(doing, 'repair_order', (order_id) => assign(doing.trx, { order_id, user_id: doing.machine.clerk })),
  unassign: (doing) => withOne(doing, 'assignment', (id) => unassign(doing.trx, id)),
  receive: ({ fleet, trx, b }) => receiveStock(trx, fleet.day.catalogue.product_id, { quantity: 1 + (b % 3) }),
  'write off': ({ fleet, trx }) => writeOff(trx, fleet.day.catalogue.product_id, { quantity: 1 }),
  sell,
  'take money': (doing) => withOne(doing, 'sales_order', (id) => takeAtDesk(doing.trx, id, { method: 'Cash' })),
  cancel: (doing) => withOne(doing, 'sales_order', (id) => cancelOrder(doing.trx, id, { reason: 'admin' })),
  expire: ({ trx }) => cancelExpired(trx),
  brand: ({ trx, b }) => addNamed(trx, 'brand', { name: `Brand ${b % 5}` }),
  hire: (doing) => setWork(doing, true),
  'let go': (doing) => setWork(doing, false),
  elsewhere,
  overstep,
  'goods of it': goodsOfIt,
  'hire oneself': hireOneself,
  password,
  picture,
  'new goods': newGoods,
  price: ({ fleet, trx, b }) => changeProduct(trx, fleet.day.catalogue.product_id, { price_cents: 900 + b }),
}
