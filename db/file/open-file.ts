import { closeSync, existsSync, openSync } from 'node:fs'
import { recordCleanStop, wasStoppedCleanly } from './clean-stop.ts'
import { DatabaseRefused } from '../errors.ts'
import { checkFile, isServed, lockFile, sizeOf, versionOf } from './guard.ts'
import type { Database, OpenOptions } from '../database.ts'
import { openDatabase } from '../open.ts'
import { MIGRATIONS } from '../migrations/migrate.ts'
import { findDamage, watchForDamage } from './quick-check.ts'

/** Opening a database past its guard: to serve it, or beside whoever serves it. */

/**
 * Opens the database that this process alone serves. A file that was not closed cleanly, or that another program changed,
 * is checked first; any other one is checked by `watch`, once the server listens.
 * @throws DatabaseRefused with what to do
 */
export async function openToServe(
  options: OpenOptions,
): Promise<Database & { watch(found: (damage: string) => void): void }> {
  if ('url' in options.at) return { ...(await openDatabase(options)), watch: () => {} }
  const { file } = options.at
  const fileLock = lockFile(file)
  try {
    checkFile(file)
    const clean = wasStoppedCleanly(file)
    if (!clean) refuseDamaged(file)
    makePrivate(file)
    return watched(await openDatabase(options), file, { clean, release: fileLock.release, onError: options.onError })
  } catch (error) {
    fileLock.release()
    throw error
  }
}

/** A new file is its owner's alone, whatever folder it is in; what SQLite puts beside it follows. */
function makePrivate(file: string) {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
}

function refuseDamaged(file: string) {
  const damage = findDamage(file)
  if (damage) throw new DatabaseRefused(`${file} is damaged (${damage}). Put a backup in its place.`)
}

type Watch = { clean: boolean; release(): void; onError: OpenOptions['onError'] }

function watched(database: Database, file: string, { clean, release, onError }: Watch) {
  let watch: { stop(): Promise<void> } | null = null
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
      await database.close()
      if (database.damage() === null) recordCleanStop(file)
      release()
    },
  }
}

/**
 * Opens the database for a command, beside the server when one runs.
 * @throws DatabaseRefused with what to do
 */
export async function openBeside(options: OpenOptions): Promise<Database> {
  if ('url' in options.at) return await openDatabase(options)
  const { file } = options.at
  const served = isServed(file)
  checkFile(file)
  if (served && versionOf(file) < MIGRATIONS.length)
    throw new DatabaseRefused('An older Fixpoint serves this file now. Stop it first, or use its own command line.')
  const trusted = served || wasStoppedCleanly(file)
  makePrivate(file)
  const database = await openDatabase(options)
  return {
    ...database,
    close: async () => {
      await database.close()
      if (trusted) recordCleanStop(file)
    },
  }
}

/** Whether the configured SQLite file is there; a PostgreSQL database says so itself. */
export const exists = (at: OpenOptions['at']) => 'url' in at || sizeOf(at.file) > 0
