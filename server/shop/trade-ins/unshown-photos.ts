import type { Db, Trx } from '../../../db/handle.ts'
import { remove } from '../../../db/rows.ts'
import type { Database } from '../../../db/database.ts'
import type { Write } from '../../http/endpoint.ts'
import { type PhotoPlace, withoutPhotos } from '../photos/photos.ts'
import { type Draft, dropDraft, dropPhotoOfDraft, listDrafts, photosOfDraft } from './drafts.ts'

/** Whatever shows a picture; evaluations that are under way show theirs too. */
const SHOWING = [
  'pickup_photo',
  'ticket_photo',
  'product',
  'offer',
  'checklist_answer',
  'seller_identity',
  'declaration',
] as const

/** Takes away the rows of those pictures that nobody shows any more: their files go by it, see `withoutPhotos`. */
export async function removeUnshown(trx: Trx, photo_ids: Iterable<number>): Promise<void> {
  const drawn = new Set((await listDrafts(trx)).flatMap(photosOfDraft))
  for (const photo_id of new Set(photo_ids))
    if (!drawn.has(photo_id) && !(await isShown(trx, photo_id))) await remove(trx, 'photo', photo_id)
}

async function isShown(db: Db, photo_id: number): Promise<boolean> {
  for (const table of SHOWING) {
    const showing = db.selectFrom(table).select('id').where('photo_id', '=', photo_id).where('deleted_at', 'is', null)
    if (await showing.executeTakeFirst()) return true
  }
  return false
}

/** The hashes of pictures whose rows are not removed. */
export async function hashesOf(db: Db, photo_ids: readonly number[]): Promise<string[]> {
  if (photo_ids.length === 0) return []
  const photos = await db
    .selectFrom('photo')
    .select('sha256')
    .where('id', 'in', photo_ids)
    .where('deleted_at', 'is', null)
    .execute()
  return photos.map(({ sha256 }) => sha256)
}

/** Ends an evaluation that nobody wants, with the photos that only it had. */
export async function dropEvaluation(place: PhotoPlace, draft: Draft, write: Write): Promise<void> {
  const shown = photosOfDraft(draft)
  await withoutPhotos(place, await hashesOf(place.db, shown), () =>
    write(async (trx) => {
      await dropDraft(trx, draft.id)
      await removeUnshown(trx, shown)
    }),
  )
}

/** Leaves a photo out of an evaluation; its picture goes where nothing else shows it. @throws 404 for a photo of something else */
export async function leavePhotoOut(place: PhotoPlace, id: string, photo_id: number, write: Write): Promise<void> {
  await withoutPhotos(place, await hashesOf(place.db, [photo_id]), () =>
    write(async (trx) => {
      await dropPhotoOfDraft(trx, id, photo_id)
      await removeUnshown(trx, [photo_id])
    }),
  )
}

/** Ends the evaluations that nobody has touched since `before`, with the photos that only they had. */
export async function dropOldDrafts(database: Database, photos: Omit<PhotoPlace, 'db'>, before: number): Promise<void> {
  const isOld = ({ updated_at }: Draft) => updated_at < before
  const shown = (await listDrafts(database.db)).filter(isOld).flatMap(photosOfDraft)
  await withoutPhotos({ ...photos, db: database.db }, await hashesOf(database.db, shown), () =>
    database.write({ actor: null, device: null, act: 'forget expired' }, async (trx) => {
      // Somebody may have gone on with one meanwhile.
      for (const { id } of (await listDrafts(trx)).filter(isOld)) await dropDraft(trx, id)
      await removeUnshown(trx, shown)
    }),
  )
}
