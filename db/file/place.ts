import { statSync } from 'node:fs'
import { DatabaseGone } from '../errors.ts'
import { repeat } from '../repeat.ts'

/**
 * Notices that an open database no longer lies at its path: removed, moved away, or another file put there. The system lets a
 * program write on into a file that has no name any more, and what it wrote is gone when it ends.
 */
export type Place = {
  /** The path that no longer leads to what is open, as of the last look; null while all is in place. */
  gone(): string | null
  /** The same, looked at now. */
  look(): string | null
  /** The same, and where both are in place, at what `besideGone` says of what lies beside them. */
  lookAround(besideGone: () => string | null): string | null
  onChange(listener: () => void): void
}

/** That of a database which is no file. */
export const NO_PLACE: Place = { gone: () => null, look: () => null, lookAround: () => null, onChange: () => {} }

/** How often whoever serves a file looks whether all of it is in place, in ms. */
const INTERVAL_MS = 500

/** Watches the database and its log from now on, while both are open. */
export function openPlace(file: string): Place {
  const gonePath = watchPaths([file, `${file}-wal`])
  let beside: string | null = null
  let gone: string | null = null
  let changed = () => {}
  const set = (path: string | null) => {
    const before = gone
    gone = path
    if (gone !== before) changed()
    return gone
  }
  return {
    gone: () => gone,
    look: () => set(gonePath() ?? beside),
    lookAround: (besideGone) => {
      const path = gonePath()
      beside = path === null ? besideGone() : null
      return set(path ?? beside)
    },
    onChange: (listener) => {
      changed = listener
    },
  }
}

/** Returns the first of `paths` that no longer leads to what it led to when that was first there; null while none does. */
export function watchPaths(paths: readonly string[]): () => string | null {
  const known = new Map<string, string>()
  const isElsewhere = (path: string) => {
    const found = identityOf(path)
    const before = known.get(path)
    if (before === undefined && typeof found === 'string') known.set(path, found)
    return before !== undefined && found !== UNKNOWN && found !== before
  }
  const look = () => paths.find(isElsewhere) ?? null
  look()
  return look
}

const UNKNOWN = Symbol('unknown')

/**
 * By which the system knows a file, whatever its name; null where there is none. Some disks and network folders number no
 * files, which says nothing.
 */
function identityOf(path: string): string | null | typeof UNKNOWN {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (!found) return null
    return found.ino === 0n ? UNKNOWN : `${found.dev} ${found.ino}`
  } catch {
    return UNKNOWN // The folder may not be looked into just now, which takes nothing from the file.
  }
}

/**
 * Looks twice a second whether database, log and the log's index are in place, and the lock, which `keepLock` takes again where
 * it can, until `stop`. `onError` hears of what is gone.
 */
export function followPlace(
  place: Place,
  file: string,
  { keepLock, onError }: { keepLock(): string | null; onError: (error: Error) => void },
): { stop(): Promise<void> } {
  const indexGone = watchPaths([`${file}-shm`])
  let told: string | null = null
  return repeat(INTERVAL_MS, () => {
    const gone = place.lookAround(() => indexGone() ?? keepLock())
    if (gone !== null && gone !== told) onError(new DatabaseGone(gone))
    told = gone
  })
}
