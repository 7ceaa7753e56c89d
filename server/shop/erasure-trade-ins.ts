import type { Db, Trx } from '../../db/handle.ts'
import type { Forgotten } from '../../db/journal-erase.ts'
import { patch, remove } from '../../db/rows.ts'
import { badRequest } from '../http/errors.ts'

/**
 * Takes away what a customer wrote and showed of the devices they offered: words, addresses and photos. The requests and
 * our offers stay, about nobody. Returns the rows whose past in the journal has to be erased as well.
 * @throws 400 while a request is open
 */
export async function eraseTradeIns(trx: Trx, user_id: number): Promise<Forgotten> {
  const pickups = await trx
    .selectFrom('pickup_request')
    .selectAll()
    .where('user_id', '=', user_id)
    .orderBy('id')
    .execute()
  const open = pickups.filter(
    ({ status, deleted_at }) => deleted_at === null && !['accepted', 'rejected'].includes(status),
  )
  if (open.length > 0)
    throw badRequest(
      `This customer has open trade-ins: ${open.map(({ id }) => id).join(', ')}. Answer or remove them first.`,
    )
  for (const { id } of pickups)
    await patch(trx, 'pickup_request', id, { additional_info: null, address: null, notes: null })
  const ids = pickups.map(({ id }) => id)
  return {
    pickup_request: ids,
    evaluation: await eraseEvaluations(trx, ids),
    pickup_photo: await erasePhotos(trx, user_id),
  }
}

async function eraseEvaluations(trx: Trx, pickup_ids: readonly number[]): Promise<number[]> {
  if (pickup_ids.length === 0) return []
  const evaluations = await trx.selectFrom('evaluation').select('id').where('pickup_id', 'in', pickup_ids).execute()
  for (const { id } of evaluations) await patch(trx, 'evaluation', id, { notes: null, diagnostics: null })
  return evaluations.map(({ id }) => id)
}

/** Photos that nobody else's request and no product shows lose their row, and their file with it: see `dropPhotos`. */
async function erasePhotos(trx: Trx, user_id: number): Promise<number[]> {
  const shown = await photosOf(trx, user_id)
  for (const { id, deleted_at } of shown) if (deleted_at === null) await remove(trx, 'pickup_photo', id)
  for (const photo_id of new Set(shown.map((photo) => photo.photo_id)))
    if (!(await isShown(trx, photo_id))) await remove(trx, 'photo', photo_id)
  return shown.map(({ id }) => id)
}

/** The photos of all requests of a customer, by their hash. */
export const photosOf = (db: Db, user_id: number) =>
  db
    .selectFrom('pickup_photo')
    .innerJoin('pickup_request', 'pickup_request.id', 'pickup_photo.pickup_id')
    .innerJoin('photo', 'photo.id', 'pickup_photo.photo_id')
    .select(['pickup_photo.id', 'pickup_photo.photo_id', 'pickup_photo.deleted_at', 'photo.sha256'])
    .where('pickup_request.user_id', '=', user_id)
    .execute()

async function isShown(db: Db, photo_id: number): Promise<boolean> {
  const request = db
    .selectFrom('pickup_photo')
    .select('id')
    .where('photo_id', '=', photo_id)
    .where('deleted_at', 'is', null)
  const product = db.selectFrom('product').select('id').where('photo_id', '=', photo_id).where('deleted_at', 'is', null)
  return ((await request.executeTakeFirst()) ?? (await product.executeTakeFirst())) !== undefined
}
