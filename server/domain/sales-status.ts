/** What becomes of a sale: open until paid, on its way, and done; or taken back. */
export const SALES_STATUSES = ['pending', 'paid', 'shipped', 'completed', 'cancelled', 'refunded'] as const
export type SalesStatus = (typeof SALES_STATUSES)[number]

/** Whether the goods of a sale in this state are the customer's, or kept for them. */
export const holdsStock = (status: SalesStatus) => status !== 'cancelled' && status !== 'refunded'

/**
 * What somebody may make of a sale by hand. A paid one never looks unpaid again, one whose goods went back to the shelf
 * never sells them a second time, and what was refunded is over.
 */
const NEXT: Record<SalesStatus, readonly SalesStatus[]> = {
  pending: ['paid', 'shipped', 'completed', 'cancelled', 'refunded'],
  paid: ['shipped', 'completed', 'cancelled', 'refunded'],
  shipped: ['paid', 'completed', 'cancelled', 'refunded'],
  completed: ['paid', 'shipped', 'cancelled', 'refunded'],
  cancelled: ['refunded'],
  refunded: [],
}

/** Whether a sale may go from one status to another by hand. Staying where it is always may. */
export const mayBecome = (from: SalesStatus, to: SalesStatus) => from === to || NEXT[from].includes(to)

/**
 * Whether the counter waits for the money of a sale: who pays by card online does so there, and goods may have been sent before they
 * were paid for. `payment_method` is the customer's choice.
 */
export const isToPayHere = (
  { status, payment_method }: { status: SalesStatus; payment_method: string },
  isPaid: boolean,
): boolean => payment_method !== 'card' && (status === 'pending' || (status === 'shipped' && !isPaid))

/** Stripe's words for a dispute that is over. */
export const CLOSED_DISPUTES: readonly string[] = ['won', 'lost', 'warning_closed', 'prevented']
