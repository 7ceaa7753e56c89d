import type { z } from 'zod'
import type { Catalogue } from '../../../../server/counter/repairs/catalogue.contract.ts'
import type { Question as QuestionShape } from '../../../../server/counter/trade-ins/buy-ins.contract.ts'
import type { Deduction as DeductionShape } from '../../../../server/counter/trade-ins/prices.contract.ts'
import type {
  Checklist as ChecklistShape,
  NewChecklist,
  NewQuestion,
  QuestionChanges,
  QuestionOrder,
} from '../../../../server/counter/trade-ins/questions.contract.ts'
import { del, get, patch, post, put, type Wire } from '../../../api.ts'

/** Everything that the screen of questions asks of the server, by its name there. */

export type Checklist = Wire<typeof ChecklistShape>
export type Question = Checklist['questions'][number]
export type Option = Question['options'][number]
export type QuestionFields = Wire<typeof NewQuestion>

type Many<Shape extends z.ZodType> = z.ZodArray<Shape>

export const checklistsQuery = {
  queryKey: ['checklists'],
  queryFn: () => get<Many<typeof ChecklistShape>>('/counter/checklists'),
}
export const deductionsQuery = {
  queryKey: ['trade-in-deductions'],
  queryFn: () => get<Many<typeof DeductionShape>>('/counter/trade-in-deductions'),
}
export const catalogueQuery = {
  queryKey: ['catalogue'],
  queryFn: () => get<typeof Catalogue>('/counter/catalogue'),
  staleTime: 60_000,
}

export const addUsualQuestions = () => post<Many<typeof ChecklistShape>>('/counter/checklists/starter')
export const addList = (device_type_id: number | null) =>
  post<typeof ChecklistShape, typeof NewChecklist>('/counter/checklists', { device_type_id })
export const orderQuestions = (list: number, ids: number[]) =>
  put<typeof ChecklistShape, typeof QuestionOrder>(`/counter/checklists/${list}/order`, { ids })
export const addQuestion = (list: number, body: QuestionFields) =>
  post<typeof QuestionShape, typeof NewQuestion>(`/counter/checklists/${list}/questions`, body)
export const changeQuestion = (id: number, body: QuestionFields) =>
  patch<typeof QuestionShape, typeof QuestionChanges>(`/counter/questions/${id}`, body)
export const removeQuestion = (id: number) => del(`/counter/questions/${id}`)
