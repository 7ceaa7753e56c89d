import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { sentenceOf } from '../check/findings.ts'
import { mendSchema } from '../check/schema/mend-schema.ts'
import { recordCleanStop, wasStoppedCleanly } from './clean-stop.ts'
import { DatabaseRefused, isDamage, RESTORE } from '../errors.ts'
import { brokenEnd, checkHighWater, checkJournalEnd, endsThere } from './check-head.ts'
import { checkWal } from './wal/check-wal.ts'
import { refuseTriggers } from './foreign-parts.ts'
import { schemaOf } from './contents.ts'
import { checkFile, type FileLock, isServed, lockFile, sizeOf } from './guard.ts'
import { refusalOf } from './look-into.ts'
import type { Database, OpenOptions } from '../database.ts'
import { openDatabase } from '../open.ts'
import { followHead, lastEntry } from './high-water.ts'
import { followPlace } from './place.ts'
import { MIGRATIONS } from '../migrations/migrate.ts'
import { findStructureDamage, watchForDamage } from './quick-check.ts'
import type { Searchable } from '../search/searchable.ts'
import { finishReplacement, stagingFolderOf } from './replace.ts'
import { fillReserve, keepReserve, openWithReserve } from './reserve.ts'

/** Opening a database past its guard: to serve it, or beside whoever serves it. */

/**
 * Opens the database that this process alone serves. A file that was not closed cleanly, or that another program changed,
 * is checked first; any other one is checked by `watch`, once the server listens. Nothing that a start writes needs room
 * on the disk but what the reserve keeps, unless the program is newer than the database.
 * @throws DatabaseRefused with what to do
 */
export async function openToServe(
  options: OpenOptions,
): Promise<Database & { watch(found: (damage: string) => void): void }> {
  if ('url' in options.at) return await openUrl(options)
  const { file } = options.at
  const fileLock = lockFile(file)
  try {
    const { database, clean } = await openWithReserve(file, async () => {
      finishReplacement(file)
      await checkWal(file)
      checkFile(file)
      checkHighWater(file)
      checkJournalEnd(file)
      refuseTriggers(file)
      const clean = wasStoppedCleanly(file)
      const broken = clean ? [] : refuseDamaged(file)
      makePrivate(file)
      const database = await openDatabase(options)
      if (!clean) await mendIndexes(database, options.onError)
      for (const entity of broken) await database.renewSearchIndex(entity).catch(options.onError)
      return { database, clean }
    })
    await showServed(fileLock, database)
    return watched(database, file, { clean, fileLock, onError: options.onError })
  } catch (error) {
    fileLock.release()
    throw refusalToServe(file, error)
  }
}

/** @throws SchemaDamaged where a table is not as this program makes it; what else keeps indexes from being put right can wait */
async function mendIndexes(database: Database, onError: OpenOptions['onError']) {
  try {
    for (const finding of await mendSchema(database)) onError(new Error(sentenceOf(finding)))
  } catch (error) {
    if (!isDamage(error)) return onError(error as Error)
    await database.close()
    throw error
  }
}

async function showServed(lock: FileLock, database: Database) {
  try {
    lock.showServed()
  } catch (error) {
    await database.close()
    throw error
  }
}

/** What SQLite cannot read of a file is a reason to refuse it, and so is a file that it may not open, or not read for too long. */
const refusalToServe = (file: string, error: unknown) =>
  isDamage(error)
    ? new DatabaseRefused(`${file} is damaged (${(error as Error).message}). ${RESTORE}`)
    : refusalOf(file, error)

/** There is no file whose log could be another's; but a database that was put together from two is known by its journal. */
async function openUrl(options: OpenOptions) {
  const database = await openDatabase(options)
  // In a transaction, which locks the node: another server may write meanwhile.
  const whole = await database.write({ actor: null, device: null, act: 'start' }, async (trx) => {
    const head = { ...trx.act.node, node: trx.act.node.id }
    return endsThere(head, await lastEntry(trx, head))
  })
  if (whole) return { ...database, watch: () => {} }
  await database.close()
  throw new DatabaseRefused(brokenEnd('The PostgreSQL database'))
}

/** A new file is its owner's alone, whatever folder it is in; what SQLite puts beside it follows. */
function makePrivate(file: string) {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
}

/** Returns the search indexes that are to be made anew. */
function refuseDamaged(file: string): Searchable[] {
  const { damage, search } = findStructureDamage(file)
  if (damage) throw new DatabaseRefused(`${file} is damaged (${damage}). ${RESTORE}`)
  return search.map(({ entity }) => entity)
}

type Watch = { clean: boolean; fileLock: FileLock; onError: OpenOptions['onError'] }

function watched(database: Database, file: string, { clean, fileLock, onError }: Watch) {
  let watch: { stop(): Promise<void> } | null = null
  const place = followPlace(database.place, file, { keepLock: fileLock.keep, onError })
  const highWater = followHead(database, file, onError)
  const reserve = keepReserve(file, onError)
  return {
    ...database,
    watch: (found: (damage: string) => void) => {
      if (!clean) return
      const onDamage = (damage: string) => {
        database.setDamage(damage)
        found(damage)
      }
      watch = watchForDamage(file, onDamage, onError)
    },
    close: async () => {
      await watch?.stop()
      await highWater.stop()
      await reserve.stop()
      await place.stop()
      const inPlace = database.place.look() === null
      await database.close()
      if (inPlace) await fillReserve(file, 0).catch(onError)
      if (inPlace && database.damage() === null) recordCleanStop(file)
      fileLock.release()
    },
  }
}

const RESTORING = 'A backup is being restored here, or this machine joins head office. Wait until that is done.'

/**
 * Finishes or undoes a restore that was cut off, before anything looks at the file.
 * @throws DatabaseRefused while a restore is at work
 */
export function finishRestore(at: OpenOptions['at']): void {
  if ('url' in at || !existsSync(stagingFolderOf(at.file))) return
  const hold = lockFile(at.file, RESTORING)
  try {
    finishReplacement(at.file)
  } finally {
    hold.release()
  }
}

/**
 * Opens the database for a command, beside the server when one runs.
 * @throws DatabaseRefused with what to do
 */
export async function openBeside(options: OpenOptions): Promise<Database> {
  if ('url' in options.at) return await openDatabase(options)
  const { file } = options.at
  finishRestore(options.at)
  const { database, trusted } = await openWithReserve(file, async () => {
    const served = isServed(file)
    if (!served) await checkWal(file)
    checkFile(file)
    if (!served) checkHighWater(file)
    if (served && schemaOf(file) < MIGRATIONS.length)
      throw new DatabaseRefused('An older Fixpoint serves this file now. Stop it first, or use its own command line.')
    const trusted = served || wasStoppedCleanly(file)
    makePrivate(file)
    const opened = numberOf(file)
    const database = await openDatabase(options)
    if (!existsSync(stagingFolderOf(file)) && numberOf(file) === opened) return { database, trusted }
    // A restore that began meanwhile may have looked before this program had the file open.
    await database.close()
    throw new DatabaseRefused(RESTORING)
  }).catch((error: unknown) => {
    throw refusalOf(file, error)
  })
  return {
    ...database,
    close: async () => {
      const inPlace = database.place.look() === null
      await database.close()
      if (inPlace && trusted) recordCleanStop(file)
    },
  }
}

/** By which the system knows a file, whatever its name; null where there is none. */
const numberOf = (file: string) => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null

/** Whether the configured SQLite file is there; a PostgreSQL database says so itself. */
export const exists = (at: OpenOptions['at']) => 'url' in at || sizeOf(at.file) > 0
