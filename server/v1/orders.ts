import type { z } from 'zod'
import { json } from '../http/body.ts'
import { list, nothing, read, write } from '../http/endpoint.ts'
import { pagesOf } from '../http/paging.ts'
import { admin, ownerOrAnyEmployee, staffOrAdmin } from '../http/auth/permissions.ts'
import {
  changeOrder,
  findOrder,
  listOrders,
  openOrder,
  type Order,
  type OrderFilter,
  removeOrder,
  totalOf,
} from '../shop/repairs/orders.ts'
import { NewOrder, OrderChanges, OrderId, OrderQuery, RepairOrder } from './orders.contract.ts'

export const orders = [
  write(
    'POST /orders',
    {
      who: staffOrAdmin,
      body: json(NewOrder),
      response: RepairOrder,
      status: 201,
      summary: 'Takes a device in for repair',
    },
    async ({ trx }, { body: { cost, discount, ...order } }) =>
      shown(await openOrder(trx, { ...order, cost_cents: cost, discount_cents: discount })),
  ),

  read(
    'GET /orders',
    {
      who: ownerOrAnyEmployee,
      query: OrderQuery,
      response: list(RepairOrder),
      summary: 'Lists repair orders; a customer sees their own',
    },
    async ({ db }, { query: { limit, offset, ...filter }, scope }) => {
      const { rows, total } = await orderPages(db, { own: scope.own ?? undefined, ...filter }, { limit, offset })
      return { rows: rows.map(shown), total }
    },
  ),

  read(
    'GET /orders/:order_id',
    { who: ownerOrAnyEmployee, params: OrderId, response: RepairOrder, summary: 'One repair order' },
    async ({ db }, { params, scope }) => shown(await findOrder(db, params.order_id, scope)),
  ),

  write(
    'PATCH /orders/:order_id',
    {
      who: staffOrAdmin,
      params: OrderId,
      body: json(OrderChanges),
      response: RepairOrder,
      summary: 'Changes price, status, note, fault or promised date',
    },
    async ({ trx }, { params, body: { cost, discount, ...changes } }) =>
      shown(await changeOrder(trx, params.order_id, { ...changes, cost_cents: cost, discount_cents: discount })),
  ),

  write(
    'DELETE /orders/:order_id',
    {
      who: admin,
      params: OrderId,
      response: nothing,
      summary: 'Removes a repair order and its payments; the journal keeps both',
    },
    async ({ trx }, { params }) => await removeOrder(trx, params.order_id),
  ),
]

/** An order as /v1 shows it. */
function shown(order: Order): z.output<typeof RepairOrder> {
  const { cost_cents: cost, discount_cents: discount, ticket_number: _, ...rest } = order
  return { ...rest, cost, discount, total_cost: totalOf(order) }
}

const orderPages = pagesOf('repair_order', (db, { own, ...filter }: OrderFilter & { own?: number | undefined }) =>
  listOrders(db, { own: own ?? null }, filter),
)
