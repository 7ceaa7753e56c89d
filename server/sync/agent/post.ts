import http from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip, gzip } from 'node:zlib'
import { privateLookup } from './address.ts'
import { LineError } from './errors.ts'

/** Requests to head office: JSON there and back, both packed where that is shorter; or files, as they are. */

/** The connections to head office, kept between requests: those that push, wait for a reply and carry a picture, and one for the rest. */
export type Connections = { http: http.Agent; https: https.Agent; close(): void }

export function openConnections(): Connections {
  const options = { keepAlive: true, maxSockets: 6, maxFreeSockets: 2, keepAliveMsecs: 15_000 }
  const agents = { http: new http.Agent(options), https: new https.Agent(options) }
  return {
    ...agents,
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

export type Post = {
  url: URL
  body: unknown
  token: string | null
  /** Ends the request; what comes of it is then nobody's. */
  signal: AbortSignal
  /** How long all of it may take, and how long nothing may come, in ms. */
  limits: { wholeMs: number; silenceMs: number }
  /** How long the reply may be, unpacked, in bytes. */
  mostBytes: number
  /** Hears whenever bytes have gone or come. */
  onBytes: () => void
}

/** `body` is null where the reply is no JSON. */
export type Reply = { status: number; retryAfter: number | null; body: unknown }

/** Shorter bodies are sent as they are, in bytes. */
const WORTH_PACKING = 1_000
/** What is handed to the connection at once, in bytes. */
const PIECE = 64 * 1024

const packed = promisify<Buffer, Buffer>(gzip)

/**
 * Sends a body and reads the reply, whatever its status. Redirects are not followed. A kept connection that head office has
 * closed meanwhile is tried once more by a new one: whatever goes over the wire may come twice.
 * @throws LineError `no-line`, `away`, `broken`, `certificate` or `address`
 */
export async function post(connections: Connections, asked: Post): Promise<Reply> {
  const text = Buffer.from(JSON.stringify(asked.body))
  const isPacked = text.length >= WORTH_PACKING
  const body = isPacked ? await packed(text) : text
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...(isPacked && { 'content-encoding': 'gzip' }),
  }
  return await exchange(connections, {
    ...asked,
    method: 'POST',
    headers,
    body: () => piecesOf(body, asked.onBytes),
    read: (response) => readReply(response, asked.mostBytes, asked.onBytes),
  })
}

/** A request whose body is made anew for each try, and whose reply is read to its end or thrown away. */
export type Exchange<T> = Pick<Post, 'url' | 'token' | 'signal' | 'limits'> & {
  method: string
  headers: Record<string, string>
  body: () => Iterable<Buffer> | AsyncIterable<Buffer>
  read: (response: http.IncomingMessage) => Promise<T>
}

/** One exchange; throws as `post` does. */
export async function exchange<T>(connections: Connections, asked: Exchange<T>): Promise<T> {
  const limit = AbortSignal.timeout(asked.limits.wholeMs)
  const signal = AbortSignal.any([asked.signal, limit])
  const send = async () => await exchangeOnce(connections, { ...asked, signal })
  try {
    return await send().catch((error: unknown) => {
      if (error instanceof KeptTooLong && !signal.aborted) return send()
      throw error
    })
  } catch (error) {
    if (limit.aborted && !asked.signal.aborted) throw new LineError('no-line', 'No reply came in time')
    throw errorOf(error)
  }
}

/** A connection that was kept had ended before the request came over it. */
class KeptTooLong extends Error {}

async function exchangeOnce<T>(
  connections: Connections,
  { method, url, token, signal, limits, headers: said, body, read }: Exchange<T>,
): Promise<T> {
  const isSecure = url.protocol === 'https:'
  const headers = { ...said, ...(token !== null && { authorization: `Bearer ${token}` }) }
  const request = isSecure
    ? https.request(url, { method, headers, signal, agent: connections.https })
    : http.request(url, { method, headers, signal, agent: connections.http, lookup: privateLookup })
  request.setTimeout(limits.silenceMs, () => request.destroy(new LineError('no-line', 'Head office is silent')))
  const response = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', (error) => {
      const isOld = request.reusedSocket && isCutOff(error)
      reject(isOld ? new KeptTooLong(error.message, { cause: error }) : error)
    })
  })
  // What goes wrong on the way the request itself says; a reply may come before all of the body has gone.
  pipeline(Readable.from(body()), request).catch(() => {})
  return await read(await response)
}

function* piecesOf(body: Buffer, onBytes: () => void): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE) {
    yield body.subarray(at, at + PIECE)
    onBytes()
  }
}

/** Reads a reply of JSON. @throws LineError */
export async function readReply(
  response: http.IncomingMessage,
  mostBytes: number,
  onBytes: () => void,
): Promise<Reply> {
  const { statusCode: status = 0, headers } = response
  const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '')
  const encoding = headers['content-encoding'] ?? 'identity'
  if (!['gzip', 'identity'].includes(encoding))
    throw await unread(response, 'Head office answers in an unknown packing')
  const stream = encoding === 'gzip' ? response.pipe(createGunzip()) : response
  // What ends the connection ends the unpacking.
  if (stream !== response) response.once('error', (error) => stream.destroy(error))
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream as AsyncIterable<Buffer>) {
    onBytes()
    length += piece.length
    if (length > mostBytes) throw await unread(response, 'The reply is longer than any of head office')
    pieces.push(piece)
  }
  if (!response.complete) throw new LineError('away', 'The reply was cut off')
  const body = isJson ? parse(Buffer.concat(pieces).toString()) : null
  return { status, retryAfter: retryAfterOf(headers['retry-after']), body }
}

/** The rest of a reply that is of no use is not waited for. */
async function unread(response: http.IncomingMessage, why: string): Promise<LineError> {
  response.destroy()
  return new LineError('broken', why)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new LineError('broken', 'The reply is no JSON')
  }
}

/** `Retry-After` in ms, where it is a number of seconds. */
export function retryAfterOf(header = ''): number | null {
  return /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null
}

/** Codes of Node and OpenSSL. */
const AWAY = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED']
const CERTIFICATE =
  /^(EPROTO|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|ERR_SSL_|ERR_TLS_|HOSTNAME_MISMATCH|INVALID_CA)/

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code ?? ''
const isCutOff = (error: unknown) => AWAY.includes(codeOf(error))

function errorOf(error: unknown): unknown {
  if (error instanceof LineError) return error
  const reason = error instanceof KeptTooLong ? error.cause : error
  const code = codeOf(reason)
  if (isCutOff(reason)) return new LineError('away', `Head office has closed the connection (${code})`)
  if (CERTIFICATE.test(code)) return new LineError('certificate', `Head office does not prove who it is (${code})`)
  if (code.startsWith('Z_')) return new LineError('broken', `The reply cannot be unpacked (${code})`)
  if (code.startsWith('HPE_')) return new LineError('broken', `What answers speaks no HTTP (${code})`)
  return new LineError('no-line', `Head office is not reached (${code || (reason as Error).name})`)
}
