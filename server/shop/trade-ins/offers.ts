import type { Db, Trx } from '../../../db/handle.ts'
import { insert, insertMany, patch, patchUnchecked } from '../../../db/rows.ts'
import type { OfferTable } from '../../../db/schema/trade-in-tables.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'
import { lessDeductions, type MatrixOffer, matrixOffer } from '../../domain/money/trade-in-price.ts'
import { type Assessment, optionOf } from '../../domain/trade-ins/questions.ts'
import { badRequest } from '../../http/errors.ts'
import type { Correction } from '../clock-corrections.ts'
import type { DraftAnswer, DraftDevice } from './drafts.ts'
import { listDeductions, pricesOf } from './prices.ts'
import type { ShopQuestion } from './questions.ts'

/**
 * Offers, version by version: each is a fact, with the grade, the base and what was taken off as they stood. What is made
 * through the documented API is a version too. All amounts in cents.
 */

export type Offer = Omit<OfferTable, 'deductions' | 'store_id' | 'updated_at' | 'deleted_at'> & {
  deductions: MatrixOffer['deductions']
}

export type NewOffer = Pick<
  Offer,
  'pickup_id' | 'condition' | 'base_cents' | 'source' | 'deductions' | 'price_cents' | 'made_by'
> &
  Partial<Pick<Offer, 'approved_by' | 'reason' | 'photo_id' | 'valid_until'>>

/** The offers of a request, the first one first. */
export async function offersOf(db: Db, pickup_id: number): Promise<Offer[]> {
  const rows = await db
    .selectFrom('offer')
    .select(['id', 'pickup_id', 'version', 'condition', 'base_cents', 'source', 'deductions', 'price_cents'])
    .select(['made_by', 'approved_by', 'reason', 'photo_id', 'valid_until', 'created_at'])
    .where('pickup_id', '=', pickup_id)
    .orderBy('version')
    .execute()
  // Only appendOffer writes the column.
  return rows.map((row) => ({ ...row, deductions: JSON.parse(row.deductions) as Offer['deductions'] }))
}

/** The offer that stands; undefined before the first one, and for requests that were evaluated before there were versions. */
export const standingOffer = async (db: Db, pickup_id: number): Promise<Offer | undefined> =>
  (await offersOf(db, pickup_id)).at(-1)

/** Which version stands of each of these requests; those without one are left out. */
export async function standingVersions(db: Db, pickup_ids: readonly number[]): Promise<Map<number, number>> {
  if (pickup_ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('offer')
    .select(['pickup_id', ({ fn }) => fn.max('version').as('version')])
    .where('pickup_id', 'in', pickup_ids)
    .groupBy('pickup_id')
    .execute()
  return new Map(rows.map(({ pickup_id, version }) => [pickup_id, version]))
}

/** Whether nobody can say yes to an offer any more. By a clock that nobody has confirmed none runs out. */
export const hasRunOut = (trx: Trx, { valid_until }: Pick<Offer, 'valid_until'>): boolean =>
  isOver(valid_until, trx.act.clock.reading.expiry)

/** Those of these requests whose standing offer had run out by `expiry`, an instant by which time has run out for sure (`clock.expiry()`). */
export async function runOutOf(db: Db, pickup_ids: readonly number[], expiry: number): Promise<Set<number>> {
  if (pickup_ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('offer')
    .select(['pickup_id', 'valid_until'])
    .where('pickup_id', 'in', pickup_ids)
    .orderBy('version')
    .execute()
  const standing = new Map(rows.map(({ pickup_id, valid_until }) => [pickup_id, valid_until]))
  return new Set([...standing].flatMap(([id, until]) => (isOver(until, expiry) ? [id] : [])))
}

const isOver = (valid_until: number | null, expiry: number) => valid_until !== null && valid_until <= expiry

/** @throws 400 where nobody can say yes to an offer any more */
export function refuseRunOut(trx: Trx, offer: Pick<Offer, 'valid_until'>): void {
  if (hasRunOut(trx, offer)) throw badRequest('offer-expired', 'This offer has run out: make it anew')
}

/**
 * Moves the end of offers that were made after `since`, up to `until`, while the clock was contradicted and `by` ms off: of those
 * that stand and wait for an answer.
 */
export async function moveOffers(trx: Trx, { since, until, by }: Correction): Promise<void> {
  const offers = await trx
    .selectFrom('pickup_request')
    .innerJoin('offer', 'offer.pickup_id', 'pickup_request.id')
    .select(['offer.id', (q) => q.ref('offer.valid_until').$notNull().as('valid_until')])
    .where('pickup_request.status', '=', 'offered')
    .where('pickup_request.deleted_at', 'is', null)
    .where('offer.valid_until', 'is not', null)
    .where('offer.created_at', '>', since)
    .where(idOf(await ownedNodes(trx), 'offer.id'))
    .where('offer.created_at', '<=', until)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('offer as later')
            .select('later.id')
            .whereRef('later.pickup_id', '=', 'offer.pickup_id')
            .whereRef('later.version', '>', 'offer.version'),
        ),
      ),
    )
    .execute()
  for (const { id, valid_until } of offers) await patchUnchecked(trx, 'offer', id, { valid_until: valid_until + by })
}

/** Writes an offer down as the next version and returns it; the same one again makes none while it stands. */
export async function appendOffer(trx: Trx, offer: NewOffer): Promise<number> {
  const last = await standingOffer(trx, offer.pickup_id)
  if (last && !hasRunOut(trx, last) && sameOffer(last, offer)) return last.version
  const version = (last?.version ?? 0) + 1
  const deductions = JSON.stringify(offer.deductions)
  await insert(trx, 'offer', { ...offer, deductions, version })
  return version
}

const sameOffer = (a: Offer, b: NewOffer) =>
  a.price_cents === b.price_cents &&
  a.condition === b.condition &&
  a.source === b.source &&
  a.base_cents === b.base_cents &&
  JSON.stringify(a.deductions) === JSON.stringify(b.deductions)

/** What the matrix pays for this device at each grade today, less what its answers take off; null where it has no line. */
export async function offerOfMatrix(
  db: Db,
  { brand, model, storage }: Pick<DraftDevice, 'brand' | 'model' | 'storage'>,
  { grade, deduction_ids }: Pick<Assessment, 'grade' | 'deduction_ids'>,
  now: number,
): Promise<MatrixOffer | null> {
  const entries = await pricesOf(db, brand, model)
  return matrixOffer({ entries, deductions: await deductionsCalled(db, deduction_ids), storage, condition: grade, now })
}

/** Deductions in the order of their ids; one that was taken out of the list takes nothing off. */
export const deductionsCalled = async (db: Db, ids: readonly number[]) =>
  ids.length === 0 ? [] : await listDeductions(db).where('id', 'in', ids).execute()

/** What an evaluation found, and what is offered for it. */
export type Evaluated = {
  questions: readonly ShopQuestion[]
  answers: readonly DraftAnswer[]
  assessment: Assessment
}

/** @throws 400 for an answer that is missing or fits no more, and for a device that nobody pays for */
export function refuseUnready({ unanswered, unfit, blocked_by }: Assessment): void {
  if (unfit.length > 0)
    throw badRequest('answers-unfit', 'Questions have changed: answer them again', { ids: unfit.join(', ') })
  if (unanswered.length > 0)
    throw badRequest('answers-missing', 'Questions are not answered yet', { ids: unanswered.join(', ') })
  if (blocked_by.length > 0)
    throw badRequest('device-blocked', 'Nothing is paid for this device', { ids: blocked_by.join(', ') })
}

/** Keeps the answers as they stand today: question, choice, grade and what it takes off. */
export async function keepAnswers(
  trx: Trx,
  pickup_id: number,
  { questions, answers }: Evaluated,
  base_cents: number | null,
): Promise<void> {
  const byId = new Map(questions.map((question) => [question.id, question]))
  const ids = questions.flatMap(({ options }) => options.flatMap(({ deduction_id }) => deduction_id ?? []))
  const deductions = new Map((await deductionsCalled(trx, ids)).map((deduction) => [deduction.id, deduction]))
  const given = new Map(answers.map((answer) => [answer.item_id, answer]))
  const rows = [...given.values()].flatMap(({ item_id, choice, photo_id }) => {
    const question = byId.get(item_id)
    if (!question) return []
    const option = optionOf(question, choice)
    if (option === undefined) return []
    const chosen = question.options.find(({ key }) => key === option?.key)
    const off = option?.deduction_id == null ? undefined : deductions.get(option.deduction_id)
    const taken = off && lessDeductions(base_cents ?? 0, { deductions: [off], now: trx.act.now }).deductions[0]
    return {
      item_id,
      item_text: JSON.stringify(question.text),
      pickup_id,
      choice,
      choice_text: chosen ? JSON.stringify(chosen.text) : null,
      grade: option?.grade ?? null,
      deduction: taken ? JSON.stringify(taken) : null,
      user_id: trx.act.actor!,
      photo_id,
    }
  })
  await insertMany(trx, 'checklist_answer', rows)
}

/** The answers that the last offer of a request rests on, in their order; those of before stay written down. */
export async function keptAnswers(db: Db, pickup_id: number) {
  const rows = await db
    .selectFrom('checklist_answer')
    .select(['item_id', 'item_text', 'choice', 'choice_text', 'grade', 'deduction', 'photo_id', 'created_at'])
    .where('pickup_id', '=', pickup_id)
    .orderBy('id')
    .execute()
  const last = rows.at(-1)?.created_at
  return [...new Map(rows.filter(({ created_at }) => created_at === last).map((row) => [row.item_id, row])).values()]
}

/** What is offered is the final offer of the request's evaluation too, as the documented API shows it; it waits for an answer. */
export async function mirrorOffer(trx: Trx, pickup_id: number, price_cents: number): Promise<void> {
  const known = await trx
    .selectFrom('evaluation')
    .select('id')
    .where('pickup_id', '=', pickup_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  const found = { tester_id: trx.act.actor!, final_offer_cents: price_cents }
  if (known) await patch(trx, 'evaluation', known.id, found)
  else await insert(trx, 'evaluation', { pickup_id, ...found })
  await patch(trx, 'pickup_request', pickup_id, { status: 'offered', answered_offer_cents: null, answered_at: null })
}
