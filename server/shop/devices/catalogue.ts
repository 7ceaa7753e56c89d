import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch } from '../../../db/rows.ts'
import { isMine } from '../../../db/ownership.ts'
import type { Bit } from '../../../db/schema/synced.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { badRequest, notFound } from '../../http/errors.ts'

/**
 * What the shop repairs, and what breaks: device types, brands and their models, fault codes. Names differ in more than case.
 * A starter is a type, brand or model that came with the new shop: the counter chooses from it, `/v1` sees it once it is used
 * or added.
 */

/** The tables of things that have a name and a description. */
export type NamedKind = 'device_type' | 'brand' | 'problem'

const MISSING = {
  device_type: () => notFound('device-type-not-found', 'Device type not found'),
  brand: () => notFound('brand-not-found', 'Brand not found'),
  problem: () => notFound('problem-not-found', 'Problem not found'),
}
const KNOWN = {
  device_type: () => badRequest('device-type-exists', 'Device type already exists'),
  brand: () => badRequest('brand-exists', 'Brand already exists'),
  model: () => badRequest('model-exists', 'Model already exists'),
  problem: () => badRequest('problem-exists', 'Problem already exists'),
}

export type NewNamed = { name: string; description?: string | null | undefined }
export type NewModel = { brand_id: number; device_type_id: number; name: string }

export type Named = {
  id: number
  name: string
  description: string | null
  created_at: number
}
export type Model = { id: number; brand_id: number; device_type_id: number; name: string; created_at: number }

/** What of a kind is asked for: those whose name holds `q`; all but the starters. */
export type Wanted = { q?: string | undefined; inUse?: boolean }

/**
 * Adds a device type, brand or fault code. A starter may be added once more: programs that know none yet begin by adding
 * theirs.
 * @throws 400 when there is one of this name
 */
export async function addNamed(trx: Trx, kind: NamedKind, { name, description = null }: NewNamed): Promise<Named> {
  const known = await namedAs(trx, kind, name)
  if (known) {
    if (kind === 'problem' || !known.starter) throw KNOWN[kind]()
    // Another machine's row is taken into use as it is.
    const own = (await isMine(trx, known.id)) ? { name, description } : {}
    await patch(trx, kind, known.id, { starter: null, ...own })
    return await findNamed(trx, kind, known.id)
  }
  const id = await insert(trx, kind, { name, name_key: nameKey(name), description })
  return { id, name, description, created_at: trx.act.now }
}

/** The id of the type, brand or fault code of this name, which is to be used: added where it is missing. */
export async function findOrAddNamed(trx: Trx, kind: NamedKind, name: string): Promise<number> {
  const known = await namedAs(trx, kind, name)
  if (!known) return (await addNamed(trx, kind, { name })).id
  if (kind !== 'problem') await noStarter(trx, kind, known)
  return known.id
}

/**
 * The type or brand with this id, which is to be used.
 * @throws 404
 */
export async function takeNamed(trx: Trx, kind: 'device_type' | 'brand', id: number): Promise<Named> {
  const found = await findNamed(trx, kind, id)
  await noStarter(trx, kind, found)
  return found
}

/**
 * The model with this id, which is to be used.
 * @throws 404
 */
export async function takeModel(trx: Trx, id: number): Promise<Model> {
  const found = await findModel(trx, id)
  await noStarter(trx, 'model', found)
  return found
}

/** From its first use on a starter is like any other. */
async function noStarter(
  trx: Trx,
  kind: 'device_type' | 'brand' | 'model',
  { id, starter }: { id: number; starter: Bit | null },
) {
  if (starter) await patch(trx, kind, id, { starter: null })
}

/**
 * The type, brand or fault code with this id.
 * @throws 404
 */
export async function findNamed(db: Db, kind: NamedKind, id: number) {
  const found = await listNamed(db, kind).where('id', '=', id).executeTakeFirst()
  if (!found) throw MISSING[kind]()
  return found
}

/** The id of a brand by its id or its name in any case; undefined where there is none. */
export async function findBrand(db: Db, wanted: { id: number } | { name: string }): Promise<number | undefined> {
  if ('name' in wanted) return (await namedAs(db, 'brand', wanted.name))?.id
  return (await listNamed(db, 'brand').where('id', '=', wanted.id).executeTakeFirst())?.id
}

/** All of a kind in id order, or those that are wanted. */
export function listNamed(db: Db, kind: NamedKind, { q, inUse = false }: Wanted = {}) {
  return db
    .selectFrom(kind)
    .select(['id', 'name', 'description', 'created_at', starterOf(kind).as('starter')])
    .where('deleted_at', 'is', null)
    .$if(inUse && kind !== 'problem', (query) => query.where(IN_USE))
    .$if(q !== undefined, (query) => query.where(nameHolds(q ?? '')))
    .orderBy('id')
}

/**
 * Adds a model of a brand and device type; a starter may be added once more.
 * @throws 404 for brand or type, 400 when the brand has a model of this name and type
 */
export async function addModel(trx: Trx, { brand_id, device_type_id, name }: NewModel): Promise<Model> {
  await takeNamed(trx, 'brand', brand_id)
  await takeNamed(trx, 'device_type', device_type_id)
  const known = await modelAs(trx, { brand_id, device_type_id, name })
  if (known) {
    if (!known.starter) throw KNOWN.model()
    await patch(trx, 'model', known.id, { starter: null, ...((await isMine(trx, known.id)) && { name }) })
    return await findModel(trx, known.id)
  }
  const id = await insert(trx, 'model', { brand_id, device_type_id, name, name_key: nameKey(name) })
  return { id, brand_id, device_type_id, name, created_at: trx.act.now }
}

/** The id of the brand's model of this name and type, which is to be used: added where it is missing. */
export async function findOrAddModel(trx: Trx, model: NewModel): Promise<number> {
  const known = await modelAs(trx, model)
  if (!known) return (await addModel(trx, model)).id
  await noStarter(trx, 'model', known)
  return known.id
}

/**
 * The model with this id.
 * @throws 404
 */
export async function findModel(db: Db, id: number) {
  const found = await listModels(db).where('id', '=', id).executeTakeFirst()
  if (!found) throw notFound('model-not-found', 'Model not found')
  return found
}

/** What kind of device the brand's model of this name is; null where there is none, or where models of several kinds are called so. */
export async function kindOfModel(db: Db, brand_id: number, name: string): Promise<number | null> {
  const models = await listModels(db).where('brand_id', '=', brand_id).where('name_key', '=', nameKey(name)).execute()
  const kinds = new Set(models.map(({ device_type_id }) => device_type_id))
  return kinds.size === 1 ? [...kinds][0]! : null
}

/** All models in id order, or those that are wanted. */
export function listModels(db: Db, { q, inUse = false }: Wanted = {}) {
  return db
    .selectFrom('model')
    .select(['id', 'brand_id', 'device_type_id', 'name', 'created_at', 'starter'])
    .where('deleted_at', 'is', null)
    .$if(inUse, (query) => query.where(IN_USE))
    .$if(q !== undefined, (query) => query.where(nameHolds(q ?? '')))
    .orderBy('id')
}

const namedAs = async (db: Db, kind: NamedKind, name: string) =>
  await db
    .selectFrom(kind)
    .select(['id', starterOf(kind).as('starter')])
    .where('name_key', '=', nameKey(name))
    .where('deleted_at', 'is', null)
    .orderBy(IS_DUPLICATE)
    .orderBy('id')
    .executeTakeFirst()

const modelAs = async (db: Db, { brand_id, device_type_id, name }: NewModel) =>
  await db
    .selectFrom('model')
    .select(['id', 'starter'])
    .where('brand_id', '=', brand_id)
    .where('device_type_id', '=', device_type_id)
    .where('name_key', '=', nameKey(name))
    .where('deleted_at', 'is', null)
    .orderBy(IS_DUPLICATE)
    .orderBy('id')
    .executeTakeFirst()

/** Of two rows of one name, which two machines have added, the one that the other names comes first. */
const IS_DUPLICATE = sql`case when duplicate_of is null then 0 else 1 end`

const IN_USE = sql<boolean>`starter is null`

/** Fault codes are in use from the start. */
const starterOf = (kind: NamedKind) => (kind === 'problem' ? sql<Bit | null>`null` : sql<Bit | null>`starter`)

/** Whether the name holds `q`. The key is folded already; LIKE's own case rules differ between the engines. */
const nameHolds = (q: string) =>
  sql<boolean>`name_key like ${`%${nameKey(q).replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`
