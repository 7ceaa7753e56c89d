import { type ClockReading, judgeClock } from '../server/domain/time/clock-judgement.ts'
import { LAST_MS } from '../server/domain/time/instant.ts'
import type { ActClock, LastTrusted, Trx } from './handle.ts'
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
  /** Hears what a write that was committed says of the clock. */
  follow(written: ActClock): void
}

export function openClock(source: ClockSource, { trusted_at, is_restored }: LastTrusted): Clock {
  let isRestored = is_restored === 1
  let last = trusted_at === null ? null : { at: trusted_at, monotonic: source.monotonic() }
  let lastWrite = trusted_at
  let since: number | null = null
  const look = () => {
    const monotonic = source.monotonic()
    const says = Math.min(Math.max(0, Math.floor(source.now())), LAST_MS)
    const expected = last && Math.floor(last.at + monotonic - last.monotonic)
    const state = expected === null ? ('trusted' as const) : judgeClock(says, expected, isRestored)
    return { monotonic, says, expected, lastWrite, state }
  }
  const read = (): ClockReading => {
    const { state, ...seen } = look()
    const { says, expected } = seen
    if (expected !== null && state === 'contradicted') since ??= expected
    // A clock that is right again is so from one write on, which moves what was reckoned meanwhile.
    if (expected !== null && since !== null)
      return { ...seen, state: 'contradicted', now: expected, expiry: expected, since }
    return { ...seen, state, now: says, expiry: state === 'trusted' ? says : expected!, since: null }
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
    follow: ({ reading, decision }) => {
      // Of a write that decided the clock says so; any other bears what was read.
      if (reading.state !== 'unconfirmed') lastWrite = decision === null ? reading.now : reading.says
      if (decision === 'restored') isRestored = true
      if (decision === 'confirmed') isRestored = false
      if (decision === 'confirmed' || decision === 'right again') since = null
      if (decision === 'confirmed' || isTrusted(reading, decision)) trust(reading)
    },
  }
}

/** What the node's row is to remember of the clock with this write; null leaves it as it is. */
export function rememberedBy({ reading, decision }: ActClock): Partial<LastTrusted> | null {
  if (decision === 'confirmed') return { trusted_at: reading.says, is_restored: 0 }
  if (decision === 'restored') return { is_restored: 1 }
  if (decision === 'right again') return isTrusted(reading, decision) ? { trusted_at: reading.says } : null
  return reading.state === 'unconfirmed' ? null : { trusted_at: reading.now }
}

const isTrusted = ({ state, says, expected }: ClockReading, decision: ActClock['decision']) =>
  decision === 'right again' ? judgeClock(says, expected!) === 'trusted' : state === 'trusted'

/**
 * Somebody says that the machine's clock is right: this write and all after it bear what it says. In the journal stand who
 * said so and what the last write had let expect. Comes first in its transaction.
 */
export async function confirmClock(trx: Trx, user_id: number): Promise<void> {
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
