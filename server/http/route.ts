import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../context.ts'
import { authorize, sessionFor } from './authorize.ts'
import { readBody } from './body.ts'
import { type Endpoint, type Events, type HandlerRequest, isSchema, type Method } from './endpoint.ts'
import { senderOf } from './bounds/sender.ts'
import { encoderOf } from './encode.ts'
import { type FieldError, HttpError } from './errors.ts'
import { withIdsOfToday } from './ids/former-ids.ts'
import { fingerprintOf, keyOf } from './idempotency.ts'
import { contextFor, run } from './run.ts'
import type { StoredResponse } from './stored-response.ts'
import { discardUploads } from './uploads.ts'
import { decodeInto, throwFieldErrors } from './validation.ts'

/**
 * The Express routes of `endpoints`: one per path, which answers 405 for the methods it does not have. Express tries one
 * route after the other, so each beginning of a path has a router of its own.
 */
export function routerOf(context: Context, endpoints: readonly Endpoint[]): RequestHandler {
  const routers = new Map<string, Router>()
  const paths = new Map<string, Map<Method, Endpoint>>()
  for (const endpoint of endpoints) {
    const methods = paths.get(endpoint.path) ?? new Map<Method, Endpoint>()
    if (methods.has(endpoint.method)) throw new Error(`${endpoint.method} ${endpoint.path} is declared twice`)
    paths.set(endpoint.path, methods.set(endpoint.method, endpoint))
  }
  for (const [path, methods] of paths) {
    const beginning = beginningOf(path.split('/:')[0]!)
    const router = routers.get(beginning) ?? Router({ caseSensitive: true })
    routers.set(beginning, router)
    router.all(path, (req, res, next) => dispatch(context, methods, req, res, next))
  }
  return (req, res, next) => {
    const router = routers.get(beginningOf(req.path)) ?? routers.get(beginningOf(req.path, 1))
    if (router) router(req, res, next)
    else next()
  }
}

/** The first parts of a path, whether or not a slash ends it: `/v1/orders`. */
function beginningOf(path: string, parts = 2): string {
  let end = 0
  for (let part = 0; part < parts && end >= 0; part++) end = path.indexOf('/', end + 1)
  const beginning = end < 0 ? path : path.slice(0, end)
  return beginning.endsWith('/') ? beginning.slice(0, -1) : beginning
}

function dispatch(context: Context, methods: Map<Method, Endpoint>, req: Request, res: Response, next: NextFunction) {
  const endpoint = methods.get((req.method === 'HEAD' ? 'GET' : req.method) as Method)
  if (!endpoint)
    return next(
      new HttpError(405, 'method-not-allowed', 'Method Not Allowed', {
        headers: { Allow: [...methods.keys()].join(', ') },
      }),
    )
  const answer = endpoint.body?.kind === 'multipart' ? respondAndDiscardUploads : respond
  answer(context, endpoint, req, res).catch(next)
}

async function respondAndDiscardUploads(
  context: Context,
  endpoint: Endpoint,
  req: Request,
  res: Response,
): Promise<void> {
  try {
    await respond(context, endpoint, req, res)
  } finally {
    await discardUploads(req)
  }
}

/** In the order decided for the documented APIs: 401, 403, then 413, 415 and 422, then what the handler finds. */
async function respond(context: Context, endpoint: Endpoint, req: Request, res: Response): Promise<void> {
  const authorized = authorize(endpoint, await sessionFor(context, endpoint.who, req))
  const address = req.ip ?? '' // Express works it out each time it is asked.
  const sender = senderOf(authorized.session?.caller ?? null, address)
  const from = { sender, disk: context.config, run: context.run }
  const caller = authorized.session?.caller
  if (caller && endpoint.path.startsWith('/counter/')) res.setHeader(ANSWERED_TO, String(caller.id))
  if (endpoint.kind !== 'read' && endpoint.method !== 'GET') context.run.customerWrites.count(sender)
  const body = endpoint.body && (await readBody(req, res, endpoint.body, from))
  const asked = decodeRequest(endpoint, req, body)
  const request: HandlerRequest = {
    ...(await withIdsOfToday(context.database.db, endpoint.path, asked)),
    ...authorized,
    address,
    secure: req.secure,
    headers: req.headers,
    response: { headers: {} },
  }
  if (!isSchema(endpoint.response) && endpoint.response.kind === 'events')
    return await stream(context, endpoint, request, res)
  const key = keyOf(endpoint, req, request.session)
  // Before ids are renamed, or what was sent before the machine joined head office is another request when it is sent again.
  const keyed = key && { ...key, fingerprint: fingerprintOf(context.tokens, asked) }
  send(res, await run(context, endpoint, request, keyed))
}

/**
 * The person whom a reply of the counter was made for: a window shares its cookie with others of the browser, and may hear of
 * somebody who took over in one of them later than of what they may see.
 */
const ANSWERED_TO = 'Fixpoint-Person'

function decodeRequest(
  endpoint: Endpoint,
  req: Request,
  body: unknown,
): Pick<HandlerRequest, 'params' | 'query' | 'body'> {
  const fieldErrors: FieldError[] = []
  const part = {
    params: endpoint.params && decodeInto(endpoint.params, req.params, 'path', fieldErrors),
    query: endpoint.query && decodeInto(endpoint.query, givenIn(req.query, endpoint), 'query', fieldErrors),
    body: endpoint.body && decodeInto(endpoint.body.schema, body, 'body', fieldErrors),
  }
  const absent = endpoint.body && (body === undefined || body === null)
  const reported = absent ? [...fieldErrors.filter(({ loc }) => loc[0] !== 'body'), NO_BODY] : fieldErrors
  if (reported.length > 0 && endpoint.invalid) throw endpoint.invalid(reported)
  throwFieldErrors(reported)
  return part
}

const NO_BODY: FieldError = { type: 'missing', loc: ['body'], msg: 'Field required' }

/**
 * A parameter given twice counts as its last value. Clients of the documented APIs send their empty ones too (`?order_id=`):
 * those ask nothing. What the counter makes of one, its own fields say.
 */
function givenIn(query: Request['query'], { path }: Endpoint): Record<string, unknown> {
  const entries = Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value])
  const isCounter = path.startsWith('/counter/')
  return Object.fromEntries(isCounter ? entries : entries.filter(([, value]) => value !== ''))
}

function send(res: Response, { status, headers, body }: StoredResponse) {
  res.statusCode = status
  for (const name in headers) res.setHeader(name, headers[name]!)
  if (body === null) return void res.end()
  res.setHeader('Content-Length', Buffer.byteLength(body))
  res.end(res.req.method === 'HEAD' ? undefined : body)
}

/** Says that the connection still leads here: a comment would not be shown to the page. */
const ALIVE = 'event: alive\ndata: {}\n\n'
const ALIVE_MS = 10_000

/** How far a reader of events may fall behind before the stream ends. */
const MAX_UNREAD_BYTES = 1_048_576

/** Server-sent events, until the caller hangs up, the endpoint ends them or the server closes. */
async function stream(context: Context, endpoint: Endpoint, request: HandlerRequest, res: Response) {
  if (endpoint.kind !== 'read' || isSchema(endpoint.response) || endpoint.response.kind !== 'events') return
  const { item } = endpoint.response
  const given = contextFor(context, request)
  const subscribe = (await endpoint.handle(
    { ...given, db: given.database.db },
    request as HandlerRequest<never, never, never>,
  )) as Events<unknown>
  if (res.closed) return // The caller hung up meanwhile, and will not do so again.
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
  if (res.req.method === 'HEAD') return void res.end()
  res.write(ALIVE)
  const end = () => void res.end()
  const sendEvent = (event: unknown) => {
    if (res.writableLength > MAX_UNREAD_BYTES) res.destroy() // The page begins again, and asks for everything.
    else if (!res.writableEnded) res.write(`data: ${JSON.stringify(encoderOf(item)(event))}\n\n`)
  }
  const stop = subscribe(sendEvent, end)
  const leave = request.session ? context.run.presence.stay(request.session.id) : () => {}
  const keepAlive = setInterval(() => res.write(ALIVE), ALIVE_MS)
  context.run.closing.addEventListener('abort', end)
  res.on('close', () => {
    context.run.closing.removeEventListener('abort', end)
    clearInterval(keepAlive)
    stop()
    leave()
  })
}
