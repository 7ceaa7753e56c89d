import { type NextFunction, type Request, type Response, Router } from 'express'
import type { Context } from '../context.ts'
import { admit, sessionFor } from './admit.ts'
import { readBody } from './body.ts'
import { type Asked, type Endpoint, type Events, isSchema, type Method } from './endpoint.ts'
import { encoderOf } from './encode.ts'
import { type Fault, HttpError } from './errors.ts'
import { keyOf } from './idempotency.ts'
import { run } from './run.ts'
import type { Sent } from './stored-response.ts'
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
