import { faultName } from '../../../ui/starter-names.ts'
import type { Ticket, TicketReceipt } from '../requests.ts'

/** The papers of a ticket, in the order in which they are needed. */
export const PAPERS = ['stub', 'label', 'order', 'receipt'] as const
export type Paper = (typeof PAPERS)[number]

/** The receipts that can be printed: each has its number. None are shown to evaluators. */
export const receiptsOf = ({ receipts }: Partial<Pick<Ticket, 'receipts'>>): TicketReceipt[] =>
  receipts?.filter(({ number }) => number !== null) ?? []

type PaperOptions = { /** The paper that is printed after this one. */ then?: Paper; receipt?: string | null }

export function toPaper(id: number, paper: Paper, { then, receipt }: PaperOptions = {}): string {
  const query = new URLSearchParams({ ...(then && { then }), ...(receipt && { receipt }) })
  return `/tickets/${id}/print/${paper}${query.size > 0 ? `?${query}` : ''}`
}

/** Faults and the customer's words together, as one sentence. */
export function problemOf({ intake, note }: Ticket): string {
  return [intake?.problems.map(({ name }) => faultName(name)).join(', '), note].filter(Boolean).join(' – ')
}
