import { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { isDamage } from '../errors.ts'
import { lookInto } from './look-into.ts'

/** What SQLite finds wrong with `file`, in its words, or null. Reads the whole file. */
export function findDamage(file: string): string | null {
  const check = (database: Database.Database) => firstFinding(database.prepare('pragma quick_check(1)').pluck().all())
  try {
    return lookInto(file, check, { readonly: false })
  } catch (error) {
    return damageOf(error)
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
    workerData: { file, whole: false, politely: false } satisfies CheckOrder,
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

/** A check of the whole structure under way; `result` is what was found, null when nothing was or it was stopped. */
export type StructureCheck = { result: Promise<string | null>; stop(): void }

/**
 * Checks tables, indexes and search indexes of a served file, each entry of an index too: in a thread of its own, at a low
 * priority where that can be. It reads table after table; the largest of a million rows takes 14 s.
 * `result` is rejected when the check itself could not be made, which says nothing about the file.
 */
export function checkStructure(file: string, { politely = true } = {}): StructureCheck {
  const worker = new Worker(new URL('./quick-check-worker.ts', import.meta.url), {
    name: 'structure-check',
    workerData: { file, whole: true, politely } satisfies CheckOrder,
  })
  worker.unref()
  const result = new Promise<string | null>((resolve, reject) => {
    worker.on('message', (damage: string) => resolve(damage))
    worker.on('error', reject)
    worker.on('exit', () => resolve(null))
  })
  return { result, stop: () => void worker.terminate() }
}

/** What the thread is to check: `whole` also compares each index with its table; `politely` gives way to all else. */
export type CheckOrder = { file: string; whole: boolean; politely: boolean }

/**
 * What an error that a check met says about the file; thrown again when it says nothing, like one of a busy file or a full
 * disk. A check asks nothing that could be wrong in itself: what SQLite does not understand is the file.
 */
export function damageOf(error: unknown): string {
  if (isDamage(error) || (error as { code?: unknown }).code === 'SQLITE_ERROR') return (error as Error).message
  throw error
}

export function firstFinding(findings: unknown[]): string | null {
  const [first = 'ok'] = findings as string[] // One column of text, taken out by `pluck`.
  return first === 'ok' ? null : first.replaceAll(/\s+/g, ' ')
}
