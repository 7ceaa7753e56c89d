import { randomUUID } from 'node:crypto'
import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, insertLocal } from '../../../db/local.ts'
import { prepared } from '../../../db/prepared.ts'
import type { Context } from '../../context.ts'
import type { Write } from '../../http/endpoint.ts'
import { tooManyAttempts } from '../../http/errors.ts'
import { type PendingGuess, refuseWhenCrowded } from '../../http/auth/passwords.ts'

/** How long a wrong guess counts, in ms. */
export const GUESS_WINDOW_MS = 15 * 60_000
const MAX_GUESSES_PER_ACCOUNT = 5
const MAX_GUESSES_PER_ADDRESS = 50

type Guess<Found, Done> = {
  account: string
  address: string
  /** What the guess opens; null when it is wrong. */
  check: () => Promise<Found | null>
  /** What a right guess does, in the transaction that clears the account. */
  effect: (trx: Trx, found: Found) => Promise<Done>
}

type ThrottleContext = Pick<Context, 'database' | 'now' | 'passwords'> & { write: Write }

/**
 * Runs `check` and then `effect`, unless too many wrong guesses were made: 5 in 15 minutes for one account from one
 * address, 50 from one address. A wrong guess is on disk before anybody learns that it was wrong, so that a restart forgets
 * none; one that is not decided yet counts as if it were wrong, so that parallel guesses win nothing: those beyond the limit
 * wait for the ones before them. Returns null for a wrong guess.
 * @throws 429 with Retry-After; 503 when too many people are being checked
 */
export async function throttleAttempts<Found, Done>(
  { database, now, passwords: { pendingGuesses }, write }: ThrottleContext,
  { account, address, check, effect }: Guess<Found, Done>,
): Promise<Done | null> {
  refuseWhenCrowded(fromAddress(pendingGuesses, address).length, pendingGuesses.size)
  const { promise: decided, resolve: decide } = Promise.withResolvers<void>()
  const guess: PendingGuess = { account, address, decided }
  pendingGuesses.add(guess)
  try {
    await waitForTurn(database.db, pendingGuesses, guess, now)
    const found = await check()
    return await write(async (trx) => {
      if (found === null) return await recordWrongGuess(trx, account, address)
      await deleteLocal(trx, 'sign_in_failure', { account, address })
      return await effect(trx, found)
    })
  } finally {
    pendingGuesses.delete(guess)
    decide()
  }
}

/** Returns once the wrong guesses and those undecided ahead leave room for one more. */
async function waitForTurn(
  db: Db,
  pendingGuesses: Set<PendingGuess>,
  guess: PendingGuess,
  now: () => number,
): Promise<void> {
  const onAccount = ({ account }: { account: string }) => account === guess.account
  for (;;) {
    // Before the wrong ones are read: one that is decided meanwhile counts twice at worst, and never not at all.
    const ahead = fromAddress(pendingGuesses, guess.address, guess)
    const until = now()
    const wrong = await wrongGuesses(db, guess.address, until - GUESS_WINDOW_MS, until)
    const decisive = wrong.filter(onAccount)[MAX_GUESSES_PER_ACCOUNT - 1] ?? wrong[MAX_GUESSES_PER_ADDRESS - 1]
    if (decisive) throw tooManyAttempts((decisive.at + GUESS_WINDOW_MS - until) / 1000)
    const made = [...wrong, ...ahead]
    if (made.length < MAX_GUESSES_PER_ADDRESS && made.filter(onAccount).length < MAX_GUESSES_PER_ACCOUNT) return
    await Promise.race(ahead.map(({ decided }) => decided))
  }
}

/** Those undecided from one address, in the order in which they came, up to `end`. */
function fromAddress(pendingGuesses: Set<PendingGuess>, address: string, end?: PendingGuess): PendingGuess[] {
  const all = [...pendingGuesses]
  return all.slice(0, end ? all.indexOf(end) : undefined).filter((other) => other.address === address)
}

/** Newest first; one from the future was noted by a wrong clock and counts for nothing. */
const wrongGuesses = prepared((db, address: string, since: number, until: number) =>
  db
    .selectFrom('sign_in_failure')
    .select(['account', 'at'])
    .where('address', '=', address)
    .where('at', '>=', since)
    .where('at', '<=', until)
    .orderBy('at', 'desc'),
)

async function recordWrongGuess(trx: Trx, account: string, address: string): Promise<null> {
  await insertLocal(trx, 'sign_in_failure', { id: randomUUID(), account, address, at: trx.act.now })
  return null
}
