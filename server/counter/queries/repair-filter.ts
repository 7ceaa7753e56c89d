import { type Expression, sql, type SqlBool } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import {
  isOpen,
  MAX_PICK_UP_WAIT_MS,
  OPEN_STATUSES,
  ORDER_STATUSES,
  type OrderStatus,
} from '../../domain/repair-status.ts'
import { assignedTo } from './assigned.ts'
import { isOpenSql } from './repair-rows.ts'

/** Which repairs a list asks for. */
export type RepairFilter = {
  status?: OrderStatus | undefined
  open?: boolean | undefined
  overdue?: boolean | undefined
  /** Open and promised until this instant, in ms, from `due_from` or now on. */
  due_before?: number | undefined
  due_from?: number | undefined
  ready?: boolean | undefined
  /** In the shop, open or ready, or ended by a purchase of the device, with something still to pay. */
  owed?: boolean | undefined
  /** Open and assigned to nobody. */
  nobody?: boolean | undefined
  technician_id?: number | undefined
  store_id?: number | undefined
  customer_id?: number | undefined
  device_id?: number | undefined
  q?: string | undefined
}

/** What is asked of every repair of a list, and of which statuses it is; null for all. */
export type Sieve = { conditions: readonly Condition[]; statuses: readonly OrderStatus[] | null }
type Condition = Expression<SqlBool>

/** A filter as conditions alone, none of which leads the engine to the repairs: some other order of theirs does. `ids` are those of a text. */
export function sieveOf(db: Db, filter: RepairFilter, now: number, ids: number[] | null): Sieve {
  const conditions = narrowing(db, filter, ids)
  const statuses = statusesOf(filter)
  if (filter.overdue) conditions.push(isOpenSql, sql`repair_order.estimated_completion_date + 0 < ${now}`)
  if (filter.due_before !== undefined)
    conditions.push(isOpenSql, ...promisedBetween(filter.due_from ?? now, filter.due_before))
  if (filter.ready) conditions.push(sql`repair_order.id in ${readyForPickUp(db, now)}`)
  if (filter.owed)
    conditions.push(
      sql`(${isOpenSql} or repair_order.id in ${readyForPickUp(db, now)} or repair_order.id in ${owedAsBought(db)})`,
    )
  return { conditions, statuses }
}

const promisedBetween = (from: number, until: number): Condition[] => [
  sql`repair_order.estimated_completion_date + 0 >= ${from}`,
  sql`repair_order.estimated_completion_date + 0 < ${until}`,
]

/** A query of repairs that holds every condition. */
export const sifted = <Q extends { where(condition: Condition): Q }>(query: Q, { conditions }: Sieve): Q =>
  conditions.reduce((narrower, condition) => narrower.where(condition), query)

/** Keeps the statuses asked for without their index being taken: it would lead through every repair of that status. */
export const ofStatuses = (statuses: readonly OrderStatus[] | null): Condition =>
  statuses ? sql`repair_order.status || '' in (${sql.join(statuses)})` : sql`1 = 1`

/**
 * One query for each status that is asked for: each walks its own index from the newest repair on, where one query for
 * several would sort them all. A filter that leaves few repairs drives the query instead, and status only sifts.
 */
export function branchesOf(db: Db, filter: RepairFilter, now: number, ids: number[] | null) {
  const base = sifted(db.selectFrom('repair_order').select('repair_order.id'), {
    conditions: narrowing(db, filter, ids),
    statuses: null,
  })
  const statuses = statusesOf(filter)
  const few = base.where(ofStatuses(statuses))
  if (filter.overdue) return [few.where(isOpenSql).where('repair_order.estimated_completion_date', '<', now)]
  if (filter.due_before !== undefined)
    return [
      few
        .where(isOpenSql)
        .where('repair_order.estimated_completion_date', '>=', filter.due_from ?? now)
        .where('repair_order.estimated_completion_date', '<', filter.due_before),
    ]
  const ready = few.where('repair_order.id', 'in', readyForPickUp(db, now))
  if (filter.ready) return [ready]
  if (filter.owed)
    return [
      ...OPEN_STATUSES.map((status) => few.where('repair_order.status', '=', status)),
      ready,
      few.where('repair_order.id', 'in', owedAsBought(db)),
    ]
  if (!statuses) return [base]
  const narrow = ids ?? filter.customer_id ?? filter.device_id ?? filter.technician_id
  return narrow === undefined ? statuses.map((status) => base.where('repair_order.status', '=', status)) : [few]
}

/** Ids of the repairs that are done and whose device is still in the shop. */
export function readyForPickUp(db: Db, now: number) {
  return (
    db
      .selectFrom('repair_order')
      .select('id')
      // Not as a plain comparison: SQLite would walk every completed repair there ever was.
      .where(sql<boolean>`repair_order.status || '' = 'Completed'`)
      .where('completed_at', '>=', now - MAX_PICK_UP_WAIT_MS)
      .where('picked_up_at', 'is', null)
      .where('deleted_at', 'is', null)
  )
}

/**
 * Ids of the repairs that ended because the shop bought the device, and of which something is still to be paid: nobody comes to
 * fetch anything and pays then. Found by what was bought, of which there is little.
 */
export const owedAsBought = (db: Db) =>
  db
    .selectFrom('unit')
    // As a cross join, which SQLite walks from the left: by itself it would begin with every repair there is.
    .crossJoin('repair_order')
    .whereRef('repair_order.device_id', '=', 'unit.device_id')
    .innerJoin('repair_due', 'repair_due.order_id', 'repair_order.id')
    .select('repair_order.id')
    .where('unit.purchase_receipt_id', 'is not', null)
    .where(sql<boolean>`repair_order.status || '' = 'Completed'`)
    .where('repair_order.picked_up_at', 'is not', null)
    .where('repair_order.deleted_at', 'is', null)
    .where(wasBoughtLast)

/** Whether nothing has become of the device since it was bought. */
const wasBoughtLast = sql<boolean>`exists (
  select 1 from order_event as bought where bought.order_id = repair_order.id and bought.kind = 'bought' and not exists (
    select 1 from order_event as later where later.order_id = bought.order_id and later.id > bought.id
      and later.kind in ('given-back', 'brought-back')
  )
)`

/** Whether nobody has it. */
export const hasNobody = sql<boolean>`not exists (
  select 1 from assignment where assignment.order_id = repair_order.id and assignment.deleted_at is null
)`

/** Whether something is still to be paid of it. */
export const isOwed = sql<boolean>`exists (select 1 from repair_due where repair_due.order_id = repair_order.id)`

function narrowing(db: Db, filter: RepairFilter, ids: number[] | null): Condition[] {
  const { customer_id, device_id, technician_id, store_id, owed, nobody } = filter
  const conditions: Condition[] = [sql`repair_order.deleted_at is null`]
  if (ids) conditions.push(ids.length > 0 ? sql`repair_order.id in (${sql.join(padded(ids))})` : sql`1 = 0`)
  if (customer_id !== undefined) conditions.push(sql`repair_order.customer_id = ${customer_id}`)
  if (device_id !== undefined) conditions.push(sql`repair_order.device_id = ${device_id}`)
  // Of many stores one has few: no index is taken for it, and none is kept.
  if (store_id !== undefined) conditions.push(sql`repair_order.store_id = ${store_id}`)
  if (owed) conditions.push(isOwed)
  if (nobody) conditions.push(hasNobody)
  if (technician_id !== undefined) conditions.push(sql`repair_order.id in ${assignedTo(db, technician_id)}`)
  return conditions
}

function statusesOf({ status, nobody, open = nobody ? true : undefined }: RepairFilter): OrderStatus[] | null {
  if (status === undefined && open === undefined) return null
  return ORDER_STATUSES.filter((one) => (status ?? one) === one && (open === undefined || open === isOpen(one)))
}
