import Database from 'better-sqlite3'
import type { QueryResult } from 'kysely'

/** One connection to an SQLite file, in this thread or in one of its own (`sqlite-thread.ts`). */
export type Connection = {
  /** Runs a statement and returns what came of it. */
  execute<R>(text: string, parameters: readonly unknown[]): QueryResult<R> | Promise<QueryResult<R>>
  /** Runs a statement of which only its failure matters. In another thread it runs later, and the next `execute` throws its error. */
  executeNoResult(text: string, parameters: readonly unknown[]): void
  close(): void | Promise<void>
}

/** How many compiled statements a connection keeps. */
const MAX_PREPARED_STATEMENTS = 400
/** How long a write waits for another process (the CLI) to finish its batch, and opening for one that closes, in ms. */
export const BUSY_TIMEOUT_MS = 10_000

/** Of a write-ahead log, in bytes, and the frames that the first 32 kB of its index have room for. */
const WAL_HEADER = 32
const WAL_FRAME_HEADER = 24
const INDEXED_FRAMES = 4_062

/**
 * A connection in this thread, in WAL mode and set to `synchronous=FULL`: better-sqlite3 reopens a WAL file with NORMAL,
 * which loses acknowledged commits at a power cut.
 */
export function connect(file: string) {
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    configure(database)
  } catch (error) {
    database.close() // Whoever tries again must not find it open.
    throw error
  }
  const prepare = statementsOf(database)
  const execute = <R>(text: string, parameters: readonly unknown[]) => run<R>(prepare(text), parameters)
  /** Only for what reads, on a connection that may write. */
  const executeReadOnly = <R>(text: string, parameters: readonly unknown[]) => {
    const prepared = prepare(text)
    if (!prepared.isReadOnly) throw new Error('Rows are written inside a transaction')
    return run<R>(prepared, parameters)
  }
  return {
    database,
    execute,
    executeReadOnly,
    executeNoResult: execute,
    close: () => void database.close(),
  } satisfies Connection & LocalConnection
}

function configure(database: Database.Database) {
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('temp_store = MEMORY')
  // The system keeps the file's pages too. Mapping them would count them all as the server's, and end it where a disk fails.
  database.pragma('cache_size = -8000')
  // 16 MB of log: its busiest pages go back into the file once for many writes.
  database.pragma('wal_autocheckpoint = 4000')
  // A longer log begins its next turn cut to what the first part of its index holds: on a full disk a transaction must fail
  // before it is in the log, not afterwards, because the index cannot grow.
  const frame = WAL_FRAME_HEADER + Number(database.pragma('page_size', { simple: true }))
  database.pragma(`journal_size_limit = ${WAL_HEADER + INDEXED_FRAMES * frame}`)
  // On macOS a plain sync stops at the disk's own memory; elsewhere this changes nothing.
  database.pragma('fullfsync = ON')
  // What is deleted is overwritten: it does not lie in the file until its place is needed.
  database.pragma('secure_delete = ON')
  database.pragma('busy_timeout = 0')
}

type LocalConnection = { database: Database.Database; executeReadOnly: Connection['execute'] }

/** A statement, and what it says of itself: each time it is asked costs a call into SQLite's library. */
type Prepared = { statement: Database.Statement; returnsRows: boolean; isReadOnly: boolean }
type Prepare = (text: string) => Prepared

/** Kysely prepares at every execute, which costs more than the query; here a statement is prepared once. */
function statementsOf(database: Database.Database): Prepare {
  const prepared = new Map<string, Prepared>()
  return (text) => {
    const known = prepared.get(text)
    if (known) return known
    if (prepared.size >= MAX_PREPARED_STATEMENTS) prepared.clear()
    const statement = database.prepare(hideParametersFromPlanner(text))
    const made = { statement, returnsRows: statement.reader, isReadOnly: statement.readonly }
    if (!/^\s*create /i.test(text)) prepared.set(text, made) // That is done once.
    return made
  }
}

/**
 * SQLite plans a join anew each time a parameter is bound that its planner has looked at, which costs several times the
 * query. A parameter inside a scalar subquery is out of the planner's sight.
 */
function hideParametersFromPlanner(text: string): string {
  return / join /i.test(text) ? text.replaceAll(/([=<>]) \?/g, '$1 (select ?)') : text
}

function run<R>({ statement, returnsRows }: Prepared, parameters: readonly unknown[]): QueryResult<R> {
  if (returnsRows) return { rows: statement.all(...parameters) as R[] }
  const { changes } = statement.run(...parameters)
  return { rows: [], numAffectedRows: BigInt(changes) }
}
