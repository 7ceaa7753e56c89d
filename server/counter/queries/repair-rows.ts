import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { isOverdue } from '../../domain/repair-status.ts'
import { paidOn } from '../../shop/repairs/payments.ts'
import type { RepairRow as RepairRowSchema } from '../repairs/repairs.contract.ts'
import { namedOrders } from './named-orders.ts'
import { deviceName } from '../../domain/text/device-name.ts'

/** A repair as lists, boards and its own page show it. */
export type RepairRow = z.output<typeof RepairRowSchema>

/** The repairs with these ids, in their order; those that are gone are left out. */
export async function repairRows(db: Db, ids: readonly number[], now: number): Promise<RepairRow[]> {
  if (ids.length === 0) return []
  const wanted = padded(ids)
  const orders = await ordersWithNames(db).where('repair_order.id', 'in', wanted).execute()
  const paid = await paidOn(db, wanted)
  const technicians = await techniciansOf(db, wanted)
  const faults = await faultsOf(db, wanted)
  const rows = orders.map((order): [number, RepairRow] => [
    order.id,
    repairRow(order, {
      paid_cents: paid.get(order.id) ?? 0,
      technicians: technicians.get(order.id) ?? [],
      faults: faults.get(order.id) ?? [],
      now,
    }),
  ])
  const byId = new Map(rows)
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** What is still to be paid: nothing for a cancelled repair. */
export function dueOf({ status, cost_cents, discount_cents }: Billed, paid_cents: number): number {
  return status === 'Cancelled' ? 0 : Math.max(0, cost_cents - discount_cents - paid_cents)
}

type Billed = { status: RepairRow['status']; cost_cents: number; discount_cents: number }
type Order = Awaited<ReturnType<ReturnType<typeof ordersWithNames>['executeTakeFirstOrThrow']>>
type RowDetails = { paid_cents: number; technicians: RepairRow['technicians']; faults: string[]; now: number }

function repairRow(order: Order, { paid_cents, technicians, faults, now }: RowDetails): RepairRow {
  const { brand, model, cost_cents, discount_cents, estimated_completion_date: promised_at, ...shown } = order
  return {
    ...shown,
    device_title: deviceName({ brand, model }),
    technicians,
    faults,
    total_cents: cost_cents - discount_cents,
    paid_cents,
    due_cents: dueOf(order, paid_cents),
    promised_at,
    overdue: isOverdue({ status: order.status, promised_at }, now),
  }
}

function ordersWithNames(db: Db) {
  return namedOrders(db).select([
    'repair_order.id',
    'repair_order.store_id',
    'repair_order.ticket_number',
    'repair_order.status',
    'repair_order.device_id',
    'brand.name as brand',
    'model.name as model',
    'device.serial_number',
    'repair_order.customer_id',
    'customer.full_name as customer_name',
    'customer.phone as customer_phone',
    'repair_order.note',
    'repair_order.cost_cents',
    'repair_order.discount_cents',
    'repair_order.estimated_completion_date',
    'repair_order.created_at',
    'repair_order.updated_at',
    'repair_order.completed_at',
    'repair_order.picked_up_at',
  ])
}

async function techniciansOf(db: Db, order_ids: readonly number[]): Promise<Map<number, RepairRow['technicians']>> {
  const assigned = await db
    .selectFrom('assignment')
    .innerJoin('user', 'user.id', 'assignment.user_id')
    .select(['assignment.order_id', 'user.id', 'user.full_name'])
    .where('assignment.order_id', 'in', order_ids)
    .where('assignment.deleted_at', 'is', null)
    .orderBy('assignment.id')
    .execute()
  const technicians = new Map<number, RepairRow['technicians']>()
  for (const { order_id, ...technician } of assigned)
    technicians.set(order_id, [...(technicians.get(order_id) ?? []), technician])
  return technicians
}

/** The names of the faults that were chosen when these were taken in, in the order in which they were. */
async function faultsOf(db: Db, order_ids: readonly number[]): Promise<Map<number, string[]>> {
  const named = await db
    .selectFrom('intake')
    .innerJoin('intake_problem', 'intake_problem.intake_id', 'intake.id')
    .innerJoin('problem', 'problem.id', 'intake_problem.problem_id')
    .select(['intake_problem.id', 'intake.order_id', 'problem.name'])
    .where('intake.order_id', 'in', order_ids)
    .where('intake.deleted_at', 'is', null)
    .where('intake_problem.deleted_at', 'is', null)
    .execute()
  const faults = new Map<number, string[]>()
  // Not sorted by the database: for the order of the ids it might walk all faults there ever were.
  for (const { order_id, name } of named.toSorted((a, b) => a.id - b.id))
    faults.set(order_id, [...(faults.get(order_id) ?? []), name])
  return faults
}

/** The condition of an open repair in words that the partial indexes know; a parameter would keep SQLite from using them. */
export const isOpenSql = sql<boolean>`repair_order.status in ('Pending', 'Repairing')`
