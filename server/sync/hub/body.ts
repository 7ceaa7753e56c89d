import type { Request } from 'express'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { SyncRefused } from '../refused.ts'
import type { BodyRoom } from './admission.ts'
import { tooLarge } from './admission.ts'
import { cutOff } from './requests.ts'

/** A body as it came, packed or not. It is unpacked by whoever has room to work on it. */
export type Packed = { bytes: Buffer; isGzip: boolean; most: number }

/** What is looked at before the body is read. @throws SyncRefused 413 or 415 */
export function expectBody(
  { headers }: Pick<Request, 'headers'>,
  most: number,
): { isGzip: boolean; announced: number } {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'application/json') throw wrongType('Content-Type must be application/json')
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding !== 'gzip' && encoding !== 'identity') throw wrongType('Content-Encoding is gzip, or there is none')
  const length = Number(headers['content-length'] ?? most)
  if (length > most) throw tooLarge(most)
  return { isGzip: encoding === 'gzip', announced: length }
}

const wrongType = (detail: string) => new SyncRefused(415, { error: 'wrong-type', detail })

/**
 * Reads a body of at most `most` bytes.
 * @throws SyncRefused 400 where it breaks off, 413 and 415, 429 where too much is coming in
 */
export async function readPacked(
  req: Request,
  most: number,
  { room, who, signal }: { room: BodyRoom; who: string; signal: AbortSignal },
): Promise<Packed & { leave: () => void }> {
  const { isGzip, announced } = expectBody(req, most)
  const leave = room.enter(who, announced)
  try {
    return { bytes: await readBytes(req, most, signal), isGzip, most, leave }
  } catch (error) {
    leave()
    throw error
  }
}

function readBytes(req: Request, most: number, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const stop = (error: unknown) => {
      req.off('data', add)
      req.resume()
      reject(error as Error)
    }
    const add = (chunk: Buffer) => {
      size += chunk.length
      if (size > most) return stop(tooLarge(most))
      chunks.push(chunk)
    }
    req.on('data', add)
    req.once('end', () => resolve(Buffer.concat(chunks)))
    req.once('error', () => stop(cutOff()))
    req.once('close', () => stop(cutOff()))
    signal.addEventListener('abort', () => stop(signal.reason), { once: true })
  })
}

const unpack = promisify(gunzip)
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * What a body says. One that is packed is not unpacked beyond what it may have.
 * @throws SyncRefused 400, 413
 */
export async function jsonOf({ bytes, isGzip, most }: Packed): Promise<unknown> {
  const plain = isGzip ? await unpacked(bytes, most) : bytes
  try {
    return JSON.parse(utf8.decode(plain)) as unknown
  } catch {
    throw new SyncRefused(400, { error: 'no-json', detail: 'The body is no JSON in UTF-8' })
  }
}

async function unpacked(bytes: Buffer, most: number): Promise<Buffer> {
  try {
    return await unpack(bytes, { maxOutputLength: most })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most)
    throw new SyncRefused(400, { error: 'no-gzip', detail: 'The body is no gzip' })
  }
}
