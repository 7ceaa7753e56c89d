import type { Db, Trx } from '../../../db/handle.ts'
import { insert, remove } from '../../../db/rows.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { worksHere } from '../people/reach.ts'
import { findUser } from '../people/users.ts'
import { appendOrderEvents } from './order-events.ts'

/** Who works on which repair. */
export type Assignment = { id: number; order_id: number; user_id: number; assigned_at: number }

/**
 * Gives an order to a technician.
 * @throws 404 for the order, then the person; 400 when it is assigned already, or the person does not work here
 */
export async function assign(
  trx: Trx,
  { order_id, user_id }: Pick<Assignment, 'order_id' | 'user_id'>,
): Promise<Assignment> {
  const order = await trx
    .selectFrom('repair_order')
    .select('id')
    .where('id', '=', order_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!order) throw notFound('order-not-found', 'Order not found')
  const user = await findUser(trx, user_id, { own: null })
  if (await listAssignments(trx, { order_id, user_id }).executeTakeFirst())
    throw badRequest('assignment-exists', 'Assignment already exists')
  if (!worksHere(user) || !user.is_active) throw badRequest('assignee-not-staff', 'Only staff can be assigned')
  const assignment = { order_id, user_id, assigned_at: trx.act.now }
  const id = await insert(trx, 'assignment', assignment)
  await appendOrderEvents(trx, order_id, [{ kind: 'assigned', user_id }])
  return { id, ...assignment }
}

/**
 * The assignment with this id.
 * @throws 404
 */
export async function findAssignment(db: Db, id: number): Promise<Assignment> {
  const assignment = await listAssignments(db).where('id', '=', id).executeTakeFirst()
  if (!assignment) throw notFound('assignment-not-found', 'Assignment not found')
  return assignment
}

export type AssignmentFilter = { order_id?: number | undefined; user_id?: number | undefined }

/** Assignments in id order, of an order or a person if said so. */
export function listAssignments(db: Db, { order_id, user_id }: AssignmentFilter = {}) {
  return db
    .selectFrom('assignment')
    .select(['id', 'order_id', 'user_id', 'assigned_at'])
    .where('deleted_at', 'is', null)
    .$if(order_id !== undefined, (query) => query.where('order_id', '=', order_id!))
    .$if(user_id !== undefined, (query) => query.where('user_id', '=', user_id!))
    .orderBy('id')
}

/**
 * Takes an order from a technician.
 * @throws 404
 */
export async function unassign(trx: Trx, id: number): Promise<void> {
  const { order_id, user_id } = await findAssignment(trx, id)
  await remove(trx, 'assignment', id)
  await appendOrderEvents(trx, order_id, [{ kind: 'unassigned', user_id }])
}

/** Takes an order from everybody. */
export async function removeAssignmentsOf(trx: Trx, order_id: number): Promise<void> {
  for (const { id } of await listAssignments(trx, { order_id }).execute()) await unassign(trx, id)
}
