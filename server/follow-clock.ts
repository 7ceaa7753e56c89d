import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from './context.ts'
import { confirmAfterAbsence, resume } from './shop/clock/set-clock.ts'

/** How often the clock is looked at while nobody asks, in ms. */
const INTERVAL_MS = 5_000
const BY = { actor: null, device: null }

/** Looks at the clock until the server closes: says in the log when it is not trusted, and goes by it again once it is right. */
export async function followClock(context: Pick<Context, 'database' | 'log' | 'run'>): Promise<void> {
  const { database, log, run } = context
  const look = lookAtClock(context)
  let before = 'trusted'
  while (!run.closing.aborted) {
    await look()
    const { state, says, lastEntry } = database.clock.read()
    if (state !== before) log.warn({ state, says, lastEntry }, LOG_MESSAGES[state])
    before = state
    await pause(INTERVAL_MS, undefined, { signal: run.closing, ref: false }).catch(() => {}) // The server closes.
  }
}

/** How to look at the clock again and again: what cannot be written is said in the log once, and not at each look. */
export function lookAtClock({ database, log }: Pick<Context, 'database' | 'log'>): () => Promise<void> {
  let said: string | null = null
  return async () => {
    try {
      await resumeClock({ database })
      said = null
    } catch (error) {
      const { message } = error as Error
      if (message !== said) log.warn({ err: error }, 'the clock could not be taken up again')
      said = message
    }
  }
}

const LOG_MESSAGES = {
  trusted: 'the clock is right',
  unconfirmed:
    'the clock is far ahead of the last write: nothing expires until a sign-in at the counter has confirmed it, or it has gone on steadily for 12 hours',
  contradicted: 'the last write contradicts the clock: nothing expires until it is set right or confirmed',
}

/** Goes by a clock again that was contradicted and has been set right, or that nobody had confirmed and that went on steadily. */
export async function resumeClock({ database }: Pick<Context, 'database'>): Promise<void> {
  if (database.clock.isRightAgain()) await database.write({ ...BY, act: 'clock set right' }, resume)
  else if (database.clock.isSteady())
    await database.write({ ...BY, act: 'clock went on steadily' }, (trx) => confirmAfterAbsence(trx, null))
}
