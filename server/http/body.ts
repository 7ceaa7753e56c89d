import express, { type Request, type Response } from 'express'
import { z } from 'zod'
import { announcedBytes, type BodyRoom, tooSlow } from './bounds/body-room.ts'
import { type FieldError, HttpError, invalid, tooLarge, wrongType } from './errors.ts'
import { errorPosition, parseJson } from './json-text.ts'
import type { Sender } from './bounds/sender.ts'
import type { Disk, UploadRoom } from './bounds/upload-room.ts'
import { type FileLimits, readMultipart } from './uploads.ts'

/** What an endpoint takes in its body, and how large it may be in bytes. */
export type Body<T extends z.ZodType = z.ZodType> =
  | { kind: 'json'; schema: T; limit: number }
  | { kind: 'form'; schema: T; limit: number }
  | { kind: 'multipart'; schema: T; limits: FileLimits }
  | { kind: 'raw'; schema: T; limit: number }

/** What anyone may send without signing in: a name, a password and a code, however they are written. In bytes. */
export const STRANGERS_LIMIT = 16_384

/** A JSON body of at most 1 MB. */
export const json = <T extends z.ZodType>(schema: T, limit = 1_048_576): Body<T> => ({ kind: 'json', schema, limit })
/** `application/x-www-form-urlencoded`, or the same fields as multipart; an empty field counts as missing. */
export const form = <T extends z.ZodType>(schema: T, limit = 65_536): Body<T> => ({ kind: 'form', schema, limit })

/** `multipart/form-data` with at most so many files, each under so many bytes. */
export const multipart = <T extends z.ZodType>(schema: T, limits: FileLimits): Body<T> => ({
  kind: 'multipart',
  schema,
  limits,
})
/** The bytes as they came, for whoever checks a signature over them. */
export const raw = (limit: number): Body<z.ZodType<Buffer>> => ({
  kind: 'raw',
  schema: z.instanceof(Buffer),
  limit,
})

/** The Content-Type of each kind of body. */
export const MEDIA_TYPES = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  raw: '*/*',
}

/**
 * The body as its kind has it, not yet checked against the schema; undefined where there is none. Files go to the data
 * folder until `discardUploads`.
 * @throws 408 for a stranger's that does not come, 413 over the limit (unpacked), 415 for another Content-Type, 422
 * `json_invalid` for what is no JSON, 429 or 503 while too much is coming in
 */
export async function readBody(req: Request, res: Response, body: Body, from: BodySource): Promise<unknown> {
  if (body.kind === 'multipart') {
    if (!hasType(req, MEDIA_TYPES.multipart)) throw wrongType(MEDIA_TYPES.multipart)
    return await readMultipart(req, res, { limits: body.limits, room: from.run.uploads, ...from })
  }
  const bytes = await readWithinBounds(req, res, body.limit, from)
  if (body.kind === 'raw') return bytes
  if (bytes.length === 0) return body.kind === 'json' ? undefined : {}
  if (body.kind === 'form' && hasType(req, MEDIA_TYPES.multipart))
    return await multipartTexts(bytes, req.headers['content-type']!)
  if (!hasType(req, MEDIA_TYPES[body.kind])) throw wrongType(MEDIA_TYPES[body.kind])
  const text = decodeUtf8(bytes)
  return body.kind === 'json' ? parseJsonBody(text) : parseForm(text)
}

/** Who sends a body, where its files go, and what is coming in besides. */
export type BodySource = { sender: Sender; disk: Disk; run: { bodies: BodyRoom; uploads: UploadRoom } }

async function readWithinBounds(
  req: Request,
  res: Response,
  limit: number,
  { sender, run: { bodies } }: BodySource,
): Promise<Buffer> {
  // Said at once: the reader says it only when the body, which it throws away, has come to its end.
  if (Number(req.headers['content-length']) > limit) throw tooLarge()
  const leave = bodies.enter(sender, announcedBytes(req, limit))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    if (sender.kind === 'stranger') timer = setTimeout(() => reject(tooSlow()), bodies.strangersMs)
  })
  try {
    return await Promise.race([readBytes(req, res, limit), late])
  } finally {
    clearTimeout(timer)
    leave()
  }
}

const readers = new Map<number, ReturnType<typeof express.raw>>()

function readBytes(req: Request, res: Response, limit: number): Promise<Buffer> {
  let reader = readers.get(limit)
  if (!reader) readers.set(limit, (reader = express.raw({ limit, type: () => true })))
  return new Promise((resolve, reject) => {
    reader(req, res, (error?: unknown) => {
      if (error) return reject(refusalOf(error))
      resolve(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0))
    })
  })
}

function refusalOf(error: unknown): unknown {
  const { status, type } = error as { status?: number; type?: string }
  if (status === 413) return tooLarge()
  if (status === 415) return new HttpError(415, 'content-encoding-unsupported', 'Content-Encoding is not supported')
  if (type === 'request.aborted') return new HttpError(400, 'request-cut-off', 'The request was cut off')
  return status === 400 ? new HttpError(400, 'body-unreadable', 'The request body could not be read') : error
}

function hasType(req: Request, wanted: string): boolean {
  const type = (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  return type === wanted || (wanted === MEDIA_TYPES.json && type.startsWith('application/') && type.endsWith('+json'))
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw invalid([jsonError(0, 'Body is not UTF-8')])
  }
}

function parseJsonBody(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw invalid([jsonError(errorPosition(text), 'JSON decode error')])
  }
}

const jsonError = (position: number, msg: string): FieldError => ({
  type: 'json_invalid',
  loc: ['body', position],
  msg,
})

function parseForm(text: string): Record<string, string> {
  const fields = [...new URLSearchParams(text)].filter(([, value]) => value !== '')
  return Object.fromEntries(fields)
}

/** @throws 400 for what is no multipart body */
async function multipartTexts(bytes: Buffer, type: string): Promise<Record<string, unknown>> {
  const parsed = new globalThis.Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
  const data = await parsed.formData().catch(() => {
    throw new HttpError(400, 'body-not-multipart', 'The body is no multipart/form-data')
  })
  return Object.fromEntries([...data].filter(([, value]) => typeof value === 'string' && value !== ''))
}
