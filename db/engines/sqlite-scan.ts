import Database from 'better-sqlite3'
import type { Scan } from '../check/scan.ts'
import { SchemaDamaged } from '../errors.ts'

/** How long a read waits where another program recovers the file's log, in ms. */
const BUSY_TIMEOUT_MS = 50

/** A connection to an SQLite file that only reads, with a small cache: it reads everything once. */
export function scanSqlite(file: string): Scan {
  const database = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS })
  database.pragma('cache_size = -2000')
  const prepared = new Map<string, Database.Statement>()
  const compile = (text: string) => {
    try {
      return database.prepare(text).raw()
    } catch (error) {
      // The statements of the checks are right: what SQLite does not find has another name in the file.
      if (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR') throw new SchemaDamaged(error.message)
      throw error
    }
  }
  const prepare = (text: string) => {
    const known = prepared.get(text)
    if (known) return known
    const statement = compile(text)
    prepared.set(text, statement)
    return statement
  }
  return {
    engine: 'sqlite',
    rows: (text, parameters) => prepare(text).all(...parameters) as unknown[][],
    close: () => void database.close(),
  }
}
