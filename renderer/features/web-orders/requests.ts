import type { z } from 'zod'
import type {
  NewRefund,
  Refund,
  RefundElsewhere,
  SalesOrder,
  SalesOrderQuery,
} from '../../../server/counter/web-orders/web-orders.contract.ts'
import type { NewSalesPayment } from '../../../server/counter/web-orders/counter-payments.contract.ts'
import { get, post, type Wire } from '../../api.ts'

/** What the screens of the web shop's orders ask of the server. */

export type WebOrder = Wire<typeof SalesOrder>
export type WebOrderFilter = Omit<Wire<typeof SalesOrderQuery>, 'before' | 'limit'>

export const PAGE_SIZE = 50

export const fetchWebOrders = (filter: WebOrderFilter, before?: number) =>
  get<z.ZodArray<typeof SalesOrder>>('/counter/sales-orders', { query: { ...filter, before, limit: PAGE_SIZE } })
export const fetchWebOrder = (id: number) => get<typeof SalesOrder>(`/counter/sales-orders/${id}`)

export const takeMoney = (id: number, payment: Wire<typeof NewSalesPayment>, key: string) =>
  post<typeof SalesOrder, typeof NewSalesPayment>(`/counter/sales-orders/${id}/payments`, payment, { key })
export const cancelOrder = (id: number, key: string) =>
  post<typeof SalesOrder>(`/counter/sales-orders/${id}/cancel`, undefined, { key })
/** By Stripe, to the card that paid. */
export const refund = (id: number, body: Wire<typeof NewRefund>, key: string) =>
  post<typeof Refund, typeof NewRefund>(`/counter/sales-orders/${id}/refunds`, body, { key })
/** Records a refund that was made outside of this program; moves no money. */
export const recordManualRefund = (id: number, body: Wire<typeof RefundElsewhere>, key: string) =>
  post<typeof Refund, typeof RefundElsewhere>(`/counter/sales-orders/${id}/refunds/elsewhere`, body, { key })
