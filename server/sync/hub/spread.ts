/**
 * How long a node waits before it pushes: nothing while few come, and where a fleet comes back at once as long as it takes to hear
 * them all.
 */
export type Spread = { waitMs(): number }

/** So many in a minute are no crowd. */
const FEW = 20
const MINUTE_MS = 60_000
/** What one of a crowd may bring to do, and the longest wait, in ms. */
const EACH_MS = 100
const LONGEST_MS = 300_000

/** `stopwatch` in ms; `random` from 0 to 1. */
export function openSpread(stopwatch: () => number, random: () => number): Spread {
  let [since, count] = [-Infinity, 0]
  return {
    waitMs: () => {
      const now = stopwatch()
      if (now - since >= MINUTE_MS) [since, count] = [now, 0]
      count++
      return count <= FEW ? 0 : Math.floor(random() * Math.min(LONGEST_MS, count * EACH_MS))
    },
  }
}
