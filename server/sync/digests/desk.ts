import { setTimeout as pause } from 'node:timers/promises'
import { openRoom } from '../../http/bounds/room.ts'
import { openLane } from '../hub/turns.ts'
import { tryAgain } from '../refused.ts'
import type { Sync } from '../take.ts'
import { openOfficeCounts, type OfficeCounts } from './office-counts.ts'

/** What head office keeps to answer nodes that compare their rows with its own. */
export type DigestDesk = {
  counts: OfficeCounts
  /** Takes the place of one call; returns how to give it back. @throws SyncRefused 429 */
  enter(node: number): () => void
  /** One walk through a table after the other, and a rest behind each that is as long: nobody has more than a third of a core by asking. */
  answer<T>(work: () => Promise<T>): Promise<T>
}

/** Calls that wait for their turn, besides one that is at work. */
const WAITING = 16
/** When those who are turned away ask again, in s. */
const CROWDED_S = 30
/** In ms. */
const LONGEST_REST = 5_000

export function openDigestDesk(
  sync: Sync,
  closing: { signal: AbortSignal; onError: (error: unknown) => void },
): DigestDesk {
  const lane = openLane(1)
  const room = openRoom({ each: 1, all: WAITING })
  return {
    counts: openOfficeCounts(sync, { ...closing, monotonic: () => performance.now() }),
    enter: (node) => {
      const leave = room.enter(String(node))
      if (typeof leave === 'string') throw tryAgain(429, 'crowded', 'Too many nodes compare at once', CROWDED_S)
      return leave
    },
    answer: (work) =>
      new Promise((resolve, reject) => {
        void lane(async () => {
          const began = performance.now()
          await work().then(resolve, reject)
          const rest = Math.min(LONGEST_REST, performance.now() - began)
          await pause(rest, undefined, { signal: closing.signal, ref: false }).catch(() => {}) // The server closes.
        })
      }),
  }
}
