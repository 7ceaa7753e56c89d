import type { Request } from 'express'
import type { Db } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import type { Context } from '../../context.ts'
import { badCredentials } from '../errors.ts'
import type { Caller } from './permissions.ts'
import { hashSecret } from './tokens.ts'

/** Who calls, by which session, and whether that session's screen is locked. */
export type Session = { id: string; caller: Caller; locked: boolean }

/** The counter page's cookie: HttpOnly, SameSite=Strict. */
export const COOKIE = 'fixpoint'

/**
 * The session of a request, by its Bearer token or the counter's cookie; null when it has neither.
 * Asked of the database each time, so that deactivation, a new password or a logout end it at once.
 * @throws 401 for a token that is not good
 */
export async function sessionOf({ database, tokens, now }: Context, req: Request): Promise<Session | null> {
  const header = req.headers.authorization
  if (header !== undefined) {
    if (!/^Bearer [^ ]+$/i.test(header)) return null
    const claims = tokens.verify(header.slice(7))
    const [session] = claims ? await liveById(database.db, claims.sid, now()) : []
    if (!session || session.user_id !== claims!.sub) throw badCredentials()
    return sessionFrom(session)
  }
  const cookie = isOwnPage(req) ? cookieOf(req) : undefined
  if (cookie === undefined) return null
  const [session] = await liveByToken(database.db, hashSecret(cookie), now())
  return session?.surface === 'counter' ? sessionFrom(session) : null
}

/**
 * The same session as `db` has it now: it may have ended or been locked since the request began.
 * @throws 401 when it has ended
 */
export async function sessionNow(db: Db, { id }: Session, now: number): Promise<Session> {
  const [session] = await liveById(db, id, now)
  if (!session) throw badCredentials()
  return sessionFrom(session)
}

type LiveSession = { id: string; user_id: number; role: Caller['role']; is_staff: 0 | 1; locked_at: number | null }

const sessionFrom = ({ id, user_id, role, is_staff, locked_at }: LiveSession): Session => ({
  id,
  caller: { id: user_id, role, is_staff: is_staff === 1 },
  locked: locked_at !== null,
})

const live = (db: Db, now: number) =>
  db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.user_id')
    .select(['session.id', 'session.user_id', 'session.locked_at', 'session.surface', 'user.role', 'user.is_staff'])
    .where('session.ended_at', 'is', null)
    .where('session.expires_at', '>', now)
    .where('user.is_active', '=', 1)
    .where('user.deleted_at', 'is', null)

const liveById = prepared((db, id: string, now: number) => live(db, now).where('session.id', '=', id))
const liveByToken = prepared((db, token: string, now: number) => live(db, now).where('session.token_hash', '=', token))

/** Another site's page may send the cookie where only the port differs: it counts for pages of this server alone. */
function isOwnPage({ headers: { origin, host } }: Request): boolean {
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`
}

/** The counter's cookie, as it came. */
export function cookieOf(req: Request): string | undefined {
  const header = req.headers.cookie
  if (!header) return undefined
  for (const pair of header.split(';')) {
    const [name, value] = pair.split('=')
    if (name?.trim() === COOKIE) return value?.trim()
  }
  return undefined
}
