import type { Db, Trx } from '../../../db/handle.ts'
import { insertMany, remove } from '../../../db/rows.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { appendOrderEvents } from './order-events.ts'

/** Photos of a device in repair: how it came in, what was found. Only people behind the counter see them. */

/** How many a ticket may have. */
const MAX_TICKET_PHOTOS = 40

/** A ticket's photos in the order in which they were added. */
export const listTicketPhotos = (db: Db, order_id: number) =>
  db
    .selectFrom('ticket_photo')
    .innerJoin('photo', 'photo.id', 'ticket_photo.photo_id')
    .leftJoin('user', 'user.id', 'ticket_photo.taken_by')
    .select(['ticket_photo.id', 'ticket_photo.created_at', 'photo.width', 'photo.height', 'photo.sha256'])
    .select('user.full_name as taken_by')
    .where('ticket_photo.order_id', '=', order_id)
    .where('ticket_photo.deleted_at', 'is', null)
    .orderBy('ticket_photo.position')
    .execute()

/**
 * Adds photos to a ticket, after those that it has, and says so in its timeline.
 * @throws 400 when they would be too many
 */
export async function addTicketPhotos(trx: Trx, order_id: number, photo_ids: readonly number[]): Promise<void> {
  if (photo_ids.length === 0) return
  const { n, last } = await trx
    .selectFrom('ticket_photo')
    .select(({ fn }) => [fn.countAll<number>().as('n'), fn.max<number | null>('position').as('last')])
    .where('order_id', '=', order_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (n + photo_ids.length > MAX_TICKET_PHOTOS)
    throw badRequest('ticket-photos-full', `A ticket may have ${MAX_TICKET_PHOTOS} photos`, { most: MAX_TICKET_PHOTOS })
  const next = last === null ? 0 : last + 1
  const rows = photo_ids.map((photo_id, index) => ({
    order_id,
    photo_id,
    position: next + index,
    taken_by: trx.act.actor,
  }))
  await insertMany(trx, 'ticket_photo', rows)
  await appendOrderEvents(trx, order_id, [{ kind: 'photos', to: photo_ids.length }])
}

/**
 * One photo of a ticket.
 * @throws 404
 */
export async function findTicketPhoto(db: Db, order_id: number, id: number) {
  const photo = (await listTicketPhotos(db, order_id)).find((other) => other.id === id)
  if (!photo) throw notFound('photo-not-found', 'Photo not found')
  return photo
}

/**
 * Takes a photo off a ticket, and says so in its timeline.
 * @throws 404
 */
export async function removeTicketPhoto(trx: Trx, order_id: number, id: number): Promise<void> {
  await findTicketPhoto(trx, order_id, id)
  await remove(trx, 'ticket_photo', id)
  await appendOrderEvents(trx, order_id, [{ kind: 'photo-removed' }])
}
