/** What becomes of a sale: open until paid, on its way, and done; or taken back. */
export const SALES_STATUSES = ['pending', 'paid', 'shipped', 'completed', 'cancelled', 'refunded'] as const
export type SalesStatus = (typeof SALES_STATUSES)[number]

/** Whether the goods of a sale in this state are the customer's, or kept for them. */
export const holdsStock = (status: SalesStatus) => status !== 'cancelled' && status !== 'refunded'
