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
import { countAllRepairs, countRepairs, newestRepairs, type RepairFilter } from './repair-list.ts'
import { sortedRepairs } from './sort-repairs.ts'
import { repairRows } from '../queries/repair-rows.ts'
import { BulkStatus, Changed, RepairCount, RepairCountQuery, RepairPage, RepairQuery } from './repairs.contract.ts'
import { sum } from '../../domain/money/money.ts'

export const repairs = [
  read(
    'GET /repairs',
    { who: anyEmployee, query: RepairQuery, response: RepairPage, summary: 'Repairs by filter, newest first' },
    async ({ db, now }, asked) => {
      const { before, limit = 50, sort, descending = false, skip = 0 } = asked.query
      const filter = await filterOf(db, now(), asked)
      if (sort) {
        if (sort === 'due' && !seesMoney(asked.session?.caller ?? null)) throw accessDenied()
        const sorted = await sortedRepairs(db, filter, now(), { by: sort, descending })
        const rows = sorted.slice(skip, skip + limit)
        asked.response.headers['X-Total-Count'] = String(sorted.length)
        return { rows, total: String(sorted.length), due_cents: sum(rows.map(({ due_cents }) => due_cents)) }
      }
      const ids = await newestRepairs(db, filter, now(), { limit, before })
      const rows = await repairRows(db, ids, now())
      const ended = before === undefined && ids.length < limit
      const total = ended ? String(rows.length) : await countRepairs(db, filter, now())
      asked.response.headers['X-Total-Count'] = total
      return { rows, total, due_cents: sum(rows.map(({ due_cents }) => due_cents)) }
    },
  ),

  read(
    'GET /repairs/count',
    { who: anyEmployee, query: RepairCountQuery, response: RepairCount, summary: 'How many repairs a filter leaves' },
    async ({ db, now }, asked) => ({
      total: await countAllRepairs(db, await filterOf(db, now(), asked), now()),
    }),
  ),

  write(
    'POST /repairs/status',
    {
      who: staffOrAdmin,
      body: json(BulkStatus),
      response: Changed,
      summary: 'Sets the status of many repairs, all or none',
    },
    async ({ trx }, { body: { ids, status } }) => {
      let changed = 0
      for (const id of new Set(ids)) {
        const before = await findOrder(trx, id, { own: null })
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
