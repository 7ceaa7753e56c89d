import { linkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { DatabaseRefused, isBusy } from '../errors.ts'
import { checkWal } from './wal/check-wal.ts'
import { sizeOf } from './guard.ts'
import { stagingFolderOf } from './replace.ts'

/** What keeps a file from being replaced under a program that has it open: what that saved afterwards would be lost. */

/**
 * Looks whether any program has `file` open: in WAL mode each connection holds a shared lock on it. Call it while
 * `stagingFolderOf(file)` is there, so that nobody opens the file afterwards. A file that SQLite cannot read is in nobody's use.
 * @throws DatabaseRefused when one has
 */
export async function refuseInUse(file: string): Promise<void> {
  if (sizeOf(file) === 0) return
  const held = join(stagingFolderOf(file), 'held.db')
  const path = linked(file, held) ? held : (await hasOwnLog(file)) ? file : null
  try {
    if (path && isInUse(path))
      throw new DatabaseRefused(
        `Another program has ${file} open: a command that is still at work, for instance, whose rows would be lost. Nothing was replaced. Wait until it is done, then try again.`,
      )
  } finally {
    rmSync(held, { force: true })
  }
}

/** Under a name of its own the file is locked without its log, which closing would otherwise merge. Not every disk has such names. */
function linked(file: string, name: string): boolean {
  try {
    linkSync(file, name)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error
    return false
  }
}

async function hasOwnLog(file: string): Promise<boolean> {
  try {
    await checkWal(file)
    return true
  } catch (error) {
    if (error instanceof DatabaseRefused) return false
    throw error
  }
}

function isInUse(path: string): boolean {
  const database = new Database(path, { timeout: 0 })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
    database.exec('ROLLBACK')
    return false
  } catch (error) {
    if (isBusy(error)) return true
    if (error instanceof Database.SqliteError) return false
    throw error
  } finally {
    database.close()
  }
}
