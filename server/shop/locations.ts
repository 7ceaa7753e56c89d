import type { Db } from '../../db/handle.ts'
import { notFound } from '../http/errors.ts'

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
export async function findLocation(db: Db, slug: string) {
  const location = await listLocations(db).where('slug', '=', slug).executeTakeFirst()
  if (!location) throw notFound(`Location '${slug}' not found`)
  return location
}
