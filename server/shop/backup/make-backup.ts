import { existsSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { copyDatabase } from '../../../db/file/copy.ts'
import { checkContents, type Contents, readContents, readPhotoHashes } from '../../../db/file/contents.ts'
import { lockFile, sizeOf } from '../../../db/file/guard.ts'
import { makeFolder } from '../../../db/file/make-folder.ts'
import { syncFolder } from '../../../db/file/sync-folder.ts'
import { DatabaseRefused } from '../../../db/errors.ts'
import { photoNames } from '../photos/photo-files.ts'
import { type Archive, createArchive, type Part } from './archive.ts'
import { freeName } from '../free-name.ts'
import { DATABASE, type Manifest, MANIFEST, openBackup, MANIFEST_HASH, SECRET, writtenManifest } from './manifest.ts'
import { readParts } from './unpack.ts'

/** `done` is 0 to 1; `count` is megabytes, or entries of the journal while `checking` goes through it. */
export type Progress = (step: 'copying' | 'checking' | 'writing' | 'reading', done: number, count: number) => void

export type BackupRequest = {
  /** The data folder of the shop, and the database file in it. */
  data: string
  file: string
  /** Whether the signing secret is the one in the data folder: a file of an earlier day may lie there beside another in use. */
  withSecret: boolean
  /** The folder that the backup goes to; made where it is missing. */
  to: string
  version: string
  now: () => number
  signal: AbortSignal
  progress: Progress
}

/** `entries` are those of the journal, of every epoch. */
export type CreatedBackup = { path: string; bytes: number; manifest: Manifest; entries: number }

/**
 * Makes a backup of a data folder beside whoever serves it. It is written under another name, brought to the disk, opened
 * again and read from the first byte to the last; only then it gets its own name. Whatever goes wrong, nothing half is left.
 * @throws DatabaseRefused when the database is damaged or another backup goes to the same folder; what `signal` gives as its
 * reason
 */
export async function makeBackup(wanted: BackupRequest): Promise<CreatedBackup> {
  const work = join(wanted.to, '.unfinished')
  makeFolder(work)
  const hold = holdWork(work, wanted.to)
  try {
    for (const name of await readdir(work)) if (name !== LOCK) await rm(join(work, name), { recursive: true })
    return await makeIn(work, wanted)
  } finally {
    // The lock goes last, so that no other backup lies in the folder yet. Windows removes no file that is open.
    if (process.platform === 'win32') hold.release()
    await rm(work, { recursive: true, force: true })
    hold.release()
  }
}

const LOCK = 'backup.lock'

/** One backup at a time goes to a folder; what a killed one left there is the next one's to clear. */
function holdWork(work: string, to: string) {
  const taken = `Another backup is being written to ${to}. Wait until it is done.`
  const hold = lockFile(join(work, 'backup.db'), taken)
  if (existsSync(join(work, LOCK))) return hold
  hold.release() // One that ended just now took the folder along, and this lock with it.
  throw new DatabaseRefused(taken)
}

async function makeIn(work: string, wanted: BackupRequest): Promise<CreatedBackup> {
  const { file, to, now, signal, progress } = wanted
  const copy = join(work, DATABASE)
  const at = now()
  const bytes = sizeOf(file)
  await copyDatabase(file, copy, { signal, progress: (done) => progress('copying', done, megabytes(done * bytes)) })
  const database = readContents(copy)
  const entries = await checkContents(copy, `The copy of ${file}`, (sofar) => {
    signal.throwIfAborted()
    progress('checking', sofar / Math.max(1, database.journal.seq), sofar)
  })
  const archived = join(work, 'backup.tar')
  const manifest = await archive(archived, copy, { ...wanted, at, database })
  await readBack(archived, manifest, wanted)
  const path = join(to, freeName(to, { prefix: prefixOf(database), at, ending: '.tar' }))
  await rename(archived, path)
  syncFolder(to)
  return { path, bytes: sizeOf(path), manifest, entries }
}

/** `fixpoint-S1-T1` */
const prefixOf = ({ store, node }: Contents) => `fixpoint-${store.code}-${node.terminal}`.replaceAll(/[^\w-]/gu, '_')

const megabytes = (bytes: number) => Math.round(bytes / 1e6)

async function archive(
  path: string,
  copy: string,
  wanted: BackupRequest & { at: number; database: Contents },
): Promise<Manifest> {
  const { at, signal, version, database } = wanted
  const archive = await createArchive(path, { at, signal })
  try {
    const content = await addContent(archive, copy, wanted)
    const made_at = new Date(at).toISOString()
    const manifest: Manifest = { kind: 'fixpoint backup', format: 1, version, made_at, database, ...content }
    const { text, seal } = writtenManifest(manifest)
    await archive.add(MANIFEST, { text })
    await archive.add(MANIFEST_HASH, { text: seal })
    await archive.finish()
    return manifest
  } finally {
    await archive.close()
  }
}

async function addContent(archive: Archive, copy: string, { data, withSecret, progress }: BackupRequest) {
  const hashes = readPhotoHashes(copy)
  const parts: Part[] = [await archive.add(DATABASE, { file: copy })]
  await rm(copy) // Its room on the disk is needed for the photos.
  if (withSecret && existsSync(join(data, SECRET))) parts.push(await archive.add(SECRET, { file: join(data, SECRET) }))
  const missing_photos: string[] = []
  let written = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const [index, sha256] of hashes.entries()) {
    for (const { name, size } of photoNames(sha256)) {
      const part = await unlessGone(archive.add(name, { file: join(data, name) }))
      // A picture of other bytes than those that its row knows is as good as gone.
      if (size === 'full' && part?.sha256 !== sha256) missing_photos.push(sha256)
      if (part) parts.push(part)
      written += part?.bytes ?? 0
    }
    progress('writing', (index + 1) / hashes.length, megabytes(written))
  }
  return { parts, missing_photos }
}

async function unlessGone(part: Promise<Part>): Promise<Part | null> {
  try {
    return await part
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** What lies on the disk must be what was written there: nobody finds out otherwise before the day it is needed. */
async function readBack(path: string, manifest: Manifest, { signal, progress }: BackupRequest) {
  const backup = await openBackup(path)
  if (JSON.stringify(backup.manifest) !== JSON.stringify(manifest))
    throw new DatabaseRefused(
      'The backup that was written reads otherwise than it was meant. Try again, on another disk.',
    )
  await readParts(backup, null, { signal, progress: (done, count) => progress('reading', done, count) })
}
