import { z } from 'zod'
import { oneOf, text } from './http/fields.contract.ts'
import { read } from './http/endpoint.ts'
import { type Caller, everyone, standingOf } from './http/auth/permissions.ts'

const Health = z.object({
  status: oneOf(['healthy', 'damaged']),
  version: text(),
  database: oneOf(['sqlite', 'postgres']),
  /** What is wrong with the database file, while something is; for people behind the counter alone. */
  damage: text().optional(),
})

/** Whether the program answers and can read its database. */
const spec = {
  who: everyone,
  reply: Health,
  whileLocked: true,
  summary: 'Whether the server answers and reads its database',
}

export const health = (['GET /health', 'GET /api/health'] as const).map((route) =>
  read(route, spec, async ({ db, config, database }, { session }) => {
    await db.selectFrom('node').select('id').limit(1).execute()
    const damage = database.damage()
    return {
      status: damage ? ('damaged' as const) : ('healthy' as const),
      version: config.version,
      database: db.engine,
      ...(damage && isInsider(session?.caller ?? null) && { damage }),
    }
  }),
)

const isInsider = (caller: Caller | null) => caller !== null && standingOf(caller) !== 'customer'
