import { type NextFunction, type Request, type Response, Router } from 'express'
import type { z } from 'zod'
import type { Db } from '../../db/handle.ts'
import type { Context } from '../context.ts'
import { readBody } from './body.ts'
import type { Asked, Endpoint, Events, File, Method, Write } from './endpoint.ts'
import { encoderOf } from './encode.ts'
import { type Fault, HttpError, locked } from './errors.ts'
import {
  claimKey,
  fingerprintOf,
  type KeyedRequest,
  keyOf,
  releaseKey,
  spendKey,
  storedAnswer,
  storeAnswer,
} from './idempotency.ts'
import type { Page } from './paging.ts'
import type { Sent } from './stored-response.ts'
import { type Rule, scopeOf } from './auth/permissions.ts'
import { type Session, sessionNow, sessionOf } from './auth/session.ts'
import { discardUploads } from './uploads.ts'
import { decodeInto, refuseFaults } from './validation.ts'

/** The Express routes of `endpoints`: one per path, which answers 405 for the methods it does not have. */
export function routerOf(context: Context, endpoints: readonly Endpoint[]): Router {
  const router = Router({ caseSensitive: true })
  const paths = new Map<string, Map<Method, Endpoint>>()
  for (const endpoint of endpoints) {
    const methods = paths.get(endpoint.path) ?? new Map<Method, Endpoint>()
    if (methods.has(endpoint.method)) throw new Error(`${endpoint.method} ${endpoint.path} is declared twice`)
    paths.set(endpoint.path, methods.set(endpoint.method, endpoint))
  }
  for (const [path, methods] of paths) router.all(path, (req, res, next) => dispatch(context, methods, req, res, next))
  return router
}

function dispatch(context: Context, methods: Map<Method, Endpoint>, req: Request, res: Response, next: NextFunction) {
  const endpoint = methods.get((req.method === 'HEAD' ? 'GET' : req.method) as Method)
  if (!endpoint)
    return next(
      new HttpError(405, 'method-not-allowed', 'Method Not Allowed', {
        headers: { Allow: [...methods.keys()].join(', ') },
      }),
    )
  answerAndTidy(context, endpoint, req, res).catch(next)
}

async function answerAndTidy(context: Context, endpoint: Endpoint, req: Request, res: Response): Promise<void> {
  try {
    await answer(context, endpoint, req, res)
  } finally {
    await discardUploads(req)
  }
}

/** In the order that `decisions.md` gives: 401, 403, then 413, 415 and 422, then what the handler finds. */
async function answer(context: Context, endpoint: Endpoint, req: Request, res: Response): Promise<void> {
  const admitted = admit(endpoint, await sessionFor(context, endpoint.who, req))
  const body = endpoint.body && (await readBody(req, res, endpoint.body, context.config))
  const asked: Asked = {
    ...decoded(endpoint, req, body),
    ...admitted,
    address: req.ip ?? '',
    secure: req.secure,
    headers: req.headers,
    answer: { headers: {} },
  }
  if (!isSchema(endpoint.reply) && endpoint.reply.kind === 'events') return await stream(context, endpoint, asked, res)
  send(res, await run(context, endpoint, asked, keyOf(endpoint, req, asked.session)))
}

/** @throws 401, 403, 423 */
function admit(endpoint: Endpoint, session: Session | null): Pick<Asked, 'session' | 'scope'> {
  const isShut = session?.locked && !endpoint.whileLocked
  if (isShut && !endpoint.who.allow.anonymous) throw locked()
  // What everybody may see is seen beside a locked screen too, by nobody in particular.
  const known = isShut ? null : session
  return { session: known, scope: scopeOf(endpoint.who, known?.caller ?? null) }
}

async function sessionFor(context: Context, who: Rule, req: Request): Promise<Session | null> {
  if (!who.allow.anonymous) return await sessionOf(context, req)
  try {
    return await sessionOf(context, req)
  } catch (error) {
    if (error instanceof HttpError) return null // A stale token is no reason to refuse what everybody may see.
    throw error
  }
}

function decoded(endpoint: Endpoint, req: Request, body: unknown): Pick<Asked, 'params' | 'query' | 'body'> {
  const faults: Fault[] = []
  const part = {
    params: endpoint.params && decodeInto(endpoint.params, req.params, 'path', faults),
    query: endpoint.query && decodeInto(endpoint.query, lastOf(req.query), 'query', faults),
    body: endpoint.body && decodeInto(endpoint.body.schema, body, 'body', faults),
  }
  const absent = endpoint.body && (body === undefined || body === null)
  const told = absent ? [...faults.filter(({ loc }) => loc[0] !== 'body'), NO_BODY] : faults
  if (told.length > 0 && endpoint.invalid) throw endpoint.invalid(told)
  refuseFaults(told)
  return part
}

const NO_BODY: Fault = { type: 'missing', loc: ['body'], msg: 'Field required' }

/** A parameter given twice counts as its last value. */
function lastOf(query: Request['query']): Record<string, unknown> {
  const entries = Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value])
  return Object.fromEntries(entries)
}

async function run(context: Context, endpoint: Endpoint, asked: Asked, key: KeyedRequest | null): Promise<Sent> {
  const { database, tokens } = context
  const db = database.db
  const by = {
    actor: asked.session?.caller.id ?? null,
    device: asked.session?.id ?? null,
    act: `${endpoint.method} ${endpoint.path}`,
  }
  if (endpoint.kind === 'read') return sentOf(endpoint, await endpoint.handle({ ...context, db }, handed(asked)), asked)
  const write: Write = (work) => database.write(by, work)
  const keyed = key && { ...key, fingerprint: fingerprintOf(tokens, asked) }

  if (endpoint.kind === 'write')
    return await write(async (trx) => {
      const current = await stillAdmitted(context, endpoint, asked, trx)
      const stored = keyed && (await storedAnswer(trx, tokens, keyed))
      if (stored) return stored
      const sent = sentOf(endpoint, await endpoint.handle({ ...context, trx, db: trx }, handed(current)), asked)
      if (keyed) await storeAnswer(trx, tokens, keyed, sent)
      return sent
    })

  const current = await stillAdmitted(context, endpoint, asked, db)
  const stored = keyed && (await write((trx) => claimKey(trx, tokens, keyed)))
  if (stored) return stored
  const writeAdmitted: Write = (work) =>
    write(async (trx) => {
      await stillAdmitted(context, endpoint, asked, trx)
      const done = await work(trx)
      if (keyed) await spendKey(trx, keyed)
      return done
    })
  const handled = async () => {
    try {
      return await endpoint.handle({ ...context, db, write: writeAdmitted }, handed(current))
    } catch (error) {
      if (keyed) await write((trx) => releaseKey(trx, keyed))
      throw error
    }
  }
  const sent = sentOf(endpoint, await handled(), asked)
  // The handler is through and its effect stands: whoever waits hears of it even if the answer cannot be kept.
  if (keyed)
    await write((trx) => storeAnswer(trx, tokens, keyed, sent)).catch((error: unknown) =>
      context.log.warn({ err: error }, 'an answer could not be kept under its key'),
    )
  return sent
}

/**
 * The request with its session and scope as `db` has them now: a slow body or hash may outlast the session, or the rights.
 * @throws 401, 403, 423
 */
async function stillAdmitted(context: Context, endpoint: Endpoint, asked: Asked, db: Db): Promise<Asked> {
  if (!asked.session || endpoint.who.allow.anonymous) return asked
  return { ...asked, ...admit(endpoint, await sessionNow(db, asked.session, context.database.clock.read())) }
}

const handed = (asked: Asked) => asked as Asked<never, never, never>

/** Encodes what the handler returned as the endpoint declares it; undeclared fields fall away here. */
function sentOf(endpoint: Endpoint, value: unknown, { answer: { headers } }: Asked): Sent {
  const { reply } = endpoint
  const status = endpoint.status ?? 200
  if (isSchema(reply)) return asJson(status, headers, encoderOf(reply)(value))
  if (reply.kind === 'nothing') return { status: endpoint.status ?? 204, headers, body: null }
  if (reply.kind === 'list') {
    const { rows, total } = value as Page<unknown>
    const item = reply.item
    return asJson(status, { ...headers, 'X-Total-Count': total }, rows.map(encoderOf(item)))
  }
  const { type, bytes, headers: more } = value as File
  return { status, headers: { ...headers, ...more, 'Content-Type': type }, body: bytes }
}

const asJson = (status: number, headers: Sent['headers'], value: unknown): Sent => ({
  status,
  headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
})

function send(res: Response, { status, headers, body }: Sent) {
  res.statusCode = status
  for (const name in headers) res.setHeader(name, headers[name]!)
  if (body === null) return void res.end()
  res.setHeader('Content-Length', Buffer.byteLength(body))
  res.end(res.req.method === 'HEAD' ? undefined : body)
}

/** Says that the connection still leads here: a comment would not be shown to the page. */
const ALIVE = 'event: alive\ndata: {}\n\n'
const ALIVE_MS = 10_000

/** Server-sent events, until the caller hangs up, the endpoint ends them or the server closes. */
async function stream(context: Context, endpoint: Endpoint, asked: Asked, res: Response) {
  if (endpoint.kind !== 'read' || isSchema(endpoint.reply) || endpoint.reply.kind !== 'events') return
  const { item } = endpoint.reply
  const subscribe = (await endpoint.handle(
    { ...context, db: context.database.db },
    asked as Asked<never, never, never>,
  )) as Events<unknown>
  if (res.closed) return // The caller hung up meanwhile, and will not do so again.
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
  if (res.req.method === 'HEAD') return void res.end()
  res.write(ALIVE)
  const end = () => void res.end()
  const tell = (event: unknown) => res.writableEnded || res.write(`data: ${JSON.stringify(encoderOf(item)(event))}\n\n`)
  const stop = subscribe(tell, end)
  const alive = setInterval(() => res.write(ALIVE), ALIVE_MS)
  context.run.closing.addEventListener('abort', end)
  res.on('close', () => {
    context.run.closing.removeEventListener('abort', end)
    clearInterval(alive)
    stop()
  })
}

export const isSchema = (reply: Endpoint['reply']): reply is z.ZodType => 'def' in reply
