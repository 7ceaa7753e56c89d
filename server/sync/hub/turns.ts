import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../../db/database.ts'

/**
 * Of what nodes send, one turn of writing (50 ms, `applyInTurns`) comes after the other, however many push at once, and between
 * two of them whoever else waits to write has their turn: a counter waits for one of them and never for eight. Nodes take turns
 * too. A turn that has begun is finished; none begins once `closing` is aborted.
 */
export function inTurns(database: Database, closing: AbortSignal): Database {
  let last: Promise<unknown> = Promise.resolve()
  const write: Database['write'] = (by, run) => {
    const result = last.then(() => {
      closing.throwIfAborted()
      return database.write(by, run)
    })
    // Its caller hears of it; the next one only waits, until others had time to ask.
    last = result.catch(() => {}).then(() => pause(1))
    return result
  }
  return { ...database, write }
}

/** Lets so many work at once; the others wait in the order in which they came. */
export type Lane = <T>(work: () => Promise<T>) => Promise<T>

export function openLane(most: number): Lane {
  let free = most
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

/** Does work that comes in parts, and lets others have their turn between two of them. */
export async function inParts<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    await turn()
  }
}
