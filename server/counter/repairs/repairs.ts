import { json } from '../../http/body.ts'
import { read, write } from '../../http/endpoint.ts'
import { anyEmployee, staffOrAdmin } from '../../http/auth/permissions.ts'
import { changeOrder, findOrder } from '../../shop/repairs/orders.ts'
import { countRepairs, newestRepairs } from './repair-list.ts'
import { repairRows } from '../queries/repair-rows.ts'
import { BulkStatus, Changed, RepairPage, RepairQuery } from './repairs.contract.ts'
import { sum } from '../../domain/money/money.ts'

export const repairs = [
  read(
    'GET /repairs',
    { who: anyEmployee, query: RepairQuery, response: RepairPage, summary: 'Repairs by filter, newest first' },
    async ({ db, now }, asked) => {
      const { before, limit = 50, ...filter } = asked.query
      const ids = await newestRepairs(db, filter, now(), { limit, before })
      const rows = await repairRows(db, ids, now())
      const ended = before === undefined && ids.length < limit
      const total = ended ? String(rows.length) : await countRepairs(db, filter, now())
      asked.response.headers['X-Total-Count'] = total
      return { rows, total, due_cents: sum(rows.map(({ due_cents }) => due_cents)) }
    },
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
