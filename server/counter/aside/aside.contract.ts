import { z } from 'zod'
import { flag, id, int, oneOf, optional, text } from '../../http/fields.contract.ts'
import { About, By, TOLD_COLUMNS, Value } from './told.contract.ts'

/** What somebody did elsewhere and is not applied here, or not whole. */

export const STATES = ['held', 'quarantined', 'parked'] as const

/** Why something is put aside: what head office does not believe of a terminal, and what is wrong with the words themselves. */
export const REASONS = [
  'foreign-id', 'foreign-store', 'foreign-reference', 'not-owner', 'proposal', 'rights', 'foreign-chain', 'revoked', 'unreadable',
] as const // oxfmt-ignore

/** What was done, as people call it; `other` goes by what it is about. */
export const ACTS = [
  'taken-in', 'repair-changed', 'status-set', 'message', 'assigned', 'paid', 'payment-corrected', 'bought-in', 'evaluated',
  'offer-answered', 'request-changed', 'customer-changed', 'person-added', 'person-changed', 'shop-changed',
  'prices-changed', 'questions-changed', 'category-changed', 'goods-changed', 'stock-received', 'stock-counted',
  'written-off', 'order-placed', 'order-paid', 'order-cancelled', 'refunded', 'imported', 'other',
] as const // oxfmt-ignore

export const DID = ['added', 'changed', 'removed'] as const

/** What a person may do about it here: another try, taking it as head office's own word, pointing it elsewhere, dropping it. */
export const WAYS_OUT = ['retry', 'take', 'mend', 'drop'] as const

/** By which a transaction is named: who wrote it, in which life of their database, from which entry on. */
export const AsideKey = z.object({ origin: id(), epoch: int(), tx: int() })

const Change = z.object({
  about: About,
  did: oneOf(DID),
  values: z.array(z.object({ column: oneOf(TOLD_COLUMNS), before: Value, after: Value })),
})

export const Aside = AsideKey.extend({
  state: oneOf(STATES),
  /** Of a quarantined one. */
  reason: oneOf(REASONS).nullable(),
  act: oneOf(ACTS),
  did: oneOf(DID),
  about: About,
  by: By,
  /** What it would do, row by row; of a long one only the first. */
  changes: z.array(Change),
  more: flag(),
  /** Of a held one: what it waits for. */
  waits_for: z.array(z.object({ entity: text(), row_id: id(), about: About })),
  ways_out: z.array(oneOf(WAYS_OUT)),
})

export const AsideList = z.object({
  items: z.array(Aside),
  /** Behind which there is more; null at the end. */
  next: AsideKey.nullable(),
  /** Whether this is head office, where things are taken and dropped. */
  is_head_office: flag(),
})

/** The place behind which the list goes on. */
export const AsidePlace = z.object({ origin: optional(id()), epoch: optional(int()), tx: optional(int()) })

/** How much there is of each: transactions that wait, values that lost, and rows of one thing. */
export const AsideCounts = z.object({ waiting: int(), conflicts: int(), duplicates: int() })

/** What has become of it. */
export const Retried = z.object({ state: oneOf(['applied', ...STATES]) })

/** What somebody says of their decision; it stands in the note about it. */
export const Decision = z.object({ text: optional(text({ max: 500 })) })

/** Other rows in place of those that are not here. */
export const Taking = Decision.extend({
  instead: optional(z.array(z.object({ entity: text({ max: 40 }), row_id: id(), instead: id() })).max(20)),
})

/** What may be named instead of a row of this table that is not here. */
export const InsteadQuery = z.object({ entity: text({ max: 40 }), search: text({ max: 100 }) })
export const InsteadList = z.array(z.object({ id: id(), name: text() }))
