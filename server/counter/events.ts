import type { CommittedRow } from '../../db/database.ts'
import type { Db } from '../../db/handle.ts'
import { rowsById } from '../../db/queries/alike.ts'
import { inReach } from '../../db/reach.ts'
import { type LocalTable, SYNCED_TABLES, type SyncedTable } from '../../db/schema/schema.ts'
import type { Run } from '../context.ts'
import { type ClockReading, latestGrant } from '../domain/time/clock-judgement.ts'
import { liveSessions, type Session } from '../http/auth/session.ts'
import { events, read } from '../http/endpoint.ts'
import { tooMany } from '../http/errors.ts'
import { anyEmployee, type Caller, reachAt, seesMoney } from '../http/auth/permissions.ts'
import { Change } from './events.contract.ts'
import { eventsOfMoney } from './queries/events-of-money.ts'

export const changes = [
  read(
    'GET /events',
    { who: anyEmployee, response: events(Change), summary: 'Names every row that is changed from now on' },
    ({ database, db, log, run: { listening } }, { session }) => {
      const { id, caller } = session!
      const enter = () => enterBoth(listening, id, String(caller.id))
      const place = enter()
      if (!place) throw tooMany('too-many-windows', 'Too many attempts, try again later', 10)
      place() // Whoever hangs up before the stream begins is never heard of again.
      return (send, end) => {
        const leave = enter()
        if (!leave) {
          end()
          return () => {}
        }
        const stop = database.onCommit((rows) => {
          mayListen(db, id, database.clock.read())
            .then(async (listener) => (listener ? (await shownTo(database.db, listener, rows)).forEach(send) : end()))
            .catch((error: unknown) => log.warn({ err: error }, 'a change was not told'))
        })
        return () => {
          stop()
          leave()
        }
      }
    },
  ),
]

/** A place for one more window of this session and person, and how to give it back: each asks the database at each change. */
function enterBoth({ sessions, people }: Run['listening'], session: string, person: string): (() => void) | null {
  const leaveSession = sessions.enter(session)
  if (typeof leaveSession === 'string') return null
  const leavePerson = people.enter(person)
  if (typeof leavePerson !== 'string')
    return () => {
      leaveSession()
      leavePerson()
    }
  leaveSession()
  return null
}

/** What whoever sees no money may read: all else is told only to those who see it. */
const WITHOUT_MONEY: ReadonlySet<string> = new Set([
  'store', 'node', 'user', 'device_type', 'brand', 'problem', 'model', 'device', 'repair_order', 'intake',
  'intake_problem', 'assignment', 'order_event', 'ticket_photo', 'category', 'location', 'photo', 'product',
  'pickup_request', 'pickup_photo', 'evaluation', 'trade_in_price', 'trade_in_deduction', 'unit', 'hold_release', 'offer',
  'checklist', 'checklist_item', 'check_result', 'buy_in_draft', 'content_check', 'sharing', 'fleet',
] satisfies (SyncedTable | LocalTable | 'sharing' | 'fleet')[]) // oxfmt-ignore

type Listener = Pick<Caller, 'role'> & Pick<Session, 'reach'>

/** The rows that a listener may hear of: that a row was written tells something too. */
async function shownTo(
  db: Db,
  { role, reach }: Listener,
  changed: readonly CommittedRow[],
): Promise<readonly CommittedRow[]> {
  const rows = reach === null ? changed : await ofStore(db, reach, changed)
  if (seesMoney({ role })) return rows
  const readable = rows.filter(({ entity }) => WITHOUT_MONEY.has(entity))
  const events = readable.filter(({ entity }) => entity === 'order_event')
  if (events.length === 0) return readable
  const ofMoney = await eventsOfMoney(db, new Set(events.map(({ id }) => id)))
  return readable.filter(({ entity, id }) => entity !== 'order_event' || !ofMoney.has(id))
}

/** What concerns no row in particular, and says no more than that it is to be looked at again. */
const OF_NO_ROW: ReadonlySet<string> = new Set(['content_check', 'quarantine', 'conflict', 'buy_in_draft'])

/** At head office who works at one store hears of its rows alone. */
async function ofStore(db: Db, store: number, rows: readonly CommittedRow[]): Promise<CommittedRow[]> {
  const [own, told] = [inReach(db, store), rows.filter(({ entity }) => OF_NO_ROW.has(entity))]
  for (const [entity, changed] of Map.groupBy(rows, (row) => row.entity)) {
    const table = SYNCED_TABLES.find((one) => one === entity)
    if (!table) continue
    const ids = [...new Set(changed.map(({ id }) => id))]
    // Thousands at once come of a batch or an import.
    for (let at = 0; at < ids.length; at += MOST_ASKED)
      for (const { id } of await rowsById(own, table, ids.slice(at, at + MOST_ASKED))) told.push({ entity, id })
  }
  return told
}

const MOST_ASKED = 500

/** Who listens, as long as their session is open: a stream outlives the request that was checked. */
async function mayListen(db: Db, id: string, clock: ClockReading): Promise<Listener | null> {
  const live = await liveSessions(db, latestGrant(clock), clock.expiry)
    .where('session.id', '=', id)
    .where('session.locked_at', 'is', null)
    .executeTakeFirst()
  if (live === undefined || clock.state === 'unconfirmed') return null
  return { role: live.role, reach: reachAt(live.works_at, live.place) }
}
