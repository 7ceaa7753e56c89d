import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { documentsMeant } from '../queries/document-numbers.ts'
import { findIds } from '../../../db/search/search.ts'
import { isOpen, ORDER_STATUSES, type OrderStatus } from '../../domain/repair-status.ts'
import { countUpTo1000 } from '../../http/paging.ts'
import { findCustomers } from '../../shop/people/customers.ts'
import { assignedTo } from '../queries/assigned.ts'
import { isOpenSql } from '../queries/repair-rows.ts'

/** Which repairs a list asks for. */
export type RepairFilter = {
  status?: OrderStatus | undefined
  open?: boolean | undefined
  overdue?: boolean | undefined
  ready?: boolean | undefined
  technician_id?: number | undefined
  customer_id?: number | undefined
  device_id?: number | undefined
  q?: string | undefined
}

type Bounds = { limit: number; before?: number | undefined }

/** How many of the newest matches of a text a list looks through. */
const MAX_LISTED_IDS = 2_000
/** How many of the newest customers and devices that match bring their repairs along. */
const MAX_OWNER_HITS = 250

/** Ids of the repairs that pass, newest first. */
export async function newestRepairs(
  db: Db,
  filter: RepairFilter,
  now: number,
  { limit, before }: Bounds,
): Promise<number[]> {
  const ids: number[] = []
  for (const branch of branchesOf(db, filter, now, await matches(db, filter.q, before))) {
    const query = before === undefined ? branch : branch.where('repair_order.id', '<', before)
    const found = await query.orderBy('repair_order.id', 'desc').limit(limit).execute()
    ids.push(...found.map(({ id }) => id))
  }
  return ids.toSorted((a, b) => b - a).slice(0, limit)
}

/** How many repairs pass, counted to 1,000 and then `1000+`. */
export async function countRepairs(db: Db, filter: RepairFilter, now: number): Promise<string> {
  let total = 0
  for (const branch of branchesOf(db, filter, now, await matches(db, filter.q))) {
    const count = await countUpTo1000(db, branch)
    if (count === '1000+') return count
    total += Number(count)
  }
  return total > 1_000 ? '1000+' : String(total)
}

/**
 * One query for each status that is asked for: each walks its own index from the newest repair on, where one query for
 * several would sort them all. A filter that leaves few repairs drives the query instead, and status only sifts.
 */
function branchesOf(db: Db, filter: RepairFilter, now: number, ids: number[] | null) {
  const base = narrowed(db, filter, ids)
  const statuses = statusesOf(filter)
  if (filter.overdue)
    return [withStatuses(base, statuses).where(isOpenSql).where('repair_order.estimated_completion_date', '<', now)]
  if (filter.ready) return [withStatuses(base.where('repair_order.id', 'in', readyForPickUp(db, now)), statuses)]
  if (!statuses) return [base]
  const narrow = ids ?? filter.customer_id ?? filter.device_id ?? filter.technician_id
  return narrow === undefined
    ? statuses.map((status) => base.where('repair_order.status', '=', status))
    : [withStatuses(base, statuses)]
}

/** Beyond this nobody expects a device on the shelf that was not handed over here, in ms. */
const MAX_PICK_UP_WAIT_MS = 42 * 86_400_000

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

type Query = ReturnType<typeof narrowed>

function narrowed(db: Db, { customer_id, device_id, technician_id }: RepairFilter, ids: number[] | null) {
  let query = db.selectFrom('repair_order').select('repair_order.id').where('repair_order.deleted_at', 'is', null)
  if (ids) query = ids.length > 0 ? query.where('repair_order.id', 'in', padded(ids)) : query.where(sql<boolean>`1 = 0`)
  if (customer_id !== undefined) query = query.where('repair_order.customer_id', '=', customer_id)
  if (device_id !== undefined) query = query.where('repair_order.device_id', '=', device_id)
  if (technician_id === undefined) return query
  return query.where('repair_order.id', 'in', assignedTo(db, technician_id))
}

/** Keeps the statuses asked for without their index being taken: it would lead through every repair of that status. */
function withStatuses(query: Query, statuses: OrderStatus[] | null): Query {
  return statuses ? query.where(sql<boolean>`repair_order.status || '' in (${sql.join(statuses)})`) : query
}

function statusesOf({ status, open }: RepairFilter): OrderStatus[] | null {
  if (status === undefined && open === undefined) return null
  return ORDER_STATUSES.filter((one) => (status ?? one) === one && (open === undefined || open === isOpen(one)))
}

/** The newest repairs whose number or problem holds every word, or whose customer or device does; null without words. */
async function matches(db: Db, q: string | undefined, before?: number): Promise<number[] | null> {
  if (q === undefined || q.trim() === '') return null
  const own = await findIds(db, 'repair_order', q, { limit: MAX_LISTED_IDS, ...(before !== undefined && { before }) })
  const ofCustomers = await repairsOf(db, 'customer_id', await findCustomers(db, q, MAX_OWNER_HITS), before)
  const ofDevices = await repairsOf(db, 'device_id', await findIds(db, 'device', q, { limit: MAX_OWNER_HITS }), before)
  const numbered = await ticketsMeant(db, q, before)
  return [...new Set([...numbered, ...own, ...ofCustomers, ...ofDevices])]
    .toSorted((a, b) => b - a)
    .slice(0, MAX_LISTED_IDS)
}

/** The tickets of this number, however it is written. */
async function ticketsMeant(db: Db, q: string, before?: number): Promise<number[]> {
  const { numbers } = await documentsMeant(db, q)
  if (numbers.length === 0) return []
  let query = db.selectFrom('repair_order').select('id').where('ticket_number', 'in', numbers)
  if (before !== undefined) query = query.where('id', '<', before)
  const tickets = await query.where('deleted_at', 'is', null).execute()
  return tickets.map(({ id }) => id)
}

async function repairsOf(
  db: Db,
  whose: 'customer_id' | 'device_id',
  ids: number[],
  before?: number,
): Promise<number[]> {
  if (ids.length === 0) return []
  let query = db.selectFrom('repair_order').select('id').where(whose, 'in', padded(ids)).where('deleted_at', 'is', null)
  if (before !== undefined) query = query.where('id', '<', before)
  const repairs = await query.orderBy('id', 'desc').limit(MAX_LISTED_IDS).execute()
  return repairs.map(({ id }) => id)
}
