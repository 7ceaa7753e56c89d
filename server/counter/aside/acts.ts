import type { ACTS } from './aside.contract.ts'

/** What the journal calls an act, in the words of people. */

type Act = (typeof ACTS)[number]

const ACT_OF: Readonly<Record<string, Act>> = {
  'POST /counter/intakes': 'taken-in',
  'POST /v1/orders': 'taken-in',
  'PATCH /counter/tickets/:id': 'repair-changed',
  'PATCH /v1/orders/:order_id': 'repair-changed',
  'POST /counter/repairs/status': 'status-set',
  'POST /counter/tickets/:id/messages': 'message',
  'POST /counter/tickets/:id/technicians': 'assigned',
  'DELETE /counter/tickets/:id/technicians/:user_id': 'assigned',
  'POST /counter/tickets/:id/payments': 'paid',
  'POST /v1/payments': 'paid',
  'PATCH /counter/tickets/:id/payments/:payment_id': 'payment-corrected',
  'PATCH /v1/payments/:payment_id': 'payment-corrected',
  'POST /counter/trade-ins/:id/purchase': 'bought-in',
  'PUT /counter/trade-ins/:id/evaluation': 'evaluated',
  'POST /counter/buy-ins/:id/offer': 'evaluated',
  'POST /counter/trade-ins/:id/answer': 'offer-answered',
  'POST /api/tradein/pickup-requests/:pickup_id/respond': 'offer-answered',
  'PATCH /counter/trade-ins/:id': 'request-changed',
  'PATCH /counter/customers/:id': 'customer-changed',
  'POST /counter/people': 'person-added',
  'PATCH /counter/people/:id': 'person-changed',
  'PUT /counter/shop': 'shop-changed',
  'PATCH /counter/shop/rules': 'shop-changed',
  'POST /counter/trade-in-prices': 'prices-changed',
  'PUT /counter/trade-in-prices': 'prices-changed',
  'PATCH /counter/trade-in-prices/:id': 'prices-changed',
  'DELETE /counter/trade-in-prices/:id': 'prices-changed',
  'POST /counter/trade-in-deductions': 'prices-changed',
  'PATCH /counter/trade-in-deductions/:id': 'prices-changed',
  'DELETE /counter/trade-in-deductions/:id': 'prices-changed',
  'POST /counter/checklists': 'questions-changed',
  'POST /counter/checklists/starter': 'questions-changed',
  'POST /counter/checklists/:id/questions': 'questions-changed',
  'PUT /counter/checklists/:id/order': 'questions-changed',
  'PATCH /counter/questions/:id': 'questions-changed',
  'DELETE /counter/questions/:id': 'questions-changed',
  'POST /counter/categories': 'category-changed',
  'PATCH /counter/categories/:id': 'category-changed',
  'DELETE /counter/categories/:id': 'category-changed',
  'POST /counter/products': 'goods-changed',
  'PATCH /counter/products/:id': 'goods-changed',
  'DELETE /counter/products/:id': 'goods-changed',
  'POST /counter/products/:id/stock/receipts': 'stock-received',
  'POST /counter/products/:id/stock/counts': 'stock-counted',
  'POST /counter/products/:id/stock/write-offs': 'written-off',
  'POST /api/orders/checkout': 'order-placed',
  'POST /counter/sales-orders/:id/payments': 'order-paid',
  'POST /counter/sales-orders/:id/cancel': 'order-cancelled',
  'POST /counter/sales-orders/:id/refunds': 'refunded',
  'POST /counter/sales-orders/:id/refunds/elsewhere': 'refunded',
}

/** `act` is as a journal has it: anything that some machine wrote there. */
export function actOf(act: string): Act {
  if (Object.hasOwn(ACT_OF, act)) return ACT_OF[act]!
  return act.startsWith('import ') ? 'imported' : 'other'
}

/** The acts that have words: each is an endpoint that there is. */
export const NAMED_ACTS: readonly string[] = Object.keys(ACT_OF)
