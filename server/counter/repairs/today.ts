import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { endOfDay } from '../../domain/time/shop-day.ts'
import { anyEmployee } from '../../http/auth/permissions.ts'
import { read } from '../../http/endpoint.ts'
import { listActiveColleagues } from '../../shop/people/staff.ts'
import { type OwnShop, ownShop } from '../../shop/shop-settings.ts'
import { isOpenSql } from '../queries/repair-rows.ts'
import { countRepairs, owedInShop } from './repair-counts.ts'
import { Today } from './repairs.contract.ts'

export const today = [
  read(
    'GET /today',
    { who: anyEmployee, response: Today, summary: 'The numbers of the day, and what a new shop has begun' },
    async ({ db, now }, { session }) => {
      const at = now()
      const shop = await ownShop(db)
      const due_before = endOfDay(at, shop.time_zone)
      const owed = await owedInShop(db, at)
      return {
        overdue: await countRepairs(db, { overdue: true }, at),
        oldest_promise: await oldestPromise(db, at),
        due_today: await countRepairs(db, { due_before }, at),
        not_begun: await countRepairs(db, { due_before, status: 'Pending' }, at),
        ready: await countRepairs(db, { ready: true }, at),
        nobody: await countRepairs(db, { nobody: true }, at),
        owed_cents: owed.cents,
        owed_count: String(owed.count),
        first_steps: await firstSteps(db, shop, session!.caller.id),
      }
    },
  ),
]

async function oldestPromise(db: Db, now: number): Promise<number | null> {
  const { oldest } = await db
    .selectFrom('repair_order')
    .select(({ fn }) => fn.min('estimated_completion_date').as('oldest'))
    .where(isOpenSql)
    .where('deleted_at', 'is', null)
    .where('estimated_completion_date', '<', now)
    .executeTakeFirstOrThrow()
  return oldest
}

/** A shop that has taken in more devices than this is no new one. */
const REPAIRS_OF_A_NEW_SHOP = 20

async function firstSteps(db: Db, shop: OwnShop, user_id: number): Promise<z.output<typeof Today>['first_steps']> {
  const taken = await db
    .selectFrom('repair_order')
    .select('id')
    .limit(REPAIRS_OF_A_NEW_SHOP + 1)
    .execute()
  if (taken.length > REPAIRS_OF_A_NEW_SHOP) return null
  const people = await listActiveColleagues(db).execute()
  return {
    taken_in: taken.length > 0,
    pin: people.some(({ id, pin_hash }) => id === user_id && pin_hash !== null),
    reachable: shop.phone !== null || shop.address !== null,
    colleague: people.length > 1,
  }
}
