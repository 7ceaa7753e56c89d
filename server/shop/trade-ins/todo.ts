import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import type { Schema } from '../../../db/schema/schema.ts'
import { PICKUP_TODOS, type PickupTodo } from '../../domain/trade-ins/todo.ts'

/** The work that requests mean, by what each of them waits for. */

type Where = ExpressionBuilder<Schema, 'pickup_request'>

/** Holds for requests that wait for this; `open` for all that wait for anything. */
export function waitsFor(where: Where, todo: PickupTodo | 'open'): Expression<SqlBool> {
  return todo === 'open' ? where.or(PICKUP_TODOS.map((one) => WAITS[one](where))) : WAITS[todo](where)
}

const WAITS: Record<PickupTodo, (where: Where) => Expression<SqlBool>> = {
  collect: (where) => where('pickup_request.status', '=', 'requested'),
  evaluate: (where) => where('pickup_request.status', 'in', ['collected', 'evaluating']),
  answer: (where) => where('pickup_request.status', '=', 'offered'),
  // What was accepted before offers had versions is not paid here any more.
  pay: (where) =>
    where.and([
      where('pickup_request.status', '=', 'accepted'),
      where.exists(where.selectFrom('offer').select('offer.id').whereRef('offer.pickup_id', '=', 'pickup_request.id')),
      where.not(where.exists(boughtOf(where))),
    ]),
  // Nothing goes back that was never seen here.
  'give-back': (where) =>
    where.and([
      where('pickup_request.status', '=', 'rejected'),
      where('pickup_request.device_id', 'is not', null),
      where('pickup_request.given_back_at', 'is', null),
    ]),
}

/** The purchase of a request that was not undone. */
const boughtOf = (where: Where) =>
  where
    .selectFrom('receipt_line')
    .innerJoin('receipt', 'receipt.id', 'receipt_line.receipt_id')
    .leftJoin('receipt as undone', 'undone.original_id', 'receipt.id')
    .select('receipt.id')
    .whereRef('receipt_line.pickup_id', '=', 'pickup_request.id')
    .where('receipt.original_id', 'is', null)
    .where('undone.id', 'is', null)

/** How many requests wait for what, and what is offered or accepted and not paid yet, in cents. */
export async function countTodos(db: Db): Promise<Record<PickupTodo, number> & { unpaid_cents: number }> {
  const counts = {} as Record<PickupTodo, number>
  for (const todo of PICKUP_TODOS) counts[todo] = await count(db, todo)
  const { unpaid_cents } = await db
    .selectFrom('pickup_request')
    .innerJoin('evaluation', 'evaluation.pickup_id', 'pickup_request.id')
    .select(({ fn }) => fn.coalesce(fn.sum<number>('evaluation.final_offer_cents'), sql<number>`0`).as('unpaid_cents'))
    .where('pickup_request.deleted_at', 'is', null)
    .where('evaluation.deleted_at', 'is', null)
    .where((where) => where.or([waitsFor(where, 'answer'), waitsFor(where, 'pay')]))
    .executeTakeFirstOrThrow()
  return { ...counts, unpaid_cents }
}

async function count(db: Db, todo: PickupTodo): Promise<number> {
  const { n } = await db
    .selectFrom('pickup_request')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('deleted_at', 'is', null)
    .where((where) => waitsFor(where, todo))
    .executeTakeFirstOrThrow()
  return n
}
