import { MOST_BYTES } from '../core/op.ts'
import { nodeOf, revoked } from '../node-tokens.ts'
import { SyncRefused } from '../refused.ts'
import { HELLO, PULL, type PullReply, type Refused, TOKEN } from '../wire.ts'
import { answerHello } from './answer-hello.ts'
import { answerPull } from './answer-pull.ts'
import { type Call, type Hub, SMALL } from './call.ts'
import { takeReturned } from './take-returned.ts'
import { takePush } from './take-push.ts'

/** The calls of a node that has joined. */

/** Statuses of what the sides over a database refuse; all else is a body that cannot be taken. */
const STATUSES: Readonly<Record<string, number>> = {
  gap: 409,
  fork: 409,
  cursor: 409,
  snapshot: 410,
  'too-many': 413,
  'unknown-node': 403,
}

function taken<T extends object>(reply: T | Refused): T {
  if ('error' in reply) throw new SyncRefused(STATUSES[reply.error] ?? 422, reply)
  return reply
}

/** A token is of one life of a node: with a later one it signs in anew. An earlier one may still send what head office has lost. */
function expectLife(epoch: number, said: unknown): void {
  if (!Number.isSafeInteger(said) || (said as number) <= epoch) return // No number: the call says so itself.
  throw new SyncRefused(401, { error: 'token', detail: 'The token is of an earlier life of this node' })
}

const malformed = (what: string) => new SyncRefused(422, { error: 'malformed', detail: `The body is no ${what}` })

export const token: Call = {
  name: 'token',
  method: 'POST',
  path: '/token',
  who: 'nobody',
  mostBytes: SMALL,
  handle: async ({ context, tokens }, { json, address }) => {
    const read = TOKEN.safeParse(await json())
    if (!read.success) throw malformed('request for a token')
    return { body: await tokens.letIn(context.database.db, read.data, address) }
  },
}

export const hello: Call = {
  name: 'hello',
  method: 'POST',
  path: '/hello',
  who: 'node',
  takesRevoked: true,
  mostBytes: SMALL,
  handle: async ({ sync, spread, contacts }, { json, node, epoch }) => {
    const read = HELLO.safeParse(await json())
    if (!read.success) throw malformed('hello')
    expectLife(epoch, read.data.epoch)
    const othersAt = contacts.lastOf(node.id)
    contacts.greeted(node.id)
    return { body: await answerHello(sync, node, read.data, { waitMs: spread.waitMs(), othersAt }) }
  },
}

export const push: Call = {
  name: 'push',
  method: 'POST',
  path: '/push',
  who: 'node',
  // What it has sold may be true: it is kept for a person to judge.
  takesRevoked: true,
  mostBytes: MOST_BYTES,
  admit: ({ pushes }, { id }) => pushes.enter(id),
  handle: (hub, { json, node, epoch }) =>
    hub.pushes.apply(async () => {
      const body = await json()
      expectLife(epoch, (body as { epoch?: unknown } | null)?.epoch)
      const take = async () => taken(await takePush(hub.sync, node.id, body))
      return { body: node.revoked_at === null ? await take() : await hub.lastWords.taking(node.id, body, take) }
    }),
}

export const returned: Call = {
  name: 'returned',
  method: 'POST',
  path: '/returned',
  who: 'node',
  mostBytes: MOST_BYTES,
  admit: ({ pushes }, { id }) => pushes.enter(id),
  handle: (hub, { json }) =>
    hub.pushes.apply(async () => ({ body: taken(await takeReturned(hub.sync, await json(), hub.seal)) })),
}

export const pull: Call = {
  name: 'pull',
  method: 'POST',
  path: '/pull',
  isRead: true,
  who: 'node',
  mostBytes: SMALL,
  handle: async (hub, { json, node, signal }) => {
    const read = PULL.safeParse(await json())
    if (!read.success) throw malformed('pull')
    const body = { ...read.data, most: Math.min(read.data.most, MOST_AT_ONCE) }
    const held = hub.pulls.begin(node.id)
    try {
      const first = await pullNow(hub, node.id, body)
      if (read.data.wait === 0 || hasNews(first)) return { body: first }
      const { org, store } = first.cursors
      const heads = new Map([
        ['org', org.seq],
        [`store:${node.store_id}`, store.seq],
      ])
      await held.wait(heads, read.data.wait * 1_000, signal)
      held.expectLatest()
      if (signal.aborted) return { body: first }
      await expectLetIn(hub, node.id)
      return { body: await pullNow(hub, node.id, body) }
    } finally {
      held.end()
    }
  },
}

const pullNow = ({ answers, sync, seal }: Hub, node: number, body: unknown): Promise<PullReply> =>
  answers(async () => taken(await answerPull(sync, node, body, seal)))

const hasNews = ({ org, store, more }: PullReply) => more || org.length > 0 || store.length > 0

/** An answer is put together in one go: so many ops take some 20 ms. There is more where it says so. */
const MOST_AT_ONCE = 1_000

/** It may have been shut out while it waited. */
async function expectLetIn({ context }: Hub, id: number): Promise<void> {
  const node = await nodeOf(context.database.db, id)
  if (!node || node.revoked_at !== null) throw revoked()
}
