import { dirname } from 'node:path'
import type { Db } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import { insertLocal } from '../../../db/local.ts'
import { configFrom } from '../../../server/config.ts'
import { openLog } from '../../../server/http/log.ts'
import { serve } from '../../../server/serve.ts'
import { PHOTO_WALK } from '../../../server/shop/trade-ins/unshown-photos.ts'
import { setTimeout as pause } from 'node:timers/promises'
import { serveParent } from '../child.ts'

/** The whole program on a file, with one admin signed in. */
const file = process.argv[2]!
const config = {
  ...configFrom({ FIXPOINT_DATA: `${dirname(file)}/data-${process.pid}`, FIXPOINT_PORT: '0' }),
  database: { file },
  tripwire: false, // As from the bundle.
}
const { context, url, close } = await serve(config, openLog('warn'))
const password_hash = await context.passwords.hash('correct horse')
const session = `bench-${process.pid}`
const { id, phone } = await context.database.write({ actor: null, device: null, act: 'bench' }, async (trx) => {
  const phone = `+1 555 ${process.pid}`
  const person = {
    full_name: 'Bench',
    phone,
    phone_key: phone.replaceAll(' ', ''),
    role: 'admin' as const,
    is_staff: true,
    is_active: true,
  }
  const id = await insert(trx, 'user', person)
  const now = trx.act.now
  await insertLocal(trx, 'credential', { user_id: id, password_hash, pin_hash: null, updated_at: now })
  const nothing = { token_hash: null, device: null, locked_at: null, ended_at: null }
  await insertLocal(trx, 'session', {
    id: session,
    user_id: id,
    surface: 'v1',
    created_at: now,
    expires_at: now + 86_400_000,
    ...nothing,
  })
  return { id, phone }
})
await quiet(context.database.db)
serveParent({ port: Number(new URL(url).port), token: context.tokens.issue({ sub: id, sid: session }), phone }, close)

/** Waits until the check of the file, 10 s after the start, and the upkeep are over: they are not what is measured. */
async function quiet(db: Db) {
  await pause(11_000)
  while (await isUpkeepUnderWay(db)) await pause(500)
  for (let used = Infinity; used > 50_000;) {
    const before = process.cpuUsage()
    await pause(500)
    const { user, system } = process.cpuUsage(before)
    used = user + system
  }
}

async function isUpkeepUnderWay(db: Db): Promise<boolean> {
  const slices = await db
    .selectFrom('upkeep')
    .select('name')
    .where('after_id', 'is not', null)
    .where('name', '<>', PHOTO_WALK.name)
    .limit(1)
    .execute()
  const notes = await db.selectFrom('search_pending').select('row_id').limit(1).execute()
  return slices.length + notes.length > 0
}
