import { sql } from 'kysely'
import { json, multipart } from '../../http/body.ts'
import { act, list, read, write } from '../../http/endpoint.ts'
import { pageOf } from '../../http/paging.ts'
import { anyEmployee, staffOrAdmin } from '../../http/auth/permissions.ts'
import { throwFieldErrors } from '../../http/validation.ts'
import { keepPhotos } from '../../shop/photos/photos.ts'
import { answerAtDesk, changeRequest } from '../../shop/trade-ins/desk-steps.ts'
import { nameOfPhoto } from '../../shop/trade-ins/identity-photos.ts'
import { countTodos, waitsFor } from '../../shop/trade-ins/todo.ts'
import { evaluate, findEvaluation, findPickup, listPickups } from '../../shop/trade-ins/trade-ins.ts'
import { detail, one, shown } from './trade-in-view.ts'
import {
  DeskAnswer,
  Evaluation,
  IdentityPhoto,
  IdentityPhotos,
  TradeIn,
  TradeInChanges,
  TradeInDetail,
  TradeInId,
  TradeInQuery,
  TradeInWork,
} from './trade-ins.contract.ts'

/** What customers offer us, for those who look at it: evaluators work here. `offer` and `work` come before `:id`. */
export const tradeIns = [
  read(
    'GET /trade-ins',
    {
      who: anyEmployee,
      query: TradeInQuery,
      response: list(TradeIn),
      summary: 'What customers offer, the newest first',
    },
    async (context, { query: { status, todo, before, store_id, limit = 10, offset }, scope }) => {
      const { db } = context
      const pickups = listPickups(db, scope)
        .$if(status !== undefined, (query) => query.where('pickup_request.status', '=', status!))
        .$if(store_id !== undefined, (query) => query.where('pickup_request.store_id', '=', store_id!))
        .$if(todo !== undefined, (query) => query.where((where) => waitsFor(where, todo!)))
        .$if(before !== undefined, (query) => query.where('pickup_request.scheduled_at', '<', before!))
        .$if(todo === 'collect', inOrderOfTime)
        .orderBy('pickup_request.created_at', 'desc')
        .orderBy('pickup_request.id', 'desc')
      const { rows, total } = await pageOf(db, pickups, { limit, offset })
      return { rows: await shown(context, rows), total }
    },
  ),

  read(
    'GET /trade-ins/work',
    { who: anyEmployee, response: TradeInWork, summary: 'How many requests wait for what' },
    ({ db }) => countTodos(db),
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
      return await detail(context, await findPickup(context.db, params.id, scope))
    },
  ),

  write(
    'PATCH /trade-ins/:id',
    {
      who: anyEmployee,
      params: TradeInId,
      body: json(TradeInChanges),
      response: TradeInDetail,
      summary: 'Notes when a device is to be fetched, that it was, and that it went back',
    },
    async (context, { params: { id }, body, scope }) => {
      await changeRequest(context.trx, id, body)
      return await detail(context, await findPickup(context.trx, id, scope))
    },
  ),

  write(
    'POST /trade-ins/:id/answer',
    {
      who: staffOrAdmin,
      params: TradeInId,
      body: json(DeskAnswer),
      response: TradeInDetail,
      summary: 'What the customer says at the desk to the offer that lies before them',
    },
    async (context, { params: { id }, body: { version, answer: status }, scope }) => {
      await answerAtDesk(context.trx, id, { version, status })
      return await detail(context, await findPickup(context.trx, id, scope))
    },
  ),

  act(
    'POST /trade-ins/:id/identity-photos',
    {
      who: staffOrAdmin,
      params: TradeInId,
      body: multipart(IdentityPhotos, { most: 1, size: 10 * 1_048_576 }),
      response: IdentityPhoto,
      status: 201,
      summary: 'Keeps a photo of the document that the seller shows, for the purchase that names it',
    },
    async (context, { params, body: { photos }, session, scope }) => {
      await findPickup(context.db, params.id, scope)
      return await keepPhotos({ ...context, session, write: context.finish }, photos, async (_, [photo_id]) => ({
        photo: photo_id === undefined ? null : nameOfPhoto(context.tokens, params.id, photo_id),
      }))
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

/** What has no time comes last. */
const inOrderOfTime = (query: ReturnType<typeof listPickups>) =>
  query
    .orderBy(sql`case when pickup_request.scheduled_at is null then 1 else 0 end`)
    .orderBy('pickup_request.scheduled_at')
