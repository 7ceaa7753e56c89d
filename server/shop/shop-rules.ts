import type { Db, Trx } from '../../db/handle.ts'
import { patch } from '../../db/rows.ts'
import { storeHere } from '../../db/self.ts'
import type { SellerField } from '../domain/trade-ins/seller.ts'

/** What a shop decides itself, beside what stands in columns of `store`; kept as JSON in `store.rules`. */
export type ShopRules = {
  /** Full days that a device bought in waits before it may be sold (money.md 7.5). */
  hold_days: number
  /** More than this is paid out for a device only with somebody's approval. */
  payout_limit_cents: number
  /** How long an offer stands. */
  offer_days: number
  /** What is asked of a seller besides their name. */
  seller_fields: SellerField[]
  /** Who is younger sells nothing. */
  seller_age: number
  /** How long identities and declarations are kept after a purchase; then they are erased. */
  retain_years: number
}

/** Until the shop has said otherwise. No law is known here: the shop enters what covers its own. */
export const USUAL_RULES: ShopRules = {
  hold_days: 7,
  payout_limit_cents: 50_000,
  offer_days: 14,
  seller_fields: ['document_kind', 'number'],
  seller_age: 18,
  retain_years: 6,
}

/** The rules of the shop of this terminal. */
export async function shopRules(db: Db): Promise<ShopRules> {
  const { rules } = await ownRules(db)
  // Only setShopRules writes the column.
  return { ...USUAL_RULES, ...(rules === null ? {} : (JSON.parse(rules) as Partial<ShopRules>)) }
}

/** Changes rules; what is left out stays. */
export async function setShopRules(trx: Trx, changes: Partial<ShopRules>): Promise<void> {
  const { id } = await ownRules(trx)
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  await patch(trx, 'store', id, { rules: JSON.stringify({ ...(await shopRules(trx)), ...given }) })
}

const ownRules = (db: Db) => storeHere(db).select(['store.id', 'store.rules']).executeTakeFirstOrThrow()
