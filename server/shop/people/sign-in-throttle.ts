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
/** Of what four digits open: whoever changes their address has ten tries at it all the same. */
export const MAX_PIN_GUESSES = 10

type Guess<Found, Done> = {
  account: string
  address: string
  /**
   * How many wrong guesses at the account there may be from all addresses together, which a right one clears; where it is left
   * out, addresses have nothing to do with each other.
   */
  maxFromAnywhere?: number
  /** What the guess opens; null when it is wrong. */
  check: () => Promise<Found | null>
  /** What a right guess does, in the transaction that clears the account. */
  effect: (trx: Trx, found: Found) => Promise<Done>
}

type ThrottleContext = Pick<Context, 'database' | 'now' | 'passwords'> & { write: Write }

/**
 * Runs `check` and then `effect`, unless too many wrong guesses were made: 5 in 15 minutes for one account from one
 * address, 50 from one address, `maxFromAnywhere` for one account. A right guess clears what is counted of the account. A wrong
 * guess is on disk before anybody learns that it was wrong, so that a restart forgets none; one that is not decided yet counts as if it were wrong, so that parallel guesses win nothing: those beyond the limit
 * wait for the ones before them. Returns null for a wrong guess.
 * @throws 429 with Retry-After; 503 when too many people are being checked
 */
export async function throttleAttempts<Found, Done>(
  { database, now, passwords: { pendingGuesses }, write }: ThrottleContext,
  { account, address, maxFromAnywhere = Infinity, check, effect }: Guess<Found, Done>,
): Promise<Done | null> {
  refuseWhenCrowded(fromAddress(pendingGuesses, address).length, pendingGuesses.size)
  const { promise: decided, resolve: decide } = Promise.withResolvers<void>()
  const guess: PendingGuess = { account, address, decided }
  pendingGuesses.add(guess)
  try {
    await waitForTurn(database.db, pendingGuesses, guess, { maxFromAnywhere, now })
    const found = await check()
    return await write(async (trx) => {
      if (found === null) return await recordWrongGuess(trx, account, address)
      await deleteLocal(trx, 'sign_in_failure', maxFromAnywhere === Infinity ? { account, address } : { account })
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
  { maxFromAnywhere, now }: { maxFromAnywhere: number; now: () => number },
): Promise<void> {
  const isHere = ({ address }: { address: string }) => address === guess.address
  const onAccount = ({ account }: { account: string }) => account === guess.account
  const counts = maxFromAnywhere === Infinity ? isHere : (other: Attempt) => isHere(other) || onAccount(other)
  for (;;) {
    // Before the wrong ones are read: one that is decided meanwhile counts twice at worst, and never not at all.
    const ahead = aheadOf(pendingGuesses, guess).filter(counts)
    const until = now()
    const wrong = (await wrongGuesses(db, guess.address, guess.account, until - GUESS_WINDOW_MS, until)).filter(counts)
    const refusing = (made: readonly Attempt[]) =>
      made.filter(isHere).filter(onAccount)[MAX_GUESSES_PER_ACCOUNT - 1] ??
      made.filter(isHere)[MAX_GUESSES_PER_ADDRESS - 1] ??
      made.filter(onAccount)[maxFromAnywhere - 1]
    const decisive = refusing(wrong) as (typeof wrong)[number] | undefined
    if (decisive) throw tooManyAttempts((decisive.at + GUESS_WINDOW_MS - until) / 1000)
    if (!refusing([...wrong, ...ahead])) return
    await Promise.race(ahead.map(({ decided }) => decided))
  }
}

/** At which account, and from which address. */
type Attempt = { account: string; address: string }

/** Those undecided that came before, in the order in which they came. */
function aheadOf(pendingGuesses: Set<PendingGuess>, guess: PendingGuess): PendingGuess[] {
  const all = [...pendingGuesses]
  return all.slice(0, all.indexOf(guess))
}

const fromAddress = (pendingGuesses: Set<PendingGuess>, address: string) =>
  [...pendingGuesses].filter((other) => other.address === address)

/** Newest first; one from the future was noted by a wrong clock and counts for nothing. */
const wrongGuesses = prepared((db, address: string, account: string, since: number, until: number) =>
  db
    .selectFrom('sign_in_failure')
    .select(['account', 'address', 'at'])
    .where((or) => or.or([or('address', '=', address), or('account', '=', account)]))
    .where('at', '>=', since)
    .where('at', '<=', until)
    .orderBy('at', 'desc'),
)

async function recordWrongGuess(trx: Trx, account: string, address: string): Promise<null> {
  await insertLocal(trx, 'sign_in_failure', { id: randomUUID(), account, address, at: trx.act.now })
  return null
}
