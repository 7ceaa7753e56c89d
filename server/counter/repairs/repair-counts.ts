import type { Db } from '../../../db/handle.ts'
import { sum } from '../../domain/money/money.ts'
import { OPEN_STATUSES } from '../../domain/repair-status.ts'
import { countUpTo1000 } from '../../http/paging.ts'
import { branchesOf, owedAsBought, readyForPickUp, type RepairFilter } from '../queries/repair-filter.ts'
import { MAX_LISTED_IDS, newestMatching, repairsMatching } from './repair-matches.ts'

/** How many repairs pass, counted to 1,000 and then `1000+`. */
export async function countRepairs(db: Db, filter: RepairFilter, now: number): Promise<string> {
  let total = 0
  for (const branch of branchesOf(db, filter, now, await repairsMatching(db, filter.q))) {
    const count = await countUpTo1000(db, branch)
    if (count === '1000+') return count
    total += Number(count)
  }
  return total > 1_000 ? '1000+' : String(total)
}

/** How many repairs pass, to the last one; of words that too many hold, among how many of the newest, and null for all others. */
export async function countAllRepairs(
  db: Db,
  filter: RepairFilter,
  now: number,
): Promise<{ total: string; among_newest: number | null }> {
  const matching = await newestMatching(db, filter.q)
  let total = 0
  for (const branch of branchesOf(db, filter, now, matching && matching.ids)) {
    const { n } = await db
      .selectFrom(branch.as('counted'))
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    total += n
  }
  return matching?.areMore
    ? { total: `${total}+`, among_newest: MAX_LISTED_IDS }
    : { total: String(total), among_newest: null }
}

/** What is owed on the repairs in the shop and on those that ended as the shop bought the device, in cents, and on how many. */
export async function owedInShop(db: Db, now: number): Promise<{ cents: number; count: number }> {
  await db.flushSearchIndex?.()
  const due = db
    .selectFrom('repair_due')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number | null>('due_cents').as('cents')])
  const open = await due.where('status', 'in', OPEN_STATUSES).executeTakeFirstOrThrow()
  const ready = await due.where('order_id', 'in', readyForPickUp(db, now)).executeTakeFirstOrThrow()
  const bought = await due.where('order_id', 'in', owedAsBought(db)).executeTakeFirstOrThrow()
  const all = [open, ready, bought]
  return { cents: sum(all.map(({ cents }) => cents ?? 0)), count: sum(all.map(({ count }) => count)) }
}
