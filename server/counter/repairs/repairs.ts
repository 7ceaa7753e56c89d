import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { endOfDay, startOfDay } from '../../domain/time/shop-day.ts'
import { json } from '../../http/body.ts'
import { read, write } from '../../http/endpoint.ts'
import { accessDenied } from '../../http/errors.ts'
import { anyEmployee, seesMoney, staffOrAdmin } from '../../http/auth/permissions.ts'
import type { Session } from '../../http/auth/session.ts'
import { changeOrder, findOrder } from '../../shop/repairs/orders.ts'
import { ownShop } from '../../shop/shop-settings.ts'
import { refuseBoughtDevice } from '../../shop/trade-ins/bought.ts'
import { type Order, placeFrom, writtenPlace } from './list-place.ts'
import { countAllRepairs, countRepairs } from './repair-counts.ts'
import type { RepairFilter } from '../queries/repair-filter.ts'
import { placesOf } from './sorted-repairs.ts'
import { repairRows } from '../queries/repair-rows.ts'
import {
  BulkStatus,
  Changed,
  RepairCount,
  RepairCountQuery,
  RepairCounts,
  RepairCountsQuery,
  RepairPage,
  RepairQuery,
} from './repairs.contract.ts'
import { sum } from '../../domain/money/money.ts'

export const repairs = [
  read(
    'GET /repairs',
    {
      who: anyEmployee,
      query: RepairQuery,
      response: RepairPage,
      summary: 'Repairs by filter, newest first or sorted',
    },
    async ({ db, now }, { query, session, response }) => {
      const { limit = 50, sort, descending = false, after, until, ...filters } = query
      const at = now()
      const filter = await filterOf(db, at, { query: filters, session })
      if (sort === 'due' && !seesMoney(session?.caller ?? null)) throw accessDenied()
      const order: Order = sort ? { by: sort, descending } : { by: 'ticket', descending: true }
      const bounds = {
        after: after === undefined ? undefined : placeFrom(after, order),
        until: until === undefined ? undefined : placeFrom(until, order),
        limit: limit + 1,
      }
      const found = await placesOf(db, filter, at, order, bounds)
      const next = found.length > limit ? writtenPlace(found[limit - 1]!) : null
      const ids = found.slice(0, limit).map(({ id }) => id)
      const rows = await repairRows(db, ids, at)
      const isAll = after === undefined && until === undefined && next === null
      const total = isAll ? String(rows.length) : await countRepairs(db, filter, at)
      response.headers['X-Total-Count'] = total
      return { rows, total, due_cents: sum(rows.map(({ due_cents }) => due_cents)), next }
    },
  ),

  read(
    'GET /repairs/count',
    { who: anyEmployee, query: RepairCountQuery, response: RepairCount, summary: 'How many repairs a filter leaves' },
    async ({ db, now }, asked) => await countAllRepairs(db, await filterOf(db, now(), asked), now()),
  ),

  read(
    'GET /repairs/counts',
    {
      who: anyEmployee,
      query: RepairCountsQuery,
      response: RepairCounts,
      summary: 'How many repairs there are of each kind that is to be done',
    },
    async ({ db, now }, { query, session }) => {
      const count = async (one: z.output<typeof RepairCountQuery>) =>
        countRepairs(db, await filterOf(db, now(), { query: { ...query, ...one }, session }), now())
      return {
        open: await count({ open: true }),
        overdue: await count({ overdue: true }),
        due_today: await count({ due_today: true }),
        nobody: await count({ nobody: true }),
        Pending: await count({ status: 'Pending' }),
        Repairing: await count({ status: 'Repairing' }),
        ready: await count({ ready: true }),
        // Who sees no money is not told how many owe some.
        owed: seesMoney(session?.caller ?? null) ? await count({ owed: true }) : '',
      }
    },
  ),

  write(
    'POST /repairs/status',
    {
      who: staffOrAdmin,
      body: json(BulkStatus),
      response: Changed,
      refusals: { 409: { 'device-bought': 'The shop has bought one of the devices: its repair is not begun again' } },
      summary: 'Sets the status of many repairs, all or none',
    },
    async ({ trx }, { body: { ids, status } }) => {
      let changed = 0
      for (const id of new Set(ids)) {
        const before = await findOrder(trx, id, { own: null })
        await refuseBoughtDevice(trx, id, { status })
        await changeOrder(trx, id, { status })
        if (before.status !== status) changed++
      }
      return { changed }
    },
  ),
]

type Asked = { query: z.output<typeof RepairCountQuery>; session: Session | null }

/** What is asked for, by the shop's clocks; who sees no money is not told by a filter which repairs have some to pay. */
async function filterOf(db: Db, now: number, { query, session }: Asked): Promise<RepairFilter> {
  const { due_today, promised_on, owed, ...filter } = query
  if (owed && !seesMoney(session?.caller ?? null)) throw accessDenied()
  if (!due_today && promised_on === undefined) return { ...filter, owed }
  const { time_zone } = await ownShop(db)
  if (promised_on === undefined) return { ...filter, owed, due_before: endOfDay(now, time_zone) }
  return { ...filter, owed, due_from: startOfDay(promised_on, time_zone), due_before: endOfDay(promised_on, time_zone) }
}
