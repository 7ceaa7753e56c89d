import { type Builder, cents, int, nullable, primary, ref } from './columns.ts'

/** Types and models that come with a new shop, and which offer the owner of a request has seen last; the second of this machine alone. */
export async function startersAndShownOffers({ addColumn, table }: Builder): Promise<void> {
  await addColumn('device_type', 'starter', nullable(int()))
  await addColumn('model', 'starter', nullable(int()))
  await table('offer_shown', { pickup_id: primary(ref('pickup_request')), final_offer_cents: cents() })
}
