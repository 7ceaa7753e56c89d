import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { checkContent } from '../../../db/check/check-content.ts'
import { saveContentCheck } from '../../../db/check/check-record.ts'
import { isMended, sentenceOf } from '../../../db/check/findings.ts'
import { mendSchema } from '../../../db/check/schema/mend-schema.ts'
import type { Database } from '../../../db/database.ts'
import { dropForeignParts } from '../../../db/file/foreign-parts.ts'
import type { Actor } from '../../../db/handle.ts'
import {
  checkContents,
  type Contents,
  KNOWN_SCHEMA,
  readContents,
  readErasedSince,
  readPhotoHashes,
} from '../../../db/file/contents.ts'
import { lockFile, sizeOf } from '../../../db/file/guard.ts'
import { type Head, readHighWater, writeHighWater } from '../../../db/file/high-water.ts'
import { refuseInUse } from '../../../db/file/in-use.ts'
import { finishReplacement, isPlanned, planReplacement, stagingFolderOf } from '../../../db/file/replace.ts'
import { syncFolder } from '../../../db/file/sync-folder.ts'
import { DatabaseRefused, isDamage, isDiskFull, SchemaDamaged } from '../../../db/errors.ts'
import { beginEpoch, journalLength } from '../../../db/journal/begin-epoch.ts'
import { openDatabase } from '../../../db/open.ts'
import { listPhotoFiles, photoNames } from '../photos/photo-files.ts'
import { addFirstCatalogue } from '../stock/first-catalogue.ts'
import { freeName } from '../free-name.ts'
import type { Progress } from './make-backup.ts'
import { isDatabaseFile, stageDatabaseFile } from './database-file.ts'
import { DATABASE, openBackup, SECRET } from './manifest.ts'
import { folderOf, lastRestoredEpoch, noteRestore } from './past-restores.ts'
import type { Source, Staging } from './source.ts'
import { readParts } from './unpack.ts'

type RestoreRequest = {
  /** A backup, or a database file that somebody copied. */
  path: string
  data: string
  file: string
  now: () => number
  by: Actor
  signal: AbortSignal
  progress: Progress
  /** Hears what it is, once all of it was checked and before anything is replaced. */
  found: (found: Found) => void
}

export type Found = { source: Source; previous: Previous | null }

/** What is replaced: null `contents` where it cannot be read. `erased` are people that were erased since the source was written. */
export type Previous = { contents: Contents | null; erased: number[] }

export type RestoreResult = {
  source: Source
  /** What the database says of itself now. */
  contents: Contents
  /** The folder with what was there before; null where nothing was. */
  kept: string | null
  /** Whether the note beside the backup could be written. */
  noted: boolean
  /** What was put right in it, and what is wrong with it and stays so for a person to look at, in sentences. */
  mended: string[]
  findings: string[]
}

/**
 * Restores a backup, or a database file, into a data folder that nobody has open: unpacked beside what is there, checked
 * whole, given a new epoch, and only then put in its place, which happens as a whole or not at all.
 * @throws DatabaseRefused when a server or a command is at work, the backup is damaged or newer than this program, or the disk is full;
 * what `signal` gives as its reason. Nothing has changed then.
 */
export async function restore(wanted: RestoreRequest): Promise<RestoreResult> {
  const { file, data } = wanted
  const hold = lockFile(file)
  try {
    finishReplacement(file)
    const stage = stagingFolderOf(file)
    try {
      await mkdir(stage, { mode: 0o700 })
      await refuseInUse(file)
      return await restoreThrough(stage, wanted)
    } catch (error) {
      throw isDiskFull(error) ? refusedForRoom(wanted) : error
    } finally {
      // With a plan it is finished, without one undone.
      finishReplacement(file)
      syncFolder(data)
    }
  } finally {
    hold.release()
  }
}

const refusedForRoom = ({ data, file }: RestoreRequest) =>
  new DatabaseRefused(
    isPlanned(file)
      ? `The disk of ${data} is full. What is restored was checked and is being put in place: free some space, and the next start finishes it.`
      : `The disk of ${data} is full: nothing was replaced. A restore needs room for the whole data beside those that are there; free some space and try again.`,
  )

async function restoreThrough(stage: string, wanted: RestoreRequest): Promise<RestoreResult> {
  const { path, data, file, now, by, signal, progress, found } = wanted
  const source = await ((await isDatabaseFile(path)) ? stageDatabaseFile : stageBackup)(stage, wanted)
  const { database, made, hasSecret } = source
  const previous = existsSync(file) ? previousOf(file, database) : null
  found({ source, previous })
  const staged = join(stage, DATABASE)
  const past = await lastRestoredEpoch(folderOf(path), database.journal.first)
  const known = readHighWater(file)?.epoch ?? 0
  const epoch = 1 + Math.max(database.node.epoch, previous?.contents?.node.epoch ?? 0, known, past)
  const state = await beginAnew(staged, { now, by, epoch, path, signal, progress, backup_at: made && made.at })
  signal.throwIfAborted()
  const contents = readContents(staged)
  const { node, journal } = contents
  // A program that is not ours may have opened it meanwhile.
  await refuseInUse(file)
  const restored_at = new Date(now()).toISOString()
  const noted =
    journal.first === null ||
    resolve(path) === resolve(file) ||
    (await noteRestore(path, { first: journal.first, epoch, terminal: node.terminal, restored_at }))
  await placePhotos(stage, data)
  const kept = freeName(data, { prefix: 'before-restore', at: now() })
  planReplacement(file, { kept, also: hasSecret ? [SECRET] : [], away: await photosWithoutRow(data, staged) })
  finishReplacement(file)
  rememberHead(file, { node: node.id, epoch, seq: journal.seq, chain: journal.chain })
  const hasKept = existsSync(join(data, kept))
  return { source, contents, kept: hasKept ? join(data, kept) : null, noted, ...state }
}

/** A disk that has no room for it is no reason to say that nothing was restored: the next start writes it. */
function rememberHead(file: string, head: Head) {
  try {
    writeHighWater(file, head)
  } catch (error) {
    if (!isDiskFull(error)) throw error
  }
}

async function stageBackup(stage: string, { path, signal, progress }: Staging): Promise<Source> {
  const backup = await openBackup(path)
  const { database, version, made_at, missing_photos } = backup.manifest
  if (database.schema > KNOWN_SCHEMA)
    throw new DatabaseRefused(`${path} was made by a newer Fixpoint (${version}). Update this program first.`)
  await readParts(backup, stage, { signal, progress: (done, count) => progress('reading', done, count) })
  const staged = join(stage, DATABASE)
  await checkContents(staged, `The database in ${path}`, (entries) => {
    signal.throwIfAborted()
    progress('checking', entries / Math.max(1, database.journal.seq), entries)
  })
  if (JSON.stringify(readContents(staged)) !== JSON.stringify(database))
    throw new DatabaseRefused(`${path} is damaged: its manifest speaks of another database than it holds.`)
  // A picture of other bytes than those that its row knows must not take the place of a good one.
  for (const sha256 of missing_photos)
    for (const { name, size } of photoNames(sha256)) if (size === 'full') await rm(join(stage, name), { force: true })
  const made = { at: Date.parse(made_at), version }
  return { path, database, made, missing_photos, hasSecret: backup.entries.has(SECRET) }
}

/** A file that cannot be read any more is what backups are for: it only has nothing to say. */
function previousOf(file: string, { node, journal }: Contents): Previous {
  try {
    const contents = readContents(file)
    const isSame = contents.journal.first === journal.first
    return { contents, erased: isSame ? readErasedSince(file, { epoch: node.epoch, seq: journal.seq }) : [] }
  } catch (error) {
    const isUnreadable = (error as { code?: string }).code?.startsWith('SQLITE_') || error instanceof DatabaseRefused
    if (!isUnreadable || isDiskFull(error)) throw error
    return { contents: null, erased: [] }
  }
}

type Beginning = Pick<RestoreRequest, 'path' | 'now' | 'by' | 'signal' | 'progress'> & {
  epoch: number
  backup_at: number | null
}

/** Brings the database to this program's schema, begins its new epoch and checks what is in it. */
async function beginAnew(staged: string, wanted: Beginning): Promise<Pick<RestoreResult, 'mended' | 'findings'>> {
  const { now, by, epoch, backup_at } = wanted
  const dropped = dropForeignParts(staged)
  const heard: Error[] = []
  const onError = (error: Error) => void heard.push(error)
  const database = await openDatabase({ at: { file: staged }, now, onError, fillNew: addFirstCatalogue })
  let state: Pick<RestoreResult, 'mended' | 'findings'>
  try {
    await database.write(by, (trx) => beginEpoch(trx, { epoch, backup_at }))
    const parts = [...dropped, ...(await mendSchema(database)).map(({ text }) => text)]
    const findings = await findingsIn(database, wanted)
    const failed = heard.find((error) => isDamage(error) || isDiskFull(error))
    if (failed) throw failed
    state = { mended: [...parts.map((part) => `${part}.`), ...heard.map(({ message }) => message)], findings }
  } catch (error) {
    if (error instanceof SchemaDamaged) throw new DatabaseRefused(`${wanted.path} is damaged: ${error.message}.`)
    throw error
  } finally {
    await database.close()
  }
  // The file alone is put in place. Only a full disk leaves a log, and SQLite does not say so when it closes.
  if (sizeOf(`${staged}-wal`) > 0) throw Object.assign(new Error('The log could not be put into the file'), FULL)
  return state
}

/** Holds each row against the journal. What differs is noted for the screens: it may be the only copy, and to lose it all is worse. */
async function findingsIn(database: Database, { signal, progress }: Beginning): Promise<string[]> {
  const length = Math.max(1, await journalLength(database.db))
  const {
    findings: all,
    rows,
    entries,
  } = await checkContent(database, (sofar) => {
    signal.throwIfAborted()
    progress('checking', sofar.entries / length, sofar.entries)
  })
  const findings = all.filter((finding) => !isMended(finding))
  const finished_at = database.clock.now()
  await database.writeCheckRecord((trx) => saveContentCheck(trx, { finished_at, rows, entries, findings }))
  return findings.map(sentenceOf)
}

const FULL = { code: 'ENOSPC' }

/** The files of photos that no row of `database` names, as of those that came after the backup. */
async function photosWithoutRow(data: string, database: string): Promise<string[]> {
  const named = new Set(readPhotoHashes(database).flatMap((sha256) => photoNames(sha256).map(({ name }) => name)))
  return (await listPhotoFiles(data)).filter((name) => !named.has(name))
}

/** Photos are named by their bytes: those of the backup are added to what is there. */
async function placePhotos(stage: string, data: string) {
  const from = join(stage, 'photos')
  if (!existsSync(from)) return
  for (const two of readdirSync(from)) {
    const to = join(data, 'photos', two)
    await mkdir(to, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(join(from, two))) await rename(join(from, two, name), join(to, name))
    syncFolder(to)
  }
  syncFolder(join(data, 'photos'))
  await rm(from, { recursive: true })
}
