import { z } from 'zod'
import { CLOCK_STATES } from './domain/time/clock-judgement.ts'
import { formatInstant } from './domain/time/instant.ts'
import { oneOf, text } from './http/fields.contract.ts'
import { read } from './http/endpoint.ts'
import { type Caller, callerKindOf, everyone } from './http/auth/permissions.ts'

const Health = z.object({
  status: oneOf(['healthy', 'damaged']),
  version: text(),
  database: oneOf(['sqlite', 'postgres']),
  /** What is wrong with the database file, while something is; for people behind the counter alone. */
  damage: text().optional(),
  /** Whether the last write bears the machine's clock out; until somebody has confirmed one that it does not, nothing expires. */
  clock: oneOf(CLOCK_STATES),
  /** What the machine's clock says and what the last write bears, while the clock is not trusted; for the same people. */
  clock_says: text().optional(),
  last_write: text().optional(),
})

/** Whether the program answers and can read its database. */
const spec = {
  who: everyone,
  response: Health,
  whileLocked: true,
  summary: 'Whether the server answers and reads its database',
}

export const health = (['GET /health', 'GET /api/health'] as const).map((route) =>
  read(route, spec, async ({ db, config, database }, { session }) => {
    await db.selectFrom('node').select('id').limit(1).execute()
    const damage = database.damage()
    const { state, says, lastWrite } = database.clock.read()
    const mayKnow = isInsider(session?.caller ?? null)
    return {
      status: damage ? ('damaged' as const) : ('healthy' as const),
      version: config.version,
      database: db.engine,
      ...(damage && mayKnow && { damage }),
      clock: state,
      ...(state !== 'trusted' && mayKnow && { clock_says: formatInstant(says) }),
      ...(state !== 'trusted' && mayKnow && lastWrite !== null && { last_write: formatInstant(lastWrite) }),
    }
  }),
)

const isInsider = (caller: Caller | null) => caller !== null && callerKindOf(caller) !== 'customer'
