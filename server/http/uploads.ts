import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import multer, { type StorageEngine } from 'multer'
import { announcedBytes } from './bounds/body-room.ts'
import { badRequest, HttpError } from './errors.ts'
import type { Sender } from './bounds/sender.ts'
import { type Disk, type IncomingUpload, refuseNearlyFull, type UploadRoom } from './bounds/upload-room.ts'

/** Multipart bodies. Files go to a temporary folder as they come in, never to memory, and are gone when the request is done. */

/** A file of a multipart body, until the request is done. Its name and type are the sender's word and prove nothing. */
export type Upload = {
  name: string
  type: string
  /** Where it lies. */
  path: string
  /** In bytes. */
  size: number
  /** Its hash: two files with the same are the same to an idempotency key. */
  toJSON(): string
}

/** How many files a body may hold, and how large each may be, in bytes. */
export type FileLimits = { most: number; size: number }

/** Texts are kept in memory until the body is read: together they are little more than a body of JSON may be. */
const TEXT_LIMITS = { fields: 20, fieldSize: 65_536, fieldNameSize: 100, headerPairs: 50 }
/** As browsers write file names. */
const NAME_OPTIONS = { defParamCharset: 'utf8' }

/** Where files lie while they come in. */
export const incomingFolder = (data: string) => join(data, 'incoming')

/**
 * The fields and files of a multipart body; files are lists of `Upload` under their field's name. A field given twice
 * counts as its last value, an empty one as missing.
 * @throws 400 for what is no multipart body, too many files or one that is too large, 429 or 503 while too many come in, 507
 * for files when the disk is nearly full, with what is coming in
 */
export async function readMultipart(
  req: Request,
  res: Response,
  { limits: { most, size }, sender, disk, room }: { limits: FileLimits; sender: Sender; disk: Disk; room: UploadRoom },
): Promise<Record<string, unknown>> {
  const upload = { announced: announcedBytes(req, most * size), files: [] }
  const leave = room.enter(sender, upload)
  try {
    await receive(req, res, { limits: { most, size }, sender, disk, room, upload })
  } finally {
    leave()
  }
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries((req.body ?? {}) as Record<string, unknown>)) {
    const last: unknown = Array.isArray(value) ? value.at(-1) : value
    // Only texts: `photos[0][0][path]` would make an object that looks like a file of ours.
    if (typeof last === 'string' && last !== '') body[name] = last
  }
  for (const [name, files] of Map.groupBy(filesOf(req), ({ fieldname }) => fieldname)) body[name] = files.map(uploadOf)
  return body
}

type Receiving = { limits: FileLimits; sender: Sender; disk: Disk; room: UploadRoom; upload: IncomingUpload }

async function receive(req: Request, res: Response, { limits: { most, size }, ...receiving }: Receiving) {
  const folder = incomingFolder(receiving.disk.data)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const limits = { ...TEXT_LIMITS, files: most, fileSize: size - 1 }
  const parse = multer({ storage: hashedFiles(folder, receiving), limits, ...NAME_OPTIONS }).any()
  await new Promise<void>((resolve, reject) => {
    parse(req, res, (error?: unknown) => (error ? reject(refusalOf(error, { most, size })) : resolve()))
  })
}

/** What becomes of a picture that came in, until it is kept. */
export const processedFiles = (path: string) => ({ full: `${path}.jpg`, thumbnail: `${path}.thumbnail.jpg` })

/** Removes what a request brought, and what was made of it. */
export async function discardUploads(req: Request): Promise<void> {
  const files = filesOf(req).flatMap(({ path }) => [path, ...Object.values(processedFiles(path))])
  await Promise.all(files.map((path) => rm(path, { force: true })))
}

/** Removes what a server that was cut off left behind. The folder is made by the first who needs it. */
export async function clearIncoming(data: string): Promise<void> {
  const folder = incomingFolder(data)
  if (!existsSync(folder)) return
  const left = await readdir(folder)
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
}

type Stored = Express.Multer.File & { sha256: string }

/** Multer lists a file before it is written: one that could not be has no path. */
const filesOf = (req: Request) =>
  Array.isArray(req.files)
    ? (req.files as Partial<Stored>[]).filter((file): file is Stored => file.path !== undefined)
    : []

function uploadOf({ originalname, mimetype, path, size, sha256 }: Stored): Upload {
  return { name: originalname, type: mimetype, path, size, toJSON: () => sha256 }
}

/** Writes each file under a random name and hashes it on the way. */
function hashedFiles(folder: string, { sender, disk, room, upload }: Omit<Receiving, 'limits'>): StorageEngine {
  return {
    _handleFile: (_req, file, done) => {
      const path = join(folder, randomUUID())
      refuseNearlyFull(disk, room, sender.kind)
        .then(() => writeHashed(file.stream, path, upload))
        .then(
          (stored) => done(null, stored),
          (error: unknown) => {
            rm(path, { force: true }).then(() => done(error), done)
          },
        )
    },
    _removeFile: (_req, file, done) => {
      rm(file.path, { force: true }).then(() => done(null), done)
    },
  }
}

async function writeHashed(stream: Readable, path: string, { files }: IncomingUpload): Promise<Partial<Stored>> {
  const hash = createHash('sha256')
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  files.push(target)
  stream.on('data', (chunk: Buffer) => hash.update(chunk))
  await pipeline(stream, target)
  return { path, size: target.bytesWritten, sha256: hash.digest('base64url') }
}

function refusalOf(error: unknown, { most, size }: FileLimits): unknown {
  if (!(error instanceof Error)) return error
  const { code, filename } = error as { code?: string; filename?: string }
  if (code === 'LIMIT_FILE_SIZE') return tooLargeFile(shortName(filename ?? ''), megabytes(size))
  if (code === 'LIMIT_FILE_COUNT')
    return badRequest('too-many-files', `Too many files: at most ${most} may be sent`, { most })
  if (error instanceof multer.MulterError)
    return badRequest('form-unreadable', `The form could not be read: ${error.message}`)
  // The parser's own complaints are plain errors; what the disk or the program says has a code or a class.
  if (error.constructor === Error && code === undefined)
    return new HttpError(400, 'body-not-multipart', 'The body is no multipart/form-data')
  return error
}

const tooLargeFile = (name: string, size: number) =>
  badRequest('file-too-large', `'${name}' is too large: a file must be under ${size} MB`, { name, megabytes: size })

const megabytes = (bytes: number) => Math.round(bytes / 104_857.6) / 10

/** A sender's file name, fit to be told back. */
export const shortName = (name: string) => name.toWellFormed().replaceAll(/\p{C}/gu, '').slice(0, 100)
