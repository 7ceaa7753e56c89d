import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from './context.ts'

/** All in ms: a slice and the pause after it, how long nobody must have asked for anything, and how often that is looked at. */
const SLICE_MS = 20
const PAUSE_MS = 40
const IDLE_MS = 3_000
const POLL_INTERVAL_MS = 30_000
/** After a trouble that may pass. */
const RETRY_MS = 600_000

/** Packs the journal while nobody asks for anything, until the server closes. */
export async function packWhenIdle({ database, log, run }: Pick<Context, 'database' | 'log' | 'run'>): Promise<void> {
  const { closing, activity } = run
  while (!closing.aborted) {
    const wait = await packNext().catch((error: Error) => {
      log.warn({ err: error }, 'the journal could not be packed')
      return RETRY_MS
    })
    await pause(wait, undefined, { signal: closing, ref: false }).catch(() => {}) // The server closes.
  }

  async function packNext(): Promise<number> {
    if (activity.idleMs() < IDLE_MS) return POLL_INTERVAL_MS
    return (await database.packJournal(SLICE_MS)) ? PAUSE_MS : POLL_INTERVAL_MS
  }
}
