import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { askedDirectly } from './direct.ts'
import type { Engine } from './engine.ts'
import { DatabaseBusy } from './errors.ts'
import type { Schema } from './schema.ts'

/** How many compiled statements a connection keeps. */
const STATEMENTS = 400
/** How long a write waits for another process (the CLI) to finish its batch, and opening for one that closes, in ms. */
const PATIENCE = 10_000

/**
 * An SQLite file in WAL mode with one connection for reads and one for writes. Every connection is set to
 * `synchronous=FULL`: better-sqlite3 reopens a WAL file with NORMAL, which loses acknowledged commits at a power cut.
 */
export function openSqlite(file: string): Engine {
  const writer = connect(file)
  const reader = connect(file)
  reader.pragma('query_only = ON')
  const read = openKysely(reader)
  const write = openKysely(writer)
  let turn: Promise<unknown> = Promise.resolve()

  const transaction = async <T>(run: (query: Kysely<Schema>) => Promise<T>): Promise<T> => {
    await beginImmediate(writer)
    try {
      const result = await run(write)
      writer.exec('COMMIT')
      return result
    } catch (error) {
      if (writer.inTransaction) writer.exec('ROLLBACK')
      throw error
    }
  }

  return {
    name: 'sqlite',
    read,
    transaction: (run) => {
      const mine = turn.then(() => transaction(run))
      turn = mine.catch(() => {}) // Its caller hears of it; the next one only waits.
      return mine
    },
    close: async () => {
      await turn
      reader.close()
      writer.close()
    },
  }
}

function connect(file: string): Database.Database {
  const connection = new Database(file, { timeout: PATIENCE })
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma('temp_store = MEMORY')
  connection.pragma('cache_size = -32000')
  connection.pragma('mmap_size = 268435456')
  // 16 MB of log: its busiest pages go back into the file once for many writes.
  connection.pragma('wal_autocheckpoint = 4000')
  // What is deleted is overwritten: it does not lie in the file until its place is needed.
  connection.pragma('secure_delete = ON')
  connection.pragma('busy_timeout = 0')
  return connection
}

/** Asks again every ms at first: a batch of the CLI is followed by a pause of 5. */
async function beginImmediate(connection: Database.Database) {
  const started = Date.now()
  for (let attempt = 0; ; attempt++) {
    try {
      connection.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      if (Date.now() - started > PATIENCE) throw new DatabaseBusy()
      await pause(attempt < 200 ? 1 : 10)
    }
  }
}

const isBusy = (error: unknown) => error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')

function openKysely(connection: Database.Database): Kysely<Schema> {
  const prepare = statementsOf(connection)
  const query = new Kysely<Schema>({ dialect: dialect(connection, prepare) })
  return askedDirectly(
    query,
    <R>(text: string, parameters: readonly unknown[]) => run<R>(prepare(text), parameters).rows,
  )
}

type Prepare = (text: string) => Database.Statement

function dialect(connection: Database.Database, prepare: Prepare): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => driver(connection, prepare),
  }
}

/** Kysely prepares at every execute, which costs more than the query; here a statement is prepared once. */
function statementsOf(database: Database.Database): Prepare {
  const prepared = new Map<string, Database.Statement>()
  return (text) => {
    const known = prepared.get(text)
    if (known) return known
    if (prepared.size >= STATEMENTS) prepared.clear()
    const statement = database.prepare(settled(text))
    prepared.set(text, statement)
    return statement
  }
}

function driver(database: Database.Database, prepare: Prepare): Driver {
  const connection: DatabaseConnection = {
    executeQuery: <R>({ sql, parameters }: CompiledQuery) => Promise.resolve(run<R>(prepare(sql), parameters)),
    streamQuery: async function* <R>({ sql, parameters }: CompiledQuery) {
      for (const row of database.prepare(sql).iterate(...parameters)) yield { rows: [row as R] }
    },
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuseTransaction,
    commitTransaction: refuseTransaction,
    rollbackTransaction: refuseTransaction,
    releaseConnection: async () => {},
    destroy: async () => {},
  }
}

/**
 * SQLite plans a join anew each time a parameter is bound that its planner has looked at, which costs several times the
 * query. A parameter inside a scalar subquery is out of the planner's sight.
 */
function settled(text: string): string {
  return / join /i.test(text) ? text.replaceAll(/([=<>]) \?/g, '$1 (select ?)') : text
}

function run<R>(statement: Database.Statement, parameters: readonly unknown[]): QueryResult<R> {
  if (statement.reader) return { rows: statement.all(...parameters) as R[] }
  const { changes } = statement.run(...parameters)
  return { rows: [], numAffectedRows: BigInt(changes) }
}

async function refuseTransaction(): Promise<void> {
  throw new Error('Transactions are opened by Database.write alone')
}
