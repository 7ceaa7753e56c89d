import type { Db, Trx } from '../../../db/handle.ts'
import { insert, insertMany, patch, remove } from '../../../db/rows.ts'
import type { ChecklistItemTable } from '../../../db/schema/trade-in-tables.ts'
import type { AnswerKind, Choice, QuestionGroup } from '../../domain/trade-ins/questions.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { findNamed } from '../devices/catalogue.ts'
import { findDeduction } from './prices.ts'

/**
 * What the shop asks when it buys in: a list for each type of devices, and one for those that have none of their own. A
 * change of a question alters no answer that was given: answers are kept as they stood.
 */

/** By language, `{ en: 'Yes', de: 'Ja' }`. */
export type Texts = Record<string, string>

/** An answer that can be chosen, with what it does and the conditions of an intake that mean it. */
export type Option = Choice & { text: Texts; conditions: string[] }

export type ShopQuestion = {
  id: number
  section: QuestionGroup
  part: string | null
  text: Texts
  answers: AnswerKind
  must: boolean
  options: Option[]
}
export type NewQuestion = Omit<ShopQuestion, 'id'>

/** The list that devices of this type are asked by, in its order; empty where the shop asks nothing. */
export async function questionsFor(db: Db, device_type_id: number | null): Promise<ShopQuestion[]> {
  const own = device_type_id === null ? undefined : await findList(db, device_type_id)
  const list = own ?? (await findList(db, null))
  return list ? await questionsOf(db, list.id) : []
}

/** All lists, that of all other types first. */
export const listChecklists = (db: Db) =>
  db
    .selectFrom('checklist')
    .leftJoin('device_type', 'device_type.id', 'checklist.device_type_id')
    .select(['checklist.id', 'checklist.device_type_id', 'device_type.name as device_type'])
    .where('checklist.moment', '=', 'buy-in')
    .where('checklist.deleted_at', 'is', null)
    .orderBy('checklist.id')
    .execute()

/** The questions of a list, in their order. */
export async function questionsOf(db: Db, checklist_id: number): Promise<ShopQuestion[]> {
  const rows = await db
    .selectFrom('checklist_item')
    .select(['id', 'section', 'part', 'text', 'answers', 'must', 'options'])
    .where('checklist_id', '=', checklist_id)
    .where('deleted_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(asQuestion)
}

// Only this file writes the two columns.
const asQuestion = (row: Pick<ChecklistItemTable, keyof ShopQuestion>): ShopQuestion => ({
  ...row,
  must: row.must === 1,
  text: JSON.parse(row.text) as Texts,
  options: JSON.parse(row.options) as Option[],
})

/**
 * The list of this type, made where there is none: with the questions of the list for all others, to begin with.
 * @throws 404 for the type
 */
export async function takeChecklist(trx: Trx, device_type_id: number | null): Promise<number> {
  if (device_type_id !== null) await findNamed(trx, 'device_type', device_type_id)
  const known = await findList(trx, device_type_id)
  if (known) return known.id
  const general = device_type_id === null ? undefined : await findList(trx, null)
  const id = await insert(trx, 'checklist', { device_type_id, moment: 'buy-in' })
  if (general) await addQuestions(trx, id, await questionsOf(trx, general.id))
  return id
}

/** More than anybody asks, and answers, of one device. */
const MAX_QUESTIONS = 200

/** Adds questions behind those that are there. @throws 400 where there are too many, and as `changeQuestion` */
export async function addQuestions(trx: Trx, checklist_id: number, questions: readonly NewQuestion[]) {
  for (const question of questions) await refuseBadQuestion(trx, question)
  const before = await questionsOf(trx, checklist_id)
  if (before.length + questions.length > MAX_QUESTIONS)
    throw badRequest('questions-full', `A list has at most ${MAX_QUESTIONS} questions`, { most: MAX_QUESTIONS })
  return await insertMany(
    trx,
    'checklist_item',
    questions.map(({ section, part, text, answers, must, options }, index) => ({
      checklist_id,
      position: before.length + index + 1,
      section,
      part,
      answers,
      must,
      text: JSON.stringify(text),
      options: JSON.stringify(options),
    })),
  )
}

/** @throws 404 for the question or a deduction, 400 for an answer that has a grade and takes off as well */
export async function changeQuestion(trx: Trx, id: number, changes: Partial<NewQuestion>): Promise<void> {
  const before = await findQuestion(trx, id)
  await refuseBadQuestion(trx, { ...before, ...changes })
  const { text, options, ...fields } = changes
  await patch(trx, 'checklist_item', id, {
    ...fields,
    ...(text && { text: JSON.stringify(text) }),
    ...(options && { options: JSON.stringify(options) }),
  })
}

/** Puts the questions of a list into this order. @throws 400 where the list has others by now */
export async function orderQuestions(trx: Trx, checklist_id: number, ids: readonly number[]): Promise<void> {
  const known = (await questionsOf(trx, checklist_id)).map(({ id }) => id)
  if (known.toSorted().join() !== ids.toSorted().join())
    throw badRequest('questions-changed', 'The list has other questions by now')
  for (const [index, id] of ids.entries()) await patch(trx, 'checklist_item', id, { position: index + 1 })
}

/** @throws 404 */
export async function removeQuestion(trx: Trx, id: number): Promise<void> {
  await findQuestion(trx, id)
  await remove(trx, 'checklist_item', id)
}

/** @throws 404 */
export async function findQuestion(db: Db, id: number): Promise<ShopQuestion> {
  const row = await db
    .selectFrom('checklist_item')
    .select(['id', 'section', 'part', 'text', 'answers', 'must', 'options'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw notFound('question-not-found', 'Question not found')
  return asQuestion(row)
}

const findList = (db: Db, device_type_id: number | null) =>
  db
    .selectFrom('checklist')
    .select('id')
    .where('moment', '=', 'buy-in')
    .where('device_type_id', device_type_id === null ? 'is' : '=', device_type_id)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .executeTakeFirst()

async function refuseBadQuestion(trx: Trx, { answers, options }: Pick<NewQuestion, 'answers' | 'options'>) {
  const keys = options.map(({ key }) => key)
  if (new Set(keys).size < keys.length) throw badRequest('answer-named-twice', 'Two answers have the same key')
  if (answers === 'percent' && options.some(({ below }) => below === null))
    throw badRequest('band-without-end', 'A band of percents needs where it ends')
  for (const { grade, deduction_id } of options) {
    // A fault sends the device to another grade or takes something off, never both (money.md 7.2).
    if (grade !== null && deduction_id !== null)
      throw badRequest('grade-and-deduction', 'An answer has a grade or a deduction, not both')
    if (deduction_id !== null) await findDeduction(trx, deduction_id)
  }
}
