import type { Db, Trx } from '../../../db/handle.ts'
import { stopsSaving } from '../../../db/errors.ts'
import { upsertLocal } from '../../../db/local.ts'
import { insert, insertMany, patch, remove } from '../../../db/rows.ts'
import type { OfferShownTable } from '../../../db/schema/local-tables.ts'
import type { Grade } from '../../domain/grade.ts'
import type { PickupStatus } from '../../domain/pickup-status.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { isInScope, type Scope } from '../../http/auth/permissions.ts'
import { takeNamed } from '../devices/catalogue.ts'
import { ownApproval } from '../people/approvals.ts'
import { refuseBought } from './bought.ts'
import { appendOffer, hasRunOut, refuseRunOut, standingOffer, standingVersions } from './offers.ts'

/** Devices that customers offer us: asked for, looked at, our offer, and what they say to it. All amounts in cents. */

export type Pickup = Awaited<ReturnType<typeof findPickup>>

export type NewPickup = {
  user_id: number
  brand_id: number
  model_text: string
  storage?: string | null | undefined
  condition: Grade
  additional_info?: string | null | undefined
  /** A JSON object. */
  address?: string | null | undefined
  scheduled_at?: number | null | undefined
  estimated_price_cents?: number | null | undefined
  /** The web unless given. */
  channel?: 'web' | 'counter' | undefined
  order_id?: number | null | undefined
}

/**
 * Takes a request in, with its photos in their order; returns the id.
 * @throws 400 when this person has too many open
 */
export async function requestPickup(trx: Trx, pickup: NewPickup, photo_ids: readonly number[]) {
  await refuseManyPickups(trx, pickup.user_id)
  await takeNamed(trx, 'brand', pickup.brand_id)
  const pickup_id = await insert(trx, 'pickup_request', { ...pickup, status: 'requested' })
  await insertMany(
    trx,
    'pickup_photo',
    photo_ids.map((photo_id, position) => ({ pickup_id, photo_id, position })),
  )
  return pickup_id
}

/** More devices than anybody offers at once: whoever sends others makes no list longer and no disk fuller. */
const MAX_OPEN_PICKUPS = 50

/** @throws 400 when a person may open no other request before one of theirs is answered */
export async function refuseManyPickups(db: Db, user_id: number): Promise<void> {
  const open = await db
    .selectFrom('pickup_request')
    .select('id')
    .where('user_id', '=', user_id)
    .where('status', 'not in', ['accepted', 'rejected'])
    .where('deleted_at', 'is', null)
    .limit(MAX_OPEN_PICKUPS)
    .execute()
  if (open.length >= MAX_OPEN_PICKUPS)
    throw badRequest(
      'too-many-pickup-requests',
      `You have ${MAX_OPEN_PICKUPS} open pickup requests: wait until one is answered`,
      { most: MAX_OPEN_PICKUPS },
    )
}

/**
 * The request with this id, if within the scope.
 * @throws 404
 */
export async function findPickup(db: Db, id: number, scope: Scope) {
  const pickup = await listPickups(db, scope).where('pickup_request.id', '=', id).executeTakeFirst()
  if (!pickup || !isInScope(scope, pickup.user_id))
    throw notFound('pickup-request-not-found', 'Pickup request not found')
  return pickup
}

/** Requests within the scope, the newest first. */
export const newestPickups = (db: Db, scope: Scope) =>
  listPickups(db, scope).orderBy('pickup_request.created_at', 'desc').orderBy('pickup_request.id', 'desc')

/** Requests within the scope with their brand's and customer's names; the order is the caller's. */
export function listPickups(db: Db, { own }: Scope) {
  return db
    .selectFrom('pickup_request')
    .innerJoin('brand', 'brand.id', 'pickup_request.brand_id')
    .innerJoin('user', 'user.id', 'pickup_request.user_id')
    .select([
      'pickup_request.id',
      'pickup_request.store_id',
      'pickup_request.user_id',
      'pickup_request.brand_id',
      'brand.name as brand_name',
      'pickup_request.model_text',
      'pickup_request.storage',
      'pickup_request.condition',
      'pickup_request.additional_info',
      'pickup_request.address',
      'pickup_request.scheduled_at',
      'pickup_request.deposit_amount_cents',
      'pickup_request.status',
      'pickup_request.notes',
      'pickup_request.estimated_price_cents',
      'pickup_request.created_at',
      'pickup_request.channel',
      'pickup_request.device_id',
      'pickup_request.order_id',
      'pickup_request.answered_offer_cents',
      'pickup_request.collected_at',
      'pickup_request.answered_at',
      'pickup_request.given_back_at',
      'user.email as user_email',
      'user.phone as user_phone',
      'user.full_name as user_full_name',
    ])
    .where('pickup_request.deleted_at', 'is', null)
    .$if(own !== null, (query) => query.where('pickup_request.user_id', '=', own!))
}

/** The evaluations of some requests and the positions of their photos, by request. */
export async function detailsOf(db: Db, pickup_ids: readonly number[]) {
  if (pickup_ids.length === 0)
    return { evaluations: new Map<number, Evaluation>(), photos: new Map<number, number[]>() }
  const evaluations = await listEvaluations(db).where('pickup_id', 'in', pickup_ids).execute()
  const photos = await db
    .selectFrom('pickup_photo')
    .select(['pickup_id', 'position'])
    .where('pickup_id', 'in', pickup_ids)
    .where('deleted_at', 'is', null)
    .orderBy('pickup_id')
    .orderBy('position')
    .execute()
  const positions = new Map<number, number[]>()
  for (const { pickup_id, position } of photos)
    positions.set(pickup_id, [...(positions.get(pickup_id) ?? []), position])
  return { evaluations: new Map(evaluations.map((row) => [row.pickup_id, row])), photos: positions }
}

type Offered = Pick<Evaluation, 'pickup_id' | 'final_offer_cents'>

/** Remembers what we offer by a reply to the owners of these requests; `write` is called where they have not seen it yet. */
export async function rememberShownOffers(
  db: Db,
  write: (run: (trx: Trx) => Promise<void>) => Promise<void>,
  offers: readonly Offered[],
): Promise<void> {
  const ids = offers.map(({ pickup_id }) => pickup_id)
  const [before, versions] = [await shownOffers(db, ids), await standingVersions(db, ids)]
  const shown = offers.map(({ pickup_id, final_offer_cents }) => ({
    pickup_id,
    final_offer_cents,
    version: versions.get(pickup_id) ?? null,
  }))
  const strange = shown.filter((offer) => !isSameOffer(before.get(offer.pickup_id), offer))
  if (strange.length === 0) return
  try {
    await write(async (trx) => {
      for (const { pickup_id, ...offer } of strange) await upsertLocal(trx, 'offer_shown', { pickup_id }, offer)
    })
  } catch (error) {
    // Reads go on where nothing can be saved; nor can an answer to what is not remembered.
    if (!stopsSaving(error)) throw error
  }
}

/** `version` is null for what was offered before offers had versions. */
type ShownOffer = Pick<OfferShownTable, 'final_offer_cents' | 'version'>

const isSameOffer = (a: ShownOffer | undefined, b: ShownOffer) =>
  a !== undefined && a.version === b.version && a.final_offer_cents === b.final_offer_cents

/** What each of these requests' owners was shown last. */
export async function shownOffers(db: Db, pickup_ids: readonly number[]): Promise<Map<number, ShownOffer>> {
  if (pickup_ids.length === 0) return new Map()
  const shown = await db.selectFrom('offer_shown').selectAll().where('pickup_id', 'in', pickup_ids).execute()
  return new Map(shown.map(({ pickup_id, ...offer }) => [pickup_id, offer]))
}

/**
 * The customer's answer to the offer that they were shown last; to the one that stands where they were shown none.
 * @throws 404, 400 when there is no offer, another one stands, or they say yes to one that has run out
 */
export async function answerOffer(trx: Trx, id: number, scope: Scope, status: 'accepted' | 'rejected') {
  const pickup = await findPickup(trx, id, scope)
  if (pickup.status !== 'offered') throw badRequest('no-offer', 'No offer to respond to')
  const shown = (await shownOffers(trx, [id])).get(id)
  const evaluation = await findEvaluation(trx, id)
  if (!evaluation) throw badRequest('no-offer', 'No offer to respond to')
  const { final_offer_cents } = evaluation
  const offer = await standingOffer(trx, id)
  const stands = { final_offer_cents, version: offer?.version ?? null }
  if (shown !== undefined && !isSameOffer(shown, stands)) throw badRequest('offer-changed', 'The offer has changed')
  if (offer && status === 'accepted') refuseRunOut(trx, offer)
  await patch(trx, 'pickup_request', id, { status, answered_offer_cents: final_offer_cents, answered_at: trx.act.now })
}

export type Evaluation = Awaited<ReturnType<typeof findEvaluation>> & {}

/** What was found when the device was looked at; undefined before that. */
export const findEvaluation = async (db: Db, pickup_id: number) =>
  await listEvaluations(db).where('pickup_id', '=', pickup_id).executeTakeFirst()

const listEvaluations = (db: Db) =>
  db
    .selectFrom('evaluation')
    .select([
      'id',
      'pickup_id',
      'tester_id',
      'final_offer_cents',
      'notes',
      'evaluation_cost_cents',
      'diagnostics',
      'parts_replaced',
      'created_at',
    ])
    .where('deleted_at', 'is', null)

export type EvaluationChanges = {
  final_offer_cents?: number | undefined
  notes?: string | undefined
  evaluation_cost_cents?: number | undefined
  /** A JSON object. */
  diagnostics?: string | undefined
  parts_replaced?: string[] | undefined
}

/**
 * Writes down what was found and moves the request on; what is left out stays. The first evaluation needs an offer.
 * @throws 404; 400 for another offer than the one that the customer answered, unless it is made anew; 409 for another offer or
 * step where the device is bought
 */
export async function evaluate(
  trx: Trx,
  pickup_id: number,
  { tester_id, status }: { tester_id: number; status?: PickupStatus | undefined },
  { parts_replaced, ...wanted }: EvaluationChanges,
): Promise<void> {
  const pickup = await findPickup(trx, pickup_id, { own: null })
  const known = await findEvaluation(trx, pickup_id)
  const isOther =
    known && wanted.final_offer_cents !== undefined && wanted.final_offer_cents !== known.final_offer_cents
  if (isOther) refuseAnswered(pickup.status, status)
  if (isOther || (status && status !== pickup.status)) await refuseBought(trx, pickup_id)
  const changes = {
    ...wanted,
    tester_id,
    ...(parts_replaced && { parts_replaced: JSON.stringify(parts_replaced) }),
  }
  if (known) await patch(trx, 'evaluation', known.id, changes)
  else await insert(trx, 'evaluation', { ...changes, pickup_id, final_offer_cents: wanted.final_offer_cents! })
  await appendOfferOf(trx, pickup, tester_id, wanted.final_offer_cents)
  if (status) await patch(trx, 'pickup_request', pickup_id, stepTo(status, trx.act.now))
}

/** What of a request changes as it comes to a step. */
export const stepTo = (status: PickupStatus, now: number) => ({
  status,
  ...(status === 'requested' && { collected_at: null }),
  ...(status === 'collected' && { collected_at: now }),
})

/**
 * What somebody offers without the counter's questions is a version too; the same sum again makes none. Where they may not
 * approve it themselves, somebody does before it is paid.
 */
async function appendOfferOf(trx: Trx, { id, condition }: Pickup, made_by: number, price_cents: number | undefined) {
  const last = await standingOffer(trx, id)
  if (price_cents === undefined || (last?.price_cents === price_cents && !hasRunOut(trx, last))) return
  const offer = { pickup_id: id, condition, base_cents: null, source: 'manual' as const, deductions: [], made_by }
  await appendOffer(trx, { ...offer, price_cents, approved_by: await ownApproval(trx, made_by) })
}

/** What the customer said yes or no to stays as it was, unless they will be asked again. */
function refuseAnswered(before: PickupStatus, now: PickupStatus | undefined) {
  const isAnswered = before === 'accepted' || before === 'rejected'
  if (isAnswered && now !== 'evaluating' && now !== 'offered')
    throw badRequest('offer-answered', 'The customer has answered this offer: another one has to be offered anew')
}

/**
 * Hides a request and what was found about it.
 * @throws 404, 409 where its device was bought
 */
export async function removePickup(trx: Trx, id: number): Promise<void> {
  await findPickup(trx, id, { own: null })
  await refuseBought(trx, id)
  const evaluation = await findEvaluation(trx, id)
  if (evaluation) await remove(trx, 'evaluation', evaluation.id)
  await remove(trx, 'pickup_request', id)
}

/** Where a photo of a request is, as the documents have it. */
export const photoPath = (pickup_id: number, position: number) =>
  `/uploads/tradein_photos/pickup_${pickup_id}_${position}.jpg`

/** The picture at a place of a request, and whose it is; undefined where there is none. */
export const pickupPhoto = async (db: Db, pickup_id: number, position: number) =>
  await db
    .selectFrom('pickup_photo')
    .innerJoin('photo', 'photo.id', 'pickup_photo.photo_id')
    .innerJoin('pickup_request', 'pickup_request.id', 'pickup_photo.pickup_id')
    .select(['photo.sha256', 'pickup_request.user_id'])
    .where('pickup_id', '=', pickup_id)
    .where('position', '=', position)
    .where('pickup_photo.deleted_at', 'is', null)
    .where('pickup_request.deleted_at', 'is', null)
    .executeTakeFirst()
