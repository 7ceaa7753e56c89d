import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { freeSlug } from './slugs.ts'

export type Location = { id: number; slug: string; name: string; code: string; hub_name: string }

/** `code` is made from the name and `hub_name` is the name where they are left out. */
export type NewLocation = { name: string; code?: string | undefined; hub_name?: string | undefined }

/** Where the goods lie. */
export const listLocations = (db: Db) =>
  db
    .selectFrom('location')
    .select(['id', 'slug', 'name', 'code', 'hub_name'])
    .where('deleted_at', 'is', null)
    .orderBy('id')

/**
 * The location by its id in the store API.
 * @throws 404
 */
export async function findLocation(db: Db, slug: string): Promise<Location> {
  const location = await listLocations(db).where('slug', '=', slug).executeTakeFirst()
  if (!location) throw notFound('location-slug-not-found', `Location '${slug}' not found`, { slug })
  return location
}

/**
 * Adds a location.
 * @throws 400 when there is one of this name or hub
 */
export async function addLocation(trx: Trx, { name, hub_name = name, ...more }: NewLocation): Promise<Location> {
  await refuseKnown(trx, { name, hub_name })
  const location = { slug: await freeSlug(trx, 'location', name), name, code: more.code ?? codeOf(name), hub_name }
  return { id: await insert(trx, 'location', location), ...location }
}

/**
 * Changes a location; its id in the store API stays.
 * @throws 404, 400 when another one is called so
 */
export async function changeLocation(trx: Trx, id: number, changes: Partial<NewLocation>): Promise<Location> {
  const before = await locationById(trx, id)
  await refuseKnown(trx, { name: changes.name ?? before.name, hub_name: changes.hub_name ?? before.hub_name }, id)
  await patch(trx, 'location', id, changes)
  return await locationById(trx, id)
}

/**
 * Hides a location.
 * @throws 404, 400 while products lie there
 */
export async function removeLocation(trx: Trx, id: number): Promise<void> {
  await locationById(trx, id)
  if (await hasProducts(trx, id)) throw badRequest('location-has-products', 'Location has products')
  await remove(trx, 'location', id)
}

/** Puts the shop in the place of the locations that a new database brings along; where products lie stays as it is. */
export async function replaceFirstLocations(trx: Trx, shop: NewLocation): Promise<void> {
  for (const { id } of await listLocations(trx).execute())
    if (!(await hasProducts(trx, id))) await remove(trx, 'location', id)
  const same = (await listLocations(trx).execute()).some((location) => isCalled(location, shop.name))
  if (!same) await addLocation(trx, shop)
}

/** Whether a location is called so, by any of its names. */
export function isCalled({ slug, name, code, hub_name }: Omit<Location, 'id'>, written: string): boolean {
  const key = nameKey(written)
  return [hub_name, name, code, slug].some((called) => nameKey(called) === key)
}

/** Three letters of the name, as `VAN` of Vancouver. */
const codeOf = (name: string) => [...name.replaceAll(/[^\p{L}\p{N}]/gu, '')].slice(0, 3).join('').toUpperCase() || 'LOC'

async function locationById(db: Db, id: number): Promise<Location> {
  const location = await listLocations(db).where('id', '=', id).executeTakeFirst()
  if (!location) throw notFound('location-not-found', 'Location not found')
  return location
}

async function refuseKnown(db: Db, { name, hub_name }: Pick<Location, 'name' | 'hub_name'>, except?: number) {
  const words = [nameKey(name), nameKey(hub_name)]
  const others = (await listLocations(db).execute()).filter(({ id }) => id !== except)
  if (others.some((other) => words.includes(nameKey(other.name)) || words.includes(nameKey(other.hub_name))))
    throw badRequest('location-exists', 'Location already exists')
}

/** Whether goods of the catalogue lie there. */
export async function hasProducts(db: Db, location_id: number): Promise<boolean> {
  const product = await db
    .selectFrom('product')
    .select('id')
    .where('location_id', '=', location_id)
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return product !== undefined
}
