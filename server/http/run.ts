import type { Trx } from '../../db/handle.ts'
import { databaseInReach } from '../../db/reach.ts'
import type { Context } from '../context.ts'
import { reauthorize } from './authorize.ts'
import { refuseBeyondStore, refuseWhatHeadOfficeDecides } from './auth/head-office.ts'
import type { ActContext, Endpoint, HandlerRequest, Write } from './endpoint.ts'
import {
  acquireKey,
  type Keyed,
  releaseKey,
  releaseUnspentKey,
  spendKey,
  storedResponse,
  storeResponse,
} from './idempotency.ts'
import { encodeResponse, type StoredResponse } from './stored-response.ts'

/** How an endpoint's handler is run: each kind in a way of its own. */

type EndpointOf<K extends Endpoint['kind']> = Extract<Endpoint, { kind: K }>

/** A call that is well-formed and admitted: what it asks, under which key, and how it writes in the caller's name. */
type Call = { asked: HandlerRequest; keyed: Keyed | null; write: Write }

/**
 * Runs the handler and encodes what it returns. What the key has an answer for is not run again. Who works at one store is given the
 * rows of that store at head office, whatever the handler asks for.
 */
export async function run(
  whole: Context,
  endpoint: Endpoint,
  asked: HandlerRequest,
  keyed: Keyed | null,
): Promise<StoredResponse> {
  const context = contextFor(whole, asked)
  const by = {
    actor: asked.session?.caller.id ?? null,
    device: asked.session?.id ?? null,
    act: `${endpoint.method} ${endpoint.path}`,
  }
  const write: Write = (work) =>
    context.database.write(by, async (trx) => {
      const done = await work(trx)
      await refuseWhatHeadOfficeDecides(trx)
      await refuseBeyondStore(trx)
      return done
    })
  if (endpoint.kind === 'read') return await runRead(context, endpoint, asked)
  if (endpoint.kind === 'write') return await runWrite(context, endpoint, { asked, keyed, write })
  return await runAct(context, endpoint, { asked, keyed, write })
}

/** What a handler is given, of whose session it is. What is anybody's own is theirs wherever it is. */
export function contextFor(context: Context, { session, scope }: Pick<HandlerRequest, 'session' | 'scope'>): Context {
  const reach = session?.reach ?? null
  return reach === null || scope.own !== null
    ? context
    : { ...context, database: databaseInReach(context.database, reach) }
}

async function runRead(context: Context, endpoint: EndpointOf<'read'>, asked: HandlerRequest): Promise<StoredResponse> {
  return encodeResponse(endpoint, await endpoint.handle({ ...context, db: context.database.db }, asTyped(asked)), asked)
}

/** One transaction holds the look at the caller's rights and the key, the effect, and the answer under the key. */
async function runWrite(
  context: Context,
  endpoint: EndpointOf<'write'>,
  { asked, keyed, write }: Call,
): Promise<StoredResponse> {
  const { tokens } = context
  return await write(async (trx) => {
    const current = await reauthorize(context, endpoint, asked, trx)
    const stored = keyed && (await storedResponse(trx, tokens, keyed))
    // Only an act leaves anything else.
    if (stored && 'status' in stored) return stored
    const sent = encodeResponse(endpoint, await endpoint.handle({ ...context, trx, db: trx }, asTyped(current)), asked)
    if (keyed) await storeResponse(trx, tokens, keyed, sent)
    return sent
  })
}

/**
 * The key is taken before the work begins, used up with its first effect, and given back where the work fails before that or
 * is undone.
 */
async function runAct(context: Context, endpoint: EndpointOf<'act'>, call: Call): Promise<StoredResponse> {
  const { tokens, log } = context
  const { asked, keyed, write } = call
  const current = await reauthorize(context, endpoint, asked, context.database.db)
  const stored = keyed && (await write((trx) => acquireKey(trx, tokens, keyed)))
  if (stored && 'status' in stored) return stored
  const left = stored ? stored.left : null
  const { value, kept } = await handleAct(context, endpoint, { ...call, asked: current }, left)
  if (kept) return kept
  const sent = encodeResponse(endpoint, value, asked)
  // The handler is through and its effect stands: whoever waits hears of it even if the answer cannot be kept.
  if (keyed)
    await write((trx) => storeResponse(trx, tokens, keyed, sent)).catch((error: unknown) =>
      log.warn({ err: error }, 'an answer could not be kept under its key'),
    )
  return sent
}

/** What the handler returned, and the answer that is kept already where it has finished. */
type Done = { value: unknown; kept: StoredResponse | null }

/** `left` is what a request that was cut off has left under the key, and is answered by. */
async function handleAct(
  context: Context,
  endpoint: EndpointOf<'act'>,
  { asked, keyed, write }: Call,
  left: number | null,
): Promise<Done> {
  let kept: StoredResponse | null = null
  let leaving = left
  const authorized = <T>(work: (trx: Trx) => Promise<T>, then: (trx: Trx, done: T) => Promise<void>) =>
    write(async (trx) => {
      await reauthorize(context, endpoint, asked, trx)
      const done = await work(trx)
      await then(trx, done)
      return done
    })
  const spend = async (trx: Trx) => void (keyed && (await spendKey(trx, keyed, leaving)))
  const writes: Pick<ActContext, 'write' | 'finish' | 'leave' | 'undo'> = {
    write: (work) => authorized(work, spend),
    finish: (work) =>
      authorized(work, async (trx, done) => {
        if (!keyed) return
        kept = encodeResponse(endpoint, done, asked)
        await storeResponse(trx, context.tokens, keyed, kept)
      }),
    leave: (id) => void (leaving = id),
    undo: (work) =>
      write(async (trx) => {
        const done = await work(trx)
        if (keyed) await releaseKey(trx, keyed)
        return done
      }),
  }
  const given = { ...context, db: context.database.db, ...writes }
  try {
    const value =
      left !== null && endpoint.again
        ? await endpoint.again(given, asTyped(asked), left)
        : await endpoint.handle(given, asTyped(asked))
    return { value, kept }
  } catch (error) {
    if (keyed)
      await write((trx) => releaseUnspentKey(trx, keyed, left)).catch((failed: unknown) =>
        context.log.warn({ err: failed }, 'a key could not be given back'),
      )
    throw error
  }
}

const asTyped = (asked: HandlerRequest) => asked as HandlerRequest<never, never, never>
