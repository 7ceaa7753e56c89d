import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { BUSY_TIMEOUT_MS } from '../engines/sqlite-connection.ts'
import { DatabaseRefused, isBusy, isDamage, isDiskFull } from '../errors.ts'

/**
 * Opens `file`, looks and closes it again. A connection that may write (`readonly: false`) merges the log into the file when
 * it is closed; one that may not leaves an empty log and its index beside a file that had none. Throws what SQLite says of
 * a file that it cannot read.
 * @throws DatabaseRefused when another program holds the file for too long, or the system does not let it be opened
 */
export function lookInto<T>(file: string, look: (database: Database.Database) => T, { readonly = true } = {}): T {
  const database = openToLook(file, { readonly })
  try {
    return look(database)
  } catch (error) {
    throw refusalOf(file, error)
  } finally {
    database.close()
  }
}

/** A program that closes the file holds it alone while it puts its log into it, which takes seconds after an import. */
function openToLook(file: string, { readonly }: { readonly: boolean }) {
  try {
    return new Database(file, { readonly, timeout: BUSY_TIMEOUT_MS })
  } catch (error) {
    throw refusalOf(file, error)
  }
}

/** The same, left open until `close`. */
export function holdOpen(file: string): { close(): void } {
  const database = openToLook(file, { readonly: false })
  try {
    database.prepare('select count(*) from sqlite_schema').get()
    return { close: () => void database.close() }
  } catch (error) {
    database.close()
    throw refusalOf(file, error)
  }
}

/** The refusal of a file that another program keeps to itself, or that the system does not let us open; any other error as it is. */
export function refusalOf(file: string, error: unknown): unknown {
  if (isBusy(error))
    return new DatabaseRefused(
      `Another program holds ${file} and lets nobody read it. Wait until it is done, then try again.`,
    )
  const { code, message } = error as NodeJS.ErrnoException
  if (/^SQLITE_(CANTOPEN|READONLY|PERM)/.test(code ?? ''))
    return new DatabaseRefused(
      `${file} cannot be opened (${message}). Fixpoint must be able to write into ${dirname(file)}, even to read: is its disk read-only, or another user's? Copy the folder to where it can be written, and name that with --data.`,
    )
  if (/^SQLITE_(IOERR|NOLFS|PROTOCOL)/.test(code ?? '') && !isDamage(error) && !isDiskFull(error))
    return new DatabaseRefused(
      `${file} cannot be read or written: its disk fails, or cannot do what a database needs, like some folders of a network (${message}, ${code}). Nothing was changed. Copy the folder to a disk of this machine, and name that with --data.`,
    )
  return error
}
