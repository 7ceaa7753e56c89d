import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** What SQLite finds wrong with `file`, in its words, or null. Reads the whole file. */
export function findDamage(file: string): string | null {
  const database = new Database(file, { timeout: 5_000 })
  try {
    return firstFinding(database.prepare('pragma quick_check(1)').pluck().all())
  } catch (error) {
    return damageOf(error)
  } finally {
    database.close()
  }
}

/**
 * The same in a thread of its own, while the file is served: table after table, so that no read lasts long enough to keep
 * the write-ahead log from being emptied. `onError` hears why the check itself could not be made, which says nothing about
 * the file.
 */
export function watchForDamage(
  file: string,
  found: (damage: string) => void,
  onError: (error: Error) => void,
): { stop(): Promise<void> } {
  const worker = new Worker(new URL('./quick-check-worker.ts', import.meta.url), {
    name: 'quick-check',
    workerData: file,
  })
  worker.on('message', found)
  worker.on('error', (error) => onError(error as Error))
  worker.unref()
  return {
    stop: async () => {
      await worker.terminate()
    },
  }
}

/** What an error says about the file; thrown again when it says nothing, because the file is busy or memory is short. */
export function damageOf(error: unknown): string {
  if (error instanceof Database.SqliteError && !/^SQLITE_(BUSY|LOCKED|NOMEM|CANTOPEN)/.test(error.code))
    return error.message
  throw error
}

export function firstFinding(findings: unknown[]): string | null {
  const [first = 'ok'] = findings as string[] // One column of text, taken out by `pluck`.
  return first === 'ok' ? null : first.replaceAll(/\s+/g, ' ')
}
