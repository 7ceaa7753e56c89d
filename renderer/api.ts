import type { z } from 'zod'
import { markReachable, markUnreachable } from './connection.ts'
import type { RefusalParams } from '../server/http/refusal.contract.ts'
import type { RefusalCode } from './i18n/words.ts'
import { randomKey } from './intents.ts'

/** What travels on the wire for a schema of a contract. */
export type Wire<S extends z.ZodType> = z.input<S>

/** One refused field: where it is, pydantic's error type, and the code of a rule of the shop. */
export type FieldError = Refusal & { loc: (string | number)[]; type: string; msg: string }

/** A refusal's code, and the values that its sentence names. */
export type Refusal = { code?: string | undefined; params?: RefusalParams | undefined }

type Query = Record<string, string | number | boolean | null | undefined>
type Options = {
  query?: Query
  signal?: AbortSignal
  /** Of an intention that a person may send again; others have one of their own each time. */
  key?: string
  /** As the endpoint says it: such a request carries no key, and is not sent again by itself. */
  keyed?: false
  /** Of who signed in without a cookie: a customer on their own page. */
  token?: string
}

/** The server answered, and refused. */
export class ApiError extends Error {
  readonly status: number
  readonly fieldErrors: FieldError[]
  readonly code: string | undefined
  readonly params: RefusalParams | undefined
  /** What the server's log calls the request. */
  readonly request: string | undefined
  /** Seconds to wait before trying again, where the server says so. */
  readonly retryAfter: number | undefined

  constructor(
    status: number,
    message: string,
    { fieldErrors = [], code, params, request, retryAfter }: Partial<Omit<ApiError, keyof Error | 'status'>> = {},
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.fieldErrors = fieldErrors
    this.code = code
    this.params = params
    this.request = request
    this.retryAfter = retryAfter
  }
}

/** The server did not answer at all: it is off, or the network is. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached', { cause })
    this.name = 'Unreachable'
  }
}

/** Whose request it is, as `session.ts` knows: the cookie says only who is there when it arrives. */
type Sender = { user: number | null; locked: boolean }

let readSender = (): Sender => ({ user: null, locked: false })
let onOtherPerson = () => {}

export function readSenderFrom(read: () => Sender, whenAnotherIsHere: () => void) {
  readSender = read
  onOtherPerson = whenAnotherIsHere
}

/** No answer came, and somebody else is here now, or nobody: it is not sent again in their name. */
export class SenderLeft extends Unreachable {
  constructor(cause: unknown) {
    super(cause)
    this.name = 'SenderLeft'
  }
}

export function get<S extends z.ZodType>(path: string, options: Options = {}): Promise<Wire<S>> {
  return send('GET', path, undefined, options)
}

/** Sends an intention, under one Idempotency-Key as often as it takes. */
export function post<Reply extends z.ZodType, Body extends z.ZodType = z.ZodNever>(
  path: string,
  body?: Wire<Body>,
  options: Options = {},
): Promise<Wire<Reply>> {
  const key = options.keyed === false ? {} : { key: options.key ?? randomKey() }
  return write('POST', path, body ?? {}, { ...options, ...key })
}

export function patch<Reply extends z.ZodType, Body extends z.ZodType>(
  path: string,
  body: Wire<Body>,
  options: Options = {},
): Promise<Wire<Reply>> {
  return write('PATCH', path, body, options)
}

export function put<Reply extends z.ZodType, Body extends z.ZodType>(
  path: string,
  body: Wire<Body>,
): Promise<Wire<Reply>> {
  return write('PUT', path, body, {})
}

/** Sends files. `key` is theirs alone: sent again under it, they are there once. */
export function upload<Reply extends z.ZodType>(path: string, form: FormData, key: string): Promise<Wire<Reply>> {
  return send('POST', path, form, { key })
}

/** Signs in as OAuth2 does it, by a form. */
export function postForm<Reply extends z.ZodType>(path: string, form: URLSearchParams): Promise<Wire<Reply>> {
  return send('POST', path, form, {})
}

export function del(path: string, options: Options = {}): Promise<void> {
  return write('DELETE', path, undefined, options)
}

const WRITE_TRIES = 3
const RETRY_DELAY_MS = 800

/** Sends what changes something, and sends it again where no answer came, as long as its sender is there. */
async function write<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
  const sender = readSender()
  for (let tries = 1; ; tries++) {
    try {
      return await send<T>(method, path, body, options)
    } catch (error) {
      if (!mayRepeat(error, options)) throw error
      if (tries < WRITE_TRIES && isStillThere(sender)) await new Promise((after) => setTimeout(after, RETRY_DELAY_MS))
      if (!isStillThere(sender)) throw new SenderLeft(error)
      if (tries === WRITE_TRIES) throw error
    }
  }
}

/**
 * A busy server has done nothing, unless its file went while it wrote; without an answer only what cannot happen twice is sent
 * again.
 */
const mayRepeat = (error: unknown, { keyed }: Options) =>
  error instanceof ApiError
    ? error.status === 503 && !isRefusedAs(error, 'database-gone')
    : error instanceof Unreachable && keyed !== false

function isStillThere({ user, locked }: Sender): boolean {
  const now = readSender()
  return now.user === user && (locked || !now.locked)
}

async function send<T>(
  method: string,
  path: string,
  body: unknown,
  { query, signal, key, token }: Options,
): Promise<T> {
  const form = body instanceof FormData || body instanceof URLSearchParams
  const reply = await fetchReply(path + queryString(query), {
    method,
    ...(signal && { signal }),
    ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
    headers: {
      accept: 'application/json',
      // The browser writes the type of a form itself, with its boundary.
      ...(body !== undefined && !form && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  })
  if (!reply.ok) throw toApiError(reply)
  // What bears a token of its own is for whose token it is, whoever has the cookie.
  if (method === 'GET' && path !== SESSION && token === undefined && isForAnother(reply)) {
    onOtherPerson()
    throw new SenderLeft(null)
  }
  // The contract's type is the promise of the server, which encodes every reply by it.
  return (reply.status === 204 ? undefined : JSON.parse(reply.text)) as T
}

/** Tells who is signed in, and so may name somebody else. */
const SESSION = '/counter/session'

/** Somebody else took over in another window: what the server shows them is not what this screen shows. */
function isForAnother({ headers }: ReplyText): boolean {
  const [person, { user }] = [headers.get('fixpoint-person'), readSender()]
  return person !== null && user !== null && person !== String(user)
}

/** The same request is being done right now. */
export const isAtWork = (error: ApiError) => isRefusedAs(error, 'request-in-progress')

/** The same intention went through before, as it was sent then: what became of it has to be looked at. */
export const isDoneAlready = (error: unknown) => isRefusedAs(error, 'answer-lost') || isKeyReused(error)

/** Under this key something else went through: an earlier form of the same intention. */
const isKeyReused = (error: unknown) =>
  error instanceof ApiError && error.fieldErrors.some(({ code }) => code === 'idempotency-key-reused')

/** Nobody knows whether it was done: no answer came, the server broke off, or is still at work. */
export const isUnknown = (error: unknown) =>
  error instanceof Unreachable || (error instanceof ApiError && (error.status >= 500 || isAtWork(error)))

/** Whether the server refused with one of these codes. */
export const isRefusedAs = (error: unknown, ...codes: RefusalCode[]) =>
  error instanceof ApiError && codes.some((code) => code === error.code)

/** How long an answer may take: a photo over a slow Wi-Fi longest, a sign-in waits for its turn at the hashing. */
const TIMEOUT_MS = { read: 15_000, write: 30_000, upload: 180_000 }

function timeoutOf({ method, body }: RequestInit): number {
  if (body instanceof FormData) return TIMEOUT_MS.upload
  return method === 'GET' ? TIMEOUT_MS.read : TIMEOUT_MS.write
}

/** Asks, and has the whole answer: one that breaks off or does not come in time is none. Throws Unreachable. */
async function fetchReply(url: string, { signal, ...init }: RequestInit): Promise<ReplyText> {
  const late = AbortSignal.timeout(timeoutOf(init))
  try {
    const reply = await fetch(url, {
      ...init,
      signal: signal ? AbortSignal.any([signal, late]) : late,
      credentials: 'same-origin',
      cache: 'no-store',
    })
    const text = await reply.text()
    if (reply.ok && reply.status !== 204 && !isJson(reply)) throw new Error('Something else than the server answered')
    markReachable()
    return { status: reply.status, ok: reply.ok, statusText: reply.statusText, headers: reply.headers, text }
  } catch (error) {
    if (signal?.aborted) throw error
    markUnreachable()
    throw new Unreachable(error)
  }
}

/**
 * Asks for a picture that the browser could not show: it says not why.
 * @throws ApiError as the server says it, Unreachable
 */
export async function isThere(path: string): Promise<void> {
  const reply = await fetch(path, {
    signal: AbortSignal.timeout(TIMEOUT_MS.read),
    credentials: 'same-origin',
    cache: 'no-store',
  }).catch((error: unknown) => {
    throw new Unreachable(error)
  })
  if (reply.ok) return await reply.body?.cancel()
  const { status, ok, statusText, headers } = reply
  throw toApiError({ status, ok, statusText, headers, text: await reply.text() })
}

/** A page of the network's own (a sign-in page of a Wi-Fi, a proxy) is no answer. */
const isJson = (reply: Response) => reply.headers.get('content-type')?.startsWith('application/json') ?? false

type ReplyText = Pick<Response, 'status' | 'ok' | 'statusText' | 'headers'> & { text: string }

function toApiError({ status, statusText, headers, text }: ReplyText): ApiError {
  const { detail, code, params } = refusalBody(text)
  const fieldErrors = Array.isArray(detail) ? detail.filter(isFieldError) : []
  return new ApiError(status, typeof detail === 'string' ? detail : statusText || `Error ${status}`, {
    fieldErrors,
    code,
    params,
    request: headers.get('x-request-id') ?? undefined,
    retryAfter: Number(headers.get('retry-after')) || undefined,
  })
}

/** Whatever stands between the page and the server may answer in its place. */
function refusalBody(text: string): Refusal & { detail?: unknown } {
  try {
    const body: unknown = JSON.parse(text)
    // The server's own form of a refusal, as `answer-errors.ts` writes it.
    return typeof body === 'object' && body !== null ? (body as Refusal) : {}
  } catch {
    return {}
  }
}

function isFieldError(value: unknown): value is FieldError {
  return typeof value === 'object' && value !== null && 'loc' in value && Array.isArray(value.loc) && 'msg' in value
}

function queryString(query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`
}
