import { setTimeout as pause } from 'node:timers/promises'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { withDirectExecution } from './direct.ts'
import type { Engine } from './engine.ts'
import { DatabaseBusy, DatabaseGone, isBusy, isDamage } from '../errors.ts'
import { MARKED_TABLE, newMark, SET_MARK, SET_MARK_OF_NODE } from '../file/wal/file-mark.ts'
import { NO_PLACE, openPlace } from '../file/place.ts'
import type { Schema } from '../schema/schema.ts'
import { BUSY_TIMEOUT_MS, connect, type Connection } from './sqlite-connection.ts'
import { scanSqlite } from './sqlite-scan.ts'
import { connectInThread } from './sqlite-thread.ts'

/** `onDamage` hears of each statement that met a page which cannot be. */
type SqliteOptions = {
  inThread?: boolean | undefined
  onDamage?: ((error: Error, statement: string) => void) | undefined
}

/** The name of a database that is nowhere on the disk. */
export const IN_MEMORY = ':memory:'

/**
 * An SQLite file in WAL mode with one connection for writes, which `inThread` puts into a thread of its own, and one for
 * reads while a write is open.
 */
export function openSqlite(file: string, { inThread, onDamage = () => {} }: SqliteOptions = {}): Engine {
  const localWriter = inThread ? null : connect(file)
  const reader = connectBeside(file, localWriter)
  reader.database.pragma('query_only = ON')
  const writer = reportingDamage(localWriter ?? connectInThread(file), localWriter !== null, onDamage)
  let writing = false
  // Each commit empties what other connections have cached: between two writes, reading where they are made is cheaper.
  const execute: Connection['execute'] = (text, parameters) =>
    (localWriter && !writing ? localWriter.executeReadOnly : reader.executeReadOnly)(text, parameters)
  const read = openKysely(reportingDamage({ ...reader, execute }, true, onDamage))
  const marked = withMark(writer)
  const write = openKysely(marked.connection)
  const place = file === IN_MEMORY ? NO_PLACE : openPlace(file)
  const expectInPlace = (path: string | null) => {
    if (path !== null) throw new DatabaseGone(path)
  }
  let lastTransaction: Promise<unknown> = Promise.resolve()

  const transaction = async <T>(run: (query: Kysely<Schema>) => Promise<T>): Promise<T> => {
    if (place.gone() !== null) expectInPlace(place.look())
    writing = true
    try {
      await beginImmediate(writer)
      marked.begin()
      return await committed(writer, async () => {
        const result = await run(write)
        await marked.set()
        return result
      })
    } finally {
      writing = false
    }
  }

  return {
    name: 'sqlite',
    read,
    transaction: (run) => {
      const result = lastTransaction.then(() => transaction(run))
      lastTransaction = result.catch(() => {}) // Its caller hears of it; the next one only waits.
      return result
    },
    scan: () => {
      expectInPlace(place.look()) // It opens what lies at the path.
      return scanSqlite(file)
    },
    place,
    close: async () => {
      await lastTransaction
      reader.close()
      await writer.close()
    },
  }
}

function connectBeside(file: string, other: Connection | null) {
  try {
    return connect(file)
  } catch (error) {
    void other?.close()
    throw error
  }
}

/** Sets the file's mark (`file-mark.ts`) in each transaction that may have written. */
function withMark(writer: Connection) {
  let wrote = false
  let table: string | undefined
  // What a connection has for itself alone is not in the file.
  const note = (text: string) => void (wrote ||= !/^\s*(select|create temp)\b/i.test(text))
  const connection: Connection = {
    execute: (text, parameters) => {
      note(text)
      return writer.execute(text, parameters)
    },
    executeNoResult: (text, parameters) => {
      note(text)
      writer.executeNoResult(text, parameters)
    },
    close: () => writer.close(),
  }
  return {
    connection,
    begin: () => void (wrote = false),
    set: async () => {
      if (!wrote) return
      if (table !== 'self') table = (await writer.execute<{ name: string }>(MARKED_TABLE, [])).rows[0]?.name
      if (table === 'self') writer.executeNoResult(SET_MARK, [newMark()])
      if (table === 'node') writer.executeNoResult(SET_MARK_OF_NODE, [newMark()])
    },
  }
}

/** The same connection, which tells `onDamage` of statements that fail because of the file. `atOnce`: in this thread. */
function reportingDamage(
  connection: Connection,
  atOnce: boolean,
  onDamage: (error: Error, statement: string) => void,
): Connection {
  const report = (error: unknown, text: string): never => {
    if (isDamage(error)) onDamage(error as Error, text)
    throw error
  }
  const execute = <R>(text: string, parameters: readonly unknown[]) => {
    try {
      const result = connection.execute<R>(text, parameters)
      return result instanceof Promise ? result.catch((error: unknown) => report(error, text)) : result
    } catch (error) {
      return report(error, text)
    }
  }
  const executeNoResult: Connection['executeNoResult'] = (text, parameters) => void execute(text, parameters)
  return { ...connection, execute, ...(atOnce && { executeNoResult }) }
}

async function committed<T>(writer: Connection, run: () => Promise<T>): Promise<T> {
  try {
    const result = await run()
    await writer.execute('COMMIT', [])
    return result
  } catch (error) {
    await rollBack(writer)
    throw error
  }
}

/** Asks again every ms at first: a batch of the CLI is followed by a pause of 5. */
async function beginImmediate(connection: Connection) {
  const started = performance.now()
  for (let attempt = 0; ; attempt++) {
    try {
      await connection.execute('BEGIN IMMEDIATE', [])
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() - started > BUSY_TIMEOUT_MS) throw new DatabaseBusy()
      await pause(attempt < 200 ? 1 : 10)
    }
  }
}

async function rollBack(connection: Connection) {
  try {
    await connection.execute('ROLLBACK', [])
  } catch {
    // SQLite has done so itself, as after a full disk; what went wrong first is what counts.
  }
}

/** Kysely on one connection. */
export function openKysely(connection: Connection): Kysely<Schema> {
  return withDirectExecution(new Kysely<Schema>({ dialect: dialect(connection) }), connection)
}

function dialect(connection: Connection): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => driver(connection),
  }
}

function driver({ execute }: Connection): Driver {
  const connection: DatabaseConnection = {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery) => await execute<R>(sql, parameters),
    streamQuery: () => {
      throw new Error('Rows are read in batches')
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

async function refuseTransaction(): Promise<void> {
  throw new Error('Transactions are opened by Database.write alone')
}
