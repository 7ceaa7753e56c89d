import type { Db } from '../../db/handle.ts'
import { isDeep } from '../domain/deep.ts'
import { GRADES } from '../domain/grade.ts'
import { json, multipart } from '../http/body.ts'
import { act, list, read, write } from '../http/endpoint.ts'
import { badRequest, type FieldError, type HttpError, invalid, storeRefusal } from '../http/errors.ts'
import { allOrPageOf, pageOf } from '../http/paging.ts'
import { everyone, own } from '../http/auth/permissions.ts'
import { findBrand, findNamed, listNamed } from '../shop/devices/catalogue.ts'
import { keepPhotos } from '../shop/photos/photos.ts'
import { estimateFor } from '../shop/trade-ins/prices.ts'
import {
  answerOffer,
  detailsOf,
  findPickup,
  listPickups,
  rememberShownOffers,
  refuseManyPickups,
  requestPickup,
} from '../shop/trade-ins/trade-ins.ts'
import { evaluationOf, pickupOf } from './trade-in-view.ts'
import {
  Estimate,
  EstimateAsked,
  MyPickup,
  NewPickup,
  OfferAnswer,
  PHOTO_LIMITS,
  Pickup,
  PickupId,
  PickupPage,
  TradeInBrand,
  TradeInBrandQuery,
} from './trade-in.contract.ts'

/** Anyone may ask, with notes as long as any: so many bytes, however they are written. */
const ESTIMATE_LIMIT = 131_072

export const tradeIn = [
  read(
    'POST /tradein/estimate',
    {
      who: everyone,
      body: json(EstimateAsked, ESTIMATE_LIMIT),
      response: Estimate,
      invalid: estimateRefusal,
      summary: 'What the shop would pay for a device',
    },
    async ({ db, now }, { body: { storage = null, condition: letter, ...device } }) => {
      const condition = GRADES.find((grade) => grade === letter)
      if (!condition) throw storeRefusal(400, 'condition-invalid', `Condition must be one of ${GRADES.join(', ')}`)
      const offer = await estimateFor(db, { ...device, condition, storage }, now())
      const { estimated_cents: estimated_price, fee_cents: service_fee, net_cents: net_amount } = offer
      return { success: true, data: { estimated_price, service_fee, net_amount } }
    },
  ),

  read(
    'GET /tradein/brands',
    {
      who: everyone,
      query: TradeInBrandQuery,
      response: list(TradeInBrand),
      summary: 'The brands that the shop takes in',
    },
    ({ db }, { query }) => allOrPageOf(db, listNamed(db, 'brand', { q: query.q }), query),
  ),

  act(
    'POST /tradein/pickup-requests',
    {
      who: own,
      body: multipart(NewPickup, PHOTO_LIMITS),
      response: Pickup,
      status: 201,
      invalid: namingFields,
      summary: 'Offers a device to the shop, with photos',
    },
    async (context, { body: { photos = [], brand_id, brand_name, ...device }, session }) => {
      const { address_json, estimated_price, ...rest } = device
      const brand = await brandOf(context.db, { brand_id, brand_name })
      const user_id = session!.caller.id
      await refuseManyPickups(context.db, user_id) // Before its photos are looked at.
      const wanted = { ...rest, brand_id: brand, user_id, address: addressFrom(address_json) }
      return await keepPhotos({ ...context, session, write: context.finish }, photos, async (trx, photo_ids) => {
        const estimated_price_cents = estimated_price ?? (await ownEstimate(trx, brand, rest, trx.act.now))
        const id = await requestPickup(trx, { ...wanted, estimated_price_cents }, photo_ids)
        return await shown({ ...context, db: trx }, id)
      })
    },
  ),

  act(
    'GET /tradein/pickup-requests/me',
    {
      who: own,
      query: PickupPage,
      response: list(MyPickup),
      summary: 'What I have offered, and what the shop says to it',
    },
    async ({ db, write: remember, ...context }, { query, scope }) => {
      const { rows, total } = await pageOf(db, listPickups(db, scope).orderBy('pickup_request.id'), query)
      const { evaluations, photos } = await detailsOf(
        db,
        rows.map(({ id }) => id),
      )
      await rememberShownOffers(db, remember, [...evaluations.values()])
      return {
        rows: rows.map((pickup) => ({
          ...pickupOf(context, pickup, photos.get(pickup.id)),
          evaluation: evaluationOf(evaluations.get(pickup.id)),
        })),
        total,
      }
    },
  ),

  write(
    'POST /tradein/pickup-requests/:pickup_id/respond',
    {
      who: own,
      params: PickupId,
      body: json(OfferAnswer),
      response: Pickup,
      invalid: wrongAction,
      summary: 'Accepts or rejects the offer of the shop',
    },
    async (context, { params, body, scope }) => {
      const status = ANSWERS.get(body.action.trim().toLowerCase())
      if (!status) throw badRequest('offer-action-invalid', 'Invalid action')
      await answerOffer(context.trx, params.pickup_id, scope, status)
      return await shown(context, params.pickup_id)
    },
  ),
]

/** What we would have said to who did not ask before. */
async function ownEstimate(
  db: Db,
  brand_id: number,
  {
    model_text,
    storage = null,
    condition,
  }: Pick<Parameters<typeof requestPickup>[1], 'model_text' | 'storage' | 'condition'>,
  now: number,
): Promise<number> {
  const { name: brand } = await findNamed(db, 'brand', brand_id)
  return (await estimateFor(db, { brand, model: model_text, storage, condition }, now)).estimated_cents
}

type Reading = Parameters<typeof pickupOf>[0] & { db: Parameters<typeof findPickup>[0] }

async function shown(context: Reading, id: number) {
  const pickup = await findPickup(context.db, id, { own: null })
  const { photos } = await detailsOf(context.db, [id])
  return pickupOf(context, pickup, photos.get(id))
}

const ANSWERS = new Map<string, 'accepted' | 'rejected'>([
  ['accept', 'accepted'],
  ['reject', 'rejected'],
])

/** The id counts when both are given. */
async function brandOf(db: Reading['db'], { brand_id, brand_name }: { brand_id?: number; brand_name?: string }) {
  if (brand_id === undefined && brand_name === undefined)
    throw badRequest('brand-required', 'Brand ID or brand name is required')
  const brand = await findBrand(db, brand_id === undefined ? { name: brand_name! } : { id: brand_id })
  if (brand === undefined)
    throw badRequest('brand-unknown', `Brand '${brand_id ?? brand_name}' not found`, { brand: brand_id ?? brand_name! })
  return brand
}

/** What is no JSON object, or a bottomless one, is the address itself. */
function addressFrom(written: string | undefined): string | null {
  if (written === undefined) return null
  try {
    const address: unknown = JSON.parse(written)
    if (typeof address === 'object' && address !== null && !Array.isArray(address) && !isDeep(address)) return written
  } catch {
    // Not JSON: words.
  }
  return JSON.stringify({ address: written })
}

/** The faults in one sentence, each with its field, as the document has it: 400. */
function namingFields(faults: FieldError[]): HttpError {
  return badRequest('pickup-request-invalid', sentenceOf(faults))
}

const sentenceOf = (faults: FieldError[]) =>
  faults.map(({ loc, msg }) => `${loc.slice(1).join('.')}: ${msg}`).join('; ')

const BLANK = ['missing', 'string_type', 'string_too_short', 'model_attributes_type']

function estimateRefusal(faults: FieldError[]): HttpError {
  const incomplete = faults.some(({ type, loc }) => BLANK.includes(type) && loc[1] !== 'storage' && loc[1] !== 'notes')
  return incomplete
    ? storeRefusal(400, 'estimate-incomplete', 'Brand, model, and condition are required')
    : storeRefusal(400, 'estimate-invalid', sentenceOf(faults))
}

function wrongAction(faults: FieldError[]): HttpError {
  return faults.some(({ loc }) => loc[0] === 'path')
    ? invalid(faults)
    : badRequest('offer-action-invalid', 'Invalid action')
}
