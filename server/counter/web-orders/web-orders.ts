import { json } from '../../http/body.ts'
import { act, list, read, write } from '../../http/endpoint.ts'
import { staffOrAdmin } from '../../http/auth/permissions.ts'
import { findCardSale, listCardSales } from '../../shop/sales/order-list.ts'
import { recordManualRefund } from '../../shop/card-payments/manual-refunds.ts'
import { refundMade, refundOrder } from '../../shop/card-payments/refunds.ts'
import { NewRefund, Refund, RefundElsewhere, SalesOrder, SalesOrderId, SalesOrderQuery } from './web-orders.contract.ts'

export const cardPayments = [
  read(
    'GET /sales-orders',
    {
      who: staffOrAdmin,
      query: SalesOrderQuery,
      response: list(SalesOrder),
      summary: 'Sales with their money, newest first',
    },
    ({ db }, { query }) => listCardSales(db, query),
  ),

  read(
    'GET /sales-orders/:id',
    { who: staffOrAdmin, params: SalesOrderId, response: SalesOrder, summary: 'One sale with its money' },
    ({ db }, { params }) => findCardSale(db, params.id),
  ),

  act(
    'POST /sales-orders/:id/refunds',
    {
      who: staffOrAdmin,
      params: SalesOrderId,
      body: json(NewRefund),
      response: Refund,
      status: 201,
      refusals: {
        400: {
          'refund-exceeds-rest': 'More than is left',
          'refund-exceeds-sold': 'More pieces than were sold',
          'refund-zero': 'An amount of 0',
          'amount-has-decimals': 'The currency has no decimals',
          'nothing-paid-by-card': 'Nothing was paid by card',
          'nothing-to-refund': 'Nothing is left',
          'rest-disputed': 'The rest is disputed',
        },
        409: {
          'stripe-refused-refund': 'Stripe refused the refund',
          'stripe-refused-refund-because': 'Stripe refused the refund, and says why',
        },
        500: { 'stripe-not-configured': 'Stripe is not configured' },
      },
      summary: 'Gives money of a sale back to the card',
    },
    (context, { params, body }) => refundOrder(context, { order_id: params.id, ...body }),
    (context, _, id) => refundMade(context, id),
  ),

  write(
    'POST /sales-orders/:id/refunds/elsewhere',
    {
      who: staffOrAdmin,
      params: SalesOrderId,
      body: json(RefundElsewhere),
      response: Refund,
      status: 201,
      refusals: {
        400: {
          'nothing-to-pay-back': 'Nothing is due',
          'refund-exceeds-rest': 'More than is due',
          'refund-zero': 'An amount of 0',
        },
        409: { 'refund-under-way': 'A refund to the card is under way' },
      },
      summary: 'Notes money that was due and went back outside Stripe',
    },
    ({ trx }, { params, body }) => recordManualRefund(trx, params.id, body),
  ),
]
