import { z } from 'zod'
import { SYNCED_TABLES } from '../../../db/schema/schema.ts'
import { CURSORS } from '../wire.ts'

/** `POST /sync/v1/digests`: whether a node has the rows that head office has for it; if not, which table, day and rows differ. */

const COUNT = z.int().min(0)
const TABLE = z.enum(SYNCED_TABLES)
const ID = z.int().min(0)
/** Days since 1970, by UTC. */
const DAY = z.int().min(0).max(100_000)
const HASH = z.string().regex(/^[0-9a-f]{32}$/)

/** Rows that are asked for, and given, whole at once. */
export const MOST_WHOLE = 200
/** Rows of a day that are named at once. */
export const MOST_NAMED = 5_000

/**
 * `at`: where the node stands; both sides have to stand there, or there is nothing to compare. One of: the `root` of all tables, the
 * days of a table, the rows of a day behind an id, or rows whole.
 */
export const ASKED = z.object({
  at: z.object({ epoch: z.int().min(1), seq: COUNT, chain: z.string().max(100), cursors: CURSORS }),
  schema: z.int().min(1),
  about: z.discriminatedUnion('of', [
    z.object({ of: z.literal('all'), root: HASH }),
    z.object({ of: z.literal('table'), table: TABLE }),
    z.object({ of: z.literal('day'), table: TABLE, day: DAY, after: z.int().min(-1) }),
    z.object({ of: z.literal('rows'), rows: z.array(z.tuple([TABLE, ID])).min(1).max(MOST_WHOLE) }),
  ]),
}) // oxfmt-ignore
export type Asked = z.output<typeof ASKED>

/** Of a machine that says absurd amounts the sum is rounded, on both sides alike. */
const SUM = z.object({ rows: COUNT, cents: z.number(), hash: HASH })
const STAMPED = z.object({ stamp: z.string(), origin: ID, epoch: z.int(), seq: COUNT })
const WHOLE = z.object({
  table: TABLE,
  id: ID,
  values: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  clocks: z.object({ put: STAMPED.nullable(), registers: z.record(z.string(), STAMPED) }),
})
export type Whole = z.output<typeof WHOLE>

/**
 * Why nothing is compared now: what either side has and the other does not, what is put aside, or another program. Sooner or later each
 * of them is over by itself or has been said to a person already.
 */
export const NOT_NOW = ['behind', 'unsent', 'aside', 'other-program'] as const

/** `counting`: ask again after so many ms. Of rows that were asked for whole the first `read` are answered; not there are those that are not among them. */
export const REPLY = z.discriminatedUnion('state', [
  z.object({ state: z.literal('same') }),
  z.object({ state: z.literal('not-now'), reason: z.enum(NOT_NOW) }),
  z.object({ state: z.literal('counting'), wait_ms: COUNT }),
  z.object({ state: z.literal('tables'), tables: z.array(z.tuple([TABLE, SUM])) }),
  z.object({ state: z.literal('days'), days: z.array(z.tuple([DAY, SUM])) }),
  z.object({ state: z.literal('rows'), rows: z.array(z.tuple([ID, HASH])), more: z.boolean() }),
  z.object({ state: z.literal('whole'), whole: z.array(WHOLE), read: z.int().min(1) }),
])
export type Reply = z.output<typeof REPLY>
