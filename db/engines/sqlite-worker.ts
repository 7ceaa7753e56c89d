import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { connect } from './sqlite-connection.ts'
import { CLOSE, type Failure, type Outcome, type Statement, type StatementResponse } from './sqlite-thread.ts'

/** Runs statements for `connectInThread`, one after the other. */
const connection = connect(String(workerData))
// 64 MB of log: the pages that every batch touches go back into the file once for several.
connection.database.pragma('wal_autocheckpoint = 16000')
connection.database.pragma('journal_size_limit = -1')

/** Of what was told and failed: nothing more is done until the transaction is rolled back. */
let failed: Failure | null = null

parentPort!.on('message', ({ id, text, parameters }: Statement) => {
  if (text === 'ROLLBACK') failed = null
  const response = failed === null ? run(text, parameters) : { error: failed }
  if (id !== null) parentPort!.postMessage({ id, ...response } satisfies StatementResponse)
  else if ('error' in response) failed = response.error
})

function run(text: string, parameters: readonly unknown[]): Outcome {
  try {
    if (text !== CLOSE) return { result: connection.execute(text, parameters) }
    connection.close()
    return { result: { rows: [] } }
  } catch (error) {
    const code = error instanceof Database.SqliteError ? error.code : 'SQLITE_ERROR'
    return { error: { message: (error as Error).message, code } }
  }
}
