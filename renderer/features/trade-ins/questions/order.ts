import { QUESTION_GROUPS } from '../../../../server/domain/trade-ins/questions.ts'
import type { Question } from './requests.ts'

/** The questions as they are asked: what works first, then what it looks like. */
export const asked = (questions: readonly Question[]): Question[] =>
  QUESTION_GROUPS.flatMap((group) => questions.filter(({ section }) => section === group))

/** The ids once a question has gone to the place of another of its group; null where nothing moves. */
export function moved(questions: readonly Question[], id: number, to: number): number[] | null {
  const list = asked(questions)
  const [from, at] = [list.findIndex((one) => one.id === id), list.findIndex((one) => one.id === to)]
  const question = list[from]
  if (!question || from === at || list[at]?.section !== question.section) return null
  const rest = list.toSpliced(from, 1)
  return rest.toSpliced(at, 0, question).map((one) => one.id)
}

/** The question before or behind this one in its group. */
export function neighbour(questions: readonly Question[], id: number, step: 1 | -1): number | null {
  const list = asked(questions)
  const at = list.findIndex((one) => one.id === id)
  const next = list[at + step]
  return next && next.section === list[at]?.section ? next.id : null
}
