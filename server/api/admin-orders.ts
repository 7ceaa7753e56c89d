import type { z } from 'zod'
import { json } from '../http/body.ts'
import { list, nothing, read, write } from '../http/endpoint.ts'
import { pageOf } from '../http/paging.ts'
import { adminRole } from '../http/auth/permissions.ts'
import { peopleById } from '../shop/people/users.ts'
import { changeSalesOrder, removeSalesOrder } from '../shop/sales/order-outcome.ts'
import { findSalesOrder, listSalesOrders, type SalesOrder } from '../shop/sales/orders.ts'
import { shownMoney } from './orders.ts'
import {
  AdminOrder,
  AdminOrderChanges,
  AdminOrderId,
  AdminOrderRow,
  AdminOrdersQuery,
} from './admin-orders.contract.ts'

export const adminOrders = [
  read(
    'GET /admin/orders',
    { who: adminRole, query: AdminOrdersQuery, response: list(AdminOrderRow), summary: 'All orders, newest first' },
    async ({ db }, { query: { limit = 1_000, offset }, scope }) => {
      const { rows, total } = await pageOf(db, listSalesOrders(db, scope), { limit, offset })
      const people = await peopleById(db, [...new Set(rows.map(({ user_id }) => user_id))])
      return { rows: rows.map((order) => ({ order: shown(order), user: people.get(order.user_id)! })), total }
    },
  ),

  write(
    'PUT /admin/orders/:order_id',
    {
      who: adminRole,
      params: AdminOrderId,
      body: json(AdminOrderChanges),
      response: AdminOrder,
      summary: 'Changes status and notes; cancelling and refunding give the stock back',
    },
    async ({ trx }, { params: { order_id }, body, scope }) => {
      await changeSalesOrder(trx, order_id, body)
      return shown(await findSalesOrder(trx, order_id, scope))
    },
  ),

  write(
    'DELETE /admin/orders/:order_id',
    {
      who: adminRole,
      params: AdminOrderId,
      response: nothing,
      summary: 'Removes an order, its items and payments; money that is due back stays in sight at the desk',
    },
    async ({ trx }, { params }) => await removeSalesOrder(trx, params.order_id),
  ),
]

/** An order as the admin part shows it. */
const shown = (order: SalesOrder): z.output<typeof AdminOrder> => ({
  ...order,
  ...shownMoney(order),
  shipping_address_json: order.shipping_address,
})
