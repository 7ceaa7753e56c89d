import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { ageOf, newestFirst } from '../../../db/queries/newest-first.ts'
import { findIds } from '../../../db/search/search.ts'
import { customersMatching } from '../../shop/people/customers.ts'
import { documentsMeant } from '../queries/document-numbers.ts'
import { repairsOfFaults } from '../queries/faults.ts'

/** How many of the newest matches of a text a list looks through, and how many of the newest customers and devices. */
export const MAX_LISTED_IDS = 2_000
/** One more is looked for, so that it is known whether those were all. */
const MAX_SOUGHT_IDS = MAX_LISTED_IDS + 1

/** The newest repairs whose number, faults or problem hold every word, or whose customer or device does; null without words. */
export async function repairsMatching(db: Db, q: string | undefined): Promise<number[] | null> {
  const found = await newestMatching(db, q)
  return found && found.ids
}

/** The same, and whether there are more than a list looks through. */
export async function newestMatching(
  db: Db,
  q: string | undefined,
): Promise<{ ids: number[]; areMore: boolean } | null> {
  if (q === undefined || q.trim() === '') return null
  const own = await findIds(db, 'repair_order', q, { limit: MAX_SOUGHT_IDS })
  const ofFaults = await repairsOfFaults(db, q, MAX_SOUGHT_IDS)
  const customers = await customersMatching(db, q, MAX_SOUGHT_IDS)
  const devices = await findIds(db, 'device', q, { limit: MAX_SOUGHT_IDS })
  const ofCustomers = await repairsOf(db, 'customer_id', customers)
  const ofDevices = await repairsOf(db, 'device_id', devices)
  const numbered = await ticketsMeant(db, q)
  const ids = [...new Set([...numbered, ...own, ...ofFaults, ...ofCustomers, ...ofDevices])]
  const areMore = [ids, customers, devices].some(({ length }) => length > MAX_LISTED_IDS)
  if (ids.length <= MAX_LISTED_IDS) return { ids, areMore }
  return { ids: (await newestFirst(db, 'repair_order', ids)).slice(0, MAX_LISTED_IDS), areMore }
}

/** The tickets of this number, however it is written. */
async function ticketsMeant(db: Db, q: string): Promise<number[]> {
  const { numbers } = await documentsMeant(db, q)
  if (numbers.length === 0) return []
  const tickets = await db
    .selectFrom('repair_order')
    .select('id')
    .where('ticket_number', 'in', numbers)
    .where('deleted_at', 'is', null)
    .execute()
  return tickets.map(({ id }) => id)
}

async function repairsOf(db: Db, whose: 'customer_id' | 'device_id', ids: number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const repairs = await db
    .selectFrom('repair_order')
    .select('id')
    .where(whose, 'in', padded(ids))
    .where('deleted_at', 'is', null)
    .orderBy(ageOf('repair_order'), 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_SOUGHT_IDS)
    .execute()
  return repairs.map(({ id }) => id)
}
