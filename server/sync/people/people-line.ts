import type { Logger } from 'pino'
import type { Context } from '../../context.ts'
import { tooManyAttempts } from '../../http/errors.ts'
import type { AskParent } from '../../shop/people/passwords/parent.ts'
import { LineError } from '../agent/errors.ts'
import type { NodeKeys } from '../node-keys.ts'
import { askParentBy } from './ask-parent.ts'
import { exchangeCredentials, type Resting } from './exchange.ts'

/** A terminal's line to head office, as far as people who sign in need it. */
export type PeopleLine = {
  signIn: AskParent
  /**
   * Tells head office of passwords and asks for those that are lacking, where people were written since, and each minute; for
   * when all ops have gone up. Throws nothing: ops go on whatever becomes of passwords, and these are tried again.
   */
  exchange(signal: AbortSignal): Promise<void>
  /** Hears which rows were written. */
  notice(rows: readonly { entity: string }[]): void
}

type PeopleLineParts = Pick<Context, 'database' | 'now'> & {
  keys: Pick<NodeKeys, 'seal'>
  log: Logger
  /** A stopwatch in ms. */
  monotonic: () => number
  /** Sends a body to head office; gives back its reply or refusal, and throws LineError where there is none. */
  send: (call: 'sign-in' | 'credentials', body: unknown, signal: AbortSignal) => Promise<unknown>
}

/** How long somebody waits at the counter for head office's word, in ms. */
const ASKED_WITHIN = 10_000
const LOOK_EVERY = 60_000

export function openPeopleLine({ database, now, keys, log, monotonic, send }: PeopleLineParts): PeopleLine {
  const resting: Resting = new Map()
  let isNews = true
  let lookedAt = -Infinity
  let said: string | null = null
  return {
    signIn: askParentBy(
      (body) => send('sign-in', body, AbortSignal.timeout(ASKED_WITHIN)).catch(laterIfBusy),
      keys.seal,
    ),
    exchange: async (signal) => {
      if (!isNews && monotonic() - lookedAt < LOOK_EVERY) return
      isNews = false
      lookedAt = monotonic()
      try {
        const told = { database, now, keys, resting, send: (body: unknown) => send('credentials', body, signal) }
        while (await exchangeCredentials(told));
        said = null
      } catch (error) {
        isNews ||= error instanceof LineError
        const { message } = error as Error
        if (!signal.aborted && message !== said)
          log.warn({ reason: message }, 'passwords were not exchanged with head office')
        said = message
      }
    },
    notice: (rows) => {
      isNews ||= rows.some(({ entity }) => entity === 'user')
    },
  }
}

/** Head office has had enough of guesses, or too much to do: either is worth another try later. */
function laterIfBusy(error: unknown): never {
  if (error instanceof LineError && error.fault === 'busy') throw tooManyAttempts((error.retryAfter ?? 60_000) / 1000)
  throw error
}
