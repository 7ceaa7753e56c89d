import { type Db } from '../../../db/handle.ts'
import { idSince } from '../../../db/fleet/id-alias.ts'
import { NODE_SPAN } from '../../domain/ids.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'

/**
 * Ids that come from outside and are of before this machine joined head office with its history: in links, on labels, in programs that
 * kept them, in what Stripe has. This is the one place where they are read. A row that bears the id today comes first.
 */

/** By the part of a path in front of a parameter, or of one surface alone: whose id it is. */
const IN_PATHS: Readonly<Record<string, SyncedTable>> = {
  '/v1 orders/:order_id': 'repair_order',
  '/v1 assign/:order_id': 'repair_order',
  '/v1 payments/:payment_id': 'payment',
  '/v1 assigns/:assign_id': 'assignment',
  '/v1 users/:user_id': 'user',
  '/v1 devices/:device_id': 'device',
  '/api orders/:order_id': 'sales_order',
  '/api products/:product_id': 'product',
  '/api items/:product_id': 'product',
  '/api addresses/:address_id': 'address',
  '/api pickup-requests/:pickup_id': 'pickup_request',
  '/api tradeins/:pickup_id': 'pickup_request',
  '/counter tickets/:id': 'repair_order',
  '/counter payments/:payment_id': 'payment',
  '/counter technicians/:user_id': 'user',
  '/counter customers/:id': 'user',
  '/counter people/:id': 'user',
  '/counter devices/:id': 'device',
  '/counter products/:id': 'product',
  '/counter units/:id': 'unit',
  '/counter sales-orders/:id': 'sales_order',
  '/counter trade-ins/:id': 'pickup_request',
  '/counter purchases/:id': 'receipt',
}

/** Of queries and bodies of the documented APIs, by their names. */
const IN_FIELDS: Readonly<Record<string, Readonly<Record<string, SyncedTable>>>> = {
  '/v1': {
    order_id: 'repair_order',
    user_id: 'user',
    owner_id: 'user',
    customer_id: 'user',
    device_id: 'device',
    brand_id: 'brand',
    model_id: 'model',
    device_type_id: 'device_type',
    problem_id: 'problem',
  },
  '/api': { order_id: 'sales_order', product_id: 'product', address_id: 'address' },
}

type Parts = { params: unknown; query: unknown; body: unknown }

/** What a request asks with the ids that its rows have today. */
export async function withIdsOfToday<P extends Parts>(db: Db, path: string, parts: P): Promise<P> {
  const [, surface = ''] = /^(\/[^/]+)/.exec(path) ?? []
  if (!(await hasFormerIds(db))) return parts
  const named = IN_FIELDS[surface] ?? {}
  return {
    ...parts,
    params: await renamed(db, parts.params, (name) => IN_PATHS[`${surface} ${before(path, name)}/:${name}`]),
    query: await renamed(db, parts.query, (name) => named[name]),
    body: await renamed(db, parts.body, (name) => named[name]),
  }
}

/** `tickets` of `/counter/tickets/:id/photos`. */
const before = (path: string, name: string) => path.split(`/:${name}`)[0]!.split('/').at(-1)!

/** Asked once: a database gets them before it is served. */
const known = new WeakMap<Db, Promise<boolean>>()

function hasFormerIds(db: Db): Promise<boolean> {
  let has = known.get(db)
  if (!has) {
    const alias = db.selectFrom('id_alias').select('entity').limit(1).executeTakeFirst()
    known.set(db, (has = alias.then((found) => found !== undefined)))
    has.catch(() => known.delete(db)) // Whoever asked hears of it; the next one asks again.
  }
  return has
}

async function renamed(db: Db, part: unknown, entityOf: (name: string) => SyncedTable | undefined): Promise<unknown> {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
  const fields: Record<string, unknown> = { ...part }
  for (const [name, value] of Object.entries(fields)) {
    const entity = entityOf(name)
    if (entity && typeof value === 'number') fields[name] = await idOfToday(db, entity, value)
  }
  return fields
}

/** The id that a row has today; the same where it bears it, and for what was never here. */
export async function idOfToday(db: Db, entity: SyncedTable, id: number): Promise<number> {
  if (id >= NODE_SPAN || !(await hasFormerIds(db))) return id
  const bearer = db
    .selectFrom(entity as 'user')
    .select('id')
    .where('id', '=', id) // Each of them has an id.
  if (await bearer.executeTakeFirst()) return id
  return (await idSince(db, entity, id)) ?? id
}
