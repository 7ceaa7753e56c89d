import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** What SQLite finds wrong with `file`, in its words, or null. Reads the whole file. */
export function findDamage(file: string): string | null {
  const database = new Database(file, { timeout: 5_000 })
  try {
    return firstFinding(database.prepare('pragma quick_check(1)').pluck().all())
  } catch (error) {
    if (error instanceof Database.SqliteError && !error.code.startsWith('SQLITE_BUSY')) return error.message
    throw error
  } finally {
    database.close()
  }
}

/**
 * The same in a thread of its own, while the file is served: table after table, so that no read lasts long enough to keep
 * the write-ahead log from being emptied.
 */
export function watchForDamage(file: string, found: (damage: string) => void): { stop(): Promise<void> } {
  const worker = new Worker(new URL('./quick-check-worker.ts', import.meta.url), {
    name: 'quick-check',
    workerData: file,
  })
  worker.on('message', found)
  worker.on('error', (error) => found(String(error)))
  worker.unref()
  return {
    stop: async () => {
      await worker.terminate()
    },
  }
}

export function firstFinding(findings: unknown[]): string | null {
  const [first = 'ok'] = findings as string[] // One column of text, taken out by `pluck`.
  return first === 'ok' ? null : first.replaceAll(/\s+/g, ' ')
}
