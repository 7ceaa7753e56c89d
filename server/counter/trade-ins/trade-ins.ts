import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { json } from '../../http/body.ts'
import { list, read, write } from '../../http/endpoint.ts'
import { pageOf } from '../../http/paging.ts'
import { anyEmployee } from '../../http/auth/permissions.ts'
import { throwFieldErrors } from '../../http/validation.ts'
import { signedLink } from '../../shop/photos/signed-links.ts'
import { offerFor } from '../../shop/trade-ins/prices.ts'
import {
  detailsOf,
  evaluate,
  type Evaluation as Found,
  findEvaluation,
  findPickup,
  listPickups,
  photoPath,
  type Pickup,
} from '../../shop/trade-ins/trade-ins.ts'
import { purchaseOf } from '../../shop/trade-ins/bought.ts'
import { draftOf } from '../../shop/trade-ins/drafts.ts'
import { keptAnswers, offersOf } from '../../shop/trade-ins/offers.ts'
import { Evaluation, Offer, OfferAsked, TradeIn, TradeInDetail, TradeInId, TradeInQuery } from './trade-ins.contract.ts'

/** What customers offer us, for those who look at it: evaluators work here. `offer` comes before `:id`. */
export const tradeIns = [
  read(
    'GET /trade-ins',
    {
      who: anyEmployee,
      query: TradeInQuery,
      response: list(TradeIn),
      summary: 'What customers offer, the newest first',
    },
    async (context, { query: { status, limit = 10, offset }, scope }) => {
      const { db } = context
      const pickups = listPickups(db, scope)
        .$if(status !== undefined, (query) => query.where('pickup_request.status', '=', status!))
        .orderBy('pickup_request.id', 'desc')
      const { rows, total } = await pageOf(db, pickups, { limit, offset })
      return { rows: await shown(context, rows), total }
    },
  ),

  read(
    'POST /trade-ins/offer',
    {
      who: anyEmployee,
      body: json(OfferAsked),
      response: Offer,
      summary: 'What the shop pays for a device today, and why',
    },
    async ({ db, now }, { body: { storage = null, ...device } }) => await offerFor(db, { ...device, storage }, now()),
  ),

  read(
    'GET /trade-ins/:id',
    {
      who: anyEmployee,
      params: TradeInId,
      response: TradeInDetail,
      summary: 'One request with its photos, and all that was asked, offered and paid',
    },
    async (context, { params, scope }) => {
      const pickup = await findPickup(context.db, params.id, scope)
      return { ...(await one(context, pickup)), ...(await detailOf(context.db, pickup)) }
    },
  ),

  write(
    'PUT /trade-ins/:id/evaluation',
    {
      who: anyEmployee,
      params: TradeInId,
      body: json(Evaluation),
      response: TradeIn,
      summary: 'Writes down what was found, what we offer, and where the request stands',
    },
    async (context, { params: { id }, body: { status, ...found }, session, scope }) => {
      const { trx } = context
      await findPickup(trx, id, scope)
      if (found.final_offer_cents === undefined && !(await findEvaluation(trx, id)))
        throwFieldErrors([{ type: 'missing', loc: ['body', 'final_offer_cents'], msg: 'Field required' }])
      await evaluate(trx, id, { tester_id: session!.caller.id, status }, found)
      return await one(context, await findPickup(trx, id, scope))
    },
  ),
]

type Reading = Pick<Context, 'tokens' | 'now'> & { db: Db }
type Shown = z.output<typeof TradeIn>

const one = async (context: Reading, pickup: Pickup) => (await shown(context, [pickup]))[0]!

async function shown({ db, tokens, now }: Reading, pickups: Pickup[]): Promise<Shown[]> {
  const { evaluations, photos } = await detailsOf(
    db,
    pickups.map(({ id }) => id),
  )
  return pickups.map((pickup) => ({
    ...pickup,
    photos: (photos.get(pickup.id) ?? []).map((at) => signedLink(tokens, photoPath(pickup.id, at), now())),
    evaluation: evaluationOf(evaluations.get(pickup.id)),
  }))
}

async function detailOf(db: Db, { id, channel, device_id, order_id }: Pickup) {
  const answers = await keptAnswers(db, id)
  return {
    channel: channel ?? ('web' as const),
    device_id,
    order_id,
    draft_id: (await draftOf(db, id))?.id ?? null,
    offers: await offersOf(db, id),
    answers: answers.map(({ item_text, choice_text, deduction, ...answer }) => ({
      ...answer,
      text: textsOf(item_text),
      choice_text: choice_text === null ? null : textsOf(choice_text),
      // Only keepAnswers writes it.
      deduction: JSON.parse(deduction ?? 'null') as { name: string; amount_cents: number } | null,
    })),
    purchase: (await purchaseOf(db, id)) ?? null,
  }
}

// Only keepAnswers writes them.
const textsOf = (written: string) => JSON.parse(written) as Record<string, string>

const evaluationOf = (found: Found | undefined): Shown['evaluation'] =>
  found
    ? {
        ...found,
        parts_replaced: found.parts_replaced === null ? null : (JSON.parse(found.parts_replaced) as string[]),
      }
    : null
