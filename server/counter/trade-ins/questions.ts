import { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { json } from '../../http/body.ts'
import { nothing, read, write } from '../../http/endpoint.ts'
import { notFound } from '../../http/errors.ts'
import { admin, anyEmployee } from '../../http/auth/permissions.ts'
import {
  addQuestions,
  changeQuestion,
  findQuestion,
  listChecklists,
  orderQuestions,
  questionsOf,
  removeQuestion,
  takeChecklist,
} from '../../shop/trade-ins/questions.ts'
import { addStarterQuestions } from '../../shop/trade-ins/starter-questions.ts'
import { Question } from './buy-ins.contract.ts'
import {
  Checklist,
  ChecklistId,
  NewChecklist,
  NewQuestion,
  QuestionChanges,
  QuestionOrder,
} from './questions.contract.ts'

/** The questions of an evaluation: everybody behind the counter reads them, admins set them. */
export const questions = [
  read(
    'GET /checklists',
    {
      who: anyEmployee,
      response: z.array(Checklist),
      summary: 'What the shop asks when it buys in, by type of device',
    },
    async ({ db }) => await Promise.all((await listChecklists(db)).map((list) => withQuestions(db, list))),
  ),

  write(
    'POST /checklists',
    {
      who: admin,
      body: json(NewChecklist),
      response: Checklist,
      status: 201,
      summary: 'Gives a type of devices a list of its own, which begins as that of all others',
    },
    async ({ trx }, { body: { device_type_id = null } }) => await listOf(trx, await takeChecklist(trx, device_type_id)),
  ),

  write(
    'POST /checklists/starter',
    {
      who: admin,
      response: z.array(Checklist),
      status: 201,
      summary: 'Adds the questions that a new shop begins with, where there are none',
    },
    async ({ trx }) => {
      await addStarterQuestions(trx)
      return await Promise.all((await listChecklists(trx)).map((list) => withQuestions(trx, list)))
    },
  ),

  write(
    'PUT /checklists/:id/order',
    {
      who: admin,
      params: ChecklistId,
      body: json(QuestionOrder),
      response: Checklist,
      summary: 'Puts the questions into this order',
    },
    async ({ trx }, { params, body }) => {
      await orderQuestions(trx, params.id, body.ids)
      return await listOf(trx, params.id)
    },
  ),

  write(
    'POST /checklists/:id/questions',
    {
      who: admin,
      params: ChecklistId,
      body: json(NewQuestion),
      response: Question,
      status: 201,
      summary: 'Adds a question behind the others',
    },
    async ({ trx }, { params, body }) => {
      await listOf(trx, params.id)
      const [id] = await addQuestions(trx, params.id, [body])
      return await findQuestion(trx, id!)
    },
  ),

  write(
    'PATCH /questions/:id',
    {
      who: admin,
      params: ChecklistId,
      body: json(QuestionChanges),
      response: Question,
      summary: 'Changes a question; answers that were given stay as they were',
    },
    async ({ trx }, { params, body }) => {
      await changeQuestion(trx, params.id, body)
      return await findQuestion(trx, params.id)
    },
  ),

  write(
    'DELETE /questions/:id',
    { who: admin, params: ChecklistId, response: nothing, summary: 'Asks a question no more' },
    async ({ trx }, { params }) => await removeQuestion(trx, params.id),
  ),
]

type List = Awaited<ReturnType<typeof listChecklists>>[number]

const withQuestions = async (db: Db, list: List) => ({ ...list, questions: await questionsOf(db, list.id) })

/** @throws 404 */
async function listOf(db: Db, id: number) {
  const list = (await listChecklists(db)).find((one) => one.id === id)
  if (!list) throw notFound('checklist-not-found', 'List of questions not found')
  return await withQuestions(db, list)
}
