import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { DatabaseRefused, isBusy, isDamage, RESTORE } from '../errors.ts'
import { lookInto } from './look-into.ts'
import { watchPaths } from './place.ts'
import { expectKind } from './place-kind.ts'
import { damageOf } from './quick-check.ts'
import { APPLICATION_ID, MIGRATIONS } from '../migrations/migrate.ts'

/** What is checked before a SQLite file is opened: whose it is, whether it is whole, and that no other server serves it. */

export type FileLock = {
  /** From now on `isServed`: only once everything was checked, since commands open what is served without a check. */
  showServed(): void
  /** Where the file of a lock that was shown is gone or another, takes it anew; its path while another process has that one. */
  keep(): string | null
  release(): void
}

/** How long a server waits for a program that only looks whether the file is served, in ms. */
const LOCK_TIMEOUT_MS = 500

const SQLITE_HEADER = 'SQLite format 3\0'

/** Where a program shows that it serves a file, or is about to: a second, empty SQLite file, whose lock the system takes back from a killed process. */
export const lockPathOf = (file: string) => `${file.replace(/\.db$/, '')}.lock`

/**
 * Makes this process the only one that may serve `file`.
 * @throws DatabaseRefused saying `taken` when another process has the lock
 */
export function lockFile(
  file: string,
  taken = `Another Fixpoint serves ${file} already. Use that one, or stop it first.`,
): FileLock {
  let lock = acquire(file, taken, LOCK_TIMEOUT_MS)
  let lost = watchPaths([lockPathOf(file)])
  return {
    showServed: () => showServed(file, taken, lock),
    keep: () => {
      if (lost() === null) return null
      try {
        const next = acquire(file, taken, 0)
        showServed(file, taken, next)
        lock.close()
        lock = next
        lost = watchPaths([lockPathOf(file)])
        return null
      } catch {
        return lockPathOf(file) // Whatever is in the way: this process no longer shows that it serves the file.
      }
    },
    release: () => void lock.close(),
  }
}

function acquire(file: string, taken: string, timeout: number): Database.Database {
  const lock = openLock(file, { timeout })
  orRefuse(file, taken, lock, () => {
    lock.pragma('journal_mode = MEMORY') // Its own would need room on the disk.
    lock.pragma('locking_mode = EXCLUSIVE') // The lock stays between two transactions.
    lock.exec('BEGIN IMMEDIATE')
  })
  return lock
}

const showServed = (file: string, taken: string, lock: Database.Database) =>
  orRefuse(file, taken, lock, () => lock.exec('ROLLBACK; BEGIN EXCLUSIVE'))

function orRefuse(file: string, taken: string, lock: Database.Database, lockIt: () => void) {
  try {
    lockIt()
  } catch (error) {
    lock.close()
    throw isBusy(error) ? new DatabaseRefused(taken) : noLock(file, error)
  }
}

function openLock(file: string, options: Database.Options): Database.Database {
  expectKind(lockPathOf(file), 'file')
  try {
    return new Database(lockPathOf(file), options)
  } catch (error) {
    throw noLock(file, error)
  }
}

/** Only SQLite's own refusals say something about the lock. */
function noLock(file: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const path = lockPathOf(file)
  return isDamage(error)
    ? new DatabaseRefused(`${path} is not the lock that Fixpoint keeps there. Move it away: nothing is lost with it.`)
    : new DatabaseRefused(
        `${path} cannot be opened (${error.message}). Fixpoint must be able to write into its folder.`,
      )
}

/** Whether a server serves `file` now. */
export function isServed(file: string): boolean {
  if (!existsSync(lockPathOf(file))) return false
  const lock = openLock(file, { readonly: true, timeout: 0 })
  try {
    lock.prepare('select 1 from sqlite_master').all()
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw noLock(file, error)
  } finally {
    lock.close()
  }
}

/**
 * Looks at the head of `file` before anything opens it: an SQLite file, one of ours, whole, and not newer than this
 * program. A file that is missing or holds nothing yet passes. Must not be called while this process has the file open:
 * closing it again would drop SQLite's locks.
 * @throws DatabaseRefused with what to do
 */
export function checkFile(file: string): void {
  const size = sizeOf(file)
  const waiting = sizeOf(`${file}-wal`) > 0
  if (size === 0) {
    if (sizeOf(`${file}-clean`) > 0) throw missingFile(file)
    return
  }
  const head = readHead(file)
  if (head.length < 100 || head.toString('latin1', 0, 16) !== SQLITE_HEADER) {
    throw new DatabaseRefused(`${file} is no SQLite database, or its beginning is damaged. ${RESTORE}`)
  }
  // What the write-ahead log holds may be newer than the file; then the file alone says nothing.
  if (waiting) return checkThroughSqlite(file)
  const pageSize = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16)
  const pages = head.readUInt32BE(28)
  if (size % pageSize !== 0 || size < pages * pageSize)
    throw truncatedFile(file, `${size} of ${pages * pageSize} bytes are there`)
  checkOwner(file, head.readUInt32BE(68), head.readUInt32BE(60), pages <= 1)
}

/** The size of a file in bytes; 0 where there is none. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** The 100 bytes that an SQLite file begins with. */
export function readHead(file: string): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const head = Buffer.alloc(100)
    return head.subarray(0, readSync(descriptor, head, 0, 100, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** Without writing: closing a connection that may write would put the log into the file, before all is checked. */
function checkThroughSqlite(file: string) {
  try {
    lookInto(file, (database) => {
      const number = (name: string) => Number(database.pragma(name, { simple: true }))
      checkOwner(file, number('application_id'), number('user_version'), number('page_count') <= 1)
    })
  } catch (error) {
    throw new DatabaseRefused(`${file} is damaged (${damageOf(error)}). ${RESTORE}`)
  }
}

function checkOwner(file: string, owner: number, version: number, empty: boolean) {
  if (owner === 0 && version === 0 && empty) return
  if (owner !== APPLICATION_ID)
    throw new DatabaseRefused(`${file} belongs to another program. Choose another folder with --data.`)
  if (version > MIGRATIONS.length) {
    throw new DatabaseRefused(
      `${file} was made by a newer Fixpoint (its version is ${version}, this program knows ${MIGRATIONS.length}). Update the program.`,
    )
  }
}

const truncatedFile = (file: string, how: string) => new DatabaseRefused(`${file} was cut short: ${how}. ${RESTORE}`)

/** The refusal of a file that held something when it was last open, and now is not there or holds nothing. */
export const missingFile = (file: string) =>
  new DatabaseRefused(
    `${file} is missing or empty, though it was not when it was last open. ${RESTORE}. To begin anew, move what lies beside it out of the folder as well.`,
  )
