import { readConflicts } from '../../../db/fleet/conflicts.ts'
import type { Db } from '../../../db/handle.ts'

/** An answer of the customer that another offer has overtaken: two machines, of which one did not know what the other did. */
export type Overtaken = { answered_cents: number; standing_cents: number | null }

/**
 * Of these requests those whose customer has said yes to another amount than the offer that stands, or whose answer lost against
 * a later offer that did not know it. What is paid is what was answered.
 */
export async function overtakenOffers(db: Db, pickup_ids: readonly number[]): Promise<Map<number, Overtaken>> {
  const overtaken = new Map<number, Overtaken>()
  if (pickup_ids.length === 0) return overtaken
  const requests = await db
    .selectFrom('pickup_request')
    .select(['id', 'status', 'answered_offer_cents'])
    .where('id', 'in', [...pickup_ids])
    .where('deleted_at', 'is', null)
    .execute()
  for (const { id, status, answered_offer_cents } of requests) {
    const standing_cents = await standingCents(db, id)
    if (status === 'accepted' && answered_offer_cents !== null) {
      if (standing_cents !== null && standing_cents !== answered_offer_cents)
        overtaken.set(id, { answered_cents: answered_offer_cents, standing_cents })
      continue
    }
    const answered_cents = await lostAnswer(db, id)
    if (status === 'offered' && answered_cents !== null) overtaken.set(id, { answered_cents, standing_cents })
  }
  return overtaken
}

/** The price of the last version; of versions that two machines made at once, of the one that came last. */
async function standingCents(db: Db, pickup_id: number): Promise<number | null> {
  const offer = await db
    .selectFrom('offer')
    .select('price_cents')
    .where('pickup_id', '=', pickup_id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (offer) return offer.price_cents
  const evaluation = await db
    .selectFrom('evaluation')
    .select('final_offer_cents')
    .where('pickup_id', '=', pickup_id)
    .where('deleted_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return evaluation?.final_offer_cents ?? null
}

async function lostAnswer(db: Db, pickup_id: number): Promise<number | null> {
  const conflicts = await readConflicts(db, 'pickup_request', pickup_id)
  const answers = conflicts.filter(
    ({ register, lost }) => register === 'status' && lost.values['status'] === 'accepted',
  )
  const cents = answers.at(-1)?.lost.values['answered_offer_cents']
  return typeof cents === 'number' ? cents : null
}
