import type { z } from 'zod'
import type { PickupStatus } from '../domain/pickup-status.ts'
import { json } from '../http/body.ts'
import { list, nothing, read, write } from '../http/endpoint.ts'
import type { FieldError } from '../http/errors.ts'
import { pageOf } from '../http/paging.ts'
import { adminRole } from '../http/auth/permissions.ts'
import { throwFieldErrors } from '../http/validation.ts'
import {
  detailsOf,
  evaluate,
  findEvaluation,
  findPickup,
  newestPickups,
  removePickup,
} from '../shop/trade-ins/trade-ins.ts'
import { evaluationOf, pickupOf } from './trade-in-view.ts'
import { AdminPickupPage, AdminTradeIn, Evaluated, EvaluationChanges, PickupId } from './trade-in.contract.ts'

export const adminTradeIns = [
  read(
    'GET /admin/tradeins',
    {
      who: adminRole,
      query: AdminPickupPage,
      response: list(AdminTradeIn),
      summary: 'What customers offer, the newest first',
    },
    async ({ db, ...context }, { query, scope }) => {
      const { rows, total } = await pageOf(db, newestPickups(db, scope), query)
      const { evaluations, photos } = await detailsOf(
        db,
        rows.map(({ id }) => id),
      )
      const shown = rows.map((pickup) => ({
        pickup: pickupOf(context, pickup, photos.get(pickup.id)),
        user: { id: pickup.user_id, email: pickup.user_email, full_name: pickup.user_full_name },
        evaluation: evaluationOf(evaluations.get(pickup.id)),
      }))
      return { rows: shown, total }
    },
  ),

  write(
    'PUT /admin/tradeins/:pickup_id/evaluate',
    {
      who: adminRole,
      params: PickupId,
      body: json(EvaluationChanges),
      response: Evaluated,
      refusals: { 409: { 'bought-already': 'The device was bought: it stays accepted, at its price' } },
      summary: 'Writes down what was found, what we offer, and where the request stands',
    },
    async (context, { params: { pickup_id }, body, session }) => {
      const { trx } = context
      const { status, final_offer: final_offer_cents, evaluation_cost: evaluation_cost_cents, ...found } = body
      if (!(await findEvaluation(trx, pickup_id))) refuseMissing(body)
      const by = { tester_id: session!.caller.id, status: status && statusOf(status) }
      await evaluate(trx, pickup_id, by, { ...found, final_offer_cents, evaluation_cost_cents })
      const { photos } = await detailsOf(trx, [pickup_id])
      return {
        pickup: pickupOf(context, await findPickup(trx, pickup_id, { own: null }), photos.get(pickup_id)),
        evaluation: evaluationOf(await findEvaluation(trx, pickup_id))!,
      }
    },
  ),

  write(
    'DELETE /admin/tradeins/:pickup_id',
    {
      who: adminRole,
      params: PickupId,
      response: nothing,
      refusals: { 409: { 'bought-already': 'The device was bought: its documents name the request' } },
      summary: 'Removes a request; the journal keeps it',
    },
    async ({ trx }, { params }) => await removePickup(trx, params.pickup_id),
  ),
]

/** The words of an admin page that exists (as decided for evaluations). */
const OTHER_WORDS: Record<string, PickupStatus> = {
  scheduled: 'requested',
  evaluated: 'evaluating',
  offer_sent: 'offered',
  completed: 'accepted',
}

const statusOf = (word: NonNullable<z.output<typeof EvaluationChanges>['status']>) =>
  OTHER_WORDS[word] ?? (word as PickupStatus) // The contract allows the six states and these words only.

/** @throws 422 when the first evaluation lacks its offer or status */
function refuseMissing(body: z.output<typeof EvaluationChanges>) {
  const missing = (['final_offer', 'status'] as const).filter((field) => body[field] === undefined)
  throwFieldErrors(
    missing.map((field): FieldError => ({ type: 'missing', loc: ['body', field], msg: 'Field required' })),
  )
}
