import { type AnswerKind, type QuestionGroup } from '../../../../server/domain/trade-ins/questions.ts'
import type { Option, Question, QuestionFields } from './requests.ts'

/** A question while it is edited. Of texts the languages of the page stand side by side; others that it has stay. */

export const TEXT_LANGUAGES = ['en', 'de'] as const

export type QuestionDraft = {
  section: QuestionGroup
  part: string | null
  text: Record<string, string>
  answers: AnswerKind
  must: boolean
  options: Option[]
}

const option = (key: string, en: string, de: string, conditions: string[] = []): Option => ({
  key,
  text: { en, de },
  grade: null,
  deduction_id: null,
  blocks: false,
  below: null,
  conditions,
})

/** What a kind of question is answered by, to begin with. */
const USUAL: Record<AnswerKind, readonly Option[]> = {
  'yes-no': [option('yes', 'Yes', 'Ja', ['ok', 'worn']), option('no', 'No', 'Nein', ['broken', 'missing'])],
  'ok-worn-broken': [
    option('ok', 'in order', 'in Ordnung', ['ok']),
    option('worn', 'worn', 'abgenutzt', ['worn']),
    option('broken', 'broken', 'defekt', ['broken', 'missing']),
  ],
  levels: [
    option('none', 'no scratches', 'keine Kratzer', ['ok']),
    option('near', 'seen from near', 'von Nahem sichtbar'),
    option('far', 'seen from arm’s length', 'auf Armlänge sichtbar', ['worn']),
    option('broken', 'cracked or bent', 'gesprungen, verbogen', ['broken']),
  ],
  percent: [{ ...option('weak', 'below 80 %', 'unter 80 %'), below: 80 }],
  text: [],
}

export const newDraft = (): QuestionDraft => ({
  section: 'function',
  part: null,
  text: {},
  answers: 'yes-no',
  must: true,
  options: [...USUAL['yes-no']],
})

export const draftOf = ({ id: _, ...question }: Question): QuestionDraft => question

/** Another kind of question has other answers. */
export const withKind = (draft: QuestionDraft, answers: AnswerKind): QuestionDraft =>
  answers === draft.answers ? draft : { ...draft, answers, options: [...USUAL[answers]] }

/** One more answer, under a key that none of them has had. */
export function withOption(draft: QuestionDraft): QuestionDraft {
  const numbers = draft.options.map(({ key }) => Number(/^answer-(\d+)$/.exec(key)?.[1] ?? 0))
  const added = option(`answer-${Math.max(0, ...numbers) + 1}`, '', '')
  return { ...draft, options: [...draft.options, draft.answers === 'percent' ? { ...added, below: 50 } : added] }
}

/** What an answer does, as one value of a list: a grade, `off 7` for a deduction, `blocks`, or nothing. */
export const effectOf = ({ grade, deduction_id, blocks }: Option): string =>
  blocks ? 'blocks' : (grade ?? (deduction_id === null ? 'nothing' : `off ${deduction_id}`))

export function withEffect(option: Option, effect: string): Option {
  const none = { ...option, grade: null, deduction_id: null, blocks: false }
  if (effect === 'blocks') return { ...none, blocks: true }
  if (effect.startsWith('off ')) return { ...none, deduction_id: Number(effect.slice(4)) }
  return effect === 'nothing' ? none : { ...none, grade: effect as Option['grade'] } // The rest of the list are grades.
}

export type DraftFault = 'noText' | 'noAnswers' | 'noAnswerText' | 'noBound'

/** What is missing before it can be saved; null for nothing. */
export function faultOf({ text, answers, options }: QuestionDraft): DraftFault | null {
  if (isEmpty(text)) return 'noText'
  if (answers === 'text') return null
  if (answers !== 'percent' && options.length < 2) return 'noAnswers'
  if (options.some((one) => isEmpty(one.text))) return 'noAnswerText'
  return answers === 'percent' && options.some(({ below }) => below === null) ? 'noBound' : null
}

const isEmpty = (text: Readonly<Record<string, string>>) => Object.values(text).every((one) => one.trim() === '')

/** As it is sent: a text that is empty in a language is not said in it. */
export const fieldsOf = ({ text, options, ...fields }: QuestionDraft): QuestionFields => ({
  ...fields,
  text: said(text),
  options: options.map((one) => ({ ...one, text: said(one.text) })),
})

const said = (text: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(text).flatMap(([language, words]) => (words.trim() ? [[language, words.trim()]] : [])),
  )
