import { z } from 'zod'
import { cents, flag, id, milliseconds, oneOf, optional, text } from '../../http/fields.contract.ts'

/** What waits for a person, in this order. */
export const TASK_KINDS = [
  'pick-up',
  'hold-over',
  'offer-unanswered',
  'answers-unfit',
  // These come of two machines that did not know of each other.
  'paid-twice',
  'stock-below-zero',
  'unit-twice',
  'offer-overtaken',
  'came-back',
] as const

/** Rows that come back although they were deleted: of all tables whose rows are changed. */
export const COMING_BACK = [
  'store', 'node', 'location', 'category', 'brand', 'device_type', 'problem', 'model', 'trade_in_price',
  'trade_in_deduction', 'checklist', 'checklist_item', 'user', 'device', 'product', 'unit', 'address', 'repair_order',
  'intake', 'intake_problem', 'sales_order', 'pickup_request', 'evaluation', 'seller_identity',
] as const // oxfmt-ignore

export const TASK_ENTITIES = [...COMING_BACK, 'buy_in_draft'] as const

/** What a task is about: a row, by which it is put aside. */
const about = { about_entity: oneOf(TASK_ENTITIES), about_id: id() }

export const Task = z.object({
  kind: oneOf(TASK_KINDS),
  about: z.object(about),
  /** What it is now: a task that was put aside is there again as soon as this is another. */
  facts: text(),
  /** `Apple iPhone 13`. */
  device: text(),
  device_id: id().nullable(),
  customer: text().nullable(),
  /** Of answers that fit no more: the evaluation that is under way. */
  draft_id: text().nullable(),
  /** When it is to be picked up, was held until, was offered or touched last. */
  at: milliseconds(),
  /** Of an offer. */
  price_cents: cents().nullable(),
  /** Of an offer: until when it stands. */
  until: milliseconds().nullable(),
})

export const Tasks = z.array(Task)

/** Puts a task aside until its facts are others, or takes that back. */
export const TaskNote = z.object({
  kind: oneOf(TASK_KINDS),
  ...about,
  facts: text({ max: 200 }),
  put_aside: flag(),
  text: optional(text({ max: 500 })),
})
