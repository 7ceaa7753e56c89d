import { notePhotos } from '../../../db/fleet/photo-needs.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import { ownRole } from '../../../db/self.ts'
import type { Context } from '../../context.ts'
import type { Write } from '../../http/endpoint.ts'
import { notFound } from '../../http/errors.ts'
import type { Session } from '../../http/auth/session.ts'
import { senderKindOf } from '../../http/bounds/sender.ts'
import { refuseNearlyFull } from '../../http/bounds/upload-room.ts'
import { clearIncoming, type Upload } from '../../http/uploads.ts'
import { beginPending, keepFiles, listPending, type PhotoSize, readPhoto, resolvePending } from './photo-files.ts'
import type { Picture } from './image.ts'

/**
 * Develops pictures, writes them to the disk and then, in one transaction, `record`s their ids: either all of it is
 * there afterwards or none.
 * @throws 400 for what is no picture, 429 while too many of the same person wait, 503 while too many others do,
 * 507 when the disk is nearly full
 */
export async function keepPhotos<T>(
  {
    config,
    run: { imageWorkers, photoFileLock, uploads: room },
    log,
    db,
    write,
    session,
  }: Pick<Context, 'config' | 'run' | 'log'> & PhotoContext,
  uploads: readonly Upload[],
  record: (trx: Trx, photo_ids: number[]) => Promise<T>,
): Promise<T> {
  const { data } = config
  // Each looked before it came in; by now many may have.
  if (uploads.length > 0) await refuseNearlyFull(config, room, senderKindOf(session?.caller))
  const pictures = uploads.length === 0 ? [] : await imageWorkers.processAll(uploads, uploaderOf(session))
  const pendings: string[] = []
  try {
    for (const picture of pictures) {
      pendings.push(await photoFileLock(() => beginPending(data, picture.sha256)))
      await keepFiles(data, picture)
    }
    return await write(async (trx) => {
      const ids: number[] = []
      for (const picture of pictures) ids.push(await photoRow(trx, picture))
      return await record(trx, ids)
    })
  } finally {
    for (const pending of pendings)
      await photoFileLock(() => resolvePending(data, pending, (sha256) => hasRow(db, sha256))).catch((error: unknown) =>
        log.warn({ err: error }, 'a photo is looked after at the next start'),
      )
  }
}

const uploaderOf = (session: Session | null) =>
  session ? { id: session.caller.id, atDesk: senderKindOf(session.caller) === 'desk' } : undefined

/** `session` is whose they are. */
type PhotoContext = { db: Db; write: Write; session: Session | null }

/** Removes what an earlier run did not finish: uploads that came in, pictures that no row names. Before anything is served. */
export async function sweepPhotos({ config: { data }, database: { db } }: Pick<Context, 'config' | 'database'>) {
  await clearIncoming(data)
  for (const pending of await listPending(data)) await resolvePending(data, pending, (sha256) => hasRow(db, sha256))
}

/** Where the files of pictures are; `lock` where others of this process come and go meanwhile. */
export type PhotoPlace = { data: string; db: Db; lock?: Context['run']['photoFileLock'] }

/**
 * Does what takes the rows of some pictures away, and then removes the files of those that no row names any more: at the next
 * start, where it was stopped between.
 */
export async function withoutPhotos<T>(
  { data, db, lock = (run) => run() }: PhotoPlace,
  hashes: readonly string[],
  run: () => Promise<T>,
): Promise<T> {
  const pendings: string[] = []
  for (const sha256 of new Set(hashes)) pendings.push(await lock(() => beginPending(data, sha256)))
  try {
    return await run()
  } finally {
    for (const pending of pendings) await lock(() => resolvePending(data, pending, (sha256) => hasRow(db, sha256)))
  }
}

/**
 * The picture itself. Where its file is not here, head office is asked for it while the line is up.
 * @throws 404 when its file is gone; in a fleet it may come yet
 */
export async function photoFile(
  { config: { data }, run, database }: Pick<Context, 'config' | 'run' | 'database'>,
  sha256: string,
  size: PhotoSize,
) {
  let bytes = await readPhoto(data, sha256, size)
  if (!bytes && run.photos.look) {
    await run.photos.look(sha256)
    bytes = await readPhoto(data, sha256, size)
  }
  if (bytes) return { type: 'image/jpeg', bytes }
  if ((await ownRole(database.db)) === 'alone') throw notFound('photo-not-found', 'Photo not found')
  throw notFound('photo-on-its-way', 'The photo is on its way')
}

/** At a terminal it is noted in the same transaction that head office is to be sent it. */
async function photoRow(trx: Trx, { sha256, width, height, bytes }: Picture): Promise<number> {
  if (trx.act.node.role === 'terminal') await notePhotos(trx, 'send', [sha256])
  const known = await photoOf(trx, sha256)
  return known ? known.id : await insert(trx, 'photo', { sha256, width, height, bytes })
}

/** Whether a row that is not removed names this picture, be it one that who asks does not see: its file is of them all. */
export const hasRow = async (db: Db, sha256: string) => (await photoOf(db.whole ?? db, sha256)) !== undefined

const photoOf = (db: Db, sha256: string) =>
  db.selectFrom('photo').select('id').where('sha256', '=', sha256).where('deleted_at', 'is', null).executeTakeFirst()
