import { z } from 'zod'
import { flag, id, listOf, oneOf, optional } from '../../http/fields.contract.ts'
import { QUESTION_GROUPS } from '../../domain/trade-ins/questions.ts'
import { Question } from './buy-ins.contract.ts'

/** What the shop asks when it buys in. */

export const Checklist = z.object({
  id: id(),
  /** Null for all types that have no list of their own. */
  device_type_id: id().nullable(),
  device_type: z.string().nullable(),
  questions: z.array(Question),
})

const { part, text, answers, options } = Question.shape
export const NewQuestion = z.object({
  section: oneOf(QUESTION_GROUPS),
  part,
  text,
  answers,
  must: flag(),
  options,
})
export const QuestionChanges = NewQuestion.partial()
export const NewChecklist = z.object({ device_type_id: optional(id()) })
export const QuestionOrder = z.object({ ids: listOf(id(), { max: 200 }) })
export const ChecklistId = z.object({ id: id() })
