import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import { ORDER_STATUSES } from '../../domain/repair-status.ts'
import { comparePlaces, type Heading, type Order, type Place } from './list-place.ts'
import { modelsByTitle, techniciansByName } from './named-in-order.ts'
import { branchesOf, type RepairFilter, sieveOf } from './repair-filter.ts'
import { repairsMatching } from './repair-matches.ts'
import { walkRepairs } from './repair-walks.ts'

/** Behind which place a page begins, and behind which it ends at the latest. */
type Bounds = { after?: Place | undefined; until?: Place | undefined; limit: number }

/**
 * So many repairs are sorted at once for each page. Where a filter leaves more, a page is near in the index of its order
 * even among a million that do not pass.
 */
const FEW = 5_000

/**
 * The places of the repairs that pass, in the order of a heading: names as people sort them, the same on both engines.
 * Those without a value come last in either direction, of equal ones the newest first.
 */
export async function placesOf(
  db: Db,
  filter: RepairFilter,
  now: number,
  order: Order,
  { after, until, limit }: Bounds,
): Promise<Place[]> {
  await db.flushSearchIndex?.()
  const ids = await repairsMatching(db, filter.q)
  const few = order.by === 'ticket' && !isSifted(filter) ? null : await fewOf(db, filter, now, ids)
  const compare = comparePlaces(order)
  const places =
    few === null
      ? await walkRepairs(db, sieveOf(db, filter, now, ids), order, { after, limit })
      : (await placed(db, few, order.by))
          .filter((place) => !after || compare(place, after) > 0)
          .toSorted(compare)
          .slice(0, limit)
  return until ? places.filter((place) => compare(place, until) <= 0) : places
}

/** Whether a filter has more to it than statuses, of which each has an index from the newest repair on. */
const isSifted = ({ status: _, open: __, ...more }: RepairFilter) => Object.values(more).some(Boolean)

/** The ids of all that pass; null where they are many. */
async function fewOf(db: Db, filter: RepairFilter, now: number, matching: number[] | null): Promise<number[] | null> {
  const ids: number[] = []
  for (const branch of branchesOf(db, filter, now, matching)) {
    const found = await branch.limit(FEW + 1 - ids.length).execute()
    ids.push(...found.map(({ id }) => id))
    if (ids.length > FEW) return null
  }
  return ids
}

async function placed(db: Db, ids: readonly number[], by: Heading): Promise<Place[]> {
  return by === 'ticket' ? ids.map((id) => ({ id, keys: [id] })) : await PLACES[by](db, ids)
}

type PlacesOf = (db: Db, ids: readonly number[]) => Promise<Place[]>

const repairs = (db: Db, ids: readonly number[]) =>
  db.selectFrom('repair_order').where(idIn(db, 'repair_order.id', idListParameter(db, ids)))

const PLACES: Record<Exclude<Heading, 'ticket'>, PlacesOf> = {
  status: async (db, ids) => {
    const found = await repairs(db, ids).select(['id', 'status']).execute()
    return found.map(({ id, status }) => ({ id, keys: [ORDER_STATUSES.indexOf(status)] }))
  },
  device: async (db, ids) => {
    const titles = new Map((await modelsByTitle(db)).map(({ id, key }) => [id, key]))
    const found = await repairs(db, ids)
      .innerJoin('device', 'device.id', 'repair_order.device_id')
      .select(['repair_order.id', 'device_id', 'model_id'])
      .execute()
    return found.map(({ id, device_id, model_id }) => ({ id, keys: [titles.get(model_id)!, model_id, device_id] }))
  },
  customer: async (db, ids) => {
    const found = await repairs(db, ids)
      .innerJoin('user_sort', 'user_id', 'customer_id')
      .select(['repair_order.id', 'name_key', 'user_id'])
      .execute()
    return found.map(({ id, name_key, user_id }) => ({ id, keys: name_key === '' ? [] : [name_key, user_id] }))
  },
  technician: async (db, ids) => {
    const names = new Map((await techniciansByName(db)).map(({ id, key }) => [id, key]))
    const found = await repairs(db, ids)
      .select('id')
      .select(
        sql<number | null>`(select user_id from assignment
          where assignment.order_id = repair_order.id and assignment.deleted_at is null
          order by assignment.id limit 1)`.as('user_id'),
      )
      .execute()
    return found.map(({ id, user_id }) => ({ id, keys: user_id === null ? [] : [names.get(user_id)!, user_id] }))
  },
  promised: async (db, ids) => {
    const found = await repairs(db, ids).select(['id', 'estimated_completion_date as at']).execute()
    return found.map(({ id, at }) => ({ id, keys: at === null ? [] : [at, id] }))
  },
  due: async (db, ids) => {
    const found = await repairs(db, ids)
      .leftJoin('repair_due', 'order_id', 'repair_order.id')
      .select(['repair_order.id', 'due_cents'])
      .execute()
    return found.map(({ id, due_cents }) => ({ id, keys: due_cents === null ? [] : [due_cents, id] }))
  },
}
