import type { SyncedTable } from '../../../db/schema/schema.ts'
import { streamHeads } from '../../../db/fleet/feed.ts'
import { SYNCED_TABLES } from '../../../db/schema/schema.ts'
import type { Stream } from '../core/closure.ts'
import { publishAll } from '../hub/publish-all.ts'
import type { Sync } from '../take.ts'
import { type Adding, addRow, newSum, printed, type Sum, together } from './sums.ts'
import { walkRows } from './walk.ts'

/**
 * What the rows of head office come to, stream by stream. All streams are added up in one walk through all rows, which every node that
 * asks within half an hour shares: a walk for each node of a large fleet would read everything as often as there are nodes.
 */
export type OfficeCounts = {
  /**
   * The sums of what the machines of a store have, by table, as of where `org` and the store's stream end now; or in how many ms to
   * ask again, while they are being added up. The streams have to have everything that was written.
   */
  of(store: number): Promise<ReadonlyMap<SyncedTable, Sum> | { waitMs: number }>
}

type Counts = {
  byStream: ReadonlyMap<Stream, ReadonlyMap<SyncedTable, Adding>>
  /** Where those streams ended that did not move meanwhile. */
  steady: ReadonlyMap<string, number>
  /** By the stopwatch. */
  at: number
}

/** All in ms. Rows change with their stream alone; what is damaged past it is found by the next walk. */
const KEPT_FOR = 30 * 60_000
const SHORTEST_WAIT = 200
const LONGEST_WAIT = 30_000
/** After a walk five times as long nothing is read: who asks again and again takes a tenth of a core. */
const REST = 5

export function openOfficeCounts(
  sync: Sync,
  { monotonic, signal, onError }: { monotonic: () => number; signal: AbortSignal; onError: (error: unknown) => void },
): OfficeCounts {
  let counts: Counts | null = null
  let walking: Promise<void> | null = null
  let [took, restsUntil] = [0, -Infinity]
  const walk = async () => {
    const began = monotonic()
    try {
      counts = { ...(await count(sync, signal)), at: monotonic() }
    } catch (error) {
      if (!signal.aborted) onError(error)
    } finally {
      took = monotonic() - began
      restsUntil = monotonic() + took * REST
      walking = null
    }
  }
  const bounded = (ms: number) => Math.ceil(Math.min(LONGEST_WAIT, Math.max(SHORTEST_WAIT, ms)))
  return {
    of: async (store) => {
      const heads = await streamHeads(sync.database.db)
      const streams: readonly Stream[] = ['org', `store:${store}`]
      const isSteady = (stream: Stream) => counts?.steady.get(stream) === (heads.get(stream) ?? 0)
      if (counts && monotonic() - counts.at < KEPT_FOR && streams.every(isSteady)) return sumsOf(counts, streams)
      if (walking) return { waitMs: bounded(took / 2) }
      const rests = restsUntil - monotonic()
      if (rests > 0) return { waitMs: bounded(rests) }
      walking = walk()
      return { waitMs: bounded(took) }
    },
  }
}

function sumsOf({ byStream }: Counts, [org, store]: readonly Stream[]): ReadonlyMap<SyncedTable, Sum> {
  const of = (stream: Stream, table: SyncedTable) => byStream.get(stream)?.get(table)
  return new Map(SYNCED_TABLES.map((table) => [table, printed(together(of(org!, table), of(store!, table)))]))
}

async function count(sync: Sync, signal: AbortSignal): Promise<Omit<Counts, 'at'>> {
  const { database, known } = sync
  const before = await headsNow(sync)
  const byStream = new Map<Stream, Map<SyncedTable, Adding>>()
  const scan = database.scan()
  try {
    await walkRows({ scan, known, withShares: true, signal }, (row) => {
      const digest = row.digest()
      for (const stream of row.streams) {
        const tables = byStream.get(stream) ?? new Map<SyncedTable, Adding>()
        byStream.set(stream, tables)
        const sum = tables.get(row.table) ?? newSum()
        tables.set(row.table, sum)
        addRow(sum, digest)
      }
    })
  } finally {
    scan.close()
  }
  const after = await headsNow(sync)
  // A stream that nothing came into has no head.
  const streams = [...new Set([...byStream.keys(), ...after.keys()])]
  const steady = streams.filter((stream) => (before.get(stream) ?? 0) === (after.get(stream) ?? 0))
  return { byStream, steady: new Map(steady.map((stream) => [stream, after.get(stream) ?? 0])) }
}

/** Where the streams end once all is in them that head office itself has written. */
async function headsNow(sync: Sync): Promise<Map<string, number>> {
  await publishAll(sync)
  return await streamHeads(sync.database.db)
}
