/** The addresses of the counter's screens. */
export const toTicket = (id: number) => `/tickets/${id}`
export const toDevice = (id: number) => `/devices/${id}`
export const toWebOrder = (id: number) => `/web-orders/${id}`
export const toWebOrderReceipt = (id: number, number: string) => `/web-orders/${id}/print/${number}`
export const toEvaluation = (id: string) => `/buy-in/${id}`
/** Begins an evaluation with what is known, or goes on with the one that is under way. */
export const toBuyIn = (known: { device?: number; order?: number; request?: number; serial?: string }) =>
  `/buy-in?${new URLSearchParams(Object.entries(known).map(([name, value]) => [name, String(value)]))}`
export const toCustomer = (id: number) => `/customers/${id}`

export const TO_TRADE_INS = '/trade-ins'
/** What is to be fetched today, as a paper. */
export const TO_ROUND = '/trade-ins/round'
export const toTradeIn = (id: number) => `/trade-ins/${id}`
export const toPurchase = (request: number) => `/trade-ins/${request}/purchase`
/** What was bought, with its money, papers and piece of stock. */
export const toBought = (id: number) => `/purchases/${id}`
export const toRequestLabel = (id: number) => `/trade-ins/${id}/print/label`

export type PurchasePaper = 'purchase' | 'label'
/** `then` is the paper that comes after it. */
export const toPurchasePaper = (id: number, paper: PurchasePaper, then?: PurchasePaper) =>
  `/purchases/${id}/print/${paper}${then ? `?then=${then}` : ''}`

/** What is put aside, what has two values, and what is there twice. */
export const ASIDE_PARTS = ['waiting', 'conflicts', 'duplicates'] as const
export type AsidePart = (typeof ASIDE_PARTS)[number]
export const toAside = (part: AsidePart) => `/aside?show=${part}`

type IntakePrefill = { customer?: number; device?: number; serial?: string; name?: string; phone?: string }

/** Intake with what is known already: `/intake?customer=12&device=30`. */
export function toIntake(known: IntakePrefill = {}): string {
  const pairs = Object.entries(known).map(([name, value]) => [name, String(value)])
  return pairs.length === 0 ? '/intake' : `/intake?${new URLSearchParams(pairs)}`
}
