import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patchUnchecked } from '../../../db/rows.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'
import { wallClock } from '../../domain/time/shop-day.ts'
import { type SellerFacts, type SellerField, sellerFaults, type SellerKind } from '../../domain/trade-ins/seller.ts'
import { badRequest } from '../../http/errors.ts'
import type { Correction } from '../clock-corrections.ts'
import { ownShop } from '../shop-settings.ts'
import { shopRules } from '../shop-rules.ts'

/** Who sells us a device, as the law of the shop asks. Kept until its day, then erased (`erase-sellers.ts`). */

export type Identity = SellerFacts & {
  kind: SellerKind
  /** As the document has it. */
  name: string
  document_kind: string | null
  number: string | null
  issuer: string | null
  address: string | null
  photo_id: number | null
}

/** @throws 400 for a field that the shop's law asks for, for somebody under age, and for a document that has run out */
export async function refuseSeller(trx: Trx, identity: Identity): Promise<void> {
  const rules = await shopRules(trx)
  const missing = rules.seller_fields.filter((field) => isMissing(identity, field))
  if (missing.length > 0)
    throw badRequest('seller-incomplete', 'The seller’s identity is incomplete', { fields: missing.join(', ') })
  const [fault] = sellerFaults(identity, await shopDay(trx, trx.act.now), rules.seller_age)
  if (fault === 'seller-minor')
    throw badRequest('seller-minor', `The seller is younger than ${rules.seller_age}`, { age: rules.seller_age })
  if (fault === 'document-expired') throw badRequest('document-expired', 'The seller’s document has run out')
}

/** Writes down who sold by a purchase and returns the id. */
export const keepIdentity = async (
  trx: Trx,
  of: { customer_id: number; pickup_id: number; receipt_id: number },
  identity: Identity,
): Promise<number> => await insert(trx, 'seller_identity', { ...of, ...identity, retain_until: await retainUntil(trx) })

const isMissing = (identity: Identity, field: SellerField): boolean =>
  field === 'photo' ? identity.photo_id === null : (identity[field] ?? '').trim() === ''

/** The instant after which what the law wants kept is erased. */
export async function retainUntil(trx: Trx): Promise<number> {
  const { retain_years } = await shopRules(trx)
  const day = new Date(trx.act.now)
  return Date.UTC(day.getUTCFullYear() + retain_years, day.getUTCMonth(), day.getUTCDate() + 1)
}

const DAY = 86_400_000

/**
 * Moves the day of the papers that were written after `since`, up to `until`, while the clock was contradicted and `by` ms off:
 * the law counts from the day on which they were written in truth. Never to an earlier hour of a day than its end.
 */
export async function moveRetention(trx: Trx, { since, until, by }: Correction): Promise<void> {
  for (const table of ['seller_identity', 'declaration'] as const) {
    const papers = await trx
      .selectFrom(table)
      .select(['id', (q) => q.ref('retain_until').$notNull().as('retain_until')])
      .where('retain_until', 'is not', null)
      .where('created_at', '>', since)
      .where(idOf(await ownedNodes(trx), 'id'))
      .where('created_at', '<=', until)
      .execute()
    for (const { id, retain_until } of papers)
      await patchUnchecked(trx, table, id, { retain_until: Math.ceil((retain_until + by) / DAY) * DAY })
  }
}

/** The day that the shop's clocks show, `2026-03-01`. */
async function shopDay(db: Db, now: number): Promise<string> {
  const { year, month, day } = wallClock(now, (await ownShop(db)).time_zone)
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}
