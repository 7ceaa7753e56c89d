import {
  type Deduction,
  lessDeductions,
  matrixOffer,
  type MatrixOffer,
} from '../../../../server/domain/money/trade-in-price.ts'
import { assess, type Assessment, optionOf, type QuestionGroup } from '../../../../server/domain/trade-ins/questions.ts'
import type { Changes } from './changes.ts'
import type { BuyIn, Option, Question } from './requests.ts'

/** What follows from the answers, by the server's own rules, so that it is seen with each of them. */

export type WorkedOut = { assessment: Assessment; offer: MatrixOffer | null }

export function workOut({ questions, answers, device, pricing }: BuyIn, now: number): WorkedOut {
  const assessment = assess(questions, answers)
  const deductions = pricing.deductions.filter(({ id }) => assessment.deduction_ids.includes(id))
  const asked = { storage: device.storage, condition: assessment.grade, now }
  return { assessment, offer: matrixOffer({ ...asked, entries: pricing.entries, deductions }) }
}

/** What one answer does, for its row: undefined where nothing is answered yet. */
export function effectOf(question: Question, { answers, pricing }: BuyIn, base_cents: number | null, now: number) {
  const choice = answers.find(({ item_id }) => item_id === question.id)?.choice
  const option = choice === undefined ? undefined : optionOf(question, choice)
  if (!option) return undefined
  const deduction = pricing.deductions.find(({ id }) => id === option.deduction_id)
  return { ...option, off: deduction ? offOf(deduction, base_cents, now) : null, text: textOf(question, option.key) }
}

/** Null without a base: nobody knows yet what a percent comes to. */
const offOf = (deduction: Deduction, base_cents: number | null, now: number): number | null =>
  base_cents === null
    ? deduction.amount_cents
    : (lessDeductions(base_cents, { deductions: [deduction], now }).deductions[0]?.amount_cents ?? 0)

const textOf = ({ options }: Question, key: string) => options.find((option) => option.key === key)?.text

export const choiceOf = ({ answers }: Pick<BuyIn, 'answers'>, question_id: number) =>
  answers.find(({ item_id }) => item_id === question_id)?.choice ?? ''

/** Whether the answer is one that the shop offers no more. */
export const isUnfit = (question: Question, draft: Pick<BuyIn, 'answers'>) => {
  const choice = choiceOf(draft, question.id)
  return choice !== '' && optionOf(question, choice) === undefined
}

const isOpen = (question: Question, draft: Pick<BuyIn, 'answers'>) => {
  return choiceOf(draft, question.id) === '' || isUnfit(question, draft)
}

/** In the order of the screen: what works, then what it looks like. */
export const inOrder = (questions: readonly Question[]): Question[] =>
  [...questions].toSorted((a, b) => ORDER[a.section] - ORDER[b.section])

const ORDER: Record<QuestionGroup, number> = { function: 0, cosmetic: 1 }

/** Where the cursor goes on: the next open question, else the first one that has to be answered. */
export function nextOpen(draft: BuyIn, after?: number): Question | undefined {
  const questions = inOrder(draft.questions)
  const behind = questions.slice(questions.findIndex(({ id }) => id === after) + 1)
  return behind.find((question) => isOpen(question, draft)) ?? firstMissing(draft)
}

/** The first question that has to be answered and is open. */
export const firstMissing = (draft: BuyIn): Question | undefined =>
  inOrder(draft.questions).find((question) => question.must && isOpen(question, draft))

/** The answer without an effect; none where one of them forbids to buy: nobody says such a thing unseen. */
export function fineOption({ answers, options }: Question): Option | undefined {
  if (answers === 'percent' || answers === 'text' || options.some(({ blocks }) => blocks)) return undefined
  return options.find(({ grade, deduction_id }) => (grade === null || grade === 'A') && deduction_id === null)
}

/** All open questions of a part, answered by what has no effect. */
export function restIsFine(draft: BuyIn, section: QuestionGroup): Changes {
  const open = draft.questions.filter((question) => question.section === section && isOpen(question, draft))
  return Object.fromEntries(
    open.flatMap((question) => {
      const fine = fineOption(question)
      return fine ? [[`answer.${question.id}`, fine.key]] : []
    }),
  )
}

/** The sizes that the matrix names for this model, in its order; what the device is said to have is among them. */
export function storagesOf({ pricing, device }: BuyIn): string[] {
  const named = pricing.entries.flatMap(({ storage }) => (storage ? [storage] : []))
  return [...new Set([...named, ...(device.storage ? [device.storage] : [])])].toSorted(
    (a, b) => bytesOf(a) - bytesOf(b),
  )
}

const bytesOf = (storage: string) => Number.parseFloat(storage) * (/T/i.test(storage) ? 1_000 : 1)

/** Whether what is paid hangs on a size that nobody has chosen yet. */
export const isSizeOpen = (draft: BuyIn) => draft.device.storage === null && storagesOf(draft).length > 0

/** Where work goes on with this evaluation, as its control is marked. */
export function nextStep(draft: BuyIn): string {
  const { brand, model, device_type_id } = draft.device
  if (brand === '' || model === '') return draft.suggested.length > 0 ? 'suggested' : 'model'
  if (device_type_id === null) return 'type'
  if (isSizeOpen(draft)) return 'storage'
  const open = firstMissing(draft)
  if (open) return stepOf(open)
  return draft.seller ? 'make-offer' : 'seller'
}

export const stepOf = ({ id }: Pick<Question, 'id'>) => `question-${id}`
