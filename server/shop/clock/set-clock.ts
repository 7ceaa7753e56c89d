import { acceptClock, confirmClock } from '../../../db/clock.ts'
import type { Trx } from '../../../db/handle.ts'
import { forgetAfter, lowerTo, moveInstants } from '../../../db/local.ts'
import { latestGrant } from '../../domain/time/clock-judgement.ts'
import { CODE_LIFETIME_MS } from '../people/activation-codes.ts'
import { renewSession } from '../people/sessions.ts'
import { moveExpiries } from '../sales/order-outcome.ts'
import { moveHolds } from '../stock/sellable.ts'
import { moveOffers } from '../trade-ins/offers.ts'
import { moveRetention } from '../trade-ins/sellers.ts'
import { keepCorrection } from '../clock-corrections.ts'

/**
 * What happens when the clock is set right or confirmed. What was granted while it was contradicted was reckoned by the
 * stopwatch, and moves with it, so that no session, code, kept answer, waiting order, evaluation, hold or offer of then ends early,
 * and no paper of a seller is erased early. An access token
 * bears its times under its signature and cannot move: one that has run out by the clock that is right is refused, and so is
 * one from its future; whoever holds it asks for another one or signs in again. What lies in the future was granted by a
 * wrong clock: sessions and failures of then count for nothing, everything else ends as if it began now.
 */

/** Somebody signed in says that the clock is right. Their own session goes on, whenever it began. */
export async function confirm(
  trx: Trx,
  { user_id, session_id }: { user_id: number | null; session_id: string | null },
) {
  await confirmClock(trx, user_id)
  await moveGrants(trx)
  // After the grants have moved, or it would move with them, and before those of the future are forgotten.
  if (session_id !== null) await renewSession(trx, session_id)
  await cutFutureGrants(trx)
}

/**
 * Whoever comes first after an absence has seen the date beside the sign-in or PIN, which confirms it. Nobody (null) has
 * where a clock has gone on steadily for long enough.
 */
export async function confirmAfterAbsence(trx: Trx, user_id: number | null): Promise<void> {
  if (trx.act.clock.reading.state === 'unconfirmed') await confirm(trx, { user_id, session_id: null })
}

/** A clock that was contradicted says again what it should. */
export async function resume(trx: Trx): Promise<void> {
  acceptClock(trx)
  await moveGrants(trx)
  await cutFutureGrants(trx)
}

async function moveGrants(trx: Trx) {
  const { now, clock } = trx.act
  const { since, measuredSince, expected } = clock.reading
  if (since === null || measuredSince === null || expected === null) return
  const by = now - expected
  await moveInstants(trx, 'session', ['created_at', 'expires_at'], { since, by })
  // One of before the start may be hours old: moved, it would lock somebody out for longer than it may.
  await moveInstants(trx, 'sign_in_failure', ['at'], { since: measuredSince, by })
  await moveInstants(trx, 'idempotency_key', ['created_at'], { since, by })
  await moveInstants(trx, 'claim_code', ['expires_at'], { since: since + CODE_LIFETIME_MS, by })
  await moveInstants(trx, 'enrolment_code', ['created_at', 'expires_at'], { since, by })
  for (const column of ['created_at', 'updated_at'] as const)
    await moveInstants(trx, 'buy_in_draft', [column], { since, by })
  // Rows of these keep the instant that they were written at: one of a wrong clock's future has no part in this.
  const meanwhile = { since, until: expected, by }
  await moveExpiries(trx, meanwhile)
  await moveHolds(trx, meanwhile)
  await moveOffers(trx, meanwhile)
  await moveRetention(trx, meanwhile)
  await keepCorrection(trx, meanwhile)
}

async function cutFutureGrants(trx: Trx) {
  const { now } = trx.act
  await forgetAfter(trx, 'session', 'created_at', latestGrant(trx.act))
  await forgetAfter(trx, 'sign_in_failure', 'at', now)
  await lowerTo(trx, 'idempotency_key', 'created_at', now)
  await lowerTo(trx, 'claim_code', 'expires_at', now + CODE_LIFETIME_MS)
  await lowerTo(trx, 'buy_in_draft', 'updated_at', now)
}
