import { CLOCK_TOLERANCE, type ClockReading, judgeClock, STEADY_FOR } from '../server/domain/time/clock-judgement.ts'
import { LAST_MS } from '../server/domain/time/instant.ts'
import type { Act, ActClock, SavedClock, Trx } from './handle.ts'
import { patch } from './rows.ts'

/**
 * The clock of the program, which does not believe the machine's when the last write contradicts it. Until somebody has
 * confirmed that one, time goes on from the last write as a stopwatch measures it: whatever is written, granted or judged
 * meanwhile agrees with what was there before.
 */

/** The machine's clock in ms since 1970, which may jump, and a stopwatch in ms, which never does. */
export type ClockSource = { now: () => number; monotonic: () => number }

export type Clock = {
  now(): number
  expiry(): number
  read(): ClockReading
  /** Whether a clock that was contradicted says again what it should, and nothing has been made of it yet. */
  isRightAgain(): boolean
  /** Whether an unconfirmed clock has gone on beside the stopwatch for `STEADY_FOR`, and nobody has set it. */
  isSteady(): boolean
  /** Hears at the beginning of a write what the node's row says by now: another process may have decided. */
  hear(saved: SavedClock): void
  /** Hears what a write that was committed says of the clock, and what the node's row was told of it. */
  follow(written: Act, remembered: Partial<SavedClock> | null): void
}

/** `last_entry` is what the last entry of the journal bears, in ms. */
export function openClock(
  source: ClockSource,
  { last_entry, ...saved }: SavedClock & { last_entry: number | null },
): Clock {
  const startFrom = (at: number | null) => (at === null ? null : { at, monotonic: source.monotonic() })
  let known: SavedClock = saved
  let isRestored = saved.is_restored === 1
  let last = startFrom(saved.trusted_at)
  let since = saved.contradicted_since
  let begun = saved.trusted_at ?? 0
  // One that was written while the clock was unconfirmed says nothing of when the absence began.
  let lastEntry = last_entry === null ? null : Math.min(last_entry, saved.trusted_at ?? last_entry)
  let steady: { ahead: number; monotonic: number } | null = null
  const look = () => {
    const monotonic = source.monotonic()
    const says = Math.min(Math.max(0, Math.floor(source.now())), LAST_MS)
    const expected = last && Math.floor(last.at + monotonic - last.monotonic)
    const state = expected === null ? ('trusted' as const) : judgeClock(says, expected, isRestored)
    return { monotonic, says, expected, lastEntry, state }
  }
  const read = (): ClockReading => {
    const { state, ...seen } = look()
    const { says, expected, monotonic } = seen
    if (expected !== null && state === 'contradicted') since ??= expected
    const ahead = says - (expected ?? says)
    if (state !== 'unconfirmed' || since !== null) steady = null
    else if (!steady || Math.abs(ahead - steady.ahead) > CLOCK_TOLERANCE) steady = { ahead, monotonic }
    // A clock that is right again is so from one write on, which moves what was reckoned meanwhile.
    if (expected !== null && since !== null)
      return {
        ...seen,
        state: 'contradicted',
        now: expected,
        expiry: expected,
        since,
        measuredSince: Math.max(since, begun),
      }
    return {
      ...seen,
      state,
      now: says,
      expiry: state === 'trusted' ? says : expected!,
      since: null,
      measuredSince: null,
    }
  }
  const trust = ({ says, monotonic }: ClockReading) => {
    last = { at: says, monotonic }
  }
  const first = read()
  if (first.state === 'trusted' && last) trust(first)
  return {
    read,
    now: () => read().now,
    expiry: () => read().expiry,
    isRightAgain: () => since !== null && look().state !== 'contradicted',
    isSteady: () => read().state === 'unconfirmed' && source.monotonic() - steady!.monotonic >= STEADY_FOR,
    hear: (row) => {
      const isOthers = row.trusted_at !== known.trusted_at || row.contradicted_since !== known.contradicted_since
      known = row
      if (!isOthers || read().state === 'trusted') return
      if (row.contradicted_since !== null) {
        if (since !== null) since = Math.min(since, row.contradicted_since)
        return
      }
      isRestored = row.is_restored === 1
      last = startFrom(row.trusted_at)
      begun = row.trusted_at ?? 0
      since = null
    },
    follow: ({ now, ops, clock: { reading, saved, decision } }, remembered) => {
      known = { ...saved, ...remembered }
      if (ops.length > 0 && (reading.state !== 'unconfirmed' || decision !== null)) lastEntry = now
      if (decision === 'restored') isRestored = true
      if (decision === 'confirmed') isRestored = false
      if (decision === 'confirmed' || decision === 'right again') since = null
      if (decision === 'confirmed' || isTrusted(reading, decision)) trust(reading)
    },
  }
}

/** How long a write that leaves no entry may go unremembered, in ms: a sign-in is not to cost one more row each time. */
const UNREMEMBERED_MS = 3_600_000

/** What the node's row is to remember of the clock with this write; null leaves it as it is. */
export function rememberedBy({ clock, ops }: Pick<Act, 'clock' | 'ops'>): Partial<SavedClock> | null {
  const { reading, saved, decision } = clock
  const { state, says, now } = reading
  if (decision === 'confirmed') return { trusted_at: says, is_restored: 0, contradicted_since: null }
  if (decision === 'restored') return { is_restored: 1 }
  if (decision === 'right again')
    return { contradicted_since: null, ...(isTrusted(reading, decision) && { trusted_at: says }) }
  if (state === 'unconfirmed') return null
  if (state === 'contradicted')
    return { trusted_at: now, contradicted_since: saved.contradicted_since ?? reading.since }
  const isDue = ops.length > 0 || saved.trusted_at === null || now - saved.trusted_at >= UNREMEMBERED_MS
  return isDue ? { trusted_at: now } : null
}

const isTrusted = ({ state, says, expected }: ClockReading, decision: ActClock['decision']) =>
  decision === 'right again' ? judgeClock(says, expected!) === 'trusted' : state === 'trusted'

/**
 * The machine's clock is said to be right, by somebody or, without a `user_id`, by having gone on steadily: this write and
 * all after it bear what it says. In the journal stand who said so and what the last write had let expect. Comes first in
 * its transaction.
 */
export async function confirmClock(trx: Trx, user_id: number | null): Promise<void> {
  const { says, expected } = trx.act.clock.reading
  decide(trx, 'confirmed')
  await patch(trx, 'node', trx.act.node.id, {
    clock_confirmed_at: says,
    clock_confirmed_by: user_id,
    clock_expected_at: expected,
  })
}

/** A clock that was contradicted has been set right: this write and all after it bear what it says. */
export const acceptClock = (trx: Trx) => decide(trx, 'right again')

/**
 * The database was restored from a backup, whose age is no contradiction: this write bears what the clock says, and the
 * first sign-in confirms it. Comes first in its transaction.
 */
export const forgetBackupAge = (trx: Trx) => decide(trx, 'restored')

function decide(trx: Trx, decision: ActClock['decision']) {
  trx.act.clock.decision = decision
  trx.act.now = trx.act.clock.reading.says
}
