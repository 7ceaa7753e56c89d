/** Another process has held the file's write lock for too long. */
export class DatabaseBusy extends Error {
  constructor() {
    super('The database is busy with another program; try again')
  }
}

/** The database cannot be served; the message says why and what to do, in a sentence for a person. */
export class DatabaseRefused extends Error {}

/** How to bring a backup in; ends the refusal of a database. */
export const RESTORE = 'To bring a backup in: npm run fixpoint -- restore FILE'

/** Part of the file is damaged: reads go on where they can, nothing is written any more. */
export class DatabaseDamaged extends Error {
  constructor() {
    super(`The database file is damaged: nothing can be saved. Stop the program. ${RESTORE}`)
  }
}

/** Somebody has added what acts with whatever is written: nothing is, until it was taken out. */
export class DatabaseChanged extends Error {}

/** A file of the database that is open is no longer at its path: what is written now would be lost with this program. */
export class DatabaseGone extends Error {
  readonly path: string

  constructor(path: string) {
    super(
      `${path} was moved, removed or replaced while Fixpoint has it open: nothing can be saved. Put it back where it was, and saving goes on; what was being saved just then may be in it. If it is gone for good, stop the program and start it again. ${RESTORE}`,
    )
    this.path = path
  }
}

/** A row of money that another machine made: that one alone changes it, or its heir. */
export class RowOfAnotherNode extends Error {
  readonly terminal: string

  constructor(table: string, id: number, terminal: string) {
    super(`${table} ${id} belongs to ${terminal}`)
    this.terminal = terminal
  }
}

/** The tables are not those of this program, though the file was opened with its schema. */
export class SchemaDamaged extends Error {}

/** A search index contradicts itself: what is wrong lies in it alone, and it can be made anew from the rows. */
export class SearchIndexDamaged extends Error {}

/** Another connection has locked an SQLite file. */
export const isBusy = (error: unknown): boolean => String(code(error)).startsWith('SQLITE_BUSY')

const code = (error: unknown) => (error as { code?: unknown } | null)?.code

/** SQLite asks the disk for room when it writes, enlarges the index of its log and syncs. */
const DISK_FULL_CODES = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_SHMSIZE',
  'SQLITE_IOERR_FSYNC',
  'ENOSPC',
  'EDQUOT',
  '53100',
])

/** No room left to write: SQLite's file or temporary folder, or PostgreSQL's disk. */
export function isDiskFull(error: unknown): boolean {
  return DISK_FULL_CODES.has(String(code(error)))
}

/** SQLite met something in the file that cannot be, or the disk does not give it back. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof DatabaseDamaged ||
    error instanceof SchemaDamaged ||
    /^SQLITE_(CORRUPT|NOTADB|IOERR_(READ|SHORT_READ|DATA|CORRUPTFS))/.test(String(code(error)))
  )
}

/** Nothing can be saved for now, though everything that was can be read. */
export const stopsSaving = (error: unknown): boolean =>
  isDiskFull(error) || isDamage(error) || error instanceof DatabaseChanged || error instanceof DatabaseGone

/** Damage in what a virtual table keeps: of ours those are the search indexes alone. */
export const isSearchDamage = (error: unknown): boolean =>
  error instanceof SearchIndexDamaged || code(error) === 'SQLITE_CORRUPT_VTAB'

/** SQLite refused a row beside another one. */
export const isConstraint = (error: unknown): boolean => String(code(error)).startsWith('SQLITE_CONSTRAINT')

/** The line is cut, or PostgreSQL stops, starts, has no connection left or waited too long for a lock. */
const UNAVAILABLE_CODES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0[123]|40001|40P01|53300|55P03|08006|08001)$/

/** The database does not answer now but may again: another program holds the file, or PostgreSQL is away. */
export function isUnavailable(error: unknown): boolean {
  return (
    error instanceof DatabaseBusy ||
    isBusy(error) ||
    UNAVAILABLE_CODES.test(String(code(error))) ||
    (error instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(error.message))
  )
}
