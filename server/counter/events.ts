import type { Db } from '../../db/handle.ts'
import { type ClockReading, latestGrant } from '../domain/time/clock-judgement.ts'
import { liveSessions } from '../http/auth/session.ts'
import { events, read } from '../http/endpoint.ts'
import { tooMany } from '../http/errors.ts'
import { anyEmployee } from '../http/auth/permissions.ts'
import { Change } from './events.contract.ts'

export const changes = [
  read(
    'GET /events',
    { who: anyEmployee, response: events(Change), summary: 'Names every row that is changed from now on' },
    ({ database, db, log, run: { listening } }, { session }) => {
      const { id } = session!
      if ((listening.get(id) ?? 0) >= WINDOWS)
        throw tooMany('too-many-windows', 'Too many attempts, try again later', 10)
      return (send, end) => {
        listening.set(id, (listening.get(id) ?? 0) + 1)
        const stop = database.onCommit((rows) => {
          mayListen(db, id, database.clock.read())
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
async function mayListen(db: Db, id: string, clock: ClockReading): Promise<boolean> {
  const live = await liveSessions(db, latestGrant(clock), clock.expiry)
    .where('session.id', '=', id)
    .where('session.locked_at', 'is', null)
    .executeTakeFirst()
  return live !== undefined && clock.state !== 'unconfirmed'
}
