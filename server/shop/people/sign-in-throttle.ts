import { randomUUID } from 'node:crypto'
import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, insertLocal } from '../../../db/local.ts'
import { prepared } from '../../../db/prepared.ts'
import type { Context } from '../../context.ts'
import type { Write } from '../../http/endpoint.ts'
import { tooManyAttempts } from '../../http/errors.ts'
import { refuseCrowd, type Undecided } from '../../http/auth/passwords.ts'

/** How long a wrong guess counts, in ms. */
export const GUESS_COUNTS = 15 * 60_000
const PER_ACCOUNT = 5
const PER_ADDRESS = 50

type Guess<Found, Done> = {
  account: string
  address: string
  /** What the guess opens; null when it is wrong. */
  check: () => Promise<Found | null>
  /** What a right guess does, in the transaction that clears the account. */
  effect: (trx: Trx, found: Found) => Promise<Done>
}

type Means = Pick<Context, 'database' | 'now' | 'passwords'> & { write: Write }

/**
 * Runs `check` and then `effect`, unless too many wrong guesses were made: 5 in 15 minutes for one account from one
 * address, 50 from one address. A wrong guess is on disk before anybody learns that it was wrong, so that a restart forgets
 * none; one that is not decided yet counts as if it were wrong, so that parallel guesses win nothing: those beyond the limit
 * wait for the ones before them. Returns null for a wrong guess.
 * @throws 429 with Retry-After; 503 when too many people are being checked
 */
export async function guessing<Found, Done>(
  { database, now, passwords: { undecided }, write }: Means,
  { account, address, check, effect }: Guess<Found, Done>,
): Promise<Done | null> {
  refuseCrowd(fromAddress(undecided, address).length, undecided.size)
  const { promise: decided, resolve: decide } = Promise.withResolvers<void>()
  const mine: Undecided = { account, address, decided }
  undecided.add(mine)
  try {
    await waitForTurn(database.db, undecided, mine, now)
    const found = await check()
    return await write(async (trx) => {
      if (found === null) return await noteWrong(trx, account, address)
      await deleteLocal(trx, 'sign_in_failure', { account, address })
      return await effect(trx, found)
    })
  } finally {
    undecided.delete(mine)
    decide()
  }
}

/** Returns once the wrong guesses and those undecided ahead leave room for one more. */
async function waitForTurn(db: Db, undecided: Set<Undecided>, mine: Undecided, now: () => number): Promise<void> {
  const onAccount = ({ account }: { account: string }) => account === mine.account
  for (;;) {
    // Before the wrong ones are read: one that is decided meanwhile counts twice at worst, and never not at all.
    const ahead = fromAddress(undecided, mine.address, mine)
    const until = now()
    const wrong = await wrongGuesses(db, mine.address, until - GUESS_COUNTS, until)
    const decisive = wrong.filter(onAccount)[PER_ACCOUNT - 1] ?? wrong[PER_ADDRESS - 1]
    if (decisive) throw tooManyAttempts((decisive.at + GUESS_COUNTS - until) / 1000)
    const made = [...wrong, ...ahead]
    if (made.length < PER_ADDRESS && made.filter(onAccount).length < PER_ACCOUNT) return
    await Promise.race(ahead.map(({ decided }) => decided))
  }
}

/** Those undecided from one address, in the order in which they came, up to `end`. */
function fromAddress(undecided: Set<Undecided>, address: string, end?: Undecided): Undecided[] {
  const all = [...undecided]
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

async function noteWrong(trx: Trx, account: string, address: string): Promise<null> {
  await insertLocal(trx, 'sign_in_failure', { id: randomUUID(), account, address, at: trx.act.now })
  return null
}
