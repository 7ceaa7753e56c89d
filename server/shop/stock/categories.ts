import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { freeSlug } from './slugs.ts'

export type Category = { id: number; slug: string; name: string; shown_as: string; icon: string | null }

/** `name` is its word in filters and imports, `shown_as` what the store shows: `Phone` and `Phones`. */
export type NewCategory = { name: string; shown_as?: string | undefined; icon?: string | null | undefined }

/** What the store sorts its products by. */
export const listCategories = (db: Db) =>
  db
    .selectFrom('category')
    .select(['id', 'slug', 'name', 'shown_as', 'icon'])
    .where('deleted_at', 'is', null)
    .orderBy('id')

/** The categories that either of their words calls so, in any case. */
export async function categoriesCalled(db: Db, name: string): Promise<Category[]> {
  const key = nameKey(name)
  return (await listCategories(db).execute()).filter((category) => wordsOf(category).includes(key))
}

/**
 * Adds a category.
 * @throws 400 when one is called so already
 */
export async function addCategory(trx: Trx, { name, shown_as = name, icon = null }: NewCategory): Promise<Category> {
  await refuseKnown(trx, { name, shown_as })
  const category = { slug: await freeSlug(trx, 'category', shown_as), name, shown_as, icon }
  const id = await insert(trx, 'category', { ...category, name_key: nameKey(name) })
  return { id, ...category }
}

/**
 * Changes a category; its id in the store API stays.
 * @throws 404, 400 when another one is called so
 */
export async function changeCategory(trx: Trx, id: number, changes: Partial<NewCategory>): Promise<Category> {
  const before = await findCategory(trx, id)
  const { name = before.name, shown_as = before.shown_as } = changes
  await refuseKnown(trx, { name, shown_as }, id)
  await patch(trx, 'category', id, { ...changes, name_key: nameKey(name) })
  return await findCategory(trx, id)
}

/**
 * Hides a category.
 * @throws 404, 400 while products are in it
 */
export async function removeCategory(trx: Trx, id: number): Promise<void> {
  await findCategory(trx, id)
  const used = await trx
    .selectFrom('product')
    .select('id')
    .where('category_id', '=', id)
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (used) throw badRequest('category-has-products', 'Category has products')
  await remove(trx, 'category', id)
}

async function findCategory(db: Db, id: number): Promise<Category> {
  const category = await listCategories(db).where('id', '=', id).executeTakeFirst()
  if (!category) throw notFound('category-not-found', 'Category not found')
  return category
}

async function refuseKnown(db: Db, wanted: Pick<Category, 'name' | 'shown_as'>, except?: number) {
  const words = wordsOf(wanted)
  const others = (await listCategories(db).execute()).filter(({ id }) => id !== except)
  if (others.some((category) => wordsOf(category).some((word) => words.includes(word))))
    throw badRequest('category-exists', 'Category already exists')
}

const wordsOf = ({ name, shown_as }: Pick<Category, 'name' | 'shown_as'>) => [nameKey(name), nameKey(shown_as)]
