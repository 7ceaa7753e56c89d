import type { Trx } from '../../../db/handle.ts'
import type { ErasedRows } from '../../../db/journal/erase.ts'
import { patch } from '../../../db/rows.ts'
import { badRequest } from '../../http/errors.ts'

/**
 * Takes away what a customer wrote about the devices they offered: words and addresses. The requests and
 * our offers stay, about nobody. Returns the rows whose past in the journal has to be erased as well.
 * @throws 400 while a request is open
 */
export async function eraseTradeIns(trx: Trx, user_id: number): Promise<ErasedRows> {
  const pickups = await trx
    .selectFrom('pickup_request')
    .selectAll()
    .where('user_id', '=', user_id)
    .orderBy('id')
    .execute()
  const open = pickups.filter(
    ({ status, deleted_at }) => deleted_at === null && !['accepted', 'rejected'].includes(status),
  )
  const listed = open.map(({ id }) => id).join(', ')
  if (open.length > 0)
    throw badRequest(
      'customer-has-trade-ins',
      `This customer has open trade-ins: ${listed}. Answer or remove them first.`,
    )
  for (const { id } of pickups)
    await patch(trx, 'pickup_request', id, { additional_info: null, address: null, notes: null })
  const ids = pickups.map(({ id }) => id)
  return { pickup_request: ids, evaluation: await eraseEvaluations(trx, ids) }
}

async function eraseEvaluations(trx: Trx, pickup_ids: readonly number[]): Promise<number[]> {
  if (pickup_ids.length === 0) return []
  const evaluations = await trx.selectFrom('evaluation').select('id').where('pickup_id', 'in', pickup_ids).execute()
  for (const { id } of evaluations) await patch(trx, 'evaluation', id, { notes: null, diagnostics: null })
  return evaluations.map(({ id }) => id)
}
