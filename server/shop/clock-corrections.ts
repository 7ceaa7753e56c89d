import type { Db, Trx } from '../../db/handle.ts'
import { upsertLocal } from '../../db/local.ts'
import { CLOCK_TOLERANCE } from '../domain/time/clock-judgement.ts'

/**
 * How the clock was set right lately, for rows that stand in the journal: what they bear cannot move, and is read as if it had
 * (`clock/set-clock.ts` moves what can).
 */

/** What was written after `since`, up to `until`, while the clock was contradicted and `by` ms off. */
export type Correction = { since: number; until: number; by: number }

const KEPT = { name: 'clock corrections' }
const DAY = 86_400_000
/** Longer than anything waits whose end is judged here. */
const KEPT_MS = 30 * DAY

/** Keeps a correction; one within the tolerance tells nothing. */
export async function keepCorrection(trx: Trx, correction: Correction): Promise<void> {
  if (Math.abs(correction.by) <= CLOCK_TOLERANCE) return
  const known = (await corrections(trx)).filter(({ until, by }) => until + by > trx.act.now - KEPT_MS)
  await upsertLocal(trx, 'upkeep', KEPT, { form: JSON.stringify([...known, correction]), after_id: null })
}

/**
 * Tells of the instant that a row bears whether it lies after `before`, by the clock that is right. How wrong that was just before
 * it was contradicted nobody knows: the day before counts as written meanwhile. What lies in the future all the same was
 * written by a wrong clock, longer ago than that.
 */
export async function isSince(
  db: Db,
  { before, now }: { before: number; now: number },
): Promise<(written: number) => boolean> {
  const known = await corrections(db)
  return (written) => {
    const at = known.reduce((at, { since, until, by }) => (at > since - DAY && at <= until ? at + by : at), written)
    return at >= before && at <= now + CLOCK_TOLERANCE
  }
}

async function corrections(db: Db): Promise<Correction[]> {
  const row = await db.selectFrom('upkeep').select('form').where('name', '=', KEPT.name).executeTakeFirst()
  // Only keepCorrection writes the row.
  return row ? (JSON.parse(row.form) as Correction[]) : []
}
