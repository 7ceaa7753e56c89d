import { json } from '../http/body.ts'
import { list, nothing, read, write } from '../http/endpoint.ts'
import { allOrPageOf, pagesOf } from '../http/paging.ts'
import { anyEmployee, staffOrAdmin } from '../http/auth/permissions.ts'
import {
  assign,
  type AssignmentFilter,
  findAssignment,
  listAssignments,
  unassign,
} from '../shop/repairs/assignments.ts'
import { findOrder } from '../shop/repairs/orders.ts'
import { Assignment, AssignmentId, AssignmentQuery, NewAssignment } from './assigns.contract.ts'
import { OrderId } from './orders.contract.ts'

const assignSpec = {
  who: staffOrAdmin,
  body: json(NewAssignment),
  response: Assignment,
  status: 201,
  summary: 'Gives an order to a technician',
}

/** Who works on which repair, in both spellings of the documents: `/orders/assign` and `/assigns`. */
export const assigns = [
  write('POST /orders/assign', assignSpec, ({ trx }, { body }) => assign(trx, body)),

  read(
    'GET /orders/assign/:order_id',
    { who: anyEmployee, params: OrderId, response: list(Assignment), summary: 'Everybody who works on an order' },
    async ({ db }, { params: { order_id } }) => {
      await findOrder(db, order_id, { own: null })
      return await allOrPageOf(db, listAssignments(db, { order_id }), {})
    },
  ),

  write('POST /assigns', assignSpec, ({ trx }, { body }) => assign(trx, body)),

  read(
    'GET /assigns',
    { who: anyEmployee, query: AssignmentQuery, response: list(Assignment), summary: 'Lists assignments' },
    ({ db }, { query: { limit, offset, ...filter } }) => assignmentPages(db, filter, { limit, offset }),
  ),

  read(
    'GET /assigns/:assign_id',
    { who: anyEmployee, params: AssignmentId, response: Assignment, summary: 'One assignment' },
    ({ db }, { params }) => findAssignment(db, params.assign_id),
  ),

  write(
    'DELETE /assigns/:assign_id',
    { who: staffOrAdmin, params: AssignmentId, response: nothing, summary: 'Takes an order from a technician' },
    async ({ trx }, { params }) => await unassign(trx, params.assign_id),
  ),
]

const assignmentPages = pagesOf('assignment', (db, filter: AssignmentFilter) => listAssignments(db, filter))
