import { inStore } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import type { Context } from '../../../server/context.ts'
import { actOf, addGoods, marks } from '../../campaigns/kills/acts.ts'
import { phoneOf, type Step, type Stock, WORK } from '../../campaigns/kills/work.ts'
import { formOf, jpeg } from '../../api/pictures.ts'
import { addPerson, type Person, type PersonKind } from '../../support/person.ts'
import type { Reply, ShopOptions } from '../../support/shop.ts'
import { type Office, openOffice, write } from '../enrol/office.ts'

/** Head office with two stores beside its own, and people of each who are signed in at head office. */

export type StoreOfTest = {
  id: number
  code: string
  staff: Person
  admin: Person
  evaluator: Person
  customer: Person
}

export type TwoStores = Office & {
  north: StoreOfTest
  south: StoreOfTest
  stock: Omit<Stock, 'customer_id' | 'staff_id'>
}

export async function openTwoStores(options: ShopOptions = {}): Promise<TwoStores> {
  const office = await openOffice(options)
  const stock = await write(office, addGoods)
  const [north, south] = [await openStore(office, 'S2', 'North'), await openStore(office, 'S3', 'South')]
  return Object.assign(office, { north, south, stock })
}

async function openStore(office: Office, code: string, name: string): Promise<StoreOfTest> {
  const reply = await office.counter('POST', '/fleet/codes', { store: { code, name }, terminal: 'T1', name: 'Desk' })
  const id: number = reply.body.store_id
  const person = async (kind: PersonKind) => {
    const added = await addPerson(contextIn(office.context, id), kind, {
      full_name: `${name} ${kind}`,
      phone: `0170 55${id}000${kind.length}`,
    })
    if (kind !== 'customer') await write(office, (trx) => patch(trx, 'user', added.id, { works_at: id }))
    return added
  }
  return {
    id,
    code,
    staff: await person('staff'),
    admin: await person('admin'),
    evaluator: await person('evaluator'),
    customer: await person('customer'),
  }
}

/** What is written by it is of the store. */
const contextIn = (context: Context, store: number): Context => ({
  ...context,
  database: {
    ...context.database,
    write: (by, run) => context.database.write(by, (trx) => run(inStore(trx, store))),
  },
})

/** A request, by somebody. */
export const send = (office: Office, as: Person, { method, path, body }: Pick<Step, 'method' | 'path' | 'body'>) =>
  office.call(method, path, { as, body })

/** Who does a step of one store's work, and who is asked in vain before. */
type Around = (step: Step) => Promise<void>

/**
 * A store's work at head office, by its own people: repairs, orders, people, stock, purchases, an order of the web shop. What the
 * organisation decides is done by its owner. Every text of it bears a mark `mark7x…`.
 */
export async function workIn(office: TwoStores, store: StoreOfTest, seed: number, around: Around = async () => {}) {
  const mark = marks(seed)
  const refused = new Set<string>()
  const stock: Stock = { ...office.stock, customer_id: store.customer.id, staff_id: store.staff.id }
  const does = async (step: Step): Promise<Reply> => {
    office.clock.pass(1_000)
    await around(step)
    let reply = await send(office, store[step.as], step)
    if (reply.body?.code === 'organisation-admin-needed') {
      refused.add(actOf(step))
      reply = await send(office, office.owner, step)
    }
    if (reply.status >= 300) throw new Error(`${step.method} ${step.path}: ${reply.status} ${reply.text}`)
    return reply
  }
  for (const name of ['repair', 'orders', 'catalogue', 'people', 'stock', 'prices', 'buying', 'questions'] as const) {
    const work = WORK[name]!(stock, mark)
    for (let step = work.next(); !step.done;) step = work.next((await does(step.value)).body)
  }
  await shopping(office, mark, does)
  await photograph(store, mark, does)
  await office.database.flushSearchIndex()
  return { refused }
}

/** The web shop sells what lies in the store. */
async function shopping(
  { stock: { category_id } }: TwoStores,
  mark: () => string,
  does: (step: Step) => Promise<Reply>,
) {
  const step = async (as: Step['as'], path: string, body: object) =>
    (await does({ as, method: 'POST', path, body, proof: null })).body
  const { id: location_id } = await step('admin', '/counter/locations', { name: mark() })
  const goods = { category_id, location_id, brand: 'Apple', model: 'Web', condition: 'A', price_cents: 1_000 }
  const { id } = await step('staff', '/counter/products', { ...goods, name: mark() })
  await step('staff', `/counter/products/${id}/stock/receipts`, { quantity: 5, note: mark() })
  const checkout = { items: [{ id, price: 10, quantity: 1 }], paymentMethod: 'cod', shippingAddress: { line: mark() } }
  const bought = await step('customer', '/api/orders/checkout', checkout)
  const order_id: number = bought.order_id ?? bought.order?.id ?? bought.id
  const paid = { method: 'Card', reference: mark() }
  await step('staff', `/counter/sales-orders/${order_id}/payments`, paid)
}

/** A ticket that stays, with a photo, money and somebody who has it. */
async function photograph(store: StoreOfTest, mark: () => string, does: (step: Step) => Promise<Reply>) {
  const step = async (method: string, path: string, body: object) =>
    (await does({ as: 'staff', method, path, body, proof: null })).body
  const named = mark()
  const customer = { full_name: named, phone: phoneOf(named) }
  const names = { device_type_name: 'Handheld', brand_name: 'Fairphone', model_name: 'Five' }
  const device = { ...names, serial_number: mark() }
  const { order_id } = await step('POST', '/counter/intakes', { customer, device, estimate_cents: 5_000, note: mark() })
  const ticket = `/counter/tickets/${order_id}`
  await step('POST', `${ticket}/photos`, formOf({}, [[`${mark()}jpg`, await jpeg(48, 36, '#123456')]]))
  await step('POST', `${ticket}/payments`, { amount_cents: 100, method: 'Card', reference: mark() })
  await step('POST', `${ticket}/technicians`, { user_id: store.staff.id })
}

type Change = { entity: string; id: number }

/** What a stream tells until `isLast`. */
export async function hear(stream: Response, isLast: (change: Change) => boolean): Promise<Change[]> {
  const heard: Change[] = []
  let rest = ''
  const text = new TextDecoder()
  for await (const chunk of stream.body!) {
    const lines = (rest + text.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      if (!line.startsWith('data: {"')) continue
      heard.push(JSON.parse(line.slice(6)) as Change)
      if (isLast(heard.at(-1)!)) return heard
    }
  }
  throw new Error('The stream ended before')
}
