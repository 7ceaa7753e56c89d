import type { Trx } from '../../../db/handle.ts'
import { type Changes, patch } from '../../../db/rows.ts'
import type { RepairOrderTable } from '../../../db/schema/repair-tables.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { isOpen } from '../../domain/repair-status.ts'
import { patchDevice, removeDevice } from '../../shop/devices/devices.ts'
import { patchUser, removeUser } from '../../shop/people/users.ts'
import { changeOrder, removeOrder } from '../../shop/repairs/orders.ts'
import { refuseBoughtDevice } from '../../shop/trade-ins/bought.ts'
import { removeDeduction, removePrice } from '../../shop/trade-ins/prices.ts'
import { DELETED, type Fields } from '../core/registers.ts'

/**
 * By which act the counter writes a register of a row: what lost is written again by it, under its rules. What has none here is
 * money, rights, keys, or a state that follows from other rows: that is put right on its own screen.
 */

type Act = (trx: Trx, id: number, values: Fields) => Promise<unknown>

const ALL = { own: null }

/** Columns without a rule of their own. */
const plain =
  <T extends SyncedTable>(table: T): Act =>
  (trx, id, values) =>
    patch(trx, table, id, values as Changes<T>) // A register of this table, as somebody wrote it there.

/** `values` is the register as it was read of an op about this table. */
const of = <T>(values: Fields) => values as unknown as T

const order: Act = (trx, id, values) => changeOrder(trx, id, of<Partial<RepairOrderTable>>(values))

async function status(trx: Trx, id: number, values: Fields): Promise<void> {
  const { status, picked_up_at } = of<Pick<RepairOrderTable, 'status' | 'picked_up_at'>>(values)
  // A repair that is worked on has its device, as the ordinary act says by itself.
  const change = isOpen(status) && picked_up_at === null ? { status } : { status, picked_up: picked_up_at !== null }
  await refuseBoughtDevice(trx, id, change)
  await changeOrder(trx, id, change)
}

const person: Act = (trx, id, { full_name, phone, email }) =>
  patchUser(trx, id, of({ full_name, phone, email } as Fields))
const device: Act = (trx, id, { serial_key: _, ...values }) => patchDevice(trx, id, ALL, of(values))

/** All registers of a table that have the same act. */
const each = (registers: readonly string[], act: Act): Record<string, Act> =>
  Object.fromEntries(registers.map((register) => [register, act]))

const ACTS: Partial<Record<SyncedTable, Readonly<Record<string, Act>>>> = {
  repair_order: {
    ...each(['cost_cents', 'note', 'estimated_completion_date', 'problem_id'], order),
    status,
    [DELETED]: removeOrder,
  },
  user: { ...each(['full_name', 'phone', 'email'], person), [DELETED]: removeUser },
  device: {
    ...each(['serial_number', 'brand_id', 'owner_id', 'notes'], device),
    [DELETED]: (trx, id) => removeDevice(trx, id, ALL),
  },
  intake: each(['condition', 'accessories'], plain('intake')),
  address: { full_name: plain('address') },
  unit: each(['condition', 'note'], plain('unit')),
  pickup_request: each(['condition', 'additional_info', 'address', 'scheduled_at', 'notes'], plain('pickup_request')),
  evaluation: { notes: plain('evaluation') },
  sales_order: each(['notes', 'shipping_address'], plain('sales_order')),
  store: each(['name', 'phone', 'address', 'tax_number', 'opening_hours', 'terms'], plain('store')),
  category: each(['shown_as', 'icon'], plain('category')),
  product: each(['price_cents', 'description', 'highlights'], plain('product')),
  brand: { description: plain('brand') },
  device_type: { description: plain('device_type') },
  problem: { description: plain('problem') },
  trade_in_price: {
    ...each(['price_cents', 'valid_from'], plain('trade_in_price')),
    [DELETED]: removePrice,
  },
  trade_in_deduction: {
    ...each(['amount_cents', 'valid_from'], plain('trade_in_deduction')),
    [DELETED]: removeDeduction,
  },
  checklist_item: each(['section', 'part', 'text', 'must', 'position'], plain('checklist_item')),
}

export const actFor = (entity: SyncedTable, register: string): Act | null => ACTS[entity]?.[register] ?? null
