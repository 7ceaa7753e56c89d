import { z } from 'zod'
import type { Trx } from '../../../db/handle.ts'
import { json, multipart } from '../../http/body.ts'
import { act, file, nothing, read, type Refusals, write } from '../../http/endpoint.ts'
import { id, oneOf, optional } from '../../http/fields.contract.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { anyEmployee, staffOrAdmin } from '../../http/auth/permissions.ts'
import { approvedBy } from '../../shop/people/approvals.ts'
import { customerAtDesk } from '../../shop/people/desk-customer.ts'
import { keepPhotos, photoFile } from '../../shop/photos/photos.ts'
import { keepCheck } from '../../shop/trade-ins/device-checks.ts'
import {
  addDraftPhotos,
  changeDraft,
  type Draft,
  findDraft,
  listDrafts,
  refuseChanged,
} from '../../shop/trade-ins/drafts.ts'
import { beginEvaluation, describedAs, deviceOfDraft, makeOffer, nameSeller } from '../../shop/trade-ins/evaluation.ts'
import { dropEvaluation, leavePhotoOut } from '../../shop/trade-ins/unshown-photos.ts'
import { buyInLine, buyInView } from './buy-in-view.ts'
import {
  BuyIn,
  BuyInChanges,
  BuyInId,
  BuyInLine,
  BuyInPhotos,
  BuyInVersion,
  NewBuyIn,
  NewCheck,
  OfferMade,
  SellerNamed,
} from './buy-ins.contract.ts'

const PhotoId = BuyInId.extend({ photo_id: id() })
const LIMITS = { most: 5, size: 10 * 1_048_576 }
const CHANGED = { 409: { 'evaluation-changed': 'somebody has changed it since' } } satisfies Refusals
const NOT_AS_SEEN = {
  409: { ...CHANGED[409], 'offer-sum-changed': 'it comes to another sum by now' },
} satisfies Refusals

/** Evaluations: from the first look at a device to the offer. Evaluators work here. */
export const buyIns = [
  read(
    'GET /buy-ins',
    {
      who: anyEmployee,
      response: z.array(BuyInLine),
      summary: 'Evaluations that are gone on with, the last one first',
    },
    async ({ db }) => (await listDrafts(db)).map(buyInLine),
  ),

  write(
    'POST /buy-ins',
    {
      who: anyEmployee,
      body: json(NewBuyIn),
      response: BuyIn,
      status: 201,
      summary: 'Begins an evaluation, or goes on with that of a request',
    },
    async (context, { body }) => await buyInView(context, await beginEvaluation(context.trx, body)),
  ),

  read(
    'GET /buy-ins/:id',
    { who: anyEmployee, params: BuyInId, response: BuyIn, summary: 'An evaluation, and what follows from it' },
    (context, { params }) => buyInView(context, params.id),
  ),

  write(
    'PUT /buy-ins/:id',
    {
      who: anyEmployee,
      params: BuyInId,
      body: json(BuyInChanges),
      response: BuyIn,
      refusals: CHANGED,
      summary: 'Keeps what was answered',
    },
    async (context, { params, body: { version, device, answers, other_price } }) => {
      const { trx } = context
      const { device: before } = await findDraft(trx, params.id)
      await changeDraft(trx, params.id, version, {
        ...(device && { device: await describedAs(trx, device, before) }),
        ...(answers && { answers: answers.map((answer) => ({ ...answer, photo_id: answer.photo_id ?? null })) }),
        ...(other_price !== undefined && { other_price }),
      })
      return await buyInView(context, params.id)
    },
  ),

  act(
    'DELETE /buy-ins/:id',
    {
      who: anyEmployee,
      params: BuyInId,
      query: BuyInVersion,
      response: nothing,
      refusals: CHANGED,
      summary: 'Ends an evaluation without an offer, as the caller has seen it',
    },
    async ({ config, db, run, write }, { params: { id }, query: { version } }) => {
      await dropEvaluation({ data: config.data, db, lock: run.photoFileLock }, { id, version }, write)
    },
  ),

  act(
    'POST /buy-ins/:id/photos',
    {
      who: anyEmployee,
      params: BuyInId,
      body: multipart(BuyInPhotos, LIMITS),
      response: BuyIn,
      status: 201,
      summary: 'Adds photos of the device',
    },
    async (context, { params, body: { photos }, session }) => {
      await findDraft(context.db, params.id)
      return await keepPhotos({ ...context, session, write: context.finish }, photos, async (trx, added) => {
        await addDraftPhotos(trx, params.id, added)
        return await buyInView({ ...context, db: trx }, params.id)
      })
    },
  ),

  read(
    'GET /buy-ins/:id/photos/:photo_id',
    {
      who: anyEmployee,
      params: PhotoId,
      query: z.object({ size: optional(oneOf(['full', 'thumbnail'])) }),
      response: file('image/jpeg'),
      summary: 'A photo of the device',
    },
    async ({ db, ...context }, { params, query: { size = 'full' } }) => {
      refuseStrange(await findDraft(db, params.id), params.photo_id)
      const { sha256 } = await db
        .selectFrom('photo')
        .select('sha256')
        .where('id', '=', params.photo_id)
        .executeTakeFirstOrThrow()
      return { ...(await photoFile(context, sha256, size)), headers: { 'Cache-Control': 'no-store' } }
    },
  ),

  act(
    'DELETE /buy-ins/:id/photos/:photo_id',
    { who: anyEmployee, params: PhotoId, response: nothing, summary: 'Leaves a photo of the device out' },
    async ({ config, db, run, write }, { params }) => {
      await leavePhotoOut({ data: config.data, db, lock: run.photoFileLock }, params.id, params.photo_id, write)
    },
  ),

  write(
    'POST /buy-ins/:id/checks',
    {
      who: anyEmployee,
      params: BuyInId,
      body: json(NewCheck),
      response: BuyIn,
      status: 201,
      summary: 'Notes what was looked up about the device, and where',
    },
    async (context, { params, body: { source = null, reference = null, ...check } }) => {
      const { trx } = context
      const draft = await findDraft(trx, params.id)
      const device_id = await deviceOfDraft(trx, draft)
      if (draft.device.device_id === null)
        await changeDraft(trx, draft.id, draft.version, { device: { ...draft.device, device_id } })
      await keepCheck(trx, device_id, { ...check, source, reference })
      return await buyInView(context, params.id)
    },
  ),

  act(
    'POST /buy-ins/:id/offer',
    {
      who: anyEmployee,
      params: BuyInId,
      body: json(OfferMade),
      response: z.object({ pickup_id: id(), version: id() }),
      status: 201,
      refusals: NOT_AS_SEEN,
      summary: 'Offers what the evaluation of a request came to',
    },
    async (context, { params, body: { version, seen_cents, approval }, ...by }) => {
      const approved_by = await approvedBy(context, approval, by)
      return await context.finish(async (trx) => {
        const draft = await unchanged(trx, params.id, version)
        const { pickup_id } = draft
        if (pickup_id === null) throw badRequest('seller-not-named', 'Nobody is named who sells')
        return { pickup_id, version: await makeOffer(trx, { ...draft, pickup_id }, { approved_by, seen_cents }) }
      })
    },
  ),

  act(
    'POST /buy-ins/:id/seller',
    {
      who: staffOrAdmin,
      params: BuyInId,
      body: json(SellerNamed),
      response: z.object({ pickup_id: id(), version: id() }),
      status: 201,
      refusals: NOT_AS_SEEN,
      summary: 'Names who sells, and offers what the evaluation came to',
    },
    async (context, { params, body: { version, seen_cents, customer, approval }, ...by }) => {
      const approved_by = await approvedBy(context, approval, by)
      return await context.finish(async (trx) => {
        const draft = await unchanged(trx, params.id, version)
        const { id: customer_id } = await customerAtDesk(trx, customer)
        return await nameSeller(trx, draft, { customer_id, approved_by, seen_cents })
      })
    },
  ),
]

/** The evaluation as the caller has seen it. @throws 404, 409 */
async function unchanged(trx: Trx, id: string, version: number): Promise<Draft> {
  const draft = await findDraft(trx, id)
  refuseChanged(draft, version)
  return draft
}

/** @throws 404 for a photo of something else */
function refuseStrange({ photo_ids }: Draft, photo_id: number): void {
  if (!photo_ids.includes(photo_id)) throw notFound('photo-not-found', 'Photo not found')
}
