import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { BUSY_TIMEOUT_MS } from '../engines/sqlite-connection.ts'
import { newMark, SET_MARK } from './wal/file-mark.ts'
import { isServed } from './guard.ts'
import type { OpenOptions } from '../database.ts'

/** Pages of a search index that are written again in one go: less than 20 ms. */
const PAGES_PER_MERGE = 100

/**
 * Clears an SQLite file of what was deleted from it: the search indexes, which only mark what is deleted, the free space
 * that SQLite leaves when it splits a page, and the write-ahead log. Returns whether all of it is clear: while a server
 * serves the file its free space stays as it is, for to write the whole file anew would hold every write up; and what
 * PostgreSQL keeps is its own `vacuum`'s affair.
 */
export async function purgeDeletedData(at: OpenOptions['at']): Promise<boolean> {
  if ('url' in at) return false
  const served = isServed(at.file)
  const database = new Database(at.file, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.pragma('secure_delete = ON')
    for (const index of searchIndexes(database)) await mergeIndex(database, index)
    if (!served) database.exec('vacuum')
    return (await truncateWal(database)) && !served
  } finally {
    database.close()
  }
}

const searchIndexes = (database: Database.Database) =>
  database
    .prepare(`select name from sqlite_schema where sql like 'create virtual table%using fts5%'`)
    .pluck()
    .all() as string[] // One column of text, taken out by `pluck`.

/** Merges an index into one part, which holds nothing that is deleted: a few pages at a time, a server may write between. */
async function mergeIndex(database: Database.Database, index: string) {
  const merge = database.prepare(`insert into "${index}" ("${index}", rank) values ('merge', ?)`)
  const changes = database.prepare('select total_changes()').pluck()
  const mark = database.prepare(SET_MARK)
  const mergeSome = database.transaction((pages: number): boolean => {
    mark.run(newMark())
    const before = Number(changes.get())
    merge.run(pages)
    return Number(changes.get()) - before >= 2
  })
  for (let pages = -PAGES_PER_MERGE; mergeSome.immediate(pages); pages = PAGES_PER_MERGE) await pause(5)
}

/** Puts the write-ahead log into the file and cuts it to nothing, as soon as nobody reads from it. */
async function truncateWal(database: Database.Database): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const [{ busy }] = database.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }] // SQLite's answer is one row.
    if (busy === 0) return true
    await pause(20)
  }
  return false
}
