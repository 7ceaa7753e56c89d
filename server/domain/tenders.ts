/** How money changes hands at the counter. Card is an external terminal, with its reference. */
export const TENDERS = ['Cash', 'Card', 'Other'] as const
export type Tender = (typeof TENDERS)[number]
