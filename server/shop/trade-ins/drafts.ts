import { randomUUID } from 'node:crypto'
import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, insertLocal, updateLocal } from '../../../db/local.ts'
import type { BuyInDraftTable } from '../../../db/schema/trade-in-tables.ts'
import type { Answer } from '../../domain/trade-ins/questions.ts'
import { serialKey } from '../../domain/text/fold.ts'
import { badRequest, conflict, notFound } from '../../http/errors.ts'

/**
 * Evaluations that are under way: of this server alone, so that one begun on a tablet is gone on with at the counter. It is
 * written down with each answer, and whoever changes an older state of it is told whose the newer one is.
 */

/** What is known of the device so far; `device_id` once the shop knows it. */
export type DraftDevice = {
  device_id: number | null
  serial_number: string | null
  device_type_id: number | null
  brand: string
  model: string
  storage: string | null
}

/** Another price than the matrix has, and why. */
export type OtherPrice = { price_cents: number; reason: string; photo_id: number | null }

export type DraftAnswer = Answer & { photo_id: number | null }

export type Draft = {
  id: string
  /** The request that is evaluated; null for a walk-in who is not named yet. */
  pickup_id: number | null
  /** The ticket that it began from. */
  order_id: number | null
  device: DraftDevice
  answers: DraftAnswer[]
  other_price: OtherPrice | null
  photo_ids: number[]
  /** Of all but the photos. */
  version: number
  updated_by: number
  updated_by_name: string
  updated_at: number
}

export type DraftChanges = Partial<Pick<Draft, 'pickup_id' | 'device' | 'answers' | 'other_price' | 'photo_ids'>>

/** How long one is kept that nobody goes on with. */
export const DRAFT_DAYS = 14

const NO_DEVICE: DraftDevice = {
  device_id: null,
  serial_number: null,
  device_type_id: null,
  brand: '',
  model: '',
  storage: null,
}

/** Begins an evaluation and returns its id. */
export async function beginDraft(
  trx: Trx,
  {
    pickup_id = null,
    order_id = null,
    device = {},
    answers = [],
    photo_ids = [],
  }: Partial<Pick<Draft, 'pickup_id' | 'order_id' | 'answers' | 'photo_ids'>> & { device?: Partial<DraftDevice> },
): Promise<string> {
  const id = randomUUID()
  const { now, actor } = trx.act
  await insertLocal(trx, 'buy_in_draft', {
    id,
    pickup_id,
    order_id,
    ...columnsOf({ device: { ...NO_DEVICE, ...device }, answers, other_price: null, photo_ids }),
    version: 1,
    updated_by: actor!,
    created_at: now,
    updated_at: now,
  })
  tell(trx)
  return id
}

/** Whoever looks at evaluations on another device sees it at once. */
const tell = (trx: Trx) => void trx.act.announced.push({ entity: 'buy_in_draft', id: 1 })

/** The columns that keep a draft's parts as JSON. */
const columnsOf = ({ device, answers, other_price, photo_ids }: Parts) => ({
  device: JSON.stringify(device),
  answers: JSON.stringify(answers),
  offer: JSON.stringify(other_price),
  photo_ids: JSON.stringify(photo_ids),
})

type Parts = Pick<Draft, 'device' | 'answers' | 'other_price' | 'photo_ids'>

/** More than a shop has under way at once. */
const MAX_LISTED = 500

/** Those that are gone on with, the one that was touched last first. */
export async function listDrafts(db: Db): Promise<Draft[]> {
  return (await drafts(db).orderBy('buy_in_draft.updated_at', 'desc').limit(MAX_LISTED).execute()).map(asDraft)
}

/** All of them: who looks for photos, or for what is old, may leave none out. */
export const allDrafts = async (db: Db): Promise<Draft[]> => (await drafts(db).execute()).map(asDraft)

/** @throws 404 */
export async function findDraft(db: Db, id: string): Promise<Draft> {
  const row = await drafts(db).where('buy_in_draft.id', '=', id).executeTakeFirst()
  if (!row) throw notFound('evaluation-not-found', 'This evaluation was ended or is too old')
  return asDraft(row)
}

/** The evaluation of a request that is under way; undefined where none is. */
export async function draftOf(db: Db, pickup_id: number): Promise<Draft | undefined> {
  const row = await drafts(db).where('buy_in_draft.pickup_id', '=', pickup_id).executeTakeFirst()
  return row && asDraft(row)
}

/** The evaluation that began from a ticket and is under way. */
export async function draftOfTicket(db: Db, order_id: number): Promise<Draft | undefined> {
  const row = await drafts(db).where('buy_in_draft.order_id', '=', order_id).executeTakeFirst()
  return row && asDraft(row)
}

/** The evaluation of the device with this number that is under way, whatever it began from. Of drafts there are a few. */
export async function draftOfNumber(db: Db, serial_number: string): Promise<Draft | undefined> {
  const key = serialKey(serial_number)
  return (await allDrafts(db)).find(({ device }) => device.serial_number && serialKey(device.serial_number) === key)
}

const drafts = (db: Db) =>
  db
    .selectFrom('buy_in_draft')
    .innerJoin('user', 'user.id', 'buy_in_draft.updated_by')
    .selectAll('buy_in_draft')
    .select('user.full_name as updated_by_name')

// Only this file writes the columns.
const asDraft = ({
  device,
  answers,
  offer,
  photo_ids,
  ...row
}: BuyInDraftTable & { updated_by_name: string }): Draft => ({
  ...row,
  device: JSON.parse(device) as DraftDevice,
  answers: JSON.parse(answers) as DraftAnswer[],
  other_price: JSON.parse(offer) as OtherPrice | null,
  photo_ids: JSON.parse(photo_ids) as number[],
})

/**
 * Changes the state that the caller has seen, and returns the new one.
 * @throws 404 for it, or for a photo that it has not; 409 where somebody has changed it since, with who and when
 */
export async function changeDraft(trx: Trx, id: string, version: number, changes: DraftChanges): Promise<Draft> {
  const draft = await findDraft(trx, id)
  refuseChanged(draft, version)
  refuseStrangePhotos({ ...draft, ...changes })
  await updateLocal(
    trx,
    'buy_in_draft',
    { id },
    {
      ...columnsOf({ ...draft, ...changes }),
      pickup_id: changes.pickup_id ?? draft.pickup_id,
      version: version + 1,
      updated_by: trx.act.actor!,
      updated_at: trx.act.now,
    },
  )
  tell(trx)
  return await findDraft(trx, id)
}

/** What a photo is said to show, a photo of this device shows. */
function refuseStrangePhotos({ answers, other_price, photo_ids }: Parts): void {
  const named = [other_price, ...answers].flatMap((one) => one?.photo_id ?? [])
  if (named.some((id) => !photo_ids.includes(id))) throw notFound('photo-not-found', 'Photo not found')
}

/** Photos of one device: whoever sends more fills the disk. */
const MAX_DRAFT_PHOTOS = 50

/** Adds photos to an evaluation, whatever state of it the caller has seen. @throws 404, 400 when they would be too many */
export async function addDraftPhotos(trx: Trx, id: string, added: readonly number[]): Promise<void> {
  const { photo_ids } = await findDraft(trx, id)
  const all = new Set([...photo_ids, ...added])
  if (all.size > MAX_DRAFT_PHOTOS)
    throw badRequest('evaluation-photos-full', `An evaluation may have ${MAX_DRAFT_PHOTOS} photos`, {
      most: MAX_DRAFT_PHOTOS,
    })
  await setPhotos(trx, id, [...all])
}

/** Several phones send photos while somebody answers: they overtake no answer, and so make no newer version. */
async function setPhotos(trx: Trx, id: string, photo_ids: readonly number[]) {
  await updateLocal(trx, 'buy_in_draft', { id }, { photo_ids: JSON.stringify(photo_ids) })
  tell(trx)
}

/** @throws 409 where somebody has changed it since `version`, with who and when */
export function refuseChanged(draft: Draft, version: number): void {
  if (draft.version === version) return
  const { updated_by_name: name, updated_at: at } = draft
  throw conflict('evaluation-changed', `${name} has changed this evaluation meanwhile`, { name, at })
}

/** All photos of an evaluation: of the device, of answers, and of why another price is offered. */
export const photosOfDraft = ({ photo_ids, answers, other_price }: Draft): number[] => [
  ...photo_ids,
  ...[...answers, ...(other_price ? [other_price] : [])].flatMap(({ photo_id }) => photo_id ?? []),
]

/** Ends an evaluation: it became an offer, or nobody wants it. */
export async function dropDraft(trx: Trx, id: string): Promise<void> {
  await deleteLocal(trx, 'buy_in_draft', { id })
  tell(trx)
}

/** Leaves a photo out, wherever it was named. @throws 404 for the evaluation, or for a photo of something else */
export async function dropPhotoOfDraft(trx: Trx, id: string, photo_id: number): Promise<void> {
  const { version, photo_ids, other_price, answers } = await findDraft(trx, id)
  if (!photo_ids.includes(photo_id)) throw notFound('photo-not-found', 'Photo not found')
  const left = photo_ids.filter((one) => one !== photo_id)
  if (![other_price, ...answers].some((one) => one?.photo_id === photo_id)) return await setPhotos(trx, id, left)
  const without = <T extends { photo_id: number | null }>(one: T): T =>
    one.photo_id === photo_id ? { ...one, photo_id: null } : one
  await changeDraft(trx, id, version, {
    photo_ids: left,
    other_price: other_price && without(other_price),
    answers: answers.map(without),
  })
}
