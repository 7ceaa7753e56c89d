import type { Db } from '../../db/handle.ts'

/** What the store sorts its products by. */
export const listCategories = (db: Db) =>
  db
    .selectFrom('category')
    .select(['id', 'slug', 'name', 'shown_as', 'icon'])
    .where('deleted_at', 'is', null)
    .orderBy('id')
