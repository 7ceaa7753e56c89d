import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../db/database.ts'
import { deleteOldestLocal } from '../db/local.ts'
import type { Context } from './context.ts'
import { RETENTION_MS } from './http/idempotency.ts'
import { GUESS_WINDOW_MS } from './shop/people/sign-in-throttle.ts'
import { dropOldDrafts, dropUnnamedPhotos } from './shop/trade-ins/unshown-photos.ts'
import { eraseDueSellers } from './shop/trade-ins/erase-sellers.ts'
import { eraseOldPasscodes } from './shop/repairs/passcodes.ts'

/** The first screens come first. */
const FIRST_DELAY_MS = 60_000
/** The passcode of a device that has left goes soon; the rest costs nothing where there is nothing to forget. */
const INTERVAL_MS = 600_000
/** Rows of one transaction: a server that was off for weeks must not stall when it is back. */
const BATCH_ROWS = 500
const BY = { actor: null, device: null, act: 'forget expired' }

/** Forgets what has had its time, a minute after the start and then every ten minutes until the server closes. */
export async function runCleanup(context: Context): Promise<void> {
  const { closing } = context.run
  for (let wait = FIRST_DELAY_MS; ; wait = INTERVAL_MS) {
    try {
      await pause(wait, undefined, { signal: closing, ref: false })
    } catch {
      return // The server closes.
    }
    await cleanUp(context).catch((error: unknown) =>
      context.log.warn({ err: error }, 'what has expired could not be forgotten'),
    )
  }
}

/** Forgets what has had its time. By a clock that nobody has confirmed nothing has. */
export async function cleanUp({ config, database, run }: Pick<Context, 'config' | 'database' | 'run'>): Promise<void> {
  const { state, now } = database.clock.read()
  if (state !== 'trusted') return
  await forgetExpired(database, now)
  await forgetTradeIns(database, { data: config.data, lock: run.photoFileLock }, now)
}

/** Forgets sessions, codes, guesses, kept answers and passcodes that count no longer. */
export async function forgetExpired(database: Pick<Database, 'write'>, now: number): Promise<void> {
  for (const [table, column, before] of [
    ['session', 'expires_at', now],
    ['claim_code', 'expires_at', now],
    ['enrolment_code', 'expires_at', now],
    ['sign_in_failure', 'at', now - GUESS_WINDOW_MS],
    ['idempotency_key', 'created_at', now - RETENTION_MS],
  ] as const)
    while (await database.write(BY, (trx) => deleteOldestLocal(trx, table, column, { before, limit: BATCH_ROWS })))
      await pause(5)
  while (await database.write(BY, (trx) => eraseOldPasscodes(trx, { now, limit: BATCH_ROWS }))) await pause(5)
}

/**
 * Ends evaluations that nobody goes on with, takes away photos of documents that no purchase names, and erases who sold and what
 * they declared on the day of each.
 */
export async function forgetTradeIns(
  database: Database,
  photos: Parameters<typeof eraseDueSellers>[1],
  now: number,
): Promise<void> {
  await dropOldDrafts(database, photos, now)
  while (await dropUnnamedPhotos(database, photos, now)) await pause(5)
  await eraseDueSellers(database, photos, now)
}
