import { executeNoResult } from '../engines/direct.ts'
import { insertSql, run } from '../engines/sql-text.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import { idIn, idListParameter } from '../queries/id-list.ts'
import type { PhotoDirection, PhotoNeedTable } from '../schema/fleet-tables.ts'

/**
 * Pictures of which something is to be done with the files, noted in the transaction that writes the rows: at a terminal `send` to
 * head office or `fetch` from there, anywhere `drop`, where the last row that named one has gone. Whoever does it looks at rows and
 * files before, so that a note too many does no harm.
 */

export type PhotoNeed = Pick<PhotoNeedTable, 'sha256' | 'direction' | 'tries'>

const COLUMNS = ['sha256', 'direction', 'since', 'tries', 'next_at'] as const

/** Notes what is to be done with these pictures. What is noted already stays as it is. */
export async function notePhotos(trx: Trx, direction: PhotoDirection, hashes: Iterable<string>): Promise<void> {
  const text = `${insertSql(trx.engine, 'photo_need', COLUMNS, 1)} on conflict do nothing`
  const { now } = trx.act
  for (const sha256 of hashes) await executeNoResult(trx[QUERY], text, [sha256, direction, now, 0, now])
}

/** Beyond this nothing is put off, in ms: a note that is due later was written by a clock that went ahead. */
export const LONGEST_PUT_OFF_MS = 86_400_000

/** What a machine does over the line with pictures. */
export type Errand = Exclude<PhotoDirection, 'drop'>
export const ERRANDS: readonly Errand[] = ['send', 'fetch']
const isOneOf = (errands: readonly Errand[]) => `direction in (${errands.map((errand) => `'${errand}'`).join(', ')})`

const IS_DUE = '(next_at <= ? or next_at > ?)'
const dueAt = (now: number) => [now, now + LONGEST_PUT_OFF_MS]

/** What of `errands` is to be done next: what has failed least often, what is sent before what is fetched, the oldest first. */
export async function nextPhoto(db: Db, now: number, errands = ERRANDS): Promise<PhotoNeed | null> {
  const text = `select sha256, direction, tries from photo_need
    where ${isOneOf(errands)} and ${IS_DUE} order by tries, direction desc, since, sha256 limit 1`
  const [need] = await run<PhotoNeed>(db[QUERY], db.engine, text, dueAt(now))
  return need ?? null
}

/** In how many ms something of `errands` is to be done; null where nothing is. */
export async function nextPhotoIn(db: Db, now: number, errands = ERRANDS): Promise<number | null> {
  const text = `select min(next_at) as at from photo_need where ${isOneOf(errands)}`
  const [found] = await run<{ at: number | null }>(db[QUERY], db.engine, text, [])
  return found?.at == null ? null : Math.max(0, Math.min(found.at - now, LONGEST_PUT_OFF_MS))
}

/** Pictures whose files are to go, if no row names them any more. */
export async function photosToDrop(db: Db, limit: number): Promise<string[]> {
  const text = "select sha256 from photo_need where direction = 'drop' order by since, sha256 limit ?"
  return (await run<{ sha256: string }>(db[QUERY], db.engine, text, [limit])).map(({ sha256 }) => sha256)
}

/** Nothing of this kind is to be done with a picture any more. */
export async function settlePhoto(
  trx: Trx,
  { sha256, direction }: Pick<PhotoNeed, 'sha256' | 'direction'>,
): Promise<void> {
  await run(trx[QUERY], trx.engine, 'delete from photo_need where sha256 = ? and direction = ?', [sha256, direction])
}

/** It failed, and is tried again in `ms`. */
export async function putOffPhoto(trx: Trx, { sha256, direction }: PhotoNeed, ms: number): Promise<void> {
  const text = 'update photo_need set tries = tries + 1, next_at = ? where sha256 = ? and direction = ?'
  await run(trx[QUERY], trx.engine, text, [trx.act.now + Math.min(ms, LONGEST_PUT_OFF_MS), sha256, direction])
}

/** Whatever waits is due at once: somebody has asked for it, or what is asked is another head office by now. */
export async function hurryPhotos(trx: Trx): Promise<void> {
  await run(trx[QUERY], trx.engine, 'update photo_need set tries = 0, next_at = ?', [trx.act.now])
}

const IS_NAMED = 'exists (select 1 from photo where photo.sha256 = photo_need.sha256 and photo.deleted_at is null)'

/** How many pictures wait to be sent: those of rows that are gone do not. */
export async function countPhotosToSend(db: Db): Promise<number> {
  const text = `select count(*) as n from photo_need where direction = 'send' and ${IS_NAMED}`
  const [found] = await run<{ n: number }>(db[QUERY], db.engine, text, [])
  return found!.n
}

/** Whether head office may not have a picture yet. */
export async function waitsToBeSent(db: Db, sha256: string): Promise<boolean> {
  const text = "select 1 as n from photo_need where direction = 'send' and sha256 = ?"
  return (await run(db[QUERY], db.engine, text, [sha256])).length > 0
}

/** What somebody works on shows it: a repair whose device is in the shop, or a request that is not decided. */
const IS_SHOWN = `(exists (select 1 from photo join ticket_photo on ticket_photo.photo_id = photo.id
      join repair_order on repair_order.id = ticket_photo.order_id
    where photo.sha256 = photo_need.sha256 and photo.deleted_at is null and ticket_photo.deleted_at is null
      and repair_order.deleted_at is null and (repair_order.status in ('Pending', 'Repairing')
        or (repair_order.status = 'Completed' and repair_order.picked_up_at is null)))
  or exists (select 1 from photo join pickup_photo on pickup_photo.photo_id = photo.id
      join pickup_request on pickup_request.id = pickup_photo.pickup_id
    where photo.sha256 = photo_need.sha256 and photo.deleted_at is null and pickup_photo.deleted_at is null
      and pickup_request.deleted_at is null and pickup_request.status not in ('accepted', 'rejected')))`

const IS_NEEDLESS = `direction <> 'drop' and (not ${IS_NAMED} or (direction = 'fetch' and not ${IS_SHOWN}))`

/** Whether nobody needs this any more: its rows have gone, or nobody works on what shows it. */
export async function isNeedless(
  db: Db,
  { sha256, direction }: Pick<PhotoNeed, 'sha256' | 'direction'>,
): Promise<boolean> {
  const text = `select 1 as n from photo_need where sha256 = ? and direction = ? and ${IS_NEEDLESS}`
  return (await run(db[QUERY], db.engine, text, [sha256, direction])).length > 0
}

/** All that nobody needs waits no longer; who looks at such a picture has it fetched then. */
export async function forgetNeedlessPhotos(trx: Trx): Promise<void> {
  await run(trx[QUERY], trx.engine, `delete from photo_need where ${IS_NEEDLESS}`, [])
}

/** The hashes of the pictures of these rows. */
export async function photosShownBy(
  db: Db,
  table: 'ticket_photo' | 'pickup_photo',
  ids: readonly number[],
): Promise<string[]> {
  const shown = await db
    .selectFrom(table)
    .innerJoin('photo', 'photo.id', `${table}.photo_id`)
    .select('photo.sha256')
    .where(idIn(db, `${table}.id`, idListParameter(db, ids)))
    .execute()
  return shown.map(({ sha256 }) => sha256)
}
