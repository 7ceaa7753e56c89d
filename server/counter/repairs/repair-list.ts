import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { documentsMeant } from '../queries/document-numbers.ts'
import { findIds } from '../../../db/search/search.ts'
import {
  isOpen,
  MAX_PICK_UP_WAIT_MS,
  OPEN_STATUSES,
  ORDER_STATUSES,
  type OrderStatus,
} from '../../domain/repair-status.ts'
import { sum } from '../../domain/money/money.ts'
import { countUpTo1000 } from '../../http/paging.ts'
import { findCustomers } from '../../shop/people/customers.ts'
import { assignedTo } from '../queries/assigned.ts'
import { isOpenSql } from '../queries/repair-rows.ts'

/** Which repairs a list asks for. */
export type RepairFilter = {
  status?: OrderStatus | undefined
  open?: boolean | undefined
  overdue?: boolean | undefined
  /** Open and promised until this instant, in ms, from `due_from` or now on. */
  due_before?: number | undefined
  due_from?: number | undefined
  ready?: boolean | undefined
  /** In the shop, open or ready, with something still to pay. */
  owed?: boolean | undefined
  /** Open and assigned to nobody. */
  nobody?: boolean | undefined
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

/** How many repairs pass, to the last one; a word in more than 2,000 of them is counted so far. */
export async function countAllRepairs(db: Db, filter: RepairFilter, now: number): Promise<string> {
  const ids = await matches(db, filter.q)
  let total = 0
  for (const branch of branchesOf(db, filter, now, ids)) {
    const { n } = await db
      .selectFrom(branch.as('counted'))
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    total += n
  }
  return ids?.length === MAX_LISTED_IDS ? `${total}+` : String(total)
}

/** What is owed on the repairs in the shop, in cents, and on how many; `more` where not all could be added up. */
export async function owedInShop(db: Db, now: number): Promise<{ cents: number; count: number; more: boolean }> {
  const found = []
  let more = false
  for (const branch of branchesOf(db, { owed: true }, now, null)) {
    const owed = await branch.select(balance.as('due')).limit(MAX_LISTED_IDS).execute()
    found.push(...owed.map(({ due }) => due))
    more ||= owed.length === MAX_LISTED_IDS
  }
  return { cents: sum(found), count: found.length, more }
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
  if (filter.due_before !== undefined)
    return [
      withStatuses(base, statuses)
        .where(isOpenSql)
        .where('repair_order.estimated_completion_date', '>=', filter.due_from ?? now)
        .where('repair_order.estimated_completion_date', '<', filter.due_before),
    ]
  if (filter.ready) return [withStatuses(base.where('repair_order.id', 'in', readyForPickUp(db, now)), statuses)]
  if (filter.owed)
    return [
      ...OPEN_STATUSES.map((status) => withStatuses(base, statuses).where('repair_order.status', '=', status)),
      withStatuses(base, statuses).where('repair_order.id', 'in', readyForPickUp(db, now)),
    ]
  if (!statuses) return [base]
  const narrow = ids ?? filter.customer_id ?? filter.device_id ?? filter.technician_id
  return narrow === undefined
    ? statuses.map((status) => base.where('repair_order.status', '=', status))
    : [withStatuses(base, statuses)]
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

type Query = ReturnType<typeof narrowed>

/** What is still to be paid of a repair that is not cancelled, in cents. */
const balance = sql<number>`(repair_order.cost_cents - repair_order.discount_cents - coalesce((
  select sum(payment_entry.amount_cents) from payment_entry where payment_entry.order_id = repair_order.id
), 0))`

/** Whether nobody has it. */
const hasNobody = sql<boolean>`not exists (
  select 1 from assignment where assignment.order_id = repair_order.id and assignment.deleted_at is null
)`

function narrowed(db: Db, filter: RepairFilter, ids: number[] | null) {
  const { customer_id, device_id, technician_id, owed, nobody } = filter
  let query = db.selectFrom('repair_order').select('repair_order.id').where('repair_order.deleted_at', 'is', null)
  if (ids) query = ids.length > 0 ? query.where('repair_order.id', 'in', padded(ids)) : query.where(sql<boolean>`1 = 0`)
  if (customer_id !== undefined) query = query.where('repair_order.customer_id', '=', customer_id)
  if (device_id !== undefined) query = query.where('repair_order.device_id', '=', device_id)
  if (owed) query = query.where('repair_order.status', '<>', 'Cancelled').where(balance, '>', 0)
  if (nobody) query = query.where(hasNobody)
  if (technician_id === undefined) return query
  return query.where('repair_order.id', 'in', assignedTo(db, technician_id))
}

/** Keeps the statuses asked for without their index being taken: it would lead through every repair of that status. */
function withStatuses(query: Query, statuses: OrderStatus[] | null): Query {
  return statuses ? query.where(sql<boolean>`repair_order.status || '' in (${sql.join(statuses)})`) : query
}

function statusesOf({ status, nobody, open = nobody ? true : undefined }: RepairFilter): OrderStatus[] | null {
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
