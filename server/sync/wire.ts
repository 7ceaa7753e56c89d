import { z } from 'zod'
import { MOST_DOWN, type printRuns } from './core/op.ts'

/** What goes over the wire between a node and its parent, beside the ops themselves (`core/op.ts`). */

const SEQ = z.int().min(0)
const CURSOR = z.object({ seq: SEQ, mark: z.string().max(16) })
const CURSORS = z.object({ org: CURSOR, store: CURSOR })
const STAMP = z.string().regex(/^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}$/)

/** Asks for at most `most` ops behind the cursors. */
export const PULL = z.object({ cursors: CURSORS, most: z.int().min(1).default(MOST_DOWN) })

/** `acked`: up to where the push is taken, held and quarantined ops included. `stamps` are those that are not the ops' own. */
export const PUSH_REPLY = z.object({
  acked: SEQ,
  chain: z.string(),
  troubles: z.array(z.object({ seq: SEQ, state: z.enum(['held', 'quarantined']), reason: z.string().nullable() })),
  stamps: z.array(z.tuple([SEQ, STAMP])),
})
export type PushReply = z.output<typeof PUSH_REPLY>

/** `org` and `store` are runs of ops; `cursors` stand behind them; `more` says that there is more already. */
export const PULL_REPLY = z.object({ org: z.unknown(), store: z.unknown(), cursors: CURSORS, more: z.boolean() })
export type PullReply = {
  org: ReturnType<typeof printRuns>
  store: ReturnType<typeof printRuns>
  cursors: z.output<typeof CURSORS>
  more: boolean
}

/** Nothing was taken. `expected`: where the parent's copy of the chain ends, or the cursor to ask from. */
export const REFUSED = z.object({
  error: z.string(),
  detail: z.string(),
  expected: z
    .object({ epoch: z.int().optional(), seq: SEQ, chain: z.string().optional(), mark: z.string().optional() })
    .optional(),
})
export type Refused = z.output<typeof REFUSED>
