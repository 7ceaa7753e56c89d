/** Whether tax was deductible for the seller: what the margin scheme will ask (money.md 8.1). */
export const SELLER_KINDS = ['private', 'exempt', 'deducts'] as const
export type SellerKind = (typeof SELLER_KINDS)[number]

/** What a shop may have to ask of a seller. Which of them, its law says and its settings hold. */
export const SELLER_FIELDS = ['document_kind', 'number', 'issuer', 'valid_until', 'born', 'address', 'photo'] as const
export type SellerField = (typeof SELLER_FIELDS)[number]

/** Dates as `2026-03-01`, which compare as text. */
export type SellerFacts = { valid_until: string | null; born: string | null }

export type SellerFault = 'seller-minor' | 'document-expired'

/** Who may not sell today: somebody under age, or whose document has run out. `today` is the shop's day. */
export function sellerFaults({ valid_until, born }: SellerFacts, today: string, age: number): SellerFault[] {
  const faults: SellerFault[] = []
  if (born !== null && birthday(born, age) > today) faults.push('seller-minor')
  if (valid_until !== null && valid_until < today) faults.push('document-expired')
  return faults
}

/** The day on which somebody born then is that old; who was born on 29 February is so on 1 March of other years. */
function birthday(born: string, age: number): string {
  const [year, month, day] = born.split('-').map(Number) as [number, number, number]
  return new Date(Date.UTC(year + age, month - 1, day)).toISOString().slice(0, 10)
}
