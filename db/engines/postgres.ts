import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Engine } from './engine.ts'
import { NO_PLACE } from '../file/place.ts'
import { withNumberedPlaceholders } from './sql-text.ts'
import type { Schema } from '../schema/schema.ts'

const { types } = pg
types.setTypeParser(types.builtins.INT8, exact)
types.setTypeParser(types.builtins.NUMERIC, exact)

/** An int8, or the numeric that a sum of them is, as a number. Throws beyond 2^53 rather than round money or an id. */
function exact(written: string): number {
  const value = Number(written)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${written} does not fit a number exactly`)
  return value
}

/**
 * A PostgreSQL database at `url`. A write locks its node's row before anything else (`Database.write`), which makes one
 * writer of every process that serves this database: without it two payments can each collect what one of them owes.
 * `onError` hears of idle connections that break.
 */
export function openPostgres(url: string, onError: (error: Error) => void): Engine {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000, keepAlive: true })
  pool.on('error', onError)
  const query = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  let lastTransaction: Promise<unknown> = Promise.resolve()
  return {
    name: 'postgres',
    read: query,
    // One after the other: writers that wait for the node's row would hold the connections that reads need.
    transaction: (run) => {
      const result = lastTransaction.then(() =>
        query.transaction().setIsolationLevel('read committed').execute(withTimeouts(run)),
      )
      lastTransaction = result.catch(() => {}) // Its caller hears of it; the next one only waits.
      return result
    },
    scan: () => ({
      engine: 'postgres',
      rows: async (text, parameters) =>
        (
          await pool.query<unknown[]>({
            text: withNumberedPlaceholders(text),
            values: [...parameters],
            rowMode: 'array',
          })
        ).rows,
      close: () => {}, // The pool's connections are closed with it.
    }),
    place: NO_PLACE,
    close: () => query.destroy(),
  }
}

/** A server that lost its line must not hold the node's row for ever, nor a writer wait for it that long. */
const SET_TIMEOUTS = `select set_config('lock_timeout', '10s', true), set_config('idle_in_transaction_session_timeout', '30s', true)`

const withTimeouts =
  <T>(run: (query: Kysely<Schema>) => Promise<T>) =>
  async (query: Kysely<Schema>) => {
    await query.executeQuery(CompiledQuery.raw(SET_TIMEOUTS))
    return await run(query)
  }
