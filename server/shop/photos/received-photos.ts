import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Db } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { refuseNearlyFull } from '../../http/bounds/upload-room.ts'
import { incomingFolder, processedFiles } from '../../http/uploads.ts'
import { beginPending, keepFiles, resolvePending } from './photo-files.ts'
import { hasRow } from './photos.ts'

/** Pictures of ours that come from another machine of the fleet, by the hash under which a row names them. */

/** None of ours is longer, in bytes. */
export const MOST_PHOTO_BYTES = 10 * 1_048_576

/** The bytes are not those that were asked for: too many, cut off, or others. */
export class OtherBytes extends Error {
  readonly isTooLong: boolean
  constructor(isTooLong: boolean) {
    super(isTooLong ? 'The picture is longer than any of ours' : 'The bytes do not come to the hash')
    this.isTooLong = isTooLong
  }
}

/** Where pictures are kept and looked at. */
export type PhotoRoom = { config: Context['config']; run: Pick<Context['run'], 'imageWorkers' | 'photoFileLock' | 'uploads'>; db: Db } // oxfmt-ignore

/** `from` is the number of the machine that sends it, `announced` how many bytes it says, `signal` ends it. */
export type Incoming = { sha256: string; from: number; announced: number; signal: AbortSignal }

/**
 * Writes a picture down as it comes, beside the others, and looks at it: its bytes come to its hash, and they are a picture as the
 * shop keeps it. Only then it takes its place, if a row names it still. Nothing of any other is kept. Its small one is made here: no
 * hash speaks of one that is sent.
 * @throws OtherBytes, HttpError 400 for what is no picture of ours, 429 or 503 while too many wait, 507 when the disk is nearly full
 */
export async function keepReceived({ config, run, db }: PhotoRoom, incoming: Incoming, bytes: Readable): Promise<void> {
  const { data } = config
  const { sha256, from, announced } = incoming
  await refuseNearlyFull(config, run.uploads, 'desk')
  await mkdir(incomingFolder(data), { recursive: true, mode: 0o700 })
  const path = join(incomingFolder(data), randomUUID())
  const written = { bytesWritten: 0 }
  const sender = { who: `node ${from}`, kind: 'desk', isHere: false } as const
  const leave = run.uploads.enter(sender, { announced, files: [written] })
  try {
    await writeChecked(bytes, path, incoming, written)
    const upload = { name: sha256, type: 'image/jpeg', path, size: written.bytesWritten, toJSON: () => sha256 }
    const { files } = await run.imageWorkers.check(upload, from)
    const pending = await run.photoFileLock(() => beginPending(data, sha256))
    try {
      await keepFiles(data, { sha256, files })
    } finally {
      await run.photoFileLock(() => resolvePending(data, pending, (other) => hasRow(db, other)))
    }
  } finally {
    leave()
    for (const file of [path, processedFiles(path).thumbnail]) await rm(file, { force: true })
  }
}

/** The request that brings them stays as it is, whatever is wrong: its sender is to be told. */
async function writeChecked(
  bytes: Readable,
  path: string,
  { sha256, signal }: Incoming,
  written: { bytesWritten: number },
): Promise<void> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const piece of bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      signal.throwIfAborted()
      written.bytesWritten += piece.length
      if (written.bytesWritten > MOST_PHOTO_BYTES) throw new OtherBytes(true)
      hash.update(piece)
      await file.appendFile(piece)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  if (hash.digest('hex') !== sha256) throw new OtherBytes(false)
}
