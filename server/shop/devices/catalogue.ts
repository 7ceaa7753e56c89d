import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch } from '../../../db/rows.ts'
import { nameKey } from '../../domain/fold.ts'
import { badRequest, notFound } from '../../http/errors.ts'

/** What the shop repairs, and what breaks: device types, brands and their models, fault codes. Names differ in more than case. */

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

export type Named = { id: number; name: string; description: string | null; created_at: number }
export type Model = { id: number; brand_id: number; device_type_id: number; name: string; created_at: number }

/**
 * Adds a device type, brand or fault code. A brand that the new database brought along may be added once more: programs
 * written before it did begin by adding their brands.
 * @throws 400 when there is one of this name
 */
export async function addNamed(trx: Trx, kind: NamedKind, { name, description = null }: NewNamed): Promise<Named> {
  const known = await namedAs(trx, kind, name)
  if (known !== undefined) return await adoptStarter(trx, kind, known, { name, description })
  const id = await insert(trx, kind, { name, name_key: nameKey(name), description })
  return { id, name, description, created_at: trx.act.now }
}

async function adoptStarter(trx: Trx, kind: NamedKind, id: number, { name, description = null }: NewNamed) {
  if (kind !== 'brand' || !(await patch(trx, 'brand', id, { starter: null }))) throw KNOWN[kind]()
  await patch(trx, 'brand', id, { name, description })
  return await findNamed(trx, kind, id)
}

/** The id of the type, brand or fault code of this name, added where it is missing. */
export async function findOrAddNamed(trx: Trx, kind: NamedKind, name: string): Promise<number> {
  return (await namedAs(trx, kind, name)) ?? (await addNamed(trx, kind, { name })).id
}

/**
 * The type, brand or fault code with this id.
 * @throws 404
 */
export async function findNamed(db: Db, kind: NamedKind, id: number): Promise<Named> {
  const found = await listNamed(db, kind).where('id', '=', id).executeTakeFirst()
  if (!found) throw MISSING[kind]()
  return found
}

/** The id of a brand by its id or its name in any case; undefined where there is none. */
export async function findBrand(db: Db, wanted: { id: number } | { name: string }): Promise<number | undefined> {
  if ('name' in wanted) return await namedAs(db, 'brand', wanted.name)
  return (await listNamed(db, 'brand').where('id', '=', wanted.id).executeTakeFirst())?.id
}

/** All of a kind in id order, or those whose name holds `q`. */
export function listNamed(db: Db, kind: NamedKind, q?: string) {
  return db
    .selectFrom(kind)
    .select(['id', 'name', 'description', 'created_at'])
    .where('deleted_at', 'is', null)
    .$if(q !== undefined, (query) => query.where(nameHolds(q ?? '')))
    .orderBy('id')
}

/**
 * Adds a model of a brand and device type.
 * @throws 404 for brand or type, 400 when the brand has a model of this name and type
 */
export async function addModel(trx: Trx, { brand_id, device_type_id, name }: NewModel): Promise<Model> {
  await findNamed(trx, 'brand', brand_id)
  await findNamed(trx, 'device_type', device_type_id)
  if (await modelAs(trx, { brand_id, device_type_id, name })) throw KNOWN.model()
  const id = await insert(trx, 'model', { brand_id, device_type_id, name, name_key: nameKey(name) })
  return { id, brand_id, device_type_id, name, created_at: trx.act.now }
}

/** The id of the brand's model of this name and type, added where it is missing. */
export async function findOrAddModel(trx: Trx, model: NewModel): Promise<number> {
  return (await modelAs(trx, model)) ?? (await addModel(trx, model)).id
}

/**
 * The model with this id.
 * @throws 404
 */
export async function findModel(db: Db, id: number): Promise<Model> {
  const found = await listModels(db).where('id', '=', id).executeTakeFirst()
  if (!found) throw notFound('model-not-found', 'Model not found')
  return found
}

/** All models in id order, or those whose name holds `q`. */
export function listModels(db: Db, q?: string) {
  return db
    .selectFrom('model')
    .select(['id', 'brand_id', 'device_type_id', 'name', 'created_at'])
    .where('deleted_at', 'is', null)
    .$if(q !== undefined, (query) => query.where(nameHolds(q ?? '')))
    .orderBy('id')
}

async function namedAs(db: Db, kind: NamedKind, name: string): Promise<number | undefined> {
  const found = await db
    .selectFrom(kind)
    .select('id')
    .where('name_key', '=', nameKey(name))
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .executeTakeFirst()
  return found?.id
}

async function modelAs(db: Db, { brand_id, device_type_id, name }: NewModel): Promise<number | undefined> {
  const found = await db
    .selectFrom('model')
    .select('id')
    .where('brand_id', '=', brand_id)
    .where('device_type_id', '=', device_type_id)
    .where('name_key', '=', nameKey(name))
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .executeTakeFirst()
  return found?.id
}

/** Whether the name holds `q`. The key is folded already; LIKE's own case rules differ between the engines. */
const nameHolds = (q: string) =>
  sql<boolean>`name_key like ${`%${nameKey(q).replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`
