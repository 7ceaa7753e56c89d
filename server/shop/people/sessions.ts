import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, insertLocal, updateLocal } from '../../../db/local.ts'
import type { SessionTable } from '../../../db/schema/local-tables.ts'
import { type ClockReading, latestGrant } from '../../domain/time/clock-judgement.ts'
import { liveSessions } from '../../http/auth/session.ts'
import { hashSecret, newSecret } from '../../http/auth/tokens.ts'

const DAY_MS = 86_400_000
/** Days until a session ends by itself. */
export const SESSION_DAYS = 30

/**
 * Sessions of a person that are kept on each surface, those that have ended among them: who signs in more often than that
 * loses the oldest, for no number of sign-ins may fill the disk.
 */
const MAX_SESSIONS = 200
/** Of many from before some are forgotten each time: nobody waits for all of them. */
const FORGOTTEN_AT_ONCE = 500

export type NewSession = { user_id: number; surface: SessionTable['surface']; device: string | null; days: number }

/** Begins a session; `secret` (refresh token or cookie) is kept as a hash only and never seen again. */
export async function startSession(
  trx: Trx,
  { user_id, surface, device, days }: NewSession,
): Promise<{ session_id: string; secret: string }> {
  const { now } = trx.act
  const session_id = randomUUID()
  const secret = newSecret()
  await forgetOldest(trx, { user_id, surface })
  await insertLocal(trx, 'session', {
    id: session_id,
    user_id,
    surface,
    token_hash: hashSecret(secret),
    device: device?.slice(0, 200) ?? null,
    created_at: now,
    expires_at: now + days * DAY_MS,
    locked_at: null,
    ended_at: null,
  })
  return { session_id, secret }
}

/** Makes room for one more session: those that have ended go first. */
async function forgetOldest(trx: Trx, { user_id, surface }: Pick<NewSession, 'user_id' | 'surface'>): Promise<void> {
  const beyond = await trx
    .selectFrom('session')
    .select('id')
    .where('user_id', '=', user_id)
    .where('surface', '=', surface)
    .orderBy(sql`case when ended_at is null then 0 else 1 end`)
    .orderBy('created_at', 'desc')
    .limit(FORGOTTEN_AT_ONCE)
    .offset(MAX_SESSIONS - 1)
    .execute()
  for (const { id } of beyond) await deleteLocal(trx, 'session', { id })
}

/** Lets a session begin anew, for as long as any. */
export async function renewSession(trx: Trx, id: string): Promise<void> {
  const { now: created_at } = trx.act
  await updateLocal(trx, 'session', { id }, { created_at, expires_at: created_at + SESSION_DAYS * DAY_MS })
}

/** Ends a session: its tokens and cookie are refused from now on. */
export async function endSession(trx: Trx, id: string): Promise<void> {
  await updateLocal(trx, 'session', { id }, { ended_at: trx.act.now })
}

/** Ends every session of a person but `except`. */
export async function endSessionsOf(trx: Trx, user_id: number, except?: string): Promise<void> {
  const live = await trx
    .selectFrom('session')
    .select('id')
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
    .execute()
  for (const { id } of live) if (id !== except) await endSession(trx, id)
}

/** The live session of a refresh token of `surface`, of a person who may sign in; undefined when there is none. */
export async function sessionOfSecret(
  db: Db,
  secret: string,
  surface: SessionTable['surface'],
  clock: ClockReading,
): Promise<{ id: string; user_id: number } | undefined> {
  return await liveSessions(db, latestGrant(clock), clock.expiry)
    .where('session.token_hash', '=', hashSecret(secret))
    .where('session.surface', '=', surface)
    .executeTakeFirst()
}
