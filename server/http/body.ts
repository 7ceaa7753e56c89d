import express, { type Request, type Response } from 'express'
import { z } from 'zod'
import { type Fault, HttpError, invalid, tooLarge, wrongType } from './errors.ts'
import { faultPosition, parseJson } from './json-text.ts'

/** What an endpoint takes in its body, and how large it may be in bytes. */
export type Body<T extends z.ZodType = z.ZodType> =
  | { kind: 'json'; schema: T; limit: number }
  | { kind: 'form'; schema: T; limit: number }
  | { kind: 'multipart'; schema: T; limit: number }
  | { kind: 'raw'; schema: T; limit: number }

/** A JSON body of at most 1 MB. */
export const json = <T extends z.ZodType>(schema: T): Body<T> => ({ kind: 'json', schema, limit: 1_048_576 })
/** `application/x-www-form-urlencoded`; an empty field counts as missing. */
export const form = <T extends z.ZodType>(schema: T): Body<T> => ({ kind: 'form', schema, limit: 65_536 })

/** `multipart/form-data` of at most `limit` bytes in all, held in memory. Files are lists of `Upload` under their field's name. */
export const multipart = <T extends z.ZodType>(schema: T, limit: number): Body<T> => ({
  kind: 'multipart',
  schema,
  limit,
})
/** The bytes as they came, for whoever checks a signature over them. */
export const raw = (limit = 1_048_576): Body<z.ZodType<Buffer>> => ({
  kind: 'raw',
  schema: z.instanceof(Buffer),
  limit,
})

/** A file of a multipart body. Its name and type are the sender's word and prove nothing. */
export type Upload = { name: string; type: string; bytes: Buffer }
/** The files sent under one field. */
export const uploads = () =>
  z.array(z.custom<Upload>((value) => (value as Upload | undefined)?.bytes instanceof Buffer))

const TYPES = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  raw: '*/*',
}

/**
 * The body as its kind has it, not yet checked against the schema; undefined where there is none.
 * @throws 413 over the limit (unpacked), 415 for another Content-Type, 422 `json_invalid` for what is no JSON
 */
export async function readBody(req: Request, res: Response, body: Body): Promise<unknown> {
  const bytes = await readBytes(req, res, body.limit)
  if (body.kind === 'raw') return bytes
  if (bytes.length === 0) return body.kind === 'json' ? undefined : {}
  if (!hasType(req, TYPES[body.kind])) throw wrongType(TYPES[body.kind])
  if (body.kind === 'multipart') return await parseMultipart(bytes, req.headers['content-type']!)
  const text = decodeUtf8(bytes)
  return body.kind === 'json' ? valueOf(text) : parseForm(text)
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
  if (status === 415) return new HttpError(415, 'Content-Encoding is not supported')
  if (type === 'request.aborted') return new HttpError(400, 'The request was cut off')
  return status === 400 ? new HttpError(400, 'The request body could not be read') : error
}

function hasType(req: Request, wanted: string): boolean {
  const type = (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  return type === wanted || (wanted === TYPES.json && type.startsWith('application/') && type.endsWith('+json'))
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw invalid([jsonFault(0, 'Body is not UTF-8')])
  }
}

function valueOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw invalid([jsonFault(faultPosition(text), 'JSON decode error')])
  }
}

const jsonFault = (position: number, msg: string): Fault => ({ type: 'json_invalid', loc: ['body', position], msg })

function parseForm(text: string): Record<string, string> {
  const fields = [...new URLSearchParams(text)].filter(([, value]) => value !== '')
  return Object.fromEntries(fields)
}

/** @throws 400 for what is no multipart body */
async function parseMultipart(bytes: Buffer, type: string): Promise<Record<string, unknown>> {
  const parsed = new globalThis.Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
  const data = await parsed.formData().catch(() => {
    throw new HttpError(400, 'The body is no multipart/form-data')
  })
  const fields: [string, unknown][] = []
  for (const name of new Set(data.keys())) {
    const files = data.getAll(name).filter((part) => typeof part !== 'string')
    const texts = data.getAll(name).filter((part) => typeof part === 'string' && part !== '')
    if (files.length > 0) fields.push([name, await Promise.all(files.map(uploadOf))])
    else if (texts.length > 0) fields.push([name, texts.at(-1)])
  }
  return Object.fromEntries(fields)
}

const uploadOf = async (file: File): Promise<Upload> => ({
  name: file.name,
  type: file.type,
  bytes: Buffer.from(await file.arrayBuffer()),
})
