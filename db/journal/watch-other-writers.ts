import type { CommittedRow } from '../database.ts'
import type { Db } from '../handle.ts'
import { arrivedAfter, lastArrival } from './arrivals.ts'
import { entriesBetween, lastOfEachTable } from './entries.ts'

/**
 * Tells what other processes write: a command beside the server, another server on the same PostgreSQL. While somebody
 * listens, the node's head of the journal, and what came from other nodes, are looked at once a second.
 */

/** Between two looks, and after one that failed, in ms. */
const POLL_INTERVAL_MS = 1_000
const RETRY_INTERVAL_MS = 10_000
/** More entries than this at once are told as one row of each table: an import writes thousands in a second. */
const MAX_ROWS_NOTIFIED = 500

type Head = { id: number; epoch: number; seq: number }

export type OtherWriters = {
  /** This process has committed the entries after `before` up to `after`, and tells of them itself. */
  recordOwnWrite(before: number, after: number): void
  /** This process has committed what came from other nodes, and tells of it itself. */
  recordOwnArrival(n: number): void
  stop(): void
}

/** Tells of what others write from now on. */
export function watchOtherWriters(
  db: Db,
  notifyListeners: (rows: readonly CommittedRow[]) => void,
  onError: (error: Error) => void,
): OtherWriters {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  /** `seq` up to which everything was told; null until the first look. */
  let notifiedUpTo: number | null = null
  /** The same of what came from other nodes. */
  let arrivedUpTo: number | null = null

  const poll = async () => {
    await pollOwnJournal()
    await pollArrivals()
  }
  const pollArrivals = async () => {
    const last = await lastArrival(db)
    const from = arrivedUpTo ?? last
    arrivedUpTo = Math.max(from, last)
    if (last <= from) return
    try {
      notifyListeners(await arrivedAfter(db, from, MAX_ROWS_NOTIFIED))
    } catch (error) {
      arrivedUpTo = from // As below.
      throw error
    }
  }
  const pollOwnJournal = async () => {
    const head = await headOf(db)
    const from = notifiedUpTo ?? head.seq
    notifiedUpTo = Math.max(from, head.seq)
    if (head.seq <= from) return
    try {
      notifyListeners(await rowsBetween(db, head, from, head.seq))
    } catch (error) {
      notifiedUpTo = from // Some may be told twice, which does no harm.
      throw error
    }
  }
  const schedule = (ms: number) => {
    if (!stopped) timer = setTimeout(run, ms).unref()
  }
  const run = () =>
    void poll().then(
      () => schedule(POLL_INTERVAL_MS),
      (error: Error) => {
        if (!stopped) onError(error)
        schedule(RETRY_INTERVAL_MS)
      },
    )
  run()
  return {
    recordOwnWrite: (before, after) => {
      // Where others wrote just before, the next look tells of both.
      if (notifiedUpTo === null || notifiedUpTo >= before) notifiedUpTo = Math.max(notifiedUpTo ?? 0, after)
    },
    recordOwnArrival: (n) => {
      if (arrivedUpTo === null || arrivedUpTo >= n - 1) arrivedUpTo = Math.max(arrivedUpTo ?? 0, n)
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

const headOf = (db: Db): Promise<Head> =>
  db.selectFrom('self').select(['node_id as id', 'epoch', 'seq']).executeTakeFirstOrThrow()

async function rowsBetween(db: Db, { id, epoch }: Head, from: number, to: number): Promise<CommittedRow[]> {
  const stretch = { origin: id, epoch, after: from, upTo: to }
  if (to - from <= MAX_ROWS_NOTIFIED) {
    const rows: CommittedRow[] = []
    for await (const { entity, row_id } of entriesBetween(db, stretch)) rows.push({ entity, id: row_id })
    return rows
  }
  return await lastOfEachTable(db, stretch)
}
