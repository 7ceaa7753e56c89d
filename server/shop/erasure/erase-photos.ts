import type { Db, Trx } from '../../../db/handle.ts'
import type { ErasedRows } from '../../../db/journal/erase.ts'
import { patchUnchecked, remove } from '../../../db/rows.ts'
import { removeUnshown } from '../trade-ins/unshown-photos.ts'

/** Takes away the photos of what a customer brought or offered. Those that nobody else shows lose their row, and their file with it: see `withoutPhotos`. */
export async function erasePhotos(trx: Trx, user_id: number): Promise<ErasedRows> {
  const shown = await photosOf(trx, user_id)
  for (const { table, id, deleted_at } of shown)
    if (table === 'offer' || table === 'checklist_answer') await patchUnchecked(trx, table, id, { photo_id: null })
    else if (deleted_at === null) await remove(trx, table, id)
  await removeUnshown(
    trx,
    shown.map(({ photo_id }) => photo_id),
  )
  const idsIn = (table: string) => shown.filter((photo) => photo.table === table).map(({ id }) => id)
  return { pickup_photo: idsIn('pickup_photo'), ticket_photo: idsIn('ticket_photo') }
}

/** The photos of all trade-ins and repairs of a customer, by their hash; those that were taken away, too. Not those of who sold. */
export async function photosOf(db: Db, user_id: number) {
  const offered = await db
    .selectFrom('pickup_photo')
    .innerJoin('pickup_request', 'pickup_request.id', 'pickup_photo.pickup_id')
    .innerJoin('photo', 'photo.id', 'pickup_photo.photo_id')
    .select(['pickup_photo.id', 'pickup_photo.photo_id', 'pickup_photo.deleted_at', 'photo.sha256'])
    .where('pickup_request.user_id', '=', user_id)
    .execute()
  const brought = await db
    .selectFrom('ticket_photo')
    .innerJoin('repair_order', 'repair_order.id', 'ticket_photo.order_id')
    .innerJoin('photo', 'photo.id', 'ticket_photo.photo_id')
    .select(['ticket_photo.id', 'ticket_photo.photo_id', 'ticket_photo.deleted_at', 'photo.sha256'])
    .where('repair_order.customer_id', '=', user_id)
    .execute()
  const found = []
  for (const table of ['offer', 'checklist_answer'] as const) {
    const photos = await db
      .selectFrom(table)
      .innerJoin('pickup_request', 'pickup_request.id', `${table}.pickup_id`)
      .innerJoin('photo', 'photo.id', `${table}.photo_id`)
      .select([`${table}.id`, 'photo.id as photo_id', `${table}.deleted_at`, 'photo.sha256'])
      .where('pickup_request.user_id', '=', user_id)
      .execute()
    found.push(...photos.map((photo) => ({ ...photo, table })))
  }
  return [
    ...found,
    ...offered.map((photo) => ({ ...photo, table: 'pickup_photo' as const })),
    ...brought.map((photo) => ({ ...photo, table: 'ticket_photo' as const })),
  ]
}
