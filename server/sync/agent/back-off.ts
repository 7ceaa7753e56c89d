import type { Failure } from './errors.ts'

/** How long is waited after something failed, in ms. */

const SHORTEST = 250
const FIRST = 1_000
const LONGEST = 60_000
/** What head office may ask a terminal to wait at most. */
const LONGEST_ASKED = 600_000
/** Over how long a fleet comes back whose head office was gone for a moment. */
const HERD = 20_000

/**
 * The time until the next try after `inARow` failures, 1 for one that followed a success; `random` is from 0 to 1.
 *
 * Each wait is drawn anew from nothing to a limit that doubles from one second to a minute: terminals whose head office was away
 * for longer are spread by that. Where it closed the connection itself, as when it is started again, all of them have seen that
 * in the same moment, and the first wait is up to 20 seconds. A shop whose own network failed is alone with that and tries within a second. What
 * head office asks for counts before all this, and is never cut short.
 */
export function waitAfter({ retryAfter, needs, isShared }: Failure, inARow: number, random: number): number {
  if (retryAfter !== null) return Math.min(retryAfter, LONGEST_ASKED) * (1 + random / 2)
  if (needs !== null && inARow > 1) return LONGEST * (0.5 + random / 2)
  if (isShared && inARow === 1) return SHORTEST + random * HERD
  return Math.max(SHORTEST, random * Math.min(LONGEST, FIRST * 2 ** (inARow - 1)))
}
