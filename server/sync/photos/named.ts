import type { Db } from '../../../db/handle.ts'

/** Rows by which pictures are known. */

/** The rows that name a picture and are not removed. */
export const rowsNaming = async (db: Db, sha256: string): Promise<number[]> =>
  (
    await db.selectFrom('photo').select('id').where('sha256', '=', sha256).where('deleted_at', 'is', null).execute()
  ).map(({ id }) => id)

/**
 * At head office: whether the streams that a store's nodes hear have a row that names a picture and is not removed. Nobody else is
 * to learn that there is one.
 */
export async function isNamedFor(db: Db, store_id: number, sha256: string): Promise<boolean> {
  const row = await db
    .selectFrom('photo')
    .select('photo.id')
    .where('photo.sha256', '=', sha256)
    .where('photo.deleted_at', 'is', null)
    .where(({ eb, exists, selectFrom }) =>
      eb.or([
        eb('photo.store_id', '=', store_id),
        exists(
          selectFrom('share')
            .select('share.row_id')
            .where('share.entity', '=', 'photo')
            .whereRef('share.row_id', '=', 'photo.id')
            .where('share.stream', 'in', ['org', `store:${store_id}`]),
        ),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
