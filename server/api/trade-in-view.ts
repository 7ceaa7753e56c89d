import type { z } from 'zod'
import type { Context } from '../context.ts'
import { signedLink } from '../shop/photos/signed-links.ts'
import { type Evaluation, type Pickup, photoPath } from '../shop/trade-ins/trade-ins.ts'
import type * as contract from './trade-in.contract.ts'

/** How the store API shows trade-ins. */

/** A request, its photos by addresses that are good for an hour. */
export function pickupOf(
  { tokens, now }: Pick<Context, 'tokens' | 'now'>,
  { estimated_price_cents, deposit_amount_cents, address, ...pickup }: Pickup,
  positions: readonly number[] = [],
): z.output<typeof contract.AdminPickup> {
  return {
    ...pickup,
    estimated_price: estimated_price_cents,
    deposit_amount: deposit_amount_cents,
    address_json: address ?? '{}', // An object, as documented, where none was given.
    photos: positions.map((position) => signedLink(tokens, photoPath(pickup.id, position), now())),
  }
}

export function evaluationOf(evaluation: Evaluation | undefined): z.output<typeof contract.Evaluation> | null {
  if (!evaluation) return null
  const { final_offer_cents, evaluation_cost_cents, diagnostics, parts_replaced, ...rest } = evaluation
  return {
    ...rest,
    final_offer: final_offer_cents,
    evaluation_cost: evaluation_cost_cents,
    diagnostics_json: diagnostics,
    parts_replaced_json: parts_replaced === null ? null : (JSON.parse(parts_replaced) as string[]),
  }
}
