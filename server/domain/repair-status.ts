export const ORDER_STATUSES = ['Pending', 'Repairing', 'Completed', 'Cancelled'] as const
export const PAYMENT_STATUSES = ['Paid', 'Due', 'Unpaid', 'Partial'] as const

export type OrderStatus = (typeof ORDER_STATUSES)[number]
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/** What a payment's figures, in cents, say about it. `due` is what it was to settle; nothing due and nothing paid is Paid. */
export function paymentStatus(due: number, amount: number, order: OrderStatus): PaymentStatus {
  if (amount >= due) return 'Paid'
  if (amount > 0) return 'Partial'
  return order === 'Completed' ? 'Due' : 'Unpaid'
}

/** The repair still waits for work. */
export const OPEN_STATUSES = ['Pending', 'Repairing'] as const satisfies readonly OrderStatus[]

/** Whether the repair still waits for work. */
export const isOpen = (status: OrderStatus): boolean => OPEN_STATUSES.some((open) => open === status)

/** Beyond this nobody expects a device on the shelf that was not handed over here, in ms. */
export const MAX_PICK_UP_WAIT_MS = 42 * 86_400_000

type Fetched = { status: OrderStatus; completed_at: number | null; picked_up_at: number | null }

/** Whether the repair is done and its device still in the shop. */
export const isReady = ({ status, completed_at, picked_up_at }: Fetched, now: number): boolean =>
  status === 'Completed' && picked_up_at === null && (completed_at ?? 0) >= now - MAX_PICK_UP_WAIT_MS

/** Whether an open repair is past the instant (ms) it was promised for. */
export function isOverdue(order: { status: OrderStatus; promised_at: number | null }, now: number): boolean {
  return isOpen(order.status) && order.promised_at !== null && order.promised_at < now
}
