import { randomBytes, sign as signBytes } from 'node:crypto'
import type { z } from 'zod'
import type { NodeKeys } from '../node-keys.ts'
import {
  etagOf, type Hello, HELLO_REPLY, type HelloReply, PHOTO_REPLY, REFUSED, signedForToken, TOKEN_REPLY,
} from '../wire.ts' // oxfmt-ignore
import { readAddress } from './address.ts'
import { LineError } from './errors.ts'
import { openConnections, post, type Post, type Reply } from './post.ts'
import { type PhotoAsk, type PhotoReplied, transfer } from './transfer.ts'

/** The way to head office over HTTP, as one node: who it is, its token, and what head office's refusals mean. */

/** How a call ends before its time, and who hears of its bytes. */
export type Call = Pick<Post, 'signal' | 'onBytes'>

export type Line = {
  hello(body: Hello, call: Call): Promise<HelloReply>
  /** The body of the reply, or of a refusal that says something of the body (`REFUSED`). */
  send(
    name: 'push' | 'pull' | 'returned' | 'sign-in' | 'credentials' | 'digests',
    body: unknown,
    call: Call,
  ): Promise<unknown>
  /** Asks something of a picture; the reply says it, where it is head office's. @throws LineError, and what `keep` throws */
  photo(sha256: string, asked: PhotoAsk, signal: AbortSignal): Promise<PhotoAnswer>
  close(): void
}

/** `no-room`: its disk is short, and pictures may come again in so many ms. `here`: head office has it, of so many bytes where a HEAD was told. `none`: it has none, or none for this machine. `refused` says what it finds wrong with it. */
export type PhotoAnswer =
  | { is: 'here'; bytes: number | null }
  | { is: 'none' }
  | { is: 'refused'; why: string }
  | { is: 'no-room'; retryAfter: number }

export type LineParts = {
  /** Where head office is by now, and as which node this machine speaks; asked for each new token, and the address for each call. */
  address: () => Promise<string | null>
  identity: () => Promise<{ node: number; epoch: number }>
  keys: Pick<NodeKeys, 'sign'>
  /** ms since 1970, and a stopwatch in ms. */
  now: () => number
  monotonic: () => number
  /** How long all of a request may take, in ms. */
  wholeMs?: number | undefined
}

/** All in ms. */
const WHOLE = 90_000
const SHORT = 20_000
/** What has little to say, and somebody waits for. */
const SHORT_CALLS: ReadonlySet<string> = new Set(['token', 'hello', 'sign-in'])
const NO_ROOM = 300_000
/** A picture over a slow line may take long. */
const PHOTO_LIMITS = { wholeMs: 270_000, silenceMs: 60_000 }
/** How long before its end a token is renewed. */
const RENEWED_BEFORE = 60_000

/** A reply to a pull has both streams, 8 MiB each at most, and a little around them. In bytes. */
const MOST_BYTES = 18 * 1024 * 1024
const MOST_BYTES_OF_SHORT = 64 * 1024

/** A token, until when it is used by the stopwatch, and for which address it is. */
type Token = { value: string; until: number; address: string }

/**
 * Opens nothing yet: each call connects where none is kept.
 * All calls throw LineError, and nothing else but what `address` and `identity` throw.
 */
export function openLine({ address, identity, keys, now, monotonic, wholeMs = WHOLE }: LineParts): Line {
  const connections = openConnections()
  let token: Token | null = null
  let asking: Promise<Token> | null = null
  /** By how much head office's clock is ahead of this machine's, in ms, once it has refused what was signed by this one's. */
  let ahead = 0

  const urlOf = async (name: string) => {
    const written = await address()
    if (written === null) throw new LineError('address', 'No head office is known')
    const base = readAddress(written)
    return { written, url: new URL(`${base.pathname.replace(/\/$/, '')}/sync/v1/${name}`, base) }
  }
  const ask = async (name: string, body: unknown, bearer: string | null, call: Call): Promise<Reply> => {
    const isShort = SHORT_CALLS.has(name)
    const limits = { wholeMs: isShort ? SHORT : wholeMs, silenceMs: isShort ? SHORT : wholeMs }
    const { url } = await urlOf(name)
    const mostBytes = isShort ? MOST_BYTES_OF_SHORT : MOST_BYTES
    return await post(connections, { ...call, url, body, token: bearer, limits, mostBytes })
  }

  const signIn = async (call: Call): Promise<Reply> => {
    const signed = { ...(await identity()), at: now() + ahead, nonce: randomBytes(18).toString('base64url') }
    const signature = signBytes(null, Buffer.from(signedForToken(signed)), keys.sign).toString('base64url')
    return await ask('token', { ...signed, signature }, null, call)
  }
  const newToken = async (call: Call): Promise<Token> => {
    const { written } = await urlOf('token')
    let reply = await signIn(call)
    const refused = REFUSED.safeParse(reply.body)
    if (reply.status === 401 && refused.success && refused.data.server_time !== undefined) {
      ahead = refused.data.server_time - now()
      reply = await signIn(call)
    }
    const { token: value, good_for } = readReply(TOKEN_REPLY, reply)
    const lives = good_for * 1000
    return { value, until: monotonic() + Math.max(lives / 2, lives - RENEWED_BEFORE), address: written }
  }
  /** One for all calls of the same moment: whoever ends its own call does not end what others wait for. */
  const tokenFor = async ({ onBytes }: Call): Promise<string> => {
    const { written } = await urlOf('token')
    if (token && token.address === written && monotonic() < token.until) return token.value
    const signal = closing.signal
    asking ??= newToken({ signal, onBytes }).finally(() => void (asking = null))
    token = await asking
    return token.value
  }
  const withToken = async <T extends Reply>(how: Call, asking: (bearer: string) => Promise<T>): Promise<T> => {
    const bearer = await tokenFor(how)
    const reply = await asking(bearer)
    if (reply.status !== 401) return reply
    // It has ended, or head office has another secret since: a new one is asked for, once.
    if (token?.value === bearer) token = null
    return await asking(await tokenFor(how))
  }
  const call = (name: string, body: unknown, how: Call): Promise<Reply> =>
    withToken(how, (bearer) => ask(name, body, bearer, how))
  const closing = new AbortController()
  return {
    hello: async (body, how) => readReply(HELLO_REPLY, await call('hello', body, how)),
    send: async (name, body, how) => {
      const reply = await call(name, body, how)
      if (!OF_THE_BODY.includes(reply.status)) return bodyOf(reply)
      if (REFUSED.safeParse(reply.body).success) return reply.body
      throw new LineError('broken', `Head office refuses with ${reply.status} and says nothing`)
    },
    photo: async (sha256, asked, signal) => {
      const { url } = await urlOf(`photos/${sha256}`)
      const how = { signal, onBytes: () => {} }
      const limits = PHOTO_LIMITS
      const reply = await withToken(how, (bearer) =>
        transfer(connections, { asked, url, token: bearer, signal, limits }),
      )
      return photoAnswerOf(reply, sha256, asked.method)
    },
    close: () => {
      closing.abort()
      connections.close()
    },
  }
}

/** Refusals that say something of what was sent: whoever sent it knows what to do. */
const OF_THE_BODY = [409, 410, 413, 422]

/**
 * What a reply about a picture says. A portal of somebody's Wi-Fi answers 200 to all: whether head office has it is believed only where
 * the picture is named. @throws LineError
 */
function photoAnswerOf(reply: PhotoReplied, sha256: string, method: PhotoAsk['method']): PhotoAnswer {
  const { status, retryAfter, body, etag, bytes } = reply
  const refused = REFUSED.safeParse(body)
  if (status === 404 && (method === 'HEAD' || (refused.success && refused.data.error === 'no-photo')))
    return { is: 'none' }
  if ((status === 413 || status === 422) && refused.success) return { is: 'refused', why: refused.data.error }
  // Pictures wait for its disk; the line is well.
  if (status === 507 && method === 'PUT') return { is: 'no-room', retryAfter: retryAfter ?? NO_ROOM }
  if (status !== 200) bodyOf(reply)
  const isNamed = method === 'PUT' ? PHOTO_REPLY.safeParse(body).data?.sha256 === sha256 : etag === etagOf(sha256)
  if (status !== 200 || !isNamed) throw new LineError('broken', 'The reply is about no picture')
  return { is: 'here', bytes }
}

function readReply<T extends z.ZodType>(shape: T, reply: Reply): z.output<T> {
  const read = shape.safeParse(bodyOf(reply))
  if (!read.success) throw new LineError('broken', 'The reply is none of head office')
  return read.data
}

/** The body of a reply that grants what was asked. @throws LineError for every other */
function bodyOf({ status, retryAfter, body }: Reply): unknown {
  if (status === 200 && body !== null) return body
  const refused = REFUSED.safeParse(body)
  const code = refused.success ? refused.data.error : null
  const said = `Head office answers ${status}${code === null ? '' : ` (${code.slice(0, 50)})`}`
  if (status === 403 && code === 'revoked') throw new LineError('revoked', said)
  // What a portal of somebody's Wi-Fi says is nothing that head office has said.
  if (code !== null && (status === 401 || status === 403)) throw new LineError('not-trusted', said)
  if (status === 404) throw new LineError('no-head-office', said)
  if (status === 426) throw new LineError('too-old', said)
  if (status === 429 || status === 503 || status === 507) {
    if (retryAfter !== null) throw new LineError('busy', said, retryAfter)
    throw new LineError(status === 429 ? 'busy' : 'away', said)
  }
  if (status === 502 || status === 504) throw new LineError('away', said, retryAfter)
  throw new LineError('broken', said, retryAfter)
}
