import { z } from 'zod'
import { oneOf, text } from './http/fields.contract.ts'
import { read } from './http/endpoint.ts'
import { everyone } from './http/permissions.ts'

const Health = z.object({ status: oneOf(['healthy']), version: text(), database: oneOf(['sqlite', 'postgres']) })

/** Whether the program answers and can read its database. */
const spec = { who: everyone, reply: Health, summary: 'Whether the server answers and reads its database' }

export const health = (['GET /health', 'GET /api/health'] as const).map((route) =>
  read(route, spec, async ({ db, config }) => {
    await db.selectFrom('node').select('id').limit(1).execute()
    return { status: 'healthy' as const, version: config.version, database: db.engine }
  }),
)
