import { setTimeout as pause } from 'node:timers/promises'
import { sentenceOf } from '../../db/check/findings.ts'
import { checkStructure } from '../../db/file/quick-check.ts'
import type { Context } from '../context.ts'
import { openRunningCheck, type RunningCheck } from './running-check.ts'

/** Checks the database each day while nobody asks for anything, until the server closes. */
export async function checkDaily({ database, config, now, log, run }: Context): Promise<RunningCheck> {
  const { database: at } = config
  const check = await openRunningCheck({
    database,
    structure: 'file' in at ? () => checkStructure(at.file) : null,
    now,
    idleMs: run.activity.idleMs,
    onFindings: (findings) =>
      log.fatal({ findings: findings.map(sentenceOf) }, 'the check of the database found something'),
    onError: (error) => log.warn({ err: error }, 'the database could not be checked'),
  })
  void repeat(check, run.closing)
  return check
}

async function repeat(check: RunningCheck, closing: AbortSignal) {
  try {
    for (;;) await pause(await check.tick(), undefined, { signal: closing, ref: false })
  } catch {
    // The server closes: nothing else ends a pause.
  }
}
