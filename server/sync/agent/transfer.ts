import { createReadStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { type Connections, exchange, readReply, type Reply, retryAfterOf } from './post.ts'

/** Pictures on their way to head office and from there. */

/**
 * What is asked of a picture: whether it is there, to take it from `path`, or for its bytes, which `keep` is given. `turn` is waited
 * for before each piece that is sent, so that others go first.
 */
export type PhotoAsk =
  | { method: 'HEAD' }
  | { method: 'PUT'; path: string; bytes: number; turn: () => Promise<void> }
  | { method: 'GET'; keep: (bytes: IncomingMessage) => Promise<void> }

/** `etag` says which picture a reply is about, `bytes` how long the one is that a HEAD asked for, where it says so. */
export type PhotoReplied = Reply & { etag: string | null; bytes: number | null }

export type Transfer = {
  asked: PhotoAsk
  url: URL
  token: string
  signal: AbortSignal
  limits: { wholeMs: number; silenceMs: number }
}

/** A reply without a picture, in bytes. */
const MOST_BYTES = 64 * 1024
const PIECE = 64 * 1024

/**
 * Asks one thing of one picture.
 * @throws LineError, and what `keep` throws, or reading the file
 */
export async function transfer(
  connections: Connections,
  { asked, url, token, signal, limits }: Transfer,
): Promise<PhotoReplied> {
  // What went wrong here is nothing that the line has done.
  let failed: { error: unknown } | null = null
  const read = async (response: IncomingMessage): Promise<PhotoReplied> => {
    const etag = response.headers.etag ?? null
    const { statusCode: status = 0 } = response
    // It has no body, whatever its headers say of one.
    if (asked.method === 'HEAD') {
      response.resume()
      const length = response.headers['content-length']
      const bytes = length === undefined ? null : Number(length)
      return { status, retryAfter: retryAfterOf(response.headers['retry-after']), body: null, etag, bytes }
    }
    if (asked.method === 'PUT' || status !== 200)
      return { ...(await readReply(response, MOST_BYTES, () => {})), etag, bytes: null }
    try {
      await asked.keep(response)
    } catch (error) {
      if (response.errored !== null) throw error
      failed = { error }
    } finally {
      if (!response.complete) response.destroy()
    }
    return { status, retryAfter: null, body: null, etag, bytes: null }
  }
  const sends = asked.method === 'PUT'
  const headers: Record<string, string> = sends
    ? { accept: 'application/json', 'content-type': 'image/jpeg', 'content-length': String(asked.bytes) }
    : { accept: '*/*', 'content-length': '0' }
  const body = () => (sends ? piecesOf(asked) : [])
  const replied = await exchange(connections, { method: asked.method, url, token, signal, limits, headers, body, read })
  if (failed) throw (failed as { error: unknown }).error
  return replied
}

async function* piecesOf({ path, turn }: Extract<PhotoAsk, { method: 'PUT' }>): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(path, { highWaterMark: PIECE }) as AsyncIterable<Buffer>) {
    await turn()
    yield piece
  }
}
