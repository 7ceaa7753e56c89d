import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Header } from 'tar'
import { DatabaseRefused } from '../../../db/errors.ts'

/** Backups are plain tar archives (POSIX ustar): `tar -xf` opens one without this program. Nothing is held in memory. */

const BLOCK = 512
/** Bytes read at once. */
const CHUNK = 1 << 20
/** Bytes that are brought to the disk at once: a shop that is served beside waits for no more than these. */
const AT_ONCE = 4 << 20

export type Part = { name: string; bytes: number; sha256: string }

export type Archive = {
  /** Adds a file, or a text, under `name`, and says what was written. */
  add(name: string, from: { file: string } | { text: string }): Promise<Part>
  /** Ends the archive and brings it to the disk. */
  finish(): Promise<void>
  close(): Promise<void>
}

/** Begins an archive in a new file of its owner's alone; `at` is the instant of its parts, in ms. */
export async function createArchive(
  path: string,
  { at, signal }: { at: number; signal: AbortSignal },
): Promise<Archive> {
  const file = await open(path, 'wx', 0o600)
  let waiting = 0
  const write = async (bytes: Buffer) => {
    await file.writeFile(bytes)
    waiting += bytes.length
    if (waiting < AT_ONCE) return
    waiting = 0
    await file.datasync()
  }
  return {
    add: async (name, from) => {
      if ('text' in from) {
        const bytes = Buffer.from(from.text)
        return await addPart(write, { name, at, bytes: bytes.length }, [bytes], signal)
      }
      const source = await open(from.file, 'r')
      try {
        const { size } = await source.stat()
        const chunks = source.createReadStream({ highWaterMark: CHUNK, autoClose: false })
        return await addPart(write, { name, at, bytes: size }, chunks, signal)
      } finally {
        await source.close()
      }
    },
    finish: async () => {
      await file.writeFile(Buffer.alloc(2 * BLOCK))
      await file.sync()
    },
    close: () => file.close(),
  }
}

async function addPart(
  write: (bytes: Buffer) => Promise<void>,
  { name, at, bytes }: { name: string; at: number; bytes: number },
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  signal: AbortSignal,
): Promise<Part> {
  const block = Buffer.alloc(BLOCK)
  new Header({ path: name, mode: 0o600, uid: 0, gid: 0, size: bytes, mtime: new Date(at), type: 'File' }).encode(
    block,
    0,
  )
  await write(block)
  const hash = createHash('sha256')
  let written = 0
  for await (const chunk of chunks) {
    signal.throwIfAborted()
    hash.update(chunk)
    written += chunk.length
    await write(chunk)
  }
  if (written !== bytes) throw new DatabaseRefused(`${name} changed while it was written into the backup. Try again.`)
  await write(Buffer.alloc(padding(bytes)))
  return { name, bytes, sha256: hash.digest('hex') }
}

const padding = (bytes: number) => (BLOCK - (bytes % BLOCK)) % BLOCK

/** Where a part lies in an archive. */
export type Entry = { name: string; bytes: number; start: number }

/**
 * The parts of an archive, from their headers alone.
 * @throws DatabaseRefused when it is no archive, was cut short, or a header is damaged
 */
export async function listEntries(path: string): Promise<Entry[]> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const entries: Entry[] = []
    const block = Buffer.alloc(BLOCK)
    for (let at = 0; ;) {
      const { bytesRead } = await file.read(block, 0, BLOCK, at)
      if (bytesRead < BLOCK) throw new DatabaseRefused(`${path} was cut short, or is no backup.`)
      const header = new Header(block, 0)
      if (header.nullBlock) return entries
      const { cksumValid, path: name, size: bytes = 0, type } = header
      if (!cksumValid || !name || type !== 'File') throw new DatabaseRefused(`${path} is damaged, or is no backup.`)
      entries.push({ name, bytes, start: at + BLOCK })
      at += BLOCK + bytes + padding(bytes)
      if (at > size) throw new DatabaseRefused(`${path} was cut short: its part ${name} is not all there.`)
    }
  } finally {
    await file.close()
  }
}

/** The bytes of a part, piece by piece. */
export async function* readEntry(path: string, { bytes, start }: Entry): AsyncGenerator<Buffer> {
  if (bytes > 0) yield* createReadStream(path, { start, end: start + bytes - 1, highWaterMark: CHUNK })
}
