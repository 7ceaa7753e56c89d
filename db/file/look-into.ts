import Database from 'better-sqlite3'
import { BUSY_TIMEOUT_MS } from '../engines/sqlite-connection.ts'
import { DatabaseRefused, isBusy } from '../errors.ts'

/**
 * Opens `file`, looks and closes it again. A connection that may write (`readonly: false`) merges the log into the file when
 * it is closed; one that may not leaves an empty log and its index beside a file that had none. Throws what SQLite says of
 * a file that it cannot read.
 * @throws DatabaseRefused when another program holds the file for too long
 */
export function lookInto<T>(file: string, look: (database: Database.Database) => T, { readonly = true } = {}): T {
  const database = openToLook(file, { readonly })
  try {
    return look(database)
  } catch (error) {
    throw refusedIfHeld(file, error)
  } finally {
    database.close()
  }
}

/** A program that closes the file holds it alone while it puts its log into it, which takes seconds after an import. */
const openToLook = (file: string, { readonly }: { readonly: boolean }) =>
  new Database(file, { readonly, timeout: BUSY_TIMEOUT_MS })

/** The same, left open until `close`. */
export function holdOpen(file: string): { close(): void } {
  const database = openToLook(file, { readonly: false })
  try {
    database.prepare('select count(*) from sqlite_schema').get()
    return { close: () => void database.close() }
  } catch (error) {
    database.close()
    throw refusedIfHeld(file, error)
  }
}

/** The refusal of a file that another program keeps to itself; any other error as it is. */
export const refusedIfHeld = (file: string, error: unknown): unknown =>
  isBusy(error)
    ? new DatabaseRefused(
        `Another program holds ${file} and lets nobody read it. Wait until it is done, then try again.`,
      )
    : error
