import { type Grade, GRADES } from '../grade.ts'

/** How a question of an evaluation is answered. Percents fall into bands, a text has no effect. */
export const ANSWER_KINDS = ['yes-no', 'ok-worn-broken', 'levels', 'percent', 'text'] as const
export type AnswerKind = (typeof ANSWER_KINDS)[number]

/** What works is asked before what it looks like. */
export const QUESTION_GROUPS = ['function', 'cosmetic'] as const
export type QuestionGroup = (typeof QUESTION_GROUPS)[number]

/** What one answer does: it sends the device to a grade or takes something off, never both (money.md 7.2). */
export type Choice = {
  key: string
  grade: Grade | null
  deduction_id: number | null
  /** Nothing is paid for such a device, as while its account lock is on. */
  blocks: boolean
  /** Of percents: the band of those below this. */
  below: number | null
}

export type Question = { id: number; answers: AnswerKind; must: boolean; options: readonly Choice[] }

/** `choice` is an option's key, a whole number of percents, or text. */
export type Answer = { item_id: number; choice: string }

/** What follows from the answers given so far. */
export type Assessment = {
  /** The worst of the answers; A where none has one. */
  grade: Grade
  /** In the order of the questions, each once, however many answers name it. */
  deduction_ids: number[]
  /** Questions whose answers forbid to pay anything. */
  blocked_by: number[]
  /** Questions that have to be answered before an offer is made. */
  unanswered: number[]
  /** Questions whose answer fits none of their options: the shop has changed them since. */
  unfit: number[]
}

/** The option that an answer means: null where it has no effect, undefined where it fits the question no more. */
export function optionOf({ answers, options }: Pick<Question, 'answers' | 'options'>, choice: string) {
  if (answers === 'text') return choice.trim() === '' ? undefined : null
  if (answers !== 'percent') return options.find(({ key }) => key === choice)
  if (!/^(100|[1-9]?\d)$/.test(choice)) return undefined
  const bands = options.filter(({ below }) => below !== null && Number(choice) < below)
  return bands.toSorted((a, b) => a.below! - b.below!)[0] ?? null
}

/** Goes through the questions in their order; of several answers to one the last counts. */
export function assess(questions: readonly Question[], answers: readonly Answer[]): Assessment {
  const given = new Map(answers.map(({ item_id, choice }) => [item_id, choice]))
  const assessment: Assessment = { grade: 'A', deduction_ids: [], blocked_by: [], unanswered: [], unfit: [] }
  for (const question of questions) {
    const choice = given.get(question.id)
    const option = choice === undefined ? undefined : optionOf(question, choice)
    if (choice !== undefined && option === undefined) assessment.unfit.push(question.id)
    if (option === undefined && question.must) assessment.unanswered.push(question.id)
    if (!option) continue
    if (option.grade !== null) assessment.grade = worse(assessment.grade, option.grade)
    if (option.deduction_id !== null && !assessment.deduction_ids.includes(option.deduction_id))
      assessment.deduction_ids.push(option.deduction_id)
    if (option.blocks) assessment.blocked_by.push(question.id)
  }
  return assessment
}

const worse = (a: Grade, b: Grade): Grade => (GRADES.indexOf(a) > GRADES.indexOf(b) ? a : b)
