import type { Database } from '../../../db/database.ts'
import { DatabaseDamaged } from '../../../db/errors.ts'
import { openRoom } from '../../http/bounds/room.ts'
import { SyncRefused, tryAgain } from '../refused.ts'
import { openLane } from './turns.ts'

/** Who may push now. What is refused here was not read, and comes again. */

export type Admission = {
  /**
   * Takes the place of a push before its body is read; returns how to give it back.
   * @throws SyncRefused 429 or 503 with Retry-After, DatabaseDamaged
   */
  enter(node: number): () => void
  /** Applies it as soon as fewer than so many others are at work. */
  apply<T>(work: () => Promise<T>): Promise<T>
}

export type AdmissionLimits = { atOnce: number; waiting: number }
const LIMITS: AdmissionLimits = { atOnce: 8, waiting: 32 }

/** By then some of those who wait are through, in s. */
const CROWDED_S = 5
/** The push before this one still works, though the node has given up on it, in s. */
const IN_FLIGHT_S = 2
/** Somebody has to look at the clock or the database, in s. */
const NEEDS_SOMEBODY_S = 60

export function openAdmission(
  { clock, damage }: Pick<Database, 'clock' | 'damage'>,
  { atOnce, waiting }: AdmissionLimits = LIMITS,
): Admission {
  const room = openRoom({ each: 1, all: atOnce + waiting })
  return {
    enter: (node) => {
      if (damage() !== null) throw new DatabaseDamaged()
      // What comes is judged by this clock.
      if (clock.read().state === 'contradicted')
        throw tryAgain(503, 'clock', 'Head office’s clock is contradicted by its last write: set it', NEEDS_SOMEBODY_S)
      const leave = room.enter(String(node))
      if (leave === 'each')
        throw tryAgain(429, 'push-in-flight', 'Another push of this node is still at work', IN_FLIGHT_S)
      if (leave === 'all') throw tryAgain(429, 'crowded', 'Too many nodes push at once, try again later', CROWDED_S)
      return leave
    },
    apply: openLane(atOnce),
  }
}

/** How many bytes of bodies are in memory as they came, of each node and of all; `who` sends another. */
export type BodyRoom = { enter(who: string, bytes: number): () => void }

const BODIES = { each: 16 * 1024 * 1024, all: 64 * 1024 * 1024 }

export function openBodyRoom(size = BODIES): BodyRoom {
  const room = openRoom(size)
  return {
    enter: (who, bytes) => {
      const leave = room.enter(who, bytes)
      if (typeof leave === 'string') throw tryAgain(429, 'crowded', 'Too much is coming in at once', CROWDED_S)
      return leave
    },
  }
}

export const tooLarge = (most: number) =>
  new SyncRefused(413, { error: 'too-large', detail: `A body of this call has at most ${most} bytes, unpacked` })
