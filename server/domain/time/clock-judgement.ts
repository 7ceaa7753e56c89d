/** Whether a machine's clock can be right, judged by when it wrote last. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * How far clocks may differ, in ms, without anything being made of it: one that is set back by hand or over the network,
 * and another machine's that is ahead.
 */
export const CLOCK_TOLERANCE = 10 * MINUTE
/** A night, or a day off: nobody asks. */
const SHORT_ABSENCE = 26 * HOUR
/** Beyond the longest holiday a clock is more likely wrong than the shop was shut. */
const LONG_ABSENCE = 35 * DAY
/** After so long beside the stopwatch a clock that nobody has seen is taken as confirmed: shops without a counter have no sign-in page. */
export const STEADY_FOR = 12 * HOUR

/**
 * `trusted` says the time; `unconfirmed` probably does, and nothing expires by it until somebody has seen the date;
 * `contradicted` does not until somebody says that it does.
 */
export const CLOCK_STATES = ['trusted', 'unconfirmed', 'contradicted'] as const
export type ClockState = (typeof CLOCK_STATES)[number]

/** One look at the clock. Instants are ms since 1970. */
export type ClockReading = {
  state: ClockState
  /** What the machine's clock says. */
  says: number
  /** What a write of now bears. */
  now: number
  /** By this instant what was granted has run out: while the clock is not trusted, as if no time had passed unseen. */
  expiry: number
  /** When it must be by the last write and the stopwatch; null before the first write. */
  expected: number | null
  /** What the last entry of the journal bears, as far as the clock was not in doubt for its absence; null before the first one. */
  lastEntry: number | null
  /** While the clock is contradicted: the first instant that was reckoned by the stopwatch, before a restart too. */
  since: number | null
  /** The same since the program began: only from here on it is known how long ago something was. */
  measuredSince: number | null
  /** The stopwatch, in ms. */
  monotonic: number
}

/**
 * Judges what a clock says, in ms, by `expected`: the last write's instant and the time that was measured since. After a
 * restore the age of the backup says nothing: however far ahead, the clock is `unconfirmed`.
 */
export function judgeClock(says: number, expected: number, isRestored = false): ClockState {
  if (says < expected - CLOCK_TOLERANCE) return 'contradicted'
  if (isRestored) return 'unconfirmed'
  if (says > expected + LONG_ABSENCE) return 'contradicted'
  return says > expected + SHORT_ABSENCE ? 'unconfirmed' : 'trusted'
}

/** What was granted later than this was granted in the future, and is worth nothing. */
export const latestGrant = ({ now }: Pick<ClockReading, 'now'>) => now + CLOCK_TOLERANCE
