import { z } from 'zod'
import { type Fleet, LINE_STATES, NEEDS_PERSON } from './domain/fleet/line-state.ts'
import { CLOCK_STATES } from './domain/time/clock-judgement.ts'
import { formatInstant } from './domain/time/instant.ts'
import { readCheckRecord } from '../db/check/check-record.ts'
import { ownRole } from '../db/self.ts'
import { int, milliseconds, oneOf, text } from './http/fields.contract.ts'
import { read } from './http/endpoint.ts'
import { type Caller, callerKindOf, everyone } from './http/auth/permissions.ts'

const Health = z.object({
  status: oneOf(['healthy', 'damaged']),
  version: text(),
  database: oneOf(['sqlite', 'postgres']),
  /** What this machine is: a shop by itself, a terminal of a head office, or that. */
  role: oneOf(['alone', 'terminal', 'head-office']),
  /** What the last whole check of the database came to: how much it found, and never what. */
  check: z.object({ finished_at: milliseconds().nullable(), findings: int() }),
  /** What is wrong with the database file, while something is; for people behind the counter alone. */
  damage: text().optional(),
  /** Whether the last write bears the machine's clock out; until somebody has confirmed one that it does not, nothing expires. */
  clock: oneOf(CLOCK_STATES),
  /** What the machine's clock says and what the last entry bears, while the clock is not trusted; for the same people. */
  clock_says: text().optional(),
  last_write: text().optional(),
  /** At a terminal: how its line to head office goes, what waits to be sent, and since when. */
  head_office: z
    .object({
      line: oneOf(LINE_STATES),
      waiting: int(),
      photos_waiting: int(),
      waiting_since: milliseconds().nullable(),
      last_contact: milliseconds().nullable(),
      needs: oneOf(NEEDS_PERSON).nullable(),
      set_back_at: milliseconds().nullable(),
      /** When rows were as head office has them last, and of how many tables and days they are not. */
      same_at: milliseconds().nullable(),
      differs: int(),
    })
    .optional(),
})

/** Whether the program answers and can read its database. */
const spec = {
  who: everyone,
  response: Health,
  whileLocked: true,
  summary: 'Whether the server answers and reads its database',
}

export const health = (['GET /health', 'GET /api/health'] as const).map((route) =>
  read(route, spec, async ({ db, config, database, run: { fleet } }, { session }) => {
    const damage = database.damage()
    const { state, says, lastEntry } = database.clock.read()
    const mayKnow = isInsider(session?.caller ?? null)
    const { finished_at, findings } = await readCheckRecord(db)
    return {
      status: damage ? ('damaged' as const) : ('healthy' as const),
      version: config.version,
      database: db.engine,
      role: await ownRole(db),
      check: { finished_at, findings: findings.length },
      ...(damage && mayKnow && { damage }),
      clock: state,
      ...(state !== 'trusted' && mayKnow && { clock_says: formatInstant(says) }),
      ...(state !== 'trusted' && mayKnow && lastEntry !== null && { last_write: formatInstant(lastEntry) }),
      ...(fleet && { head_office: lineOf(fleet) }),
    }
  }),
)

function lineOf(fleet: Fleet) {
  const { line, waiting, lastContact: last_contact, needsPerson: needs, setBackAt, comparison } = fleet.state()
  return {
    line,
    waiting: waiting.ops,
    waiting_since: waiting.oldest_at,
    photos_waiting: waiting.photos,
    last_contact,
    needs,
    set_back_at: setBackAt,
    same_at: comparison.sameAt,
    differs: comparison.differs.length,
  }
}

const isInsider = (caller: Caller | null) => caller !== null && callerKindOf(caller) !== 'customer'
