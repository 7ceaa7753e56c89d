import type { Call } from '../hub/call.ts'
import { SyncRefused } from '../refused.ts'
import { answerDigests } from './answer.ts'
import { ASKED } from './wire.ts'

/** Two hundred rows that are named, in bytes. */
const MOST_BYTES = 32 * 1024

/** A node asks whether it has the rows that head office has for it, and which it has not. */
export const digests: Call = {
  name: 'digests',
  method: 'POST',
  path: '/digests',
  isRead: true,
  who: 'node',
  mostBytes: MOST_BYTES,
  admit: ({ digests: desk }, { id }) => desk.enter(id),
  handle: async ({ sync, digests: desk }, { json, node, signal }) => {
    const read = ASKED.safeParse(await json())
    if (!read.success)
      throw new SyncRefused(422, { error: 'malformed', detail: 'The body is no question about digests' })
    return { body: await desk.answer(() => answerDigests({ sync, counts: desk.counts, signal }, node, read.data)) }
  },
}
