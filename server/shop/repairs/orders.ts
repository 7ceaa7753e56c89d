import type { Db, Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import type { RepairOrderTable } from '../../../db/schema/repair-tables.ts'
import { isOpen, type OrderStatus } from '../../domain/repair-status.ts'
import { badRequest, conflict, invalidField, notFound } from '../../http/errors.ts'
import type { Scope } from '../../http/auth/permissions.ts'
import { isOrderShownTo } from '../people/unconfirmed.ts'
import { findUser } from '../people/users.ts'
import { removeAssignmentsOf } from './assignments.ts'
import { findNamed } from '../devices/catalogue.ts'
import { findDevice } from '../devices/devices.ts'
import { takeNumbers } from '../document-numbers.ts'
import { appendOrderEvents, type OrderEvent } from './order-events.ts'
import { erasePasscode } from './passcodes.ts'
import { paidOn, refreshPlaceholders, removePaymentsOf } from './payments.ts'

/** A repair. Money in cents, instants in ms; what it comes to is cost − discount. */
export type Order = Pick<RepairOrderTable, (typeof COLUMNS)[number]>

export type NewOrder = {
  device_id: number
  /** The device's owner unless said otherwise. */
  customer_id?: number | null | undefined
  problem_id?: number | null | undefined
  cost_cents?: number | undefined
  discount_cents?: number | undefined
  note?: string | null | undefined
  status?: OrderStatus | undefined
  estimated_completion_date?: number | null | undefined
}

export type OrderChanges = Partial<
  Pick<NewOrder, 'problem_id' | 'cost_cents' | 'discount_cents' | 'note' | 'status' | 'estimated_completion_date'>
> & {
  /** Whether the device has left the shop. */
  picked_up?: boolean | undefined
  /** The shop has bought the device for this request, under this number: nobody picks it up any more. */
  bought?: { pickup_id: number; number: string } | undefined
}

/**
 * Takes a device in for repair under the next ticket number and returns the order.
 * @throws 404 for device, customer or problem; 400 when nobody is the customer; 422 for a discount above the cost
 */
export async function openOrder(trx: Trx, wanted: NewOrder): Promise<Order> {
  const {
    problem_id = null,
    cost_cents = 0,
    discount_cents = 0,
    note = null,
    status = 'Pending',
    estimated_completion_date = null,
  } = wanted
  refuseExcess(cost_cents, discount_cents)
  const device = await findDevice(trx, wanted.device_id, { own: null })
  const customer_id = wanted.customer_id ?? device.owner_id
  if (customer_id !== null) await findUser(trx, customer_id, { own: null }, customerNotFound)
  if (problem_id !== null) await findNamed(trx, 'problem', problem_id)
  if (customer_id === null) throw badRequest('device-without-owner', 'The device has no owner: customer_id is needed')
  const { now } = trx.act
  const [ticket_number] = await takeNumbers(trx, 'ticket')
  const order = {
    ticket_number: ticket_number!,
    opened_by: trx.act.actor,
    device_id: device.id,
    customer_id,
    problem_id,
    cost_cents,
    discount_cents,
    note,
    status,
    estimated_completion_date,
    completed_at: status === 'Completed' ? now : null,
    picked_up_at: null,
  }
  const id = await insert(trx, 'repair_order', order)
  return { id, ...order, created_at: now, updated_at: now }
}

const COLUMNS = [
  'id',
  'ticket_number',
  'device_id',
  'customer_id',
  'problem_id',
  'cost_cents',
  'discount_cents',
  'note',
  'status',
  'estimated_completion_date',
  'completed_at',
  'picked_up_at',
  'created_at',
  'updated_at',
] as const

const orderById = prepared((db, id: number) =>
  db.selectFrom('repair_order').select(COLUMNS).where('id', '=', id).where('deleted_at', 'is', null),
)

/**
 * The order with this id, if within the scope.
 * @throws 404
 */
export async function findOrder(db: Db, id: number, { own }: Scope): Promise<Order> {
  const [order] = await orderById(db, id)
  const isShown = order && (own === null || (await isShownTo(db, order, own)))
  if (!isShown) throw notFound('order-not-found', 'Order not found')
  return order
}

async function isShownTo(db: Db, { id, customer_id }: Order, own: number): Promise<boolean> {
  if (customer_id !== own) return false
  return (await listOrders(db, { own }).where('id', '=', id).executeTakeFirst()) !== undefined
}

export type OrderFilter = {
  status?: OrderStatus | undefined
  customer_id?: number | undefined
  device_id?: number | undefined
}

/** Orders within the scope in id order. */
export function listOrders(db: Db, { own }: Scope, { status, customer_id, device_id }: OrderFilter = {}) {
  return db
    .selectFrom('repair_order')
    .select(COLUMNS)
    .where('deleted_at', 'is', null)
    .$if(own !== null, (query) => query.where('customer_id', '=', own!).where(isOrderShownTo(own!)))
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .$if(customer_id !== undefined, (query) => query.where('customer_id', '=', customer_id!))
    .$if(device_id !== undefined, (query) => query.where('device_id', '=', device_id!))
    .orderBy('id')
}

/**
 * Changes an order and returns it; a field that is undefined stays, null empties it. What changed is kept with who and when.
 * @throws 404 for the order or problem, 422 for a discount above the cost, 400 when it would cost less than was paid or when
 * a device that is still worked on is picked up
 */
export async function changeOrder(trx: Trx, id: number, changes: OrderChanges): Promise<Order> {
  const { bought, picked_up = bought && true, ...wanted } = changes
  const order = await findOrder(trx, id, { own: null })
  const after: Order = {
    ...order,
    ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
  }
  refuseExcess(after.cost_cents, after.discount_cents)
  if (after.problem_id !== null && after.problem_id !== order.problem_id)
    await findNamed(trx, 'problem', after.problem_id)
  if (totalOf(after) < totalOf(order)) await refuseBelowPaid(trx, after)
  if (after.status !== order.status) after.completed_at = after.status === 'Completed' ? trx.act.now : null
  after.picked_up_at = pickedUpAt(after, picked_up, trx.act.now)
  const { problem_id, cost_cents, discount_cents, note, status, estimated_completion_date, completed_at } = after
  const changed = await patch(trx, 'repair_order', id, {
    problem_id,
    cost_cents,
    discount_cents,
    note,
    status,
    estimated_completion_date,
    completed_at,
    picked_up_at: after.picked_up_at,
  })
  if (!changed) return order
  await appendOrderEvents(trx, id, differences(order, after, bought))
  if (after.status !== order.status) await refreshPlaceholders(trx, id, after.status)
  return { ...after, updated_at: trx.act.now }
}

type Editable = Partial<Pick<OrderChanges, 'cost_cents' | 'discount_cents' | 'note' | 'estimated_completion_date'>>

/**
 * What somebody else has changed since is not written over unseen: `from` is what stood there when the change was begun. A
 * change that is there already is no matter: the answer to it may have been lost.
 * @throws 404, 409
 */
export async function refuseStaleEdit(db: Db, id: number, from: Editable, changes: Editable): Promise<void> {
  const order = await findOrder(db, id, { own: null })
  for (const field of ['cost_cents', 'discount_cents', 'note', 'estimated_completion_date'] as const)
    if (from[field] !== undefined && order[field] !== from[field] && order[field] !== changes[field])
      throw conflict('changed-meanwhile', 'This was changed meanwhile: look at what is there now before you change it')
}

/** When the device left: a repair that is opened again has its device back. */
function pickedUpAt({ status, picked_up_at }: Order, picked_up: boolean | undefined, now: number): number | null {
  if (picked_up && isOpen(status))
    throw badRequest('device-not-ready', 'A device that is still worked on cannot be picked up')
  if (picked_up === undefined) return isOpen(status) ? null : picked_up_at
  return picked_up ? (picked_up_at ?? now) : null
}

/**
 * Hides an order, its payments and its assignments.
 * @throws 404
 */
export async function removeOrder(trx: Trx, id: number): Promise<void> {
  await findOrder(trx, id, { own: null })
  await removePaymentsOf(trx, id)
  await removeAssignmentsOf(trx, id)
  await erasePasscode(trx, id)
  await remove(trx, 'repair_order', id)
}

const customerNotFound = () => notFound('customer-not-found', 'Customer not found')

/** What an order comes to, in cents. */
export const totalOf = ({ cost_cents, discount_cents }: Pick<Order, 'cost_cents' | 'discount_cents'>) =>
  cost_cents - discount_cents

function refuseExcess(cost_cents: number, discount_cents: number) {
  if (discount_cents > cost_cents) throw discountAboveCost('discount')
}

export const discountAboveCost = (field: string) =>
  invalidField(field, 'discount-above-cost', 'discount must not be above the cost')

async function refuseBelowPaid(db: Db, order: Order) {
  const paid = (await paidOn(db, [order.id])).get(order.id) ?? 0
  if (totalOf(order) < paid) throw badRequest('order-below-paid', 'An order cannot cost less than what was paid')
}

const goneAs = (bought: OrderChanges['bought']): OrderEvent =>
  bought ? { kind: 'bought', text: bought.number, to: bought.pickup_id } : { kind: 'picked-up' }

function differences(before: Order, after: Order, bought: OrderChanges['bought']): OrderEvent[] {
  const events: OrderEvent[] = []
  if (before.status !== after.status) events.push({ kind: 'status', from: before.status, to: after.status })
  if (before.cost_cents !== after.cost_cents || before.discount_cents !== after.discount_cents)
    events.push({ kind: 'price', from: totalOf(before), to: totalOf(after) })
  if (before.estimated_completion_date !== after.estimated_completion_date)
    events.push({ kind: 'promise', from: before.estimated_completion_date, to: after.estimated_completion_date })
  if ((before.picked_up_at === null) !== (after.picked_up_at === null))
    events.push(after.picked_up_at === null ? { kind: 'brought-back' } : goneAs(bought))
  if (before.note !== after.note) events.push({ kind: 'note', text: after.note })
  return events
}
