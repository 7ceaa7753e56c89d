import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { isOpen, ORDER_STATUSES, type OrderStatus } from '../../domain/repair-status.ts'
import { read } from '../../http/endpoint.ts'
import { countUpTo1000 } from '../../http/paging.ts'
import { anyEmployee } from '../../http/auth/permissions.ts'
import { assignedTo } from '../queries/assigned.ts'
import { ofStatuses, readyForPickUp } from '../queries/repair-filter.ts'
import { isOpenSql, repairRows } from '../queries/repair-rows.ts'
import { Board, BoardQuery } from './repairs.contract.ts'

export const board = [
  read(
    'GET /board',
    { who: anyEmployee, query: BoardQuery, response: Board, summary: 'The repairs by stage' },
    async ({ db, now }, { query }) => {
      const filter = { ...query, now: now() }
      return { columns: await Promise.all(ORDER_STATUSES.map((status) => column(db, status, filter))) }
    },
  ),
]

type Column = z.output<typeof Board>['columns'][number]
type BoardFilter = { technician_id?: number | undefined; now: number }

/** Cards of one column. */
const CARDS = 50
/** How long a cancelled repair stays on the board, in ms. */
const CANCELLED_SHOWN_MS = 7 * 86_400_000
/** Beyond this many overdue repairs nobody reads the figure. */
const MAX_CANCELLED_SHOWN = 1_000

async function column(db: Db, status: OrderStatus, filter: BoardFilter): Promise<Column> {
  const query = repairsIn(db, status, filter)
  const ids = (await query.limit(CARDS).execute()).map(({ id }) => id)
  const count = ids.length < CARDS ? String(ids.length) : await countUpTo1000(db, query)
  const overdue = await countOverdue(db, status, filter)
  return { status, count, overdue, rows: await repairRows(db, ids, filter.now) }
}

/** Waiting longest first while there is work to do; newest first what waits for pick-up, and what was cancelled lately. */
function repairsIn(db: Db, status: OrderStatus, { technician_id, now }: BoardFilter) {
  const live = repairsOf(db, technician_id)
  if (status === 'Completed')
    return live
      .where('repair_order.id', 'in', readyForPickUp(db, now))
      .orderBy('repair_order.completed_at', 'desc')
      .orderBy('repair_order.id', 'desc')
  if (status === 'Cancelled')
    return live
      .where('repair_order.id', 'in', cancelledSince(db, now - CANCELLED_SHOWN_MS))
      .where(ofStatuses([status])) // Those few drive the query, not every repair that was ever cancelled.
      .orderBy('repair_order.created_at', 'desc')
      .orderBy('repair_order.id', 'desc')
  return live.where('repair_order.status', '=', status).orderBy('repair_order.created_at').orderBy('repair_order.id')
}

/** Repairs that were cancelled lately; imported ones have no such event and stay off the board. */
function cancelledSince(db: Db, since: number) {
  // The words of the partial index: a parameter would keep SQLite from using it.
  return db
    .selectFrom('order_event')
    .select('order_id')
    .where(sql<boolean>`to_value = 'Cancelled'`)
    .where('created_at', '>=', since)
}

async function countOverdue(db: Db, status: OrderStatus, { technician_id, now }: BoardFilter): Promise<number> {
  if (!isOpen(status)) return 0
  const late = repairsOf(db, technician_id)
    .where(isOpenSql)
    .where('repair_order.status', '=', status)
    .where('repair_order.estimated_completion_date', '<', now)
    .limit(MAX_CANCELLED_SHOWN)
  const { n } = await db
    .selectFrom(late.as('late'))
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}

function repairsOf(db: Db, technician_id: number | undefined) {
  const live = db.selectFrom('repair_order').select('repair_order.id').where('repair_order.deleted_at', 'is', null)
  if (technician_id === undefined) return live
  return live.where('repair_order.id', 'in', assignedTo(db, technician_id))
}
