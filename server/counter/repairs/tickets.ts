import { z } from 'zod'
import type { Trx } from '../../../db/handle.ts'
import { changeDue } from '../../domain/money/money.ts'
import { json } from '../../http/body.ts'
import { nothing, read, write } from '../../http/endpoint.ts'
import { invalidField, notFound } from '../../http/errors.ts'
import { id } from '../../http/fields.contract.ts'
import { anyEmployee, seesMoney, staffOrAdmin } from '../../http/auth/permissions.ts'
import { assign, listAssignments, unassign } from '../../shop/repairs/assignments.ts'
import { appendOrderEvents } from '../../shop/repairs/order-events.ts'
import { changeOrder, discountAboveCost, findOrder, refuseStaleEdit } from '../../shop/repairs/orders.ts'
import { openPasscode } from '../../shop/repairs/passcodes.ts'
import { correctPayment, findPayment, takePayment } from '../../shop/repairs/payments.ts'
import { codeByCaller } from '../../shop/people/activation-codes.ts'
import { findCustomer } from '../../shop/people/customers.ts'
import { refuseBoughtDevice } from '../../shop/trade-ins/bought.ts'
import { ActivationCode } from '../customers/customers.contract.ts'
import { ticketView, withoutMoney } from './ticket-view.ts'
import {
  AssignTechnician,
  NewMessage,
  NewTicketPayment,
  Passcode,
  PaymentCorrection,
  Ticket,
  TicketChange,
  TicketPaid,
} from './tickets.contract.ts'

const Id = z.object({ id: id() })
const ALL = { own: null }
const BOUGHT = { 409: { 'device-bought': 'The shop has bought the device: its repair is not begun again' } }

export const tickets = [
  read(
    'GET /tickets/:id',
    { who: anyEmployee, params: Id, response: Ticket, summary: 'Everything about a repair' },
    async ({ db, now }, { params, session }) => {
      const ticket = await ticketView(db, params.id, now())
      return seesMoney(session!.caller) ? ticket : withoutMoney(ticket)
    },
  ),

  write(
    'PATCH /tickets/:id',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(TicketChange),
      response: Ticket,
      refusals: BOUGHT,
      summary: 'Changes price, note, status or promise',
    },
    async ({ trx }, { params, body }) => {
      const { from, ...changes } = body
      await refuseBoughtDevice(trx, params.id, changes)
      if (from) await refuseStaleEdit(trx, params.id, asOrderChanges(from), asOrderChanges(changes))
      await refuseExcess(trx, params.id, changes)
      await changeOrder(trx, params.id, asOrderChanges(changes))
      return await ticketView(trx, params.id, trx.act.now)
    },
  ),

  write(
    'POST /tickets/:id/messages',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(NewMessage),
      response: Ticket,
      status: 201,
      summary: 'Writes into the timeline',
    },
    async ({ trx }, { params, body }) => {
      await findOrder(trx, params.id, ALL)
      await appendOrderEvents(trx, params.id, [{ kind: 'message', text: body.text }])
      return await ticketView(trx, params.id, trx.act.now)
    },
  ),

  write(
    'POST /tickets/:id/technicians',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(AssignTechnician),
      response: Ticket,
      status: 201,
      summary: 'Gives the repair to a technician',
    },
    async ({ trx }, { params, body }) => {
      await assign(trx, { order_id: params.id, user_id: body.user_id })
      return await ticketView(trx, params.id, trx.act.now)
    },
  ),

  write(
    'DELETE /tickets/:id/technicians/:user_id',
    {
      who: staffOrAdmin,
      params: z.object({ id: id(), user_id: id() }),
      response: nothing,
      summary: 'Takes the repair from a technician',
    },
    async ({ trx }, { params }) => {
      await findOrder(trx, params.id, ALL)
      const assignment = await listAssignments(trx, { order_id: params.id, user_id: params.user_id }).executeTakeFirst()
      if (!assignment) throw notFound('assignment-not-found', 'Assignment not found')
      await unassign(trx, assignment.id)
    },
  ),

  write(
    'POST /tickets/:id/payments',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(NewTicketPayment),
      response: TicketPaid,
      status: 201,
      summary: 'Takes money, never more than is owed',
    },
    ({ trx }, { params, body }) => pay(trx, params.id, body),
  ),

  write(
    'PATCH /tickets/:id/payments/:payment_id',
    {
      who: staffOrAdmin,
      params: z.object({ id: id(), payment_id: id() }),
      body: json(PaymentCorrection),
      response: Ticket,
      summary: 'Puts a payment right: money that went back, or was mistyped',
    },
    async ({ trx }, { params, body: { amount_cents, method, reference, reason } }) => {
      await findOrder(trx, params.id, ALL)
      const payment = await findPayment(trx, params.payment_id, ALL)
      if (payment.order_id !== params.id) throw notFound('payment-not-found', 'Payment not found')
      const isOther = method !== undefined && method !== payment.payment_method
      const how = isOther && { payment_method: method, transaction_id: reference || null }
      await correctPayment(trx, payment.id, { amount_cents, ...how })
      await appendOrderEvents(trx, params.id, [{ kind: 'message', text: reason }])
      return await ticketView(trx, params.id, trx.act.now)
    },
  ),

  write(
    'POST /tickets/:id/passcode',
    {
      who: staffOrAdmin,
      keyed: false,
      params: Id,
      response: Passcode,
      summary: "Shows the device's passcode, and writes down who saw it",
    },
    async ({ trx, tokens }, { params }) => {
      await findOrder(trx, params.id, ALL)
      const passcode = await openPasscode(trx, tokens, params.id)
      if (passcode === null) throw notFound('passcode-not-kept', 'No passcode is kept')
      await appendOrderEvents(trx, params.id, [{ kind: 'passcode-shown' }])
      return { passcode }
    },
  ),

  write(
    'POST /tickets/:id/claim-code',
    {
      who: staffOrAdmin,
      keyed: false,
      params: Id,
      response: ActivationCode,
      status: 201,
      summary: 'A new one-time code for the customer, for the claim stub',
    },
    async ({ trx }, { params, session }) => {
      const { customer_id } = await findOrder(trx, params.id, ALL)
      await findCustomer(trx, customer_id)
      const code = await codeByCaller(trx, customer_id, session!.caller)
      await appendOrderEvents(trx, params.id, [{ kind: 'claim-code' }])
      return code
    },
  ),
]

/** What the counter calls a promise is the estimated completion of the order. */
const asOrderChanges = <T>({ promised_at, ...changes }: T & { promised_at?: number | null | undefined }) => ({
  ...changes,
  estimated_completion_date: promised_at,
})

/** @throws 404, 422 at the counter's own name for the field */
async function refuseExcess(
  trx: Trx,
  id: number,
  changes: { cost_cents?: number | undefined; discount_cents?: number | undefined },
) {
  const order = await findOrder(trx, id, ALL)
  const { cost_cents = order.cost_cents, discount_cents = order.discount_cents } = changes
  if (discount_cents > cost_cents) throw discountAboveCost('discount_cents')
}

async function pay(
  trx: Trx,
  order_id: number,
  body: z.output<typeof NewTicketPayment>,
): Promise<z.output<typeof TicketPaid>> {
  const { amount_cents, method, tendered_cents, reference } = body
  await findOrder(trx, order_id, ALL)
  if (method === 'Cash' && tendered_cents !== undefined && tendered_cents < amount_cents)
    throw invalidField('tendered_cents', 'cash-too-little', 'the cash given does not cover the amount')
  const payment = await takePayment(trx, {
    order_id,
    amount_cents,
    payment_method: method,
    transaction_id: reference || null,
    tendered_cents: method === 'Cash' ? (tendered_cents ?? null) : null,
  })
  const ticket = await ticketView(trx, order_id, trx.act.now)
  const change_cents = method === 'Cash' && tendered_cents !== undefined ? changeDue(amount_cents, tendered_cents) : 0
  return { ticket, payment: ticket.payments.find(({ id }) => id === payment.id)!, change_cents }
}
