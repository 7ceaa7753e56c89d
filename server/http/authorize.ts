import type { Request } from 'express'
import type { Db } from '../../db/handle.ts'
import type { Context } from '../context.ts'
import { type Rule, scopeOf } from './auth/permissions.ts'
import { type Session, sessionNow, sessionOf } from './auth/session.ts'
import type { Endpoint, HandlerRequest } from './endpoint.ts'
import { accessDenied, HttpError, locked, organisationNeeded } from './errors.ts'

/** Who may call an endpoint: asked when the call comes, and again when its work begins. */

/** @throws 401, 403, 423 */
export function authorize(endpoint: Endpoint, session: Session | null): Pick<HandlerRequest, 'session' | 'scope'> {
  const isShut = session?.locked && !endpoint.whileLocked
  if (isShut && !endpoint.who.allow.anonymous) throw locked()
  // What everybody may see is seen beside a locked screen too, by nobody in particular.
  const known = isShut ? null : session
  if (endpoint.ofTheOrganisation && known && known.reach !== null) throw organisationNeeded()
  return { session: known, scope: scopeOf(endpoint.who, known?.caller ?? null) }
}

/**
 * Whose session the call comes with; null for nobody.
 * @throws 401 for a session that has ended, unless everybody may call
 */
export async function sessionFor(context: Context, who: Rule, req: Request): Promise<Session | null> {
  if (!who.allow.anonymous) return await seenSession(context, req)
  try {
    return await seenSession(context, req)
  } catch (error) {
    if (error instanceof HttpError) return null // A stale token is no reason to refuse what everybody may see.
    throw error
  }
}

async function seenSession(context: Context, req: Request): Promise<Session | null> {
  const session = await sessionOf(context, req)
  if (session) context.run.presence.see(session, req)
  return session
}

/**
 * The request with its session and scope as `db` has them now: a slow body or hash may outlast the session, or the rights.
 * @throws 401, 403, 423
 */
export async function reauthorize(
  context: Context,
  endpoint: Endpoint,
  asked: HandlerRequest,
  db: Db,
): Promise<HandlerRequest> {
  if (!asked.session || endpoint.who.allow.anonymous) return asked
  const now = await sessionNow(db, asked.session, context.database.clock.read())
  // What was read for them already was of another store.
  if (now.reach !== asked.session.reach) throw accessDenied()
  return { ...asked, ...authorize(endpoint, now) }
}
