import type { Db, Trx } from '../../../db/handle.ts'
import { insertMany, patch } from '../../../db/rows.ts'
import { assess } from '../../domain/trade-ins/questions.ts'
import type { MatrixOffer } from '../../domain/money/trade-in-price.ts'
import { badRequest, conflict } from '../../http/errors.ts'
import { findModel, findNamed, findOrAddModel, findOrAddNamed, kindOfModel } from '../devices/catalogue.ts'
import { findBySerial, findDevice, patchDevice, registerDevice } from '../devices/devices.ts'
import { listCustomersById } from '../people/customers.ts'
import { findOrder } from '../repairs/orders.ts'
import { shopRules } from '../shop-rules.ts'
import { refuseBought } from './bought.ts'
import {
  beginDraft,
  type Draft,
  type DraftDevice,
  draftOf,
  draftOfNumber,
  draftOfTicket,
  dropDraft,
  type OtherPrice,
} from './drafts.ts'
import { appendOffer, deductionsCalled, keepAnswers, mirrorOffer, offerOfMatrix, refuseUnready } from './offers.ts'
import { pricesOf } from './prices.ts'
import { questionsFor, type ShopQuestion } from './questions.ts'
import { findPickup, requestPickup } from './trade-ins.ts'

/** From the first look at a device to the offer. All amounts in cents. */

/** What an evaluation begins from. */
export type Beginning = {
  serial_number?: string | undefined
  device_id?: number | undefined
  pickup_id?: number | undefined
  order_id?: number | undefined
}

/**
 * Begins an evaluation, or goes on with the one of a request, a ticket or a number that is under way, and returns its id.
 * What is known of the device is filled in: from a request what its owner wrote, from a ticket the condition of its intake.
 * @throws 404; 409 for a request whose device was bought
 */
export async function beginEvaluation(trx: Trx, from: Beginning): Promise<string> {
  if (from.pickup_id !== undefined) return await evaluateRequest(trx, from.pickup_id)
  if (from.order_id !== undefined) return await evaluateTicket(trx, from.order_id)
  const device =
    from.device_id === undefined
      ? await describeNumber(trx, from.serial_number?.trim() || null)
      : await describe(trx, from.device_id)
  const before = device.serial_number ? await draftOfNumber(trx, device.serial_number) : undefined
  return before?.id ?? (await beginDraft(trx, { device }))
}

/** What the shop knows of the device with this number. */
async function describeNumber(db: Db, serial_number: string | null): Promise<Partial<DraftDevice>> {
  const known = serial_number === null ? undefined : await findBySerial(db, serial_number)
  return known ? await describe(db, known.id) : { serial_number }
}

/**
 * A device as somebody has described it. Under another number it is another device: what the shop knows of that one fills in
 * what was left open.
 */
export async function describedAs(
  db: Db,
  device: Omit<DraftDevice, 'device_id'>,
  before: DraftDevice,
): Promise<DraftDevice> {
  if (device.serial_number === before.serial_number) return { ...device, device_id: before.device_id }
  const known = await describeNumber(db, device.serial_number)
  const named = device.brand === '' && device.model === '' ? {} : device
  return { ...device, ...known, ...named, serial_number: device.serial_number, device_id: known.device_id ?? null }
}

async function evaluateRequest(trx: Trx, pickup_id: number): Promise<string> {
  const pickup = await findPickup(trx, pickup_id, { own: null })
  const before = await draftOf(trx, pickup_id)
  if (before) return before.id
  await refuseBought(trx, pickup_id)
  if (pickup.status !== 'offered') await patch(trx, 'pickup_request', pickup_id, { status: 'evaluating' })
  const asked = { brand: pickup.brand_name, model: pickup.model_text, storage: pickup.storage }
  const device =
    pickup.device_id === null
      ? { ...asked, device_type_id: await kindOfModel(trx, pickup.brand_id, pickup.model_text) }
      : { ...(await describe(trx, pickup.device_id)), storage: pickup.storage }
  return await beginDraft(trx, { pickup_id, device })
}

/** A repair that is not worth it: what the intake said of the device is answered already. */
async function evaluateTicket(trx: Trx, order_id: number): Promise<string> {
  const before = await draftOfTicket(trx, order_id)
  if (before) return before.id
  const { device_id } = await findOrder(trx, order_id, { own: null })
  const device = await describe(trx, device_id)
  const questions = await questionsFor(trx, device.device_type_id)
  const answers = answersOfIntake(questions, await conditionOf(trx, order_id))
  const photos = await trx
    .selectFrom('ticket_photo')
    .select('photo_id')
    .where('order_id', '=', order_id)
    .where('deleted_at', 'is', null)
    .orderBy('position')
    .execute()
  return await beginDraft(trx, { order_id, device, answers, photo_ids: photos.map(({ photo_id }) => photo_id) })
}

async function conditionOf(db: Db, order_id: number): Promise<Record<string, string>> {
  const intake = await db.selectFrom('intake').select('condition').where('order_id', '=', order_id).executeTakeFirst()
  // Only the intake writes it.
  return JSON.parse(intake?.condition ?? '{}') as Record<string, string>
}

const answersOfIntake = (questions: readonly ShopQuestion[], condition: Record<string, string>) =>
  questions.flatMap(({ id: item_id, part, options }) => {
    const found = part === null ? undefined : condition[part]
    const option = found && options.find(({ conditions }) => conditions.includes(found))
    return option ? { item_id, choice: option.key, photo_id: null } : []
  })

async function describe(db: Db, device_id: number): Promise<DraftDevice> {
  const device = await findDevice(db, device_id, { own: null })
  const [brand, model] = [await findNamed(db, 'brand', device.brand_id), await findModel(db, device.model_id)]
  return {
    device_id,
    serial_number: device.serial_number,
    device_type_id: device.device_type_id,
    brand: brand.name,
    model: model.name,
    storage: null,
  }
}

/** A draft with the questions of its device, what follows from its answers, and what the matrix pays. */
export async function workOut(db: Db, draft: Draft, now: number) {
  const questions = await questionsFor(db, draft.device.device_type_id)
  const assessment = assess(questions, draft.answers)
  return { questions, assessment, offer: await offerOfMatrix(db, draft.device, assessment, now) }
}

/** All by which a page works out the offer while somebody answers: the matrix of this model, and what answers take off. */
export async function pricingOf(db: Db, { brand, model }: DraftDevice, questions: readonly ShopQuestion[]) {
  const ids = questions.flatMap(({ options }) => options.flatMap(({ deduction_id }) => deduction_id ?? []))
  return { entries: await pricesOf(db, brand, model), deductions: await deductionsCalled(db, ids) }
}

/** Who sells, where it is known: whose request it is; else whose ticket, or who is on file as the owner of the device. */
export async function sellerOf(db: Db, { pickup_id, order_id, device }: Draft) {
  const id =
    pickup_id !== null
      ? (await findPickup(db, pickup_id, { own: null })).user_id
      : order_id !== null
        ? (await findOrder(db, order_id, { own: null })).customer_id
        : device.device_id === null
          ? null
          : (await findDevice(db, device.device_id, { own: null })).owner_id
  const [person] = id === null ? [] : await listCustomersById(db, [id])
  return person ? { ...person, named: pickup_id !== null } : null
}

/**
 * The device of an evaluation as a row of the shop's, registered where it is new. One that is on file as another model is put
 * right there: what is paid for is what was looked at.
 * @throws 400 while it is not described
 */
export async function deviceOfDraft(trx: Trx, { device }: Draft): Promise<number> {
  if (device.brand.trim() === '' || device.model.trim() === '' || device.device_type_id === null)
    throw badRequest('device-not-described', 'Brand, model and type of the device are needed')
  const brand_id = await findOrAddNamed(trx, 'brand', device.brand)
  const kind = { brand_id, device_type_id: device.device_type_id }
  const model_id = await findOrAddModel(trx, { ...kind, name: device.model })
  const known = device.device_id ?? (await deviceCalled(trx, device.serial_number))
  if (known !== undefined) return (await patchDevice(trx, known, { own: null }, { ...kind, model_id })).id
  return (await registerDevice(trx, { ...kind, model_id, serial_number: device.serial_number })).id
}

const deviceCalled = async (db: Db, serial_number: string | null): Promise<number | undefined> =>
  serial_number === null ? undefined : (await findBySerial(db, serial_number))?.id

/**
 * Names who sells, which makes a request of an evaluation without one, with its answers and its offer; returns the request.
 * @throws 400 where the evaluation is not ready, 409 where it has its request already
 */
export async function nameSeller(
  trx: Trx,
  draft: Draft,
  { customer_id, ...by }: OfferMade & { customer_id: number },
): Promise<{ pickup_id: number; version: number }> {
  if (draft.pickup_id !== null) throw badRequest('seller-named', 'The seller is named already')
  const { assessment } = await workOut(trx, draft, trx.act.now)
  const device_id = await deviceOfDraft(trx, draft)
  const { brand_id } = await findDevice(trx, device_id, { own: null })
  const pickup_id = await requestPickup(
    trx,
    {
      user_id: customer_id,
      brand_id,
      model_text: draft.device.model,
      storage: draft.device.storage,
      condition: assessment.grade,
      channel: 'counter',
      order_id: draft.order_id,
    },
    draft.photo_ids,
  )
  return { pickup_id, version: await makeOffer(trx, { ...draft, pickup_id }, by) }
}

/** Who approved another price than the matrix has, and the sum that whoever offers has seen. */
export type OfferMade = { approved_by: number | null; seen_cents?: number | undefined }

/**
 * Offers what an evaluation came to, as the next version, and ends the evaluation.
 * @throws 400 for answers that are missing, a device that nobody pays for, a price that nobody has set or approved; 409 where it
 * comes to another sum than was seen: a price has ended or begun meanwhile
 */
export async function makeOffer(
  trx: Trx,
  draft: Draft & { pickup_id: number },
  { approved_by, seen_cents }: OfferMade,
): Promise<number> {
  const { pickup_id } = draft
  await findPickup(trx, pickup_id, { own: null })
  await refuseBought(trx, pickup_id)
  const { questions, assessment, offer } = await workOut(trx, draft, trx.act.now)
  refuseUnready(assessment)
  const device_id = await deviceOfDraft(trx, draft)
  const other = draft.other_price
  if (other) refuseUnseen(other, offer)
  if (!other && !offer) throw badRequest('price-not-set', 'Nobody has set a price for this model')
  if (other && approved_by === null) throw badRequest('offer-needs-approval', 'Another price needs approval')
  const price_cents = other?.price_cents ?? offer!.price_cents
  if (seen_cents !== undefined && seen_cents !== price_cents)
    throw conflict('offer-sum-changed', 'It comes to another sum by now: look at it again')
  const { offer_days } = await shopRules(trx)
  await keepAnswers(trx, pickup_id, { questions, answers: draft.answers, assessment }, offer?.base_cents ?? null)
  const version = await appendOffer(trx, {
    pickup_id,
    condition: assessment.grade,
    base_cents: offer?.base_cents ?? null,
    source: other ? 'manual' : 'matrix',
    deductions: offer?.deductions ?? [],
    price_cents,
    made_by: trx.act.actor!,
    approved_by: other && approved_by,
    reason: other?.reason ?? null,
    photo_id: other?.photo_id ?? null,
    valid_until: trx.act.now + offer_days * 86_400_000,
  })
  await mirrorOffer(trx, pickup_id, price_cents)
  await patch(trx, 'pickup_request', pickup_id, { device_id })
  await keepPhotosOf(trx, pickup_id, draft.photo_ids)
  await dropDraft(trx, draft.id)
  return version
}

/** Whoever pays more than the sum shows why on a photo of this device. */
function refuseUnseen({ price_cents, photo_id }: OtherPrice, offer: MatrixOffer | null) {
  if (photo_id === null && offer && price_cents > offer.price_cents)
    throw badRequest('offer-needs-photo', 'A higher price needs a photo of the device')
}

/** Photos that were taken while looking at the device join those of the request. */
async function keepPhotosOf(trx: Trx, pickup_id: number, photo_ids: readonly number[]) {
  const kept = await trx
    .selectFrom('pickup_photo')
    .select(['photo_id', 'position'])
    .where('pickup_id', '=', pickup_id)
    .execute()
  const known = new Set(kept.map(({ photo_id }) => photo_id))
  const first = Math.max(-1, ...kept.map(({ position }) => position)) + 1
  const added = photo_ids.filter((id) => !known.has(id))
  await insertMany(
    trx,
    'pickup_photo',
    added.map((photo_id, index) => ({ pickup_id, photo_id, position: first + index })),
  )
}
