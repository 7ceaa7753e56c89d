import { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { isDamage } from '../errors.ts'
import { SEARCHABLE, type Searchable } from '../search/searchable.ts'
import { lookInto } from './look-into.ts'

/** What SQLite finds wrong with `file`, in its words, or null. Reads the whole file. */
export function findDamage(file: string): string | null {
  const { damage, search } = findStructureDamage(file)
  return damage ?? search[0]?.text ?? null
}

/** The same, with what is wrong in search indexes alone told apart: they can be made anew. */
export function findStructureDamage(file: string): StructureDamage {
  try {
    return lookInto(file, structureDamageIn, { readonly: false })
  } catch (error) {
    return { damage: damageOf(error), search: [] }
  }
}

/** All tables in one go, by which a page that belongs to two of them is seen. */
export function structureDamageIn(database: Database.Database): StructureDamage {
  // A search index has one finding: with more than there are of them, any other is seen too.
  const check = `pragma quick_check(${SEARCHABLE.length + 1})`
  try {
    const texts = database.prepare(check).pluck().all() as string[] // One column of text, taken out by `pluck`.
    const found = texts.filter((text) => text !== 'ok')
    const search = found.flatMap((text) => {
      const entity = SEARCHABLE.find((name) => indexFinding(name).test(text))
      return entity ? [{ entity, text }] : []
    })
    const damage = found.find((text) => !search.some((other) => other.text === text))
    return { damage: damage === undefined ? null : firstFinding([damage]), search }
  } catch (error) {
    return { damage: damageOf(error), search: [] }
  }
}

/** How FTS5 words that an index contradicts itself. */
const indexFinding = (entity: Searchable) =>
  new RegExp(`^(fts5: .* table "search_${entity}"|.*inverted index for FTS5 table main\\.search_${entity}\\b)`)

/**
 * Looks for damage of tables in a thread of its own, while the file is served: table after table, so that no read lasts long enough to keep
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
    workerData: { file, whole: false, politely: false, atOnce: false } satisfies CheckOrder,
  })
  worker.on('message', ({ damage }: StructureDamage) => damage !== null && found(damage))
  worker.on('error', (error) => onError(error as Error))
  worker.unref()
  return {
    stop: async () => {
      await worker.terminate()
    },
  }
}

/** What is wrong with the structure of a file, and with which search indexes; nothing where the check was stopped. */
export type StructureDamage = { damage: string | null; search: readonly { entity: Searchable; text: string }[] }
const NO_DAMAGE: StructureDamage = { damage: null, search: [] }

/** A check of the whole structure under way. */
export type StructureCheck = { result: Promise<StructureDamage>; stop(): void }

/**
 * Checks tables, indexes and search indexes of a served file, each entry of an index too: in a thread of its own, at a low
 * priority where that can be. It reads table after table; the largest of a million rows takes 14 s.
 * `result` is rejected when the check itself could not be made, which says nothing about the file.
 */
export function checkStructure(file: string, { politely = true } = {}): StructureCheck {
  return checkInThread({ file, whole: true, politely, atOnce: false })
}

/**
 * What `findStructureDamage` does, in a thread of its own while the file is served: before anything is emptied, since pages
 * that belong to another table as well would be lost to it.
 */
export const checkAtOnce = (file: string): StructureCheck =>
  checkInThread({ file, whole: false, politely: false, atOnce: true })

function checkInThread(order: CheckOrder): StructureCheck {
  const worker = new Worker(new URL('./quick-check-worker.ts', import.meta.url), {
    name: 'structure-check',
    workerData: order,
  })
  worker.unref()
  const result = new Promise<StructureDamage>((resolve, reject) => {
    worker.on('message', (found: StructureDamage) => resolve(found))
    worker.on('error', reject)
    worker.on('exit', () => resolve(NO_DAMAGE))
  })
  return { result, stop: () => void worker.terminate() }
}

/**
 * What the thread is to check: `whole` also compares each index with its table; `politely` gives way to all else; `atOnce`
 * goes through all tables in one read.
 */
export type CheckOrder = { file: string; whole: boolean; politely: boolean; atOnce: boolean }

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
