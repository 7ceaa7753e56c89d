import type { Ticket } from '../requests.ts'

/** The papers of a ticket, in the order in which they are needed. */
export const PAPERS = ['stub', 'label', 'order', 'receipt'] as const
export type Paper = (typeof PAPERS)[number]

/** The payments that moved money, each with its receipt; the others only note what was owed. */
export function receiptsOf<T extends { receipt_number: string | null }>({ payments }: { payments: readonly T[] }): T[] {
  return payments.filter(({ receipt_number }) => receipt_number !== null)
}

type PaperOptions = { /** The paper that is printed after this one. */ then?: Paper; payment?: number }

export function toPaper(id: number, paper: Paper, { then, payment }: PaperOptions = {}): string {
  const query = new URLSearchParams({
    ...(then && { then }),
    ...(payment !== undefined && { payment: String(payment) }),
  })
  return `/tickets/${id}/print/${paper}${query.size > 0 ? `?${query}` : ''}`
}

/** Faults and the customer's words together, as one sentence. */
export function problemOf({ intake, note }: Ticket): string {
  return [intake?.problems.map(({ name }) => name).join(', '), note].filter(Boolean).join(' – ')
}
