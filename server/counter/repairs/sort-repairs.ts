import type { Db } from '../../../db/handle.ts'
import { ORDER_STATUSES } from '../../domain/repair-status.ts'
import { badRequest } from '../../http/errors.ts'
import { type RepairRow, repairRows } from '../queries/repair-rows.ts'
import { newestRepairs, type RepairFilter } from './repair-list.ts'
import type { REPAIR_SORTS } from './repairs.contract.ts'

type Heading = (typeof REPAIR_SORTS)[number]

/** More rows than this nobody reads in an order, and the server would stand still for them. */
const MAX_SORTED = 2_000

/**
 * All repairs that pass, in the order of a heading: names as people sort them, the same on both engines. Those without a
 * value come last in either direction, equal ones newest first.
 * @throws 400 when there are more than 2,000
 */
export async function sortedRepairs(
  db: Db,
  filter: RepairFilter,
  now: number,
  { by, descending }: { by: Heading; descending: boolean },
): Promise<RepairRow[]> {
  const ids = await newestRepairs(db, filter, now, { limit: MAX_SORTED + 1 })
  if (ids.length > MAX_SORTED)
    throw badRequest('too-many-to-sort', `More than ${MAX_SORTED} repairs cannot be sorted: filter them first`)
  const valued = (await repairRows(db, ids, now)).map((row) => ({ row, value: VALUES[by](row) }))
  const way = descending ? -1 : 1
  return valued.toSorted((a, b) => compare(a.value, b.value, way) || b.row.id - a.row.id).map(({ row }) => row)
}

const VALUES: Record<Heading, (row: RepairRow) => string | number | null> = {
  ticket: ({ id }) => id,
  status: ({ status }) => ORDER_STATUSES.indexOf(status),
  device: ({ device_title }) => device_title,
  customer: ({ customer_name }) => customer_name || null,
  technician: ({ technicians }) => technicians[0]?.full_name ?? null,
  promised: ({ promised_at }) => promised_at,
  due: ({ due_cents }) => due_cents || null,
}

const names = new Intl.Collator('en', { numeric: true })

function compare(a: string | number | null, b: string | number | null, way: 1 | -1): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return way * (typeof a === 'number' && typeof b === 'number' ? a - b : names.compare(String(a), String(b)))
}
