import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { ORDER_STATUSES, type OrderStatus } from '../../domain/repair-status.ts'
import { comparePlaces, type Heading, type Order, type Place } from './list-place.ts'
import { modelsByTitle, techniciansByName } from './named-in-order.ts'
import { hasNobody, isOwed, ofStatuses, sifted, type Sieve } from '../queries/repair-filter.ts'

/**
 * Repairs in the order of a heading, however many there are: each walk begins behind a place and follows an index that has
 * the order, so that a page costs what it holds and what the filter leaves out between. It is never asked for so few that
 * they are sorted sooner (`sorted-repairs.ts`).
 */
type Walk = (db: Db, sieve: Sieve, order: Order, page: Page) => Promise<Place[]>
type Page = { after: Place | undefined; limit: number }

/** The places behind `after`, in order, at most `limit`. */
export async function walkRepairs(db: Db, sieve: Sieve, order: Order, page: Page): Promise<Place[]> {
  const { walk, valueless } = WALKS[order.by]
  const isBehindValues = page.after !== undefined && page.after.keys.length === 0
  const valued = isBehindValues ? [] : await walk(db, sieve, order, page)
  if (valued.length === page.limit || valueless === null) return valued
  const rest = { after: isBehindValues ? page.after : undefined, limit: page.limit - valued.length }
  return [...valued, ...(await newestWith(db, { ...sieve, conditions: [...sieve.conditions, valueless] }, rest))]
}

/** Repairs without a value under a heading, newest first. */
async function newestWith(db: Db, sieve: Sieve, { after, limit }: Page): Promise<Place[]> {
  const found = await byStatus(sieve, (status) => {
    const query = sifted(db.selectFrom('repair_order').select(PLACED), sieve)
      .where(status === null ? sql<boolean>`1 = 1` : sql<boolean>`repair_order.status = ${status}`)
      .orderBy('repair_order.created_at', 'desc')
      .orderBy('repair_order.id', 'desc')
      .limit(limit)
    return (after ? query.where(isOlderThan(after)) : query).execute()
  })
  return found
    .map((row) => ({ ...row, keys: [] }))
    .toSorted((a, b) => b.at - a.at || b.id - a.id)
    .slice(0, limit)
}

/** What the place of a repair is made of, beside its keys. */
const PLACED = ['repair_order.id', 'repair_order.created_at as at'] as const

const isOlderThan = ({ at, id }: Place) => sql<boolean>`(repair_order.created_at, repair_order.id) < (${at}, ${id})`

/** What one query finds for each status that is asked for; asked once where all are. */
async function byStatus<T>(
  { statuses }: Sieve,
  find: (status: OrderStatus | null) => Promise<T[]>,
  all: readonly (OrderStatus | null)[] = [null],
): Promise<T[]> {
  const found: T[] = []
  for (const status of statuses ?? all) found.push(...(await find(status)))
  return found
}

const byTicket: Walk = async (db, sieve, order, { after, limit }) => {
  const [way, beyond] = ways(order)
  const found = await byStatus(sieve, (status) => {
    const query = sifted(db.selectFrom('repair_order').select(PLACED), sieve)
      .where(status === null ? sql<boolean>`1 = 1` : sql<boolean>`repair_order.status = ${status}`)
      .orderBy('repair_order.created_at', way)
      .orderBy('repair_order.id', way)
      .limit(limit)
    if (!after) return query.execute()
    const behind = sql<boolean>`(repair_order.created_at, repair_order.id) ${beyond} (${after.at}, ${after.id})`
    return query.where(behind).execute()
  })
  const places = found.map(({ id, at }) => ({ id, at, keys: [at, id] }))
  return places.toSorted(comparePlaces(order)).slice(0, limit)
}

const inOrderOfStatus: Walk = async (db, sieve, { descending }, { after, limit }) => {
  const statuses = ORDER_STATUSES.filter((status) => sieve.statuses?.includes(status) ?? true)
  const places: Place[] = []
  for (const status of descending ? statuses.toReversed() : statuses) {
    const key = ORDER_STATUSES.indexOf(status)
    const isDone = after && (descending ? key > Number(after.keys[0]) : key < Number(after.keys[0]))
    if (isDone || places.length === limit) continue
    const page = { after: after?.keys[0] === key ? after : undefined, limit: limit - places.length }
    const found = await newestWith(db, { ...sieve, statuses: [status] }, page)
    places.push(...found.map(({ id, at }) => ({ id, at, keys: [key] })))
  }
  return places
}

const byPromise: Walk = async (db, sieve, order, { after, limit }) => {
  const [way, beyond] = ways(order)
  const found = await byStatus(
    sieve,
    (status) => {
      const query = sifted(db.selectFrom('repair_order'), sieve)
        .select(PLACED)
        .select((q) => q.ref('estimated_completion_date').$notNull().as('promised'))
        .where('repair_order.status', '=', status!)
        .where('estimated_completion_date', 'is not', null)
        .orderBy('estimated_completion_date', way)
        .orderBy('repair_order.id', way)
        .limit(limit)
      if (!after) return query.execute()
      const behind = sql<boolean>`(estimated_completion_date, repair_order.id) ${beyond} (${after.keys[0]}, ${after.id})`
      return query.where(behind).execute()
    },
    ORDER_STATUSES,
  )
  const places = found.map(({ id, at, promised }) => ({ id, at, keys: [promised, id] }))
  return places.toSorted(comparePlaces(order)).slice(0, limit)
}

const byDue: Walk = async (db, sieve, order, { after, limit }) => {
  const [way, beyond] = ways(order)
  const found = await byStatus(
    sieve,
    (status) => {
      // A cross join is walked from the left on SQLite, in whichever order its planner would have liked it better.
      const joined = db.selectFrom('repair_due').crossJoin('repair_order')
      const query = sifted(joined.whereRef('repair_order.id', '=', 'repair_due.order_id'), sieve)
        .select([...PLACED, 'due_cents'])
        .where('repair_due.status', '=', status!)
        .orderBy('due_cents', way)
        .orderBy('repair_due.order_id', way)
        .limit(limit)
      if (!after) return query.execute()
      return query
        .where(sql<boolean>`(due_cents, repair_due.order_id) ${beyond} (${after.keys[0]}, ${after.id})`)
        .execute()
    },
    ORDER_STATUSES,
  )
  const places = found.map(({ id, at, due_cents }) => ({ id, at, keys: [due_cents, id] }))
  return places.toSorted(comparePlaces(order)).slice(0, limit)
}

const byCustomer: Walk = async (db, sieve, order, { after, limit }) => {
  const [way, beyond] = ways(order)
  const ofStatus = ofStatuses(sieve.statuses)
  const query = sifted(
    db
      .selectFrom('user_sort')
      .crossJoin('repair_order')
      .whereRef('repair_order.customer_id', '=', 'user_sort.user_id')
      .where(ofStatus),
    sieve,
  )
    .select([...PLACED, 'user_id', 'name_key'])
    .where('name_key', '<>', '')
  const placed = (found: { id: number; at: number; user_id: number; name_key: string }[]) =>
    found.map(({ id, at, user_id, name_key }) => ({ id, at, keys: [name_key, user_id] }))
  const rest = after
    ? await query
        .where('user_sort.user_id', '=', Number(after.keys[1]))
        .where(isOlderThan(after))
        .orderBy('repair_order.created_at', 'desc')
        .orderBy('repair_order.id', 'desc')
        .limit(limit)
        .execute()
    : []
  if (rest.length === limit) return placed(rest)
  const inOrder = query
    .orderBy('name_key', way)
    .orderBy('user_sort.user_id', way)
    .orderBy('repair_order.created_at', 'desc')
    .orderBy('repair_order.id', 'desc')
    .limit(limit - rest.length)
  const next = after
    ? inOrder.where(sql<boolean>`(name_key, user_sort.user_id) ${beyond} (${after.keys[0]}, ${after.keys[1]})`)
    : inOrder
  return placed([...rest, ...(await next.execute())])
}

/** One after the other of few that have repairs: models, technicians. */
async function oneByOne(
  named: readonly { id: number; key: string }[],
  order: Order,
  { after, limit }: Page,
  find: (id: number, page: Page) => Promise<Place[]>,
): Promise<Place[]> {
  const compare = comparePlaces({ by: 'customer', descending: order.descending })
  const placeOf = (...keys: Place['keys']): Place => ({ id: 0, at: 0, keys })
  const keysOf = ({ id, key }: { id: number; key: string }) => placeOf(key, id)
  const from = after && placeOf(...after.keys.slice(0, 2))
  const places: Place[] = []
  for (const one of named.toSorted((a, b) => compare(keysOf(a), keysOf(b)))) {
    const side = from ? compare(keysOf(one), from) : 1
    if (side < 0 || places.length === limit) continue
    places.push(...(await find(one.id, { after: side === 0 ? after : undefined, limit: limit - places.length })))
  }
  return places
}

const byTechnician: Walk = async (db, sieve, order, page) => {
  const technicians = await techniciansByName(db)
  return await oneByOne(technicians, order, page, async (user_id, { after, limit }) => {
    const joined = db
      .selectFrom('assignment')
      .crossJoin('repair_order')
      .whereRef('repair_order.id', '=', 'assignment.order_id')
      .where('assignment.user_id', '=', user_id)
      .where('assignment.deleted_at', 'is', null)
      .where(isFirstAssignment)
      .where(ofStatuses(sieve.statuses))
    const query = sifted(joined, sieve).select(PLACED).orderBy('assignment.order_id', 'desc').limit(limit)
    const found = await (after ? query.where('assignment.order_id', '<', after.id) : query).execute()
    const key = technicians.find(({ id }) => id === user_id)!.key
    return found.map(({ id, at }) => ({ id, at, keys: [key, user_id, id] }))
  })
}

/** Who has it first is whom the list is sorted by. */
const isFirstAssignment = sql<boolean>`not exists (
  select 1 from assignment as earlier
  where earlier.order_id = assignment.order_id and earlier.deleted_at is null and earlier.id < assignment.id
)`

const byDevice: Walk = async (db, sieve, order, page) => {
  const models = await modelsByTitle(db)
  const keys = new Map(models.map(({ id, key }) => [id, key]))
  return await oneByOne(models, order, page, async (model_id, { after, limit }) => {
    const joined = db
      .selectFrom('device')
      .crossJoin('repair_order')
      .whereRef('repair_order.device_id', '=', 'device.id')
      .where('device.model_id', '=', model_id)
      .where(ofStatuses(sieve.statuses))
    const query = sifted(joined, sieve)
      .select([...PLACED, 'device.id as device_id'])
      .orderBy('device.id', 'desc')
      .orderBy('repair_order.created_at', 'desc')
      .orderBy('repair_order.id', 'desc')
      .limit(limit)
    const found = await (after ? query.where(isBehindDevice(after)) : query).execute()
    return found.map(({ id, at, device_id }) => ({ id, at, keys: [keys.get(model_id)!, model_id, device_id] }))
  })
}

/** The devices before it are left out by themselves, which an index does; then what is newer of its own. */
const isBehindDevice = ({ id, at, keys: [, , device_id] }: Place) =>
  sql<boolean>`device.id <= ${device_id} and (device.id, repair_order.created_at, repair_order.id) < (${device_id}, ${at}, ${id})`

const ways = ({ descending }: Order) => [descending ? 'desc' : 'asc', sql.raw(descending ? '<' : '>')] as const

/** What each heading is walked by, and which repairs have no value there; null where all have one. */
const WALKS: Record<Heading, { walk: Walk; valueless: ReturnType<typeof sql<boolean>> | null }> = {
  ticket: { walk: byTicket, valueless: null },
  status: { walk: inOrderOfStatus, valueless: null },
  device: { walk: byDevice, valueless: null },
  customer: {
    walk: byCustomer,
    valueless: sql`exists (
      select 1 from user_sort where user_sort.user_id = repair_order.customer_id and user_sort.name_key = ''
    )`,
  },
  technician: { walk: byTechnician, valueless: hasNobody },
  promised: { walk: byPromise, valueless: sql`repair_order.estimated_completion_date is null` },
  due: { walk: byDue, valueless: sql`not ${isOwed}` },
}
