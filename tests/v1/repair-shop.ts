import type { Trx } from '../../db/handle.ts'
import { assign } from '../../server/shop/repairs/assignments.ts'
import { addModel, addNamed } from '../../server/shop/devices/catalogue.ts'
import { type NewDevice, registerDevice } from '../../server/shop/devices/devices.ts'
import { type NewOrder, openOrder } from '../../server/shop/repairs/orders.ts'
import { type NewPayment, takePayment } from '../../server/shop/repairs/payments.ts'
import { type CallOptions, openShop, type Person, type Reply, type ShopOptions } from '../support/shop.ts'
import type { PersonKind } from '../support/person.ts'

/** A shop with one person of each kind, another customer, a Dell XPS 13 in its catalogue, and rows on demand. */
export async function openRepairShop(options?: ShopOptions) {
  const shop = await openShop(options)
  const people: Record<PersonKind, Person> = {
    admin: await shop.person('admin'),
    staff: await shop.person('staff'),
    evaluator: await shop.person('evaluator'),
    customer: await shop.person('customer', { full_name: 'Ann' }),
  }
  const other = await shop.person('customer', { full_name: 'Bob' })
  const write = <T>(run: (trx: Trx) => Promise<T>) =>
    shop.database.write({ actor: people.admin.id, device: null, act: 'test' }, run)
  const kind = await write(async (trx) => {
    const brand_id = (await addNamed(trx, 'brand', { name: 'Dell' })).id
    const device_type_id = (await addNamed(trx, 'device_type', { name: 'Laptop' })).id
    const model_id = (await addModel(trx, { brand_id, device_type_id, name: 'XPS 13' })).id
    return { brand_id, model_id, device_type_id }
  })
  const problem_id = await write(async (trx) => (await addNamed(trx, 'problem', { name: 'Screen' })).id)
  const device = (fields: Partial<NewDevice> = {}) =>
    write((trx) => registerDevice(trx, { ...kind, owner_id: people.customer.id, ...fields }))
  const order = async (fields: Partial<NewOrder> = {}) => {
    const device_id = fields.device_id ?? (await device()).id
    return await write((trx) => openOrder(trx, { cost_cents: 27_500, ...fields, device_id }))
  }
  return {
    ...shop,
    ...people,
    other,
    write,
    kind,
    problem_id,
    device,
    order,
    payment: async (fields: Partial<NewPayment> = {}) => {
      const order_id = fields.order_id ?? (await order()).id
      return await write((trx) => takePayment(trx, { amount_cents: 10_000, ...fields, order_id }))
    },
    assignment: async () => {
      const { id: order_id } = await order()
      return await write((trx) => assign(trx, { order_id, user_id: people.staff.id }))
    },
    /** A call of /v1 by the admin, unless said otherwise. */
    v1: (method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Reply> =>
      shop.call(method, `/v1${path}`, { as: people.admin, body, ...options }),
  }
}

export type RepairShop = Awaited<ReturnType<typeof openRepairShop>>

/** The faults of a 422 as `body.cost decimal_parsing`, sorted. */
export const faultsOf = ({ body }: Reply): string[] =>
  body.detail.map(({ type, loc }: { type: string; loc: string[] }) => `${loc.join('.')} ${type}`).toSorted()
