import { setTimeout as pause } from 'node:timers/promises'
import type { Engine } from '../engines/engine.ts'
import { DatabaseGone, isDamage, isDiskFull, isUnavailable } from '../errors.ts'
import type { BrokenIndexes } from './broken-indexes.ts'
import { BATCH, indexPending, isPending } from './search-index.ts'
import type { Searchable } from './searchable.ts'

/** The index waits for a quiet moment: this long after the last write, in ms, */
const INDEX_DELAY_MS = 150
/** but never longer than this after the first. */
const MAX_INDEX_DELAY_MS = 2_000
/** How many batches a search indexes before it looks; an import of another process may be far ahead. */
const MAX_BATCHES_BEFORE_SEARCH = 10

type Options = {
  onError(error: Error): void
  /** Whether nothing may be written any more. */
  stopped(): boolean
  /** Empties an index and notes all its rows. */
  renew(entity: Searchable): Promise<void>
}

export type IndexingSchedule = {
  /** Indexes soon, in `ms`. */
  schedule(ms?: number): void
  flush(): Promise<void>
  flushAll(progress?: (rows: number) => void): Promise<void>
  stop(): Promise<void>
}

/** What may last for hours, and stops no less. */
const willPass = (error: unknown) => isUnavailable(error) || isDiskFull(error) || error instanceof DatabaseGone

/** Indexes what was written: soon after the commit, or when somebody searches. */
export function scheduleIndexing(
  engine: Engine,
  broken: BrokenIndexes,
  { onError, stopped, renew }: Options,
): IndexingSchedule {
  let timer: NodeJS.Timeout | undefined
  let currentWork: Promise<void> = Promise.resolve()
  let closed = false
  const renewBroken = async () => {
    for (const entity of broken.waiting()) {
      if (closed || stopped()) return
      try {
        await renew(entity)
        broken.settle(entity)
      } catch (error) {
        // Met again, it is damage like any other.
        if (isDamage(error)) broken.settle(entity)
        else if (!willPass(error)) broken.postpone(entity)
        throw error
      }
    }
  }
  let renewing: Promise<void> | null = null
  const batches = async (maxBatches: number, progress?: (rows: number) => void) => {
    await (renewing ??= renewBroken().finally(() => (renewing = null)))
    let rows = 0
    for (let batch = 0; batch < maxBatches && !closed && !stopped() && (await isPending(engine)); batch++) {
      const indexed = await indexPending(engine) // Not inside `progress?.(…)`: where nobody listens it would not be called.
      rows += indexed
      progress?.(rows)
      // What has come meanwhile has its own turn: few rows cost as much as many.
      if (indexed < BATCH) return
      await pause(5)
    }
  }
  let waitingSince = 0
  const work = () => {
    timer = undefined
    currentWork = currentWork
      .then(() => batches(Infinity))
      .catch((error: Error) => {
        onError(error)
        broken.note(error)
        schedule(MAX_INDEX_DELAY_MS)
      })
  }
  const schedule = (ms = INDEX_DELAY_MS) => {
    if (closed) return
    if (timer === undefined) waitingSince = performance.now()
    else if (performance.now() - waitingSince > MAX_INDEX_DELAY_MS) return
    clearTimeout(timer)
    timer = setTimeout(work, ms).unref()
  }
  schedule()
  broken.onNote(schedule)
  return {
    schedule,
    flush: async () => {
      // On a full disk or a busy file a search answers from what is indexed.
      if (broken.waiting().length > 0 || (await isPending(engine)))
        await batches(MAX_BATCHES_BEFORE_SEARCH).catch(onError)
    },
    flushAll: (progress?: (rows: number) => void) => batches(Infinity, progress),
    stop: async () => {
      closed = true
      clearTimeout(timer)
      await currentWork
    },
  }
}
