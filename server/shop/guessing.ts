import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Trx } from '../../db/handle.ts'
import { change, forget, forgetOlder, keep } from '../../db/local.ts'
import type { Context } from '../context.ts'
import { tooMany } from '../http/errors.ts'

/** How long a wrong guess counts, in ms. */
const WINDOW = 15 * 60_000
const PER_ACCOUNT = 5
const PER_ADDRESS = 50
/** How long an attempt waits for those before it whose outcome is not known yet, in ms: longer each time, about 30 s in all. */
const FIRST_WAIT = 25
const LONGEST_WAIT = 500
const MOST_WAITS = 70
const UNDECIDED = '?'
const BY = { actor: null, device: null, act: 'sign-in' }

type Attempt = { id: string; account: string; address: string; at: number }

/**
 * Runs `check`, which gives null for a wrong guess, unless too many were made: 5 in 15 minutes for one account from one
 * address, 50 from one address. The attempt is on disk before the check begins, so that parallel guesses and restarts
 * win nothing; those beyond the limit wait until the ones before them are decided. A right guess clears the account.
 * @throws 429 with Retry-After
 */
export async function guessing<T>(
  { database }: Pick<Context, 'database'>,
  account: string,
  address: string,
  check: () => Promise<T | null>,
): Promise<T | null> {
  const attempt = await enter(database, account, address)
  let found: T | null
  try {
    found = await check()
  } catch (error) {
    await database.write(BY, (trx) => forget(trx, 'sign_in_failure', { id: attempt.id }))
    throw error
  }
  await database.write(BY, async (trx) => {
    if (found !== null) await forget(trx, 'sign_in_failure', { account, address })
    else await change(trx, 'sign_in_failure', { id: attempt.id }, { id: attempt.id.slice(UNDECIDED.length) })
  })
  return found
}

async function enter(database: Context['database'], account: string, address: string): Promise<Attempt> {
  for (let waits = 0; ; waits++) {
    const attempt = await database.write(BY, (trx) => tryToEnter(trx, account, address, waits < MOST_WAITS))
    if (attempt) return attempt
    await pause(Math.min(FIRST_WAIT * (waits + 1), LONGEST_WAIT))
  }
}

/** Writes the attempt down; null while it depends on others that are not decided. */
async function tryToEnter(trx: Trx, account: string, address: string, patient: boolean): Promise<Attempt | null> {
  const { now } = trx.act
  await forgetOlder(trx, 'sign_in_failure', 'at', now - WINDOW)
  const made = await trx
    .selectFrom('sign_in_failure')
    .selectAll()
    .where('address', '=', address)
    .orderBy('at', 'desc')
    .execute()
  const onAccount = made.filter((attempt) => attempt.account === account)
  for (const [attempts, most] of [
    [onAccount, PER_ACCOUNT],
    [made, PER_ADDRESS],
  ] as const) {
    const wrong = patient ? attempts.filter(({ id }) => !id.startsWith(UNDECIDED)) : attempts
    const decisive = wrong[most - 1]
    if (decisive) throw tooMany((decisive.at + WINDOW - now) / 1000)
    if (attempts.length >= most) return null
  }
  const attempt = { id: UNDECIDED + randomUUID(), account, address, at: now }
  await keep(trx, 'sign_in_failure', attempt)
  return attempt
}
