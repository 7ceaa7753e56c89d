import { setTimeout as pause } from 'node:timers/promises'
import { isServed } from '../../db/file/guard.ts'
import type { Config } from '../config.ts'

/** How many rows a batch may take, so that a server beside it is never stalled for long. */
export type BatchPace = {
  /** Rows of the next batch. */
  size(): number
  /** Learns from a batch that held the lock for `ms`, and lets the others have their turn. */
  rest(rows: number, ms: number): Promise<void>
}

/** Beside a server a batch holds the write lock at most 20 ms, of which some are kept in reserve, */
const BESIDE_SERVER = { ms: 12, pause: 5, most: 2_000 }
/** alone it may take longer; a server that starts meanwhile still gets its turn. */
const WITHOUT_SERVER = { ms: 600, pause: 1, most: 10_000 }

/** Sizes are steps of this many rows: their statements are compiled once. */
const ROWS_STEP = 20
/** A smaller batch would do little but wait for the disk. */
const MIN_BATCH_ROWS = 60

export function paceFor({ database }: Pick<Config, 'database'>): BatchPace {
  // Other servers of a PostgreSQL database are not known here, so there is always one.
  const mode = () => ('file' in database && !isServed(database.file) ? WITHOUT_SERVER : BESIDE_SERVER)
  let now = mode()
  let rate = 5 // Rows per ms; the first batch shows.
  return {
    size: () => Math.max(MIN_BATCH_ROWS, Math.min(now.most, Math.floor((rate * now.ms) / ROWS_STEP) * ROWS_STEP)),
    rest: async (rows, ms) => {
      rate = (rate + rows / Math.max(0.1, ms)) / 2
      now = mode()
      await pause(now.pause)
    },
  }
}
