/** The papers of a ticket, in the order in which they are needed. */
export const PAPERS = ['stub', 'label', 'order', 'receipt'] as const
export type Paper = (typeof PAPERS)[number]

type More = { /** The paper that is printed after this one. */ then?: Paper; payment?: number }

export function toPaper(id: number, paper: Paper, { then, payment }: More = {}): string {
  const query = new URLSearchParams({
    ...(then && { then }),
    ...(payment !== undefined && { payment: String(payment) }),
  })
  return `/tickets/${id}/print/${paper}${query.size > 0 ? `?${query}` : ''}`
}
