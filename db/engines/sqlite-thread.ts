import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { QueryResult } from 'kysely'
import type { Connection } from './sqlite-connection.ts'

/** What the thread is sent: statements in their order; those with an `id` are answered. */
export type Statement = { id: number | null; text: string; parameters: readonly unknown[] }
export type Failure = { message: string; code: string }
export type Outcome = { result: QueryResult<unknown> } | { error: Failure }
export type StatementResponse = { id: number } & Outcome

type PendingStatement = { resolve(result: QueryResult<never>): void; reject(error: Error): void }

/** Room for the rows of a batch, in MB: they are gone before anybody looks for garbage. */
export const WORKER_MEMORY_LIMITS = { maxYoungGenerationSizeMb: 96 }

/**
 * A connection in a thread of its own, for a long task that is worth a second core: while SQLite works, this thread makes
 * the next rows ready. `executeNoResult` only queues; the commit waits until all is done.
 */
export function connectInThread(file: string): Connection {
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    name: 'sqlite',
    workerData: file,
    resourceLimits: WORKER_MEMORY_LIMITS,
  })
  const pending = new Map<number, PendingStatement>()
  let lastId = 0
  let broken: Error | null = null
  const rejectAll = (error: Error) => {
    broken = error
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }
  worker.on('message', (response: StatementResponse) => {
    const { resolve, reject } = pending.get(response.id)!
    pending.delete(response.id)
    if ('result' in response) resolve(response.result as QueryResult<never>)
    else reject(new Database.SqliteError(response.error.message, response.error.code))
  })
  worker.on('error', rejectAll)
  worker.on('exit', () => rejectAll(new Error('The thread of the database has ended')))
  const send = (statement: Statement) => worker.postMessage(statement)
  const execute = <R>(text: string, parameters: readonly unknown[]) =>
    new Promise<QueryResult<R>>((resolve, reject) => {
      if (broken) return reject(broken)
      pending.set(++lastId, { resolve, reject })
      send({ id: lastId, text, parameters })
    })
  return {
    execute,
    executeNoResult: (text, parameters) => send({ id: null, text, parameters }),
    close: async () => {
      if (!broken) await execute(CLOSE, [])
      await worker.terminate()
    },
  }
}

/** Closes the connection; anything else is SQL. */
export const CLOSE = 'close'
