import type { Trx } from '../../../db/handle.ts'
import type { ErasedRows } from '../../../db/journal/erase.ts'
import { deleteLocal } from '../../../db/local.ts'
import { patch, patchEvenEvent } from '../../../db/rows.ts'
import { badRequest } from '../../http/errors.ts'

/**
 * Takes away what was written about the devices that a customer offered and sold: words and addresses. The requests, our
 * offers and the documents of purchases stay, about nobody. Returns the rows whose past in the journal has to be erased as well.
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
  for (const pickup_id of ids) await deleteLocal(trx, 'buy_in_draft', { pickup_id })
  return {
    pickup_request: ids,
    evaluation: await eraseEvaluations(trx, ids),
    offer: await eraseReasons(trx, ids),
    checklist_answer: await eraseAnswers(trx, ids),
    receipt: await eraseNotes(trx, user_id),
  }
}

async function eraseEvaluations(trx: Trx, pickup_ids: readonly number[]): Promise<number[]> {
  if (pickup_ids.length === 0) return []
  const evaluations = await trx.selectFrom('evaluation').select('id').where('pickup_id', 'in', pickup_ids).execute()
  for (const { id } of evaluations) await patch(trx, 'evaluation', id, { notes: null, diagnostics: null })
  return evaluations.map(({ id }) => id)
}

/** Why another price was offered, in the words of who set it. */
async function eraseReasons(trx: Trx, pickup_ids: readonly number[]): Promise<number[]> {
  if (pickup_ids.length === 0) return []
  const offers = await trx.selectFrom('offer').select('id').where('pickup_id', 'in', pickup_ids).execute()
  for (const { id } of offers) await patchEvenEvent(trx, 'offer', id, { reason: null })
  return offers.map(({ id }) => id)
}

/** Answers in somebody's own words; those that were chosen say nothing of a person. */
async function eraseAnswers(trx: Trx, pickup_ids: readonly number[]): Promise<number[]> {
  if (pickup_ids.length === 0) return []
  const answers = await trx
    .selectFrom('checklist_answer')
    .select(['id', 'choice'])
    .where('pickup_id', 'in', pickup_ids)
    .where('choice_text', 'is', null)
    .execute()
  const written = answers.filter(({ choice }) => !/^\d{1,3}$/.test(choice))
  for (const { id } of written) await patchEvenEvent(trx, 'checklist_answer', id, { choice: '' })
  return written.map(({ id }) => id)
}

/** Why a purchase was taken back. */
async function eraseNotes(trx: Trx, customer_id: number): Promise<number[]> {
  const receipts = await trx.selectFrom('receipt').select('id').where('customer_id', '=', customer_id).execute()
  for (const { id } of receipts) await patchEvenEvent(trx, 'receipt', id, { note: null })
  return receipts.map(({ id }) => id)
}
