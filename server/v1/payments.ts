import type { z } from 'zod'
import { json } from '../http/body.ts'
import { list, nothing, read, write } from '../http/endpoint.ts'
import { pagesOf } from '../http/paging.ts'
import { admin, ownerOrStaffOrAdmin, staffOrAdmin } from '../http/auth/permissions.ts'
import {
  correctPayment,
  findPayment,
  listPayments,
  type Payment as Taken,
  type PaymentFilter,
  removePayment,
  takePayment,
} from '../shop/repairs/payments.ts'
import { NewPayment, Payment, PaymentChanges, PaymentId, PaymentQuery } from './payments.contract.ts'

export const payments = [
  write(
    'POST /payments',
    {
      who: staffOrAdmin,
      body: json(NewPayment),
      response: Payment,
      status: 201,
      summary: 'Takes money on an order, or notes what is owed',
    },
    async ({ trx }, { body: { due_amount, amount, ...payment } }) =>
      shown(await takePayment(trx, { ...payment, due_amount_cents: due_amount, amount_cents: amount })),
  ),

  read(
    'GET /payments',
    {
      who: ownerOrStaffOrAdmin,
      query: PaymentQuery,
      response: list(Payment),
      summary: 'Lists payments; a customer sees those on their orders',
    },
    async ({ db }, { query: { limit, offset, ...filter }, scope }) => {
      const { rows, total } = await paymentPages(db, { own: scope.own ?? undefined, ...filter }, { limit, offset })
      return { rows: rows.map(shown), total }
    },
  ),

  read(
    'GET /payments/:payment_id',
    { who: ownerOrStaffOrAdmin, params: PaymentId, response: Payment, summary: 'One payment' },
    async ({ db }, { params, scope }) => shown(await findPayment(db, params.payment_id, scope)),
  ),

  write(
    'PATCH /payments/:payment_id',
    {
      who: staffOrAdmin,
      params: PaymentId,
      body: json(PaymentChanges),
      response: Payment,
      summary: 'Corrects a payment',
    },
    async ({ trx }, { params, body: { amount, ...correction } }) =>
      shown(await correctPayment(trx, params.payment_id, { ...correction, amount_cents: amount })),
  ),

  write(
    'DELETE /payments/:payment_id',
    { who: admin, params: PaymentId, response: nothing, summary: 'Takes a payment back; the journal keeps it' },
    async ({ trx }, { params }) => await removePayment(trx, params.payment_id),
  ),
]

/** A payment as /v1 shows it. */
function shown({ due_amount_cents: due_amount, amount_cents: amount, ...payment }: Taken): z.output<typeof Payment> {
  return { ...payment, due_amount, amount }
}

const paymentPages = pagesOf('payment', (db, { own, ...filter }: PaymentFilter & { own?: number | undefined }) =>
  listPayments(db, { own: own ?? null }, filter),
)
