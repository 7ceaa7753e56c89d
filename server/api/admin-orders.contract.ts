import { z } from 'zod'
import { SALES_STATUSES } from '../domain/sales-status.ts'
import { id, instant, jsonObject, oneOf, optional, text } from '../http/fields.contract.ts'
import { money } from './orders.contract.ts'
import { paging } from './query.contract.ts'

export const AdminOrder = z.object({
  id: id(),
  user_id: id(),
  status: oneOf(SALES_STATUSES),
  ...money,
  notes: text().nullable(),
  shipping_address_json: jsonObject().nullable(),
  created_at: instant(),
})

export const AdminOrderRow = z.object({
  order: AdminOrder,
  user: z.object({ id: id(), email: text().nullable(), full_name: text() }),
})

/** The newest 1,000 unless said otherwise. */
export const AdminOrdersQuery = z.object(paging(1_000))

export const AdminOrderChanges = z.object({ status: optional(oneOf(SALES_STATUSES)), notes: optional(text()) })
export const AdminOrderId = z.object({ order_id: id() })
