import { json } from '../../http/body.ts'
import { write } from '../../http/endpoint.ts'
import { staffOrAdmin } from '../../http/auth/permissions.ts'
import { findCardSale } from '../../shop/sales/order-list.ts'
import { cancelAtDesk, takeAtDesk } from '../../shop/sales/counter-payments.ts'
import { SalesOrder, SalesOrderId } from './web-orders.contract.ts'
import { NewSalesPayment } from './counter-payments.contract.ts'

/** What becomes of the web shop's orders that are paid at the counter. */
export const deskSales = [
  write(
    'POST /sales-orders/:id/payments',
    {
      who: staffOrAdmin,
      params: SalesOrderId,
      body: json(NewSalesPayment),
      response: SalesOrder,
      status: 201,
      refusals: {
        400: {
          'order-awaits-no-money': 'It waits for no money',
          'order-paid-already': 'It is paid already',
          'order-payable-online': 'It may still be paid online',
        },
      },
      summary: 'Takes the whole money of an order that is to be paid at the counter',
    },
    async ({ trx }, { params: { id }, body }) => {
      await takeAtDesk(trx, id, body)
      return await findCardSale(trx, id)
    },
  ),

  write(
    'POST /sales-orders/:id/cancel',
    {
      who: staffOrAdmin,
      params: SalesOrderId,
      response: SalesOrder,
      refusals: {
        400: {
          'order-awaits-no-money': 'It waits for no money',
          'order-paid-already': 'It is paid already',
        },
      },
      summary: 'Gives up an order that nobody paid',
    },
    async ({ trx }, { params: { id } }) => {
      await cancelAtDesk(trx, id)
      return await findCardSale(trx, id)
    },
  ),
]
