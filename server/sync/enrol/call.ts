import { type Call, SMALL } from '../hub/call.ts'
import { SyncRefused } from '../refused.ts'
import { ENROL } from '../wire.ts'
import { letIn } from './let-in.ts'

/** The call of a machine that is no node yet. */
export const enroll: Call = {
  name: 'enroll',
  method: 'POST',
  path: '/enroll',
  who: 'nobody',
  mostBytes: SMALL,
  handle: async ({ context }, { json, address }) => {
    const read = ENROL.safeParse(await json())
    if (!read.success) throw new SyncRefused(422, { error: 'malformed', detail: 'The body asks for nothing' })
    return { status: 201, body: await letIn(context, read.data, address) }
  },
}
