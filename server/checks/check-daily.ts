import { setTimeout as pause } from 'node:timers/promises'
import { sentenceOf } from '../../db/check/findings.ts'
import { DatabaseGone } from '../../db/errors.ts'
import { checkStructure } from '../../db/file/quick-check.ts'
import type { Context } from '../context.ts'
import { openRunningCheck, type RunningCheck } from './running-check.ts'

/** Checks the database each day while nobody asks for anything, until the server closes. */
export async function checkDaily({ database, config, now, log, run }: Context): Promise<RunningCheck> {
  const { database: at } = config
  const check = await openRunningCheck({
    database,
    structure: 'file' in at ? () => checkInPlace(database, at.file) : null,
    now,
    idleMs: run.activity.idleMs,
    onFindings: (findings) =>
      log.fatal({ findings: findings.map(sentenceOf) }, 'the check of the database found something'),
    onError: (error) => log.warn({ err: error }, 'the database could not be checked'),
  })
  void repeat(check, run.closing)
  return check
}

/** @throws DatabaseGone where another file lies at the path, which is nobody's to judge */
function checkInPlace({ place }: Context['database'], file: string) {
  const gone = place.look()
  if (gone !== null) throw new DatabaseGone(gone)
  return checkStructure(file)
}

async function repeat(check: RunningCheck, closing: AbortSignal) {
  try {
    for (;;) await pause(await check.tick(), undefined, { signal: closing, ref: false })
  } catch {
    // The server closes: nothing else ends a pause.
  }
}
