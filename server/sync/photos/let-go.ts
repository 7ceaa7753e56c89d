import { waitsToBeSent } from '../../../db/fleet/photo-needs.ts'
import type { Db } from '../../../db/handle.ts'
import { roomOnDisk } from '../../http/bounds/upload-room.ts'
import type { Database } from '../../../db/database.ts'
import { findPhoto, letGoOfFiles } from '../../shop/photos/photo-files.ts'
import type { PhotoRoom } from '../../shop/photos/received-photos.ts'

/**
 * A terminal whose disk is short lets go of pictures that head office has, those of the repairs and requests first that were closed the
 * longest ago. Head office is asked for each before it goes: what it does not have, or has of another length, stays. Who looks at one has it fetched again.
 */

type LettingGo = {
  database: Database
  room: Omit<PhotoRoom, 'db'>
  /** Whether head office has it, as long as it is here. */
  isAtOffice: (sha256: string, bytes: number, signal: AbortSignal) => Promise<boolean>
}

/** Begins where so many times the room is free that photos leave to everything else: before any is refused. */
const SHORT = 1.5
/** Looked at in one go. */
const AT_ONCE = 50

/** Lets go of some, where the disk is short. */
export function letGoOfPhotos({
  database: { db },
  room,
  isAtOffice,
}: LettingGo): (signal: AbortSignal) => Promise<void> {
  const { config, run } = room
  /** How many of the oldest were looked at since the disk is short. */
  let seen = 0
  return async (signal) => {
    const isShort = async () => {
      const { free, reserve } = await roomOnDisk(config)
      return free < reserve * SHORT
    }
    if (!(await isShort())) return void (seen = 0)
    const hashes = await closedPhotos(db, AT_ONCE, seen)
    for (const sha256 of hashes) {
      if (!(await isShort())) return
      signal.throwIfAborted()
      seen++
      const found = await findPhoto(config.data, sha256)
      if (found === null || (await waitsToBeSent(db, sha256))) continue
      if (await isAtOffice(sha256, found.bytes, signal))
        await run.photoFileLock(() => letGoOfFiles(config.data, sha256))
    }
    if (hashes.length < AT_ONCE) seen = 0
  }
}

/** Pictures that nothing but closed repairs and requests shows, by when the last of them was closed. */
async function closedPhotos(db: Db, limit: number, offset: number): Promise<string[]> {
  const closedAt = db
    .selectFrom('photo')
    .leftJoin('ticket_photo', (on) =>
      on.onRef('ticket_photo.photo_id', '=', 'photo.id').on('ticket_photo.deleted_at', 'is', null),
    )
    .leftJoin('repair_order', 'repair_order.id', 'ticket_photo.order_id')
    .leftJoin('pickup_photo', (on) =>
      on.onRef('pickup_photo.photo_id', '=', 'photo.id').on('pickup_photo.deleted_at', 'is', null),
    )
    .leftJoin('pickup_request', 'pickup_request.id', 'pickup_photo.pickup_id')
    .where('photo.deleted_at', 'is', null)
    .where(({ eb, or }) => or([eb('ticket_photo.id', 'is not', null), eb('pickup_photo.id', 'is not', null)]))
    .groupBy('photo.sha256')
    .select(({ fn }) => [
      'photo.sha256',
      fn.max('repair_order.updated_at').as('repaired'),
      fn.max('pickup_request.updated_at').as('decided'),
    ]) // oxfmt-ignore
    .having(({ fn, eb, case: when }) =>
      eb(
        fn.sum<number>(
          when()
            .when(
              eb.or([
                eb('repair_order.status', 'in', ['Pending', 'Repairing']),
                eb.and([eb('repair_order.status', '=', 'Completed'), eb('repair_order.picked_up_at', 'is', null)]),
                eb('pickup_request.status', 'not in', ['accepted', 'rejected']),
              ]),
            )
            .then(eb.lit(1))
            .else(eb.lit(0))
            .end(),
        ),
        '=',
        0,
      ),
    )
    .as('closed')
  const closed = await db
    .selectFrom(closedAt)
    .select('closed.sha256')
    .orderBy(({ fn, ref, val }) => fn.coalesce(ref('closed.repaired'), ref('closed.decided'), val(0)))
    .orderBy('closed.sha256')
    .limit(limit)
    .offset(offset)
    .execute()
  return closed.map(({ sha256 }) => sha256)
}
