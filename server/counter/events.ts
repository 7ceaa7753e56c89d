import type { Db } from '../../db/handle.ts'
import { events, read } from '../http/endpoint.ts'
import { tooMany } from '../http/errors.ts'
import { staff } from '../http/auth/permissions.ts'
import { Change } from './events.contract.ts'

export const changes = [
  read(
    'GET /events',
    { who: staff, reply: events(Change), summary: 'Names every row that is changed from now on' },
    ({ database, db, now, log, run: { listening } }, { session }) => {
      const { id } = session!
      if ((listening.get(id) ?? 0) >= WINDOWS)
        throw tooMany('too-many-windows', 'Too many attempts, try again later', 10)
      return (send, end) => {
        listening.set(id, (listening.get(id) ?? 0) + 1)
        const stop = database.onCommit((rows) => {
          mayListen(db, id, now())
            .then((may) => (may ? rows.forEach(send) : end()))
            .catch((error: unknown) => log.warn({ err: error }, 'a change was not told'))
        })
        return () => {
          stop()
          const left = listening.get(id)! - 1
          if (left > 0) listening.set(id, left)
          else listening.delete(id)
        }
      }
    },
  ),
]

/** Windows of one session that are told of changes: each asks the database at each of them. */
const WINDOWS = 20

/** Whether the session that began to listen is still open: a stream outlives the request that was checked. */
async function mayListen(db: Db, session_id: string, now: number): Promise<boolean> {
  const live = await db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.user_id')
    .select('session.id')
    .where('session.id', '=', session_id)
    .where('session.ended_at', 'is', null)
    .where('session.locked_at', 'is', null)
    .where('session.expires_at', '>', now)
    .where('user.is_active', '=', 1)
    .where('user.deleted_at', 'is', null)
    .executeTakeFirst()
  return live !== undefined
}
