import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../../db/database.ts'
import { pruneHeard } from '../../../db/fleet/heard.ts'
import { unsentSince } from '../../../db/fleet/unsent.ts'
import { ownRole } from '../../../db/self.ts'
import type { Context } from '../../context.ts'

/** How long a terminal keeps what it heard of others' ops: as long as an op may be late and still be merged as everywhere. */
export const KEPT_MS = 35 * 86_400_000

/** Ops that are forgotten in one transaction. */
const SLICE = 500
const BY = { actor: null, device: null, act: 'sync' }

/** All in ms: between two slices, how long nobody must have asked for anything, how often that is looked at, and between two runs. */
const PAUSE_MS = 40
const IDLE_MS = 3_000
const POLL_INTERVAL_MS = 30_000
const EVERY_MS = 3_600_000

/**
 * Forgets a slice of what a terminal heard more than 35 days ago; returns whether there may be more. Nothing goes while an op of its
 * own is older than that and not acknowledged: head office may judge it by another stamp, and what lost to it is then looked for.
 */
export async function forgetHeard(database: Database, limit: number = SLICE): Promise<boolean> {
  const { db } = database
  if ((await ownRole(db)) !== 'terminal') return false
  const before = database.clock.read().expiry - KEPT_MS
  const waitsSince = await unsentSince(db)
  if (waitsSince !== null && waitsSince < before) return false
  const old = db.selectFrom('heard').select('seq').where('heard_at', '<', before).limit(1)
  if (!(await old.executeTakeFirst())) return false
  return (await database.write(BY, (trx) => pruneHeard(trx, before, limit))) === limit
}

/** Forgets it each hour, in slices while nobody asks for anything, until the server closes. */
export async function forgetHeardWhenIdle({
  database,
  log,
  run: { closing, activity },
}: Pick<Context, 'database' | 'log' | 'run'>): Promise<void> {
  const next = async () => {
    if (activity.idleMs() < IDLE_MS) return POLL_INTERVAL_MS
    return (await forgetHeard(database)) ? PAUSE_MS : EVERY_MS
  }
  while (!closing.aborted) {
    const wait = await next().catch((error: Error) => {
      log.warn({ err: error }, 'what was heard long ago could not be forgotten')
      return EVERY_MS
    })
    await pause(wait, undefined, { signal: closing, ref: false }).catch(() => {}) // The server closes.
  }
}
