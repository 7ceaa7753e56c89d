import { randomUUID } from 'node:crypto'
import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, insertLocal } from '../../../db/local.ts'
import { prepared } from '../../../db/prepared.ts'
import type { Context } from '../../context.ts'
import type { Write } from '../../http/endpoint.ts'
import { type HttpError, tooMany, tooManyAttempts } from '../../http/errors.ts'
import { type PendingGuess, refuseWhenCrowded } from '../../http/auth/passwords.ts'

/** How long a wrong guess counts, in ms. */
export const GUESS_WINDOW_MS = 15 * 60_000
const MAX_PASSWORD_GUESSES = 5
const MAX_GUESSES_PER_ADDRESS = 50
/** Of what four digits open: whoever changes their address has ten tries at it all the same. */
const MAX_PIN_GUESSES = 10

/**
 * Counts a PIN that somebody chooses: whether it is free tells whether somebody else has it, so they choose ten times in 15
 * minutes at most.
 * @throws 429 with Retry-After
 */
export async function countPinChoice(trx: Trx, user_id: number, address: string): Promise<null> {
  const { now } = trx.act
  const account = `${PIN} choice ${user_id}`
  const made = await wrongGuesses(trx, address, account, now - GUESS_WINDOW_MS, now)
  const tenth = made.filter((other) => other.account === account)[MAX_PIN_GUESSES - 1]
  if (tenth) throw tooManyAttempts((tenth.at + GUESS_WINDOW_MS - now) / 1000)
  return await recordWrongGuess(trx, account, address)
}

/** What guesses at PINs are counted as; wrong passwords never close them, nor they the passwords. */
const PIN = 'pin'
const isPin = (account: string) => account === PIN || account.startsWith(`${PIN} `)

/** How many wrong guesses at one account there may be within the window, and what refuses one more. */
type Limits = {
  /** From one address. */
  here: number
  /** From all addresses together. */
  anywhere: number
  /** Whether a right guess begins the count anew: from its address, from all, or not at all. */
  cleared: 'here' | 'anywhere' | 'never'
  /** Another account that closes this one with itself. */
  closedBy?: string
  refusal: (seconds: number) => HttpError
}

const PASSWORD_LIMITS: Limits = {
  here: MAX_PASSWORD_GUESSES,
  anywhere: Infinity,
  cleared: 'here',
  refusal: tooManyAttempts,
}

const pinsClosed = (seconds: number) =>
  tooMany('pins-closed', 'Too many wrong PINs: sign in with the password', seconds)

const PIN_LIMITS = { here: MAX_PIN_GUESSES, anywhere: MAX_PIN_GUESSES, refusal: pinsClosed }

/** Guesses at the PIN of this person count against them from wherever they come; while the terminal takes no PINs, it takes none of theirs. */
export const pinOf = (user_id: number) => ({
  account: `${PIN} ${user_id}`,
  limits: { ...PIN_LIMITS, cleared: 'anywhere' as const, closedBy: PIN },
})

/**
 * Guesses at anybody's PIN count against this terminal. A right one does not clear them: whoever has a PIN of their own would
 * guess at the others' between two uses of it.
 */
export const pinOfAnybody = { account: PIN, limits: { ...PIN_LIMITS, cleared: 'never' as const } }

type Guess<Found, Done> = {
  account: string
  address: string
  /** How many wrong guesses at the account there may be; 5 from one address where it is left out. */
  limits?: Limits
  /** Whether a right guess is at the account itself, so that its count may begin anew; unless said otherwise it is. */
  clears?: (found: Found) => boolean
  /** What the guess opens; null when it is wrong. */
  check: () => Promise<Found | null>
  /** What a right guess does, in the transaction that clears the account. */
  effect: (trx: Trx, found: Found) => Promise<Done>
}

type ThrottleContext = Pick<Context, 'database' | 'now' | 'passwords'> & { write: Write }

/**
 * Runs `check` and then `effect`, unless too many wrong guesses were made within 15 minutes: by the limits of the account, or 50
 * at passwords, or at PINs, from one address. A right guess clears what is counted of the account. A wrong
 * guess is on disk before anybody learns that it was wrong, so that a restart forgets none; one that is not decided yet counts as if it were wrong, so that parallel guesses win nothing: those beyond the limit
 * wait for the ones before them. Returns null for a wrong guess.
 * @throws 429 with Retry-After; 503 when too many people are being checked
 */
export async function throttleAttempts<Found, Done>(
  { database, now, passwords: { pendingGuesses }, write }: ThrottleContext,
  { account, address, limits = PASSWORD_LIMITS, clears = () => true, check, effect }: Guess<Found, Done>,
): Promise<Done | null> {
  refuseWhenCrowded(fromAddress(pendingGuesses, address).length, pendingGuesses.size)
  const { promise: decided, resolve: decide } = Promise.withResolvers<void>()
  const guess: PendingGuess = { account, address, decided }
  pendingGuesses.add(guess)
  try {
    await waitForTurn(database.db, pendingGuesses, guess, { limits, now })
    const found = await check()
    return await write(async (trx) => {
      if (found === null) return await recordWrongGuess(trx, account, address)
      if (limits.cleared !== 'never' && clears(found))
        await deleteLocal(trx, 'sign_in_failure', limits.cleared === 'here' ? { account, address } : { account })
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
  { limits, now }: { limits: Limits; now: () => number },
): Promise<void> {
  const isHere = ({ address, account }: Attempt) => address === guess.address && isPin(account) === isPin(guess.account)
  const onAccount = ({ account }: Attempt) => account === guess.account
  const counts = limits.anywhere === Infinity ? isHere : (other: Attempt) => isHere(other) || onAccount(other)
  for (;;) {
    // Before the wrong ones are read: one that is decided meanwhile counts twice at worst, and never not at all.
    const ahead = aheadOf(pendingGuesses, guess).filter(counts)
    const until = now()
    const wrong = (await wrongGuesses(db, guess.address, guess.account, until - GUESS_WINDOW_MS, until)).filter(counts)
    const refusing = <T extends Attempt>(made: readonly T[]): T | undefined =>
      made.filter(isHere).filter(onAccount)[limits.here - 1] ??
      made.filter(isHere)[MAX_GUESSES_PER_ADDRESS - 1] ??
      made.filter(onAccount)[limits.anywhere - 1]
    const decisive = refusing(wrong) ?? (await closing(db, limits, until))
    if (decisive) throw limits.refusal((decisive.at + GUESS_WINDOW_MS - until) / 1000)
    if (!refusing<Attempt>([...wrong, ...ahead])) return
    await Promise.race(ahead.map(({ decided }) => decided))
  }
}

/** The guess at the account that closes this one, where it does. */
async function closing(db: Db, { closedBy, anywhere }: Limits, until: number): Promise<{ at: number } | undefined> {
  if (closedBy === undefined) return undefined
  const wrong = await wrongGuesses(db, '', closedBy, until - GUESS_WINDOW_MS, until)
  return wrong.filter(({ account }) => account === closedBy)[anywhere - 1]
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
