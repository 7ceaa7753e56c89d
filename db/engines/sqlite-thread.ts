import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { QueryResult } from 'kysely'
import type { Connection } from './sqlite-connection.ts'

/** What the thread is sent: statements in their order; those with an `id` are answered. */
export type Statement = { id: number | null; text: string; parameters: readonly unknown[] }
export type Failure = { message: string; code: string }
export type Outcome = { result: QueryResult<unknown> } | { error: Failure }
export type Answer = { id: number } & Outcome

type Waiting = { resolve(result: QueryResult<never>): void; reject(error: Error): void }

/** Room for the rows of a batch, in MB: they are gone before anybody looks for garbage. */
export const YOUNG = { maxYoungGenerationSizeMb: 96 }

/**
 * A connection in a thread of its own, for a long task that is worth a second core: while SQLite works, this thread makes
 * the next rows ready. `tell` only queues; asking for the commit waits until all is done.
 */
export function connectInThread(file: string): Connection {
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    name: 'sqlite',
    workerData: file,
    resourceLimits: YOUNG,
  })
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let broken: Error | null = null
  const breakOff = (error: Error) => {
    broken = error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = waiting.get(answer.id)!
    waiting.delete(answer.id)
    if ('result' in answer) resolve(answer.result as QueryResult<never>)
    else reject(new Database.SqliteError(answer.error.message, answer.error.code))
  })
  worker.on('error', breakOff)
  worker.on('exit', () => breakOff(new Error('The thread of the database has ended')))
  const send = (statement: Statement) => worker.postMessage(statement)
  const ask = <R>(text: string, parameters: readonly unknown[]) =>
    new Promise<QueryResult<R>>((resolve, reject) => {
      if (broken) return reject(broken)
      waiting.set(++asked, { resolve, reject })
      send({ id: asked, text, parameters })
    })
  return {
    ask,
    tell: (text, parameters) => send({ id: null, text, parameters }),
    close: async () => {
      if (!broken) await ask(CLOSE, [])
      await worker.terminate()
    },
  }
}

/** Closes the connection; anything else is SQL. */
export const CLOSE = 'close'
