import { createReadStream, existsSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { checkWal } from '../../../db/file/wal/check-wal.ts'
import {
  checkContents,
  isOwnFile,
  KNOWN_SCHEMA,
  readContents,
  readPhotoHashes,
  schemaOf,
} from '../../../db/file/contents.ts'
import { isServed } from '../../../db/file/guard.ts'
import { DatabaseRefused } from '../../../db/errors.ts'
import { photoNames } from '../photos/photo-files.ts'
import { DATABASE } from './manifest.ts'
import type { Source, Staging } from './source.ts'
import { writeFile } from './unpack.ts'

/** A database file that somebody copied by hand: `fixpoint.db`, and the write-ahead log beside it where one lies there. */

const SQLITE = 'SQLite format 3\0'
/** Bytes read at once. */
const CHUNK = 1 << 20

/** @throws DatabaseRefused where there is no file */
export async function isDatabaseFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new DatabaseRefused(`There is no ${path}. Name a backup, or a copy of the database file.`)
  })
  if (!found.isFile())
    throw new DatabaseRefused(`${path} is no file. Name a backup in it, or a copy of the database file.`)
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE.length), 0, SQLITE.length, 0)
    return buffer.toString('latin1', 0, bytesRead) === SQLITE
  } finally {
    await file.close()
  }
}

/**
 * Copies a database file into `stage`, with its log, and checks the copy; what lies at its place is left as it is.
 * @throws DatabaseRefused when it is served, another program's, a newer one's or damaged
 */
export async function stageDatabaseFile(stage: string, wanted: Staging): Promise<Source> {
  const { path, file, data, signal, progress } = wanted
  if (resolve(path) !== resolve(file) && isServed(path))
    throw new DatabaseRefused(
      `A Fixpoint serves ${path}. Stop it first, or save it beside that one: npm run fixpoint -- backup --data DIR`,
    )
  const staged = join(stage, DATABASE)
  await copyWithLog(path, staged, wanted)
  await checkLog(path, staged)
  checkOwner(path, staged)
  await checkContents(staged, path, (entries) => {
    signal.throwIfAborted()
    progress('checking', 0, entries)
  })
  const missing_photos = readPhotoHashes(staged).filter(
    (sha256) => !existsSync(join(data, photoNames(sha256).find(({ size }) => size === 'full')!.name)),
  )
  return { path, database: readContents(staged), made: null, missing_photos, hasSecret: false }
}

async function copyWithLog(path: string, staged: string, { signal, progress }: Staging) {
  const parts = []
  for (const suffix of ['', '-wal'])
    if (existsSync(path + suffix)) parts.push({ suffix, bytes: (await stat(path + suffix)).size })
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  let read = 0
  for (const { suffix } of parts) {
    const chunks = async function* () {
      for await (const chunk of createReadStream(path + suffix, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
        signal.throwIfAborted()
        read += chunk.length
        progress('reading', read / Math.max(1, total), Math.round(read / 1e6))
        yield chunk
      }
    }
    await writeFile(staged + suffix, chunks())
  }
}

async function checkLog(path: string, staged: string) {
  try {
    await checkWal(staged)
  } catch (error) {
    if (!(error instanceof DatabaseRefused)) throw error
    throw new DatabaseRefused(
      `${path}-wal is damaged, or does not continue the file beside it: together they would be a mixture. Nothing was changed. To bring in the file as it is without its log, move it alone to another folder.`,
    )
  }
}

function checkOwner(path: string, staged: string) {
  if (!isOwnFile(staged)) throw new DatabaseRefused(`${path} is damaged, or the database of another program.`)
  if (schemaOf(staged) > KNOWN_SCHEMA)
    throw new DatabaseRefused(`${path} was made by a newer Fixpoint. Update this program first.`)
}
