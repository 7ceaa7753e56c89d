import type { Trx } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import { badRequest } from '../../http/errors.ts'
import { refuseRunOut, standingOffer } from './offers.ts'
import { refuseBought } from './bought.ts'
import { findEvaluation, findPickup, stepTo } from './trade-ins.ts'

/** What the desk does with a request besides looking at the device and paying: fetching it, the customer's answer, giving it back. */

export type RequestChanges = {
  scheduled_at?: number | null | undefined
  /** Fetched, or not yet after all. */
  status?: 'requested' | 'collected' | undefined
  given_back?: boolean | undefined
}

/**
 * Another time, fetched, or given back; what is left out stays.
 * @throws 404; 400 for a request that has gone on since
 */
export async function changeRequest(trx: Trx, id: number, changes: RequestChanges): Promise<void> {
  const { status: before } = await findPickup(trx, id, { own: null })
  const { scheduled_at, status, given_back } = changes
  const waits = before === 'requested' || before === 'collected'
  if (status !== undefined && !waits) throw goneOn()
  if (given_back === true && before !== 'rejected') throw goneOn()
  await patch(trx, 'pickup_request', id, {
    ...(scheduled_at !== undefined && { scheduled_at }),
    ...(status !== undefined && stepTo(status, trx.act.now)),
    ...(given_back !== undefined && { given_back_at: given_back ? trx.act.now : null }),
  })
}

const goneOn = () => badRequest('pickup-gone-on', 'This request has gone on meanwhile')

/**
 * The customer's answer at the desk, where the offer lies before them. They may change their mind until it is paid.
 * @throws 404; 400 where there is no offer, another one, or one that has run out; 409 where the device is bought
 */
export async function answerAtDesk(
  trx: Trx,
  id: number,
  { version, status }: { version: number; status: 'accepted' | 'rejected' },
): Promise<void> {
  const pickup = await findPickup(trx, id, { own: null })
  await refuseBought(trx, id)
  const [offer, evaluation] = [await standingOffer(trx, id), await findEvaluation(trx, id)]
  const isOffered = ['offered', 'accepted', 'rejected'].includes(pickup.status)
  if (!isOffered || !offer || !evaluation) throw badRequest('no-offer', 'No offer to respond to')
  if (offer.version !== version) throw badRequest('offer-changed', 'The offer has changed')
  if (status === 'accepted') refuseRunOut(trx, offer)
  await patch(trx, 'pickup_request', id, {
    status,
    answered_offer_cents: offer.price_cents,
    answered_at: trx.act.now,
    given_back_at: null,
  })
}
