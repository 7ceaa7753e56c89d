import { isSearchDamage } from '../errors.ts'
import { SEARCHABLE, type Searchable } from './searchable.ts'

/** Which search indexes were met damaged, and wait to be made anew: each once, for one that breaks again has another cause. */
export type BrokenIndexes = {
  /** Hears what a statement met; returns whether it was a search index that is to be made anew. */
  note(error: unknown, statement?: string): boolean
  waiting(): readonly Searchable[]
  /** That an index was made anew, or cannot be. */
  settle(entity: Searchable): void
  /** That it could not be made anew just now, for a reason that says nothing about the file. */
  postpone(entity: Searchable): void
  onNote(listener: () => void): void
}

/** How often an index is tried to be made anew where the system fails otherwise: what does not pass is no accident. */
const MAX_TRIES = 5

export function newBrokenIndexes(): BrokenIndexes {
  const tries = new Map<Searchable, number>()
  const waiting = new Set<Searchable>()
  const settled = new Set<Searchable>()
  let noted = () => {}
  const settle = (entity: Searchable) => {
    waiting.delete(entity)
    settled.add(entity)
  }
  return {
    note: (error, statement = '') => {
      if (!isSearchDamage(error)) return false
      const met = namedIn(`${(error as Error).message} ${statement}`).filter((entity) => !settled.has(entity))
      for (const entity of met) waiting.add(entity)
      if (met.length > 0) noted()
      return met.length > 0
    },
    waiting: () => [...waiting],
    settle,
    postpone: (entity) => {
      const tried = (tries.get(entity) ?? 0) + 1
      tries.set(entity, tried)
      if (tried >= MAX_TRIES) settle(entity)
    },
    onNote: (listener) => {
      noted = listener
    },
  }
}

/** The index that is named, or each that there is. */
function namedIn(text: string): readonly Searchable[] {
  const named = SEARCHABLE.filter((entity) => new RegExp(`\\bsearch_${entity}\\b`).test(text))
  return named.length > 0 ? named : SEARCHABLE
}
