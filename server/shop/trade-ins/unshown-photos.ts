import type { Database } from '../../../db/database.ts'
import { notePhotos } from '../../../db/fleet/photo-needs.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, upsertLocal } from '../../../db/local.ts'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import { remove } from '../../../db/rows.ts'
import { ownNode } from '../../../db/self.ts'
import { NODE_SPAN } from '../../domain/ids.ts'
import type { Write } from '../../http/endpoint.ts'
import { type PhotoPlace, withoutPhotos } from '../photos/photos.ts'
import { isSince } from '../clock-corrections.ts'
import {
  allDrafts,
  type Draft,
  DRAFT_DAYS,
  dropDraft,
  dropPhotoOfDraft,
  findDraft,
  photosOfDraft,
  refuseChanged,
} from './drafts.ts'

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
  for (const photo_id of await unshown(trx, photo_ids)) await remove(trx, 'photo', photo_id)
}

/** Those of some pictures that nobody shows, or that nobody `ever` did: what was removed has its history. */
async function unshown(db: Db, photo_ids: Iterable<number>, { ever = false } = {}): Promise<number[]> {
  const left = new Set(photo_ids)
  for (const photo_id of (await allDrafts(db)).flatMap(photosOfDraft)) left.delete(photo_id)
  for (const table of SHOWING) {
    if (left.size === 0) return []
    const showing = await db
      .selectFrom(table)
      .select((q) => q.ref('photo_id').$notNull().as('photo_id'))
      .where(idIn(db, 'photo_id', idListParameter(db, [...left])))
      .$if(!ever, (query) => query.where('deleted_at', 'is', null))
      .execute()
    for (const { photo_id } of showing) left.delete(photo_id)
  }
  return [...left]
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

/**
 * Ends an evaluation that nobody wants, as whoever ends it has seen it, with the photos that only it had.
 * @throws 404, 409 where somebody has changed it since `version`
 */
export async function dropEvaluation(
  place: PhotoPlace,
  { id, version }: Pick<Draft, 'id' | 'version'>,
  write: Write,
): Promise<void> {
  for (let ended = false; !ended;) {
    const shown = photosOfDraft(await findDraft(place.db, id))
    ended = await withoutPhotos(place, await hashesOf(place.db, shown), () =>
      write(async (trx) => {
        const draft = await findDraft(trx, id)
        refuseChanged(draft, version)
        if (hasOthers(draft, shown)) return false
        await dropDraft(trx, id)
        await removeUnshown(trx, shown)
        return true
      }),
    )
  }
}

/** Whether a photo came in meanwhile: its file goes only by being looked for before. */
const hasOthers = (draft: Draft, shown: readonly number[]) => photosOfDraft(draft).some((id) => !shown.includes(id))

/**
 * Ends the evaluations about a repair or a request whose person is erased, with the photos that only they had. Their files go when
 * the server has heard of it (`server/sync/photos/drop-files.ts`): this may be part of what another machine wrote.
 */
export async function eraseDrafts(trx: Trx, about: { order_id: number } | { pickup_id: number }): Promise<void> {
  const isAbout = ({ order_id, pickup_id }: Draft) =>
    'order_id' in about ? order_id === about.order_id : pickup_id === about.pickup_id
  const shown = (await allDrafts(trx)).filter(isAbout).flatMap(photosOfDraft)
  await deleteLocal(trx, 'buy_in_draft', about)
  await notePhotos(trx, 'drop', await hashesOf(trx, shown))
  await removeUnshown(trx, shown)
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

/** Ends the evaluations that nobody has touched for `DRAFT_DAYS`, with the photos that only they had. */
export async function dropOldDrafts(database: Database, photos: Omit<PhotoPlace, 'db'>, now: number): Promise<void> {
  const waited = { before: now - DRAFT_DAYS * 86_400_000, now }
  const old = await untouchedSince(database.db, waited)
  const shown = old.flatMap(photosOfDraft)
  await withoutPhotos({ ...photos, db: database.db }, await hashesOf(database.db, shown), () =>
    database.write({ actor: null, device: null, act: 'forget expired' }, async (trx) => {
      // Somebody may have gone on with one meanwhile, or sent a photo of it.
      for (const draft of await untouchedSince(trx, waited))
        if (!hasOthers(draft, shown)) await dropDraft(trx, draft.id)
      await removeUnshown(trx, shown)
    }),
  )
}

/**
 * How long a photo of a seller's document is kept that no purchase has named, in ms. A purchase is made while its seller stands
 * there, and all that was filled in for it is on one page of one window: what nobody has named by the next day nobody will.
 */
const UNNAMED_PHOTO_MS = 86_400_000

/** What is younger than `before` has not waited long enough. */
type Waited = { before: number; now: number }

/** Photos of one round: the first one goes through all that the shop has. */
const ROUND = 200
/** How far the walk has come; it goes on as long as there are new photos. */
export const PHOTO_WALK = { name: 'unnamed photos' }

/**
 * Takes away the next pictures of this node that came alone, `UNNAMED_PHOTO_MS` ago, and that nothing has named since; all
 * others come with what shows them. Each is looked at once. Returns whether there may be more.
 */
export async function dropUnnamedPhotos(
  database: Database,
  photos: Omit<PhotoPlace, 'db'>,
  now: number,
): Promise<boolean> {
  const { db } = database
  const round = await nextPhotos(db, { before: now - UNNAMED_PHOTO_MS, now })
  const last = round.at(-1)
  if (!last) return false
  const live = round.filter(({ deleted_at }) => deleted_at === null)
  const unnamed = await unshown(
    db,
    live.map(({ id }) => id),
    { ever: true },
  )
  await withoutPhotos({ ...photos, db }, await hashesOf(db, unnamed), () =>
    database.write({ actor: null, device: null, act: 'forget expired' }, async (trx) => {
      await removeUnshown(trx, unnamed)
      await upsertLocal(trx, 'upkeep', PHOTO_WALK, { form: '', after_id: last.id })
    }),
  )
  return round.length === ROUND
}

/** Behind those that were looked at, up to the first that is younger. */
async function nextPhotos(db: Db, waited: Waited) {
  const node = await ownNode(db).select('node.id').executeTakeFirstOrThrow()
  const walk = await db.selectFrom('upkeep').select('after_id').where('name', '=', PHOTO_WALK.name).executeTakeFirst()
  const photos = await db
    .selectFrom('photo')
    .select(['id', 'created_at', 'deleted_at'])
    .where('id', '>', Math.max(walk?.after_id ?? 0, node.id * NODE_SPAN))
    .where('id', '<', (node.id + 1) * NODE_SPAN)
    .orderBy('id')
    .limit(ROUND)
    .execute()
  const isYoung = await isSince(db, waited)
  const young = photos.findIndex(({ created_at }) => isYoung(created_at))
  return young === -1 ? photos : photos.slice(0, young)
}

/** Evaluations that nobody has changed or sent a photo of since `before`. */
async function untouchedSince(db: Db, waited: Waited): Promise<Draft[]> {
  const old = (await allDrafts(db)).filter(({ updated_at }) => updated_at < waited.before)
  const ids = old.flatMap(({ photo_ids }) => photo_ids)
  if (ids.length === 0) return old
  const photos = await db
    .selectFrom('photo')
    .select(['id', 'created_at'])
    .where(idIn(db, 'id', idListParameter(db, ids)))
    .execute()
  const isRecent = await isSince(db, waited)
  const sent = new Set(photos.filter(({ created_at }) => isRecent(created_at)).map(({ id }) => id))
  return old.filter(({ photo_ids }) => !photo_ids.some((id) => sent.has(id)))
}
