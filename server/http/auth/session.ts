import type { Request } from 'express'
import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import type { Context } from '../../context.ts'
import { type ClockReading, latestGrant } from '../../domain/time/clock-judgement.ts'
import { badCredentials } from '../errors.ts'
import { type Caller, type Place, reachAt } from './permissions.ts'
import { hashSecret } from './tokens.ts'

/**
 * Who calls, by which session, and whether that session's screen is locked. `reach` is the one store whose rows they see: of who
 * works at one store, at head office; null everywhere else, where all rows that there are may be seen.
 */
export type Session = { id: string; caller: Caller; locked: boolean; reach: number | null }

/** The counter page's cookie: HttpOnly, SameSite=Strict. */
export const COOKIE = 'fixpoint'

/**
 * The session of a request, by its Bearer token or the counter's cookie; null when it has neither.
 * Asked of the database each time, so that deactivation, a new password or a logout end it at once.
 * @throws 401 for a token that is not good
 */
export async function sessionOf({ database, tokens }: Context, req: Request): Promise<Session | null> {
  const clock = database.clock.read()
  const header = req.headers.authorization
  if (header !== undefined) {
    if (!/^Bearer [^ ]+$/i.test(header)) return null
    const claims = tokens.verify(header.slice(7))
    const [session] = claims ? await liveById(database.db, claims.sid, clock) : []
    if (!session || session.user_id !== claims!.sub) throw badCredentials()
    return sessionFrom(session, clock)
  }
  const cookie = isOwnPage(req) ? cookieOf(req) : undefined
  if (cookie === undefined) return null
  const [session] = await liveByToken(database.db, hashSecret(cookie), clock)
  return session?.surface === 'counter' ? sessionFrom(session, clock) : null
}

/**
 * The same session as `db` has it now: it may have ended or been locked since the request began.
 * @throws 401 when it has ended
 */
export async function sessionNow(db: Db, { id }: Session, clock: ClockReading): Promise<Session> {
  const [session] = await liveById(db, id, clock)
  if (!session) throw badCredentials()
  return sessionFrom(session, clock)
}

type LiveSession = {
  id: string
  user_id: number
  surface: string
  role: Caller['role']
  is_staff: 0 | 1
  locked_at: number | null
  works_at: number | null
  place: Place['role'] | null
}

/** After an absence whoever comes first sees the date and signs in or unlocks: the counter's screens are locked until then. */
const sessionFrom = (
  { id, user_id, surface, role, is_staff, locked_at, works_at, place }: LiveSession,
  { state }: Pick<ClockReading, 'state'>,
): Session => ({
  id,
  caller: { id: user_id, role, is_staff: is_staff === 1 },
  locked: locked_at !== null || (surface === 'counter' && state === 'unconfirmed'),
  reach: reachAt(works_at, place),
})

/** What this database is in a fleet; asked only of who works at one store. */
const PLACE = sql<Place['role'] | null>`case when "user".works_at is not null then (select role from self) end`

/** Sessions that run out after `expiry`; one that began after `latest` began in the future and is none. */
export const liveSessions = (db: Db, latest: number, expiry: number) =>
  db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.user_id')
    .select(['session.id', 'session.user_id', 'session.locked_at', 'session.surface', 'user.role', 'user.is_staff'])
    .select(['user.works_at', PLACE.as('place')])
    .where('session.ended_at', 'is', null)
    .where('session.expires_at', '>', expiry)
    .where('session.created_at', '<=', latest)
    .where('user.is_active', '=', 1)
    .where('user.deleted_at', 'is', null)

const byId = prepared((db, id: string, latest: number, expiry: number) =>
  liveSessions(db, latest, expiry).where('session.id', '=', id),
)
const byToken = prepared((db, token: string, latest: number, expiry: number) =>
  liveSessions(db, latest, expiry).where('session.token_hash', '=', token),
)
const liveById = (db: Db, id: string, clock: ClockReading) => byId(db, id, latestGrant(clock), clock.expiry)
const liveByToken = (db: Db, token: string, clock: ClockReading) => byToken(db, token, latestGrant(clock), clock.expiry)

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
