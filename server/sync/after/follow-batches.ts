import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { openSync, type Sync } from '../take.ts'
import { decideAllAnew } from '../waiting/again.ts'
import { afterBatch } from './after-batch.ts'

/** How often it is looked whether this database has become part of a fleet, and what came past this process, in ms. */
const LOOK_EVERY = 5_000
/** How long after a commit: more of the batch may be under way, and what was begun is not in its way. In ms. */
const SOON = 200

/**
 * Sees to what follows from ops of others until the server closes, as long as this database is part of a fleet: after each commit,
 * whoever brought it. What cannot be done is said in the log once, and tried again.
 */
export async function followBatches({ database, log, run }: Pick<Context, 'database' | 'log' | 'run'>): Promise<void> {
  let sync: Sync | null = null
  let said: string | null = null
  const bell = openBell(run.closing)
  const stop = database.onCommit(bell.ring)
  // The server closes.
  const rest = (ms: number) => pause(ms, undefined, { signal: run.closing, ref: false }).catch(() => {})
  while (!run.closing.aborted) {
    let isAlone = true
    try {
      isAlone = await isOfNobody(database)
      if (!isAlone && database.damage() === null) {
        sync ??= await begin(database)
        await afterBatch(sync)
      }
      said = null
    } catch (error) {
      const { message } = error as Error
      if (message !== said && !run.closing.aborted)
        log.warn({ err: error }, 'what follows from what other machines wrote could not be seen to')
      said = message
    }
    if (isAlone) await rest(LOOK_EVERY)
    else await bell.heard(LOOK_EVERY)
    await rest(SOON)
  }
  stop()
}

async function isOfNobody({ db }: Context['database']): Promise<boolean> {
  return (await db.selectFrom('self').select('role').executeTakeFirstOrThrow()).role === 'alone'
}

async function begin(database: Context['database']): Promise<Sync> {
  const sync = await openSync(database)
  await decideAllAnew(sync)
  return sync
}

/** Is rung by each commit; whoever waits hears it also if it rang before. */
function openBell(closing: AbortSignal) {
  let hasRung = false
  let wake = () => {}
  return {
    ring: () => {
      hasRung = true
      wake()
    },
    heard: async (ms: number) => {
      if (!hasRung) {
        const rung = new AbortController()
        wake = () => rung.abort()
        const signal = AbortSignal.any([closing, rung.signal])
        await pause(ms, undefined, { signal, ref: false }).catch(() => {}) // It rang, or the server closes.
      }
      hasRung = false
    },
  }
}
