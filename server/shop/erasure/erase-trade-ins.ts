import type { Db, Trx } from '../../../db/handle.ts'
import type { ErasedRows } from '../../../db/journal/erase.ts'
import { patch, patchUnchecked } from '../../../db/rows.ts'
import { badRequest } from '../../http/errors.ts'
import { eraseDrafts } from '../trade-ins/unshown-photos.ts'

/**
 * Takes away what was written about the devices that a customer offered and sold: words, addresses, evaluations under way. The
 * requests, our offers and the documents of purchases stay, about nobody; so does who sold, until its day (`erase-sellers.ts`).
 * Returns the rows whose past in the journal has to be erased as well.
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
  await eraseEvaluationsUnderWay(trx, user_id, ids)
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

/** Evaluations of their requests, and of what they brought in for repair. */
async function eraseEvaluationsUnderWay(trx: Trx, user_id: number, pickup_ids: readonly number[]) {
  const orders = await trx
    .selectFrom('buy_in_draft')
    .innerJoin('repair_order', 'repair_order.id', 'buy_in_draft.order_id')
    .select('buy_in_draft.order_id')
    .where('repair_order.customer_id', '=', user_id)
    .execute()
  for (const pickup_id of pickup_ids) await eraseDrafts(trx, { pickup_id })
  for (const { order_id } of orders) if (order_id !== null) await eraseDrafts(trx, { order_id })
}

/** Why another price was offered, in the words of who offered it. */
async function eraseReasons(trx: Trx, pickup_ids: readonly number[]): Promise<number[]> {
  const offers = await rowsAbout(trx, 'offer', pickup_ids)
  for (const id of offers) await patchUnchecked(trx, 'offer', id, { reason: null })
  return offers
}

/** Answers in somebody's own words; those that were chosen, and percents, say nothing of a person. */
async function eraseAnswers(trx: Trx, pickup_ids: readonly number[]): Promise<number[]> {
  const answers = await rowsAbout(trx, 'checklist_answer', pickup_ids)
  const typed = trx.selectFrom('checklist_answer').select(['id', 'choice']).where('choice_text', 'is', null)
  for (const { id, choice } of answers.length === 0 ? [] : await typed.where('id', 'in', answers).execute())
    if (!/^\d{1,3}$/.test(choice)) await patchUnchecked(trx, 'checklist_answer', id, { choice: '' })
  return answers
}

/** Why a purchase was taken back. */
async function eraseNotes(trx: Trx, user_id: number): Promise<number[]> {
  const receipts = await trx.selectFrom('receipt').select('id').where('customer_id', '=', user_id).execute()
  for (const { id } of receipts) await patchUnchecked(trx, 'receipt', id, { note: null })
  return receipts.map(({ id }) => id)
}

async function rowsAbout(db: Db, table: 'offer' | 'checklist_answer', pickup_ids: readonly number[]) {
  if (pickup_ids.length === 0) return []
  const rows = await db.selectFrom(table).select('id').where('pickup_id', 'in', pickup_ids).orderBy('id').execute()
  return rows.map(({ id }) => id)
}
