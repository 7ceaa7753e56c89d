import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import { ORDER_STATUSES } from '../../domain/repair-status.ts'
import { comparePlaces, type Heading, type Order, type Place } from './list-place.ts'
import { modelsByTitle, techniciansByName } from './named-in-order.ts'
import { branchesOf, type RepairFilter, sieveOf } from '../queries/repair-filter.ts'
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
      : (await PLACES[order.by](db, few))
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

type PlacesOf = (db: Db, ids: readonly number[]) => Promise<Place[]>

const repairs = (db: Db, ids: readonly number[]) =>
  db
    .selectFrom('repair_order')
    .select(['repair_order.id', 'repair_order.created_at as at'])
    .where(idIn(db, 'repair_order.id', idListParameter(db, ids)))

const PLACES: Record<Heading, PlacesOf> = {
  ticket: async (db, ids) => {
    const found = await repairs(db, ids).execute()
    return found.map(({ id, at }) => ({ id, at, keys: [at, id] }))
  },
  status: async (db, ids) => {
    const found = await repairs(db, ids).select('status').execute()
    return found.map(({ status, ...row }) => ({ ...row, keys: [ORDER_STATUSES.indexOf(status)] }))
  },
  device: async (db, ids) => {
    const titles = new Map((await modelsByTitle(db)).map(({ id, key }) => [id, key]))
    const found = await repairs(db, ids)
      .innerJoin('device', 'device.id', 'repair_order.device_id')
      .select(['device_id', 'model_id'])
      .execute()
    return found.map(({ device_id, model_id, ...row }) => ({
      ...row,
      keys: [titles.get(model_id)!, model_id, device_id],
    }))
  },
  customer: async (db, ids) => {
    const found = await repairs(db, ids)
      .innerJoin('user_sort', 'user_id', 'customer_id')
      .select(['name_key', 'user_id'])
      .execute()
    return found.map(({ name_key, user_id, ...row }) => ({ ...row, keys: name_key === '' ? [] : [name_key, user_id] }))
  },
  technician: async (db, ids) => {
    const names = new Map((await techniciansByName(db)).map(({ id, key }) => [id, key]))
    const found = await repairs(db, ids)
      .select(
        sql<number | null>`(select user_id from assignment
          where assignment.order_id = repair_order.id and assignment.deleted_at is null
          order by assignment.id limit 1)`.as('user_id'),
      )
      .execute()
    return found.map(({ id, at, user_id }) => ({
      id,
      at,
      keys: user_id === null ? [] : [names.get(user_id)!, user_id, id],
    }))
  },
  promised: async (db, ids) => {
    const found = await repairs(db, ids).select('estimated_completion_date as promised').execute()
    return found.map(({ id, at, promised }) => ({ id, at, keys: promised === null ? [] : [promised, id] }))
  },
  due: async (db, ids) => {
    const found = await repairs(db, ids)
      .leftJoin('repair_due', 'order_id', 'repair_order.id')
      .select('due_cents')
      .execute()
    return found.map(({ id, at, due_cents }) => ({ id, at, keys: due_cents === null ? [] : [due_cents, id] }))
  },
}
