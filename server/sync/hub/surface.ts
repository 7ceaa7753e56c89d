import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'
import { latestEpoch } from '../../../db/fleet/origin-heads.ts'
import type { Context } from '../../context.ts'
import { isLong, knownError } from '../../http/answer-errors.ts'
import { digests } from '../digests/call.ts'
import { openDigestDesk } from '../digests/desk.ts'
import { enroll } from '../enrol/call.ts'
import { credentials, signIn } from '../people/calls.ts'
import { openPhotoRoom, photos } from '../photos/answer-photo.ts'
import { type KnownNode, nodeOf, openNodeTokens, revoked } from '../node-tokens.ts'
import { officeSealOf } from '../office-seal.ts'
import { SyncRefused } from '../refused.ts'
import { openSync } from '../take.ts'
import { type BodyRoom, openAdmission, openBodyRoom } from './admission.ts'
import { jsonOf, readPacked } from './body.ts'
import type { Answer, Asked, Call, FileCall, Hub } from './call.ts'
import { openContacts } from './contacts.ts'
import { hello, pull, push, returned, token } from './calls.ts'
import { openHeldPulls } from './held-pulls.ts'
import { openLastWords } from './last-words.ts'
import { closes, openRequests, type Requests } from './requests.ts'
import { openSpread } from './spread.ts'
import { inTurns, openLane } from './turns.ts'

/**
 * `/sync/v1`, by which nodes speak to head office: JSON, gzip both ways, a token of the node, errors as `{error, detail}`. No
 * browser calls it, and no cookie counts. Any other machine than head office answers 404.
 */

const CALLS: readonly Call[] = [enroll, token, hello, push, returned, pull, signIn, credentials, digests]

const FILE_CALLS: readonly FileCall[] = [photos]

/** How long a request may last, one of nobody in particular, and one that brings or takes a file, in ms: the listener has more. */
export type SurfaceLimits = { requestMs: number; strangersMs: number; fileMs: number }
const LIMITS: SurfaceLimits = { requestMs: 90_000, strangersMs: 30_000, fileMs: 280_000 }

/** Answers that are put together at once: each may have 8 MiB. */
const ANSWERS_AT_ONCE = 8

export function syncSurface(
  context: Context,
  calls: readonly Call[] = CALLS,
  limits: SurfaceLimits = LIMITS,
): RequestHandler {
  const byPath = new Map(calls.map((call) => [call.path as string, call]))
  const find = (path: string) => byPath.get(path) ?? FILE_CALLS.find((call) => path.startsWith(call.path))
  const surface = {
    context,
    hub: lazily(() => openHub(context)),
    bodies: openBodyRoom(),
    requests: openRequests(context.run.closing),
    limits,
  }
  return (req, res) => {
    const answered = answer(surface, find(withoutSlash(req.path)), req, res)
    answered.catch((error: unknown) => refuse(context, req, res, error))
  }
}

type Surface = {
  context: Context
  hub: () => Promise<Hub>
  bodies: BodyRoom
  requests: Requests
  limits: SurfaceLimits
}

const withoutSlash = (path: string) => path.replace(/(?<=.)\/$/, '')

async function openHub(context: Context): Promise<Hub> {
  const { database, log, run, tokens } = context
  const sync = await openSync(inTurns(database, run.closing))
  const onError = (error: unknown) => {
    if (!run.closing.aborted)
      log.warn({ err: error }, 'head office could not look at its streams or rows, or write down who was there')
  }
  return {
    context,
    sync,
    tokens: openNodeTokens(tokens, database.clock),
    pushes: openAdmission(database),
    pulls: openHeldPulls(sync, onError),
    answers: openLane(ANSWERS_AT_ONCE),
    photos: openPhotoRoom(),
    spread: openSpread(() => performance.now(), Math.random),
    contacts: openContacts(sync, onError),
    lastWords: openLastWords(database),
    seal: officeSealOf(tokens),
    digests: openDigestDesk(sync, { signal: run.closing, onError }),
  }
}

/** Made when it is first asked for; again where that failed. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null
      throw error
    })
    return made
  }
}

async function answer(surface: Surface, call: Call | FileCall | undefined, req: Request, res: Response): Promise<void> {
  const { context, limits } = surface
  if (context.run.closing.aborted) throw closes()
  await expectHeadOffice(context)
  if (!call) throw new SyncRefused(404, { error: 'unknown-call', detail: 'Head office has no such call' })
  const methods = 'serve' in call ? call.methods : [call.method]
  if (!methods.includes(req.method)) throw wrongMethod(methods.join(', '))
  const hub = await surface.hub()
  if ('serve' in call) return await answerFile(surface, hub, call, req, res)
  const caller = call.who === 'node' ? await callerOf(hub, req, call.takesRevoked === true) : null
  if (caller && call !== hello) {
    await expectLatestLife(hub, caller)
    // Who does both stands well. Whether somebody may sign in a machine asks as long as it does not know better.
    if (call === push || call === pull) hub.contacts.seen(caller.node.id)
  }
  Object.assign(res.locals, { isRead: call.isRead === true, node: caller?.node.id })
  const request = surface.requests.begin(req, res, caller ? limits.requestMs : limits.strangersMs)
  try {
    const work = workOn({ hub, bodies: surface.bodies, signal: request.signal }, call, caller, req)
    work.catch((error: unknown) => {
      if (res.headersSent) context.log.warn({ err: error, path: call.path }, 'a call that lasted too long failed')
    })
    await send(req, res, await Promise.race([work, request.late]))
  } finally {
    request.end()
  }
}

const wrongMethod = (allowed: string) =>
  new SyncRefused(405, { error: 'wrong-method', detail: `This is a ${allowed}` }, { Allow: allowed })

/** Nothing of it is in memory but the piece that goes through. */
async function answerFile(
  { context, requests, limits }: Surface,
  hub: Hub,
  call: FileCall,
  req: Request,
  res: Response,
): Promise<void> {
  const { node, epoch } = await callerOf(hub, req, false)
  await expectLatestLife(hub, { node, epoch })
  Object.assign(res.locals, { isRead: req.method !== 'PUT', node: node.id })
  const { signal, late, end } = requests.begin(req, res, limits.fileMs)
  try {
    const work = call.serve(hub, { node, rest: withoutSlash(req.path).slice(call.path.length), req, res, signal })
    work.catch((error: unknown) => {
      if (res.headersSent) context.log.warn({ err: error, path: call.path }, 'a file was cut off')
    })
    const answered = await Promise.race([work, late])
    if (answered) await send(req, res, answered)
  } finally {
    end()
  }
}

type Working = { hub: Hub; bodies: BodyRoom; signal: AbortSignal }
type CallerNode = { node: KnownNode; epoch: number }

/** What the call has taken is given back when its work is done, though nobody may wait for that any more. */
async function workOn(
  { hub, bodies, signal }: Working,
  call: Call,
  caller: CallerNode | null,
  req: Request,
): Promise<Answer> {
  const address = req.ip ?? ''
  const leave = (call.who === 'node' && call.admit?.(hub, caller!.node)) || (() => {})
  try {
    const who = caller ? `node ${caller.node.id}` : address
    const packed = await readPacked(req, call.mostBytes, { room: bodies, who, signal })
    try {
      const asked: Asked = { json: () => jsonOf(packed), address, signal }
      return await (call.who === 'node' ? call.handle(hub, { ...asked, ...caller! }) : call.handle(hub, asked))
    } finally {
      packed.leave()
    }
  } finally {
    leave()
  }
}

async function expectHeadOffice({ database }: Context): Promise<void> {
  const self = await database.db.selectFrom('self').select('role').executeTakeFirstOrThrow()
  if (self.role === 'head-office') return
  throw new SyncRefused(404, { error: 'no-head-office', detail: 'This machine is no head office' })
}

/** @throws SyncRefused 401 without a good token, 403 for a node that was shut out where the call takes nothing of it */
async function callerOf({ context, tokens }: Hub, req: Request, takesRevoked: boolean): Promise<CallerNode> {
  const [, given] = /^Bearer ([^ ]+)$/i.exec(req.headers.authorization ?? '') ?? []
  const claims = given === undefined ? null : tokens.verify(given)
  const node = claims && (await nodeOf(context.database.db, claims.node))
  if (!claims || !node)
    throw new SyncRefused(401, { error: 'token', detail: 'A token is needed' }, { 'WWW-Authenticate': 'Bearer' })
  if (node.revoked_at !== null && !takesRevoked) throw revoked()
  return { node, epoch: claims.epoch }
}

/** Of a machine that was copied, or set back, the later life alone goes on; the other one has to be let in anew. */
async function expectLatestLife({ context }: Hub, { node, epoch }: CallerNode): Promise<void> {
  if ((await latestEpoch(context.database.db, node.id)) <= epoch) return
  throw new SyncRefused(409, { error: 'fork', detail: 'A later life of this node has been here' })
}

/** From so many bytes on an answer is worth packing. */
const PACKED_FROM = 1_000

async function send(req: Request, res: Response, { status = 200, body }: Answer): Promise<void> {
  const text = JSON.stringify(body)
  const isPacked = text.length >= PACKED_FROM && req.acceptsEncodings('gzip') !== false
  const bytes = isPacked ? await pack(text) : Buffer.from(text)
  if (res.destroyed) return
  res.status(status).set(HEADERS)
  if (isPacked) res.set('Content-Encoding', 'gzip')
  res.set('Content-Length', String(bytes.length)).end(bytes)
}

const pack = promisify(gzip)
const HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store',
  Vary: 'Accept-Encoding',
}

/** Where somebody has to free some space or mend something first, in s. */
const RETRY_AFTER_S = 60

function refuse({ database, log, run: { closing } }: Context, req: Request, res: Response, error: unknown): void {
  const known = closing.aborted && !(error instanceof SyncRefused) ? closes() : refusalOf(error, database)
  const context = { request: res.getHeader('X-Request-Id'), path: req.originalUrl.split('?')[0] }
  if (!known) log.error({ err: error, ...context }, 'unexpected error')
  else if (known.status >= 500) log.warn({ ...context, reason: String(error) }, 'refused for now')
  if (res.headersSent || res.destroyed) return void res.destroy()
  const { status, refused, headers } = known ?? UNEXPECTED
  if (!req.readableEnded && isLong(req)) res.set('Connection', 'close')
  const isLater = status === 503 && !('Retry-After' in headers)
  res.status(status).set({ ...HEADERS, ...headers, ...(isLater && { 'Retry-After': String(RETRY_AFTER_S) }) })
  res.end(JSON.stringify(refused))
}

const UNEXPECTED = new SyncRefused(500, { error: 'internal-error', detail: 'Internal Server Error' })

/** The same refusals as everywhere (disk full, database damaged or busy), in the words of the wire. */
function refusalOf(error: unknown, database: Context['database']): SyncRefused | null {
  if (error instanceof SyncRefused) return error
  const known = knownError(error, database)
  return known && new SyncRefused(known.status, { error: known.code, detail: known.message }, known.headers)
}
