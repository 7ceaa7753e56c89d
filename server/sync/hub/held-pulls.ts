import type { CommittedRow } from '../../../db/database.ts'
import { streamHeads } from '../../../db/fleet/feed.ts'
import { LOCAL_TABLES } from '../../../db/schema/schema.ts'
import { tryAgain } from '../refused.ts'
import type { Sync } from '../take.ts'
import { publishAll } from './publish-all.ts'

/**
 * Pulls of nodes that have heard everything wait until there is more: woken by what this instance commits, and within a second by
 * what another one does.
 */
export type HeldPulls = {
  /** The pull of a node begins, and ends one of the same node that is under way. */
  begin(node: number): HeldPull
}

export type HeldPull = {
  /** Until a stream goes on behind `heads`, the node's row changes, `ms` are over or `signal` is aborted. */
  wait(heads: ReadonlyMap<string, number>, ms: number, signal: AbortSignal): Promise<void>
  /** @throws SyncRefused 429 where the node has begun another pull meanwhile */
  expectLatest(): void
  end(): void
}

type Waiting = { heads: ReadonlyMap<string, number>; wake: () => void }

/** Commits that follow each other at once are looked at together, in ms. */
const GATHER_MS = 20
/** How often it is looked what other instances have committed, in ms. */
const LOOK_EVERY_MS = 1_000
/** Two machines under one number end each other's pulls: not without a pause, in s. */
const REPLACED_S = 5

/** `onError` hears of a look at the streams that failed: whoever waits is answered when the time is over. */
export function openHeldPulls(sync: Sync, onError: (error: unknown) => void): HeldPulls {
  const latest = new Map<number, object>()
  const waiting = new Map<number, Waiting>()
  const watch = openWatch(sync, waiting, onError)
  return {
    begin: (node) => {
      const own = {}
      latest.set(node, own)
      waiting.get(node)?.wake()
      waiting.delete(node)
      const isLatest = () => latest.get(node) === own
      return {
        wait: async (heads, ms, signal) => {
          if (!isLatest() || signal.aborted) return
          let timer: NodeJS.Timeout | undefined
          await new Promise<void>((resolve) => {
            timer = setTimeout(resolve, ms)
            signal.addEventListener('abort', () => resolve(), { once: true })
            waiting.set(node, { heads, wake: resolve })
            watch.begin()
          })
          clearTimeout(timer)
          if (isLatest()) waiting.delete(node)
          if (waiting.size === 0) watch.end()
        },
        expectLatest: () => {
          if (!isLatest()) throw tryAgain(429, 'another-pull', 'This node has asked again since', REPLACED_S)
        },
        end: () => {
          if (isLatest()) latest.delete(node)
        },
      }
    },
  }
}

/** Looks at the streams while anybody waits, and wakes those for whom there is more. */
function openWatch(sync: Sync, waiting: ReadonlyMap<number, Waiting>, onError: (error: unknown) => void) {
  const { database } = sync
  let deafen: (() => void) | null = null
  let [every, soon] = [undefined, undefined] as (NodeJS.Timeout | undefined)[]
  let last: Promise<void> = Promise.resolve()
  const lookNow = async () => {
    if (waiting.size === 0) return
    await publishAll(sync)
    const heads = await streamHeads(database.db)
    for (const { heads: heard, wake } of waiting.values())
      if ([...heard].some(([stream, seq]) => (heads.get(stream) ?? 0) > seq)) wake()
  }
  const look = () => {
    soon ??= setTimeout(() => {
      soon = undefined
      last = last.then(lookNow).catch(onError)
    }, GATHER_MS)
  }
  const hear = (rows: readonly CommittedRow[]) => {
    for (const { entity, id } of rows) if (entity === 'node') waiting.get(id)?.wake()
    if (rows.some(({ entity }) => !(entity in LOCAL_TABLES))) look()
  }
  return {
    begin: () => {
      deafen ??= database.onCommit(hear)
      every ??= setInterval(look, LOOK_EVERY_MS).unref()
      look() // What was committed between the answer and now has woken nobody.
    },
    end: () => {
      deafen?.()
      clearInterval(every)
      clearTimeout(soon)
      deafen = null
      every = soon = undefined
    },
  }
}
