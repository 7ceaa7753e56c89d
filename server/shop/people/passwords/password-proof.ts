import type { Db, Trx } from '../../../../db/handle.ts'
import type { Context } from '../../../context.ts'
import { HttpError } from '../../../http/errors.ts'
import type { Code } from '../../../http/refusal.contract.ts'
import { type AskedFor, NoLine, type SignedInAtParent } from './parent.ts'
import { placeHere, worksHere } from '../reach.ts'
import { currentHash, keepPassword } from '../users.ts'

/**
 * Whether a password is somebody's: by the hash that is here, or at a terminal that lacks it by asking head office. A hash of a
 * former password is worth nothing once the person's row says that there is another.
 */

/** Somebody as their password is checked. */
export type Account = {
  id: number
  is_active: 0 | 1
  role: string
  is_staff: 0 | 1
  phone_key: string | null
  email_key: string | null
  password_version: string | null
  password_hash: string | null
  version: string | null
}

/** People with what is known of their passwords. */
export const accounts = (db: Db) =>
  db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.id', 'user.is_active', 'user.role', 'user.is_staff', 'user.phone_key', 'user.email_key'])
    .select(['user.password_version', 'credential.password_hash', 'credential.version'])
    .where('user.deleted_at', 'is', null)

/** Who it is; by the hash that was here, or by what head office said. */
export type Proof = { user_id: number; by: { hash: string } | SignedInAtParent }

type Typed = {
  /** The phone number or e-mail address; null where the person was chosen. */
  login: string | null
  password: string
  address: string
}

/** What head office takes, in characters. */
const LONGEST = { login: 320, password: 200 }

/**
 * Whose password it is, of the people who were found by the login; null where it is nobody's. Takes as long where there is nobody.
 * @throws 503 where somebody who works is not known here well enough and head office cannot be asked; what head office refuses
 */
export async function provePassword(
  { database: { db }, passwords, run }: Pick<Context, 'database' | 'passwords' | 'run'>,
  found: readonly Account[],
  { login, password, address }: Typed,
): Promise<Proof | null> {
  for (const one of found.length > 0 ? found : [undefined]) {
    const hash = one ? currentHash(one) : null
    if (await passwords.matches(password, hash, address)) return { user_id: one!.id, by: { hash: hash! } }
  }
  const lacking = found.filter((one) => currentHash(one) === null)
  const { role } = await placeHere(db)
  if (role === 'alone' || (found.length > 0 && lacking.length === 0)) return null
  if (role === 'head-office') return refuseOnItsWay(lacking)
  const who = askedFor(lacking[0], login)
  if (!who || password.length > LONGEST.password) return null
  try {
    if (!run.parent.signIn) throw new NoLine('Nobody talks to head office yet')
    const right = await run.parent.signIn(who, password)
    return right && { user_id: right.user_id, by: right }
  } catch (error) {
    if (error instanceof NoLine) return refuseWithoutLine(lacking)
    throw error
  }
}

/** A number as the person's row has it, for a shop of another country reads the same digits otherwise; null for what none takes. */
function askedFor(account: Account | undefined, typed: string | null): AskedFor | null {
  if (typed === null) return account ? { user_id: account.id } : null
  const known = typed.includes('@') ? account?.email_key : account?.phone_key
  const login = known ?? typed
  return login.length > LONGEST.login ? null : { login }
}

/** Of customers nobody learns without their password that there is an account. */
const whoWorks = (people: readonly Account[]) => people.find(worksHere)

function refuseOnItsWay(lacking: readonly Account[]): null {
  const person = whoWorks(lacking)
  if (!person || person.password_version === null) return null
  throw onItsWay()
}

export const onItsWay = (): HttpError =>
  later('password-on-its-way', 'The new password has not come from its shop yet: try again in a minute', 60)

function refuseWithoutLine(lacking: readonly Account[]): null {
  const person = whoWorks(lacking)
  if (!person) return null
  throw person.password_hash === null
    ? later('first-sign-in-needs-line', 'This person signs in here for the first time, for which head office is needed')
    : later('new-password-needs-line', 'This person has a new password, for which head office is needed the first time')
}

/** A refusal that passes by itself, and is worth another try in so many `seconds`. */
export const later = (code: Code, detail: string, seconds = 30): HttpError =>
  new HttpError(503, code, detail, { headers: { 'Retry-After': String(seconds) } })

/**
 * Holds a proof against what is known by now, and keeps the hash that came with it. False where the password is another one
 * meanwhile.
 * @throws 503 where the person's row is not here yet
 */
export async function settleProof(trx: Trx, { user_id, by }: Proof): Promise<boolean> {
  const account = await accounts(trx).where('user.id', '=', user_id).executeTakeFirst()
  if ('hash' in by) return account !== undefined && currentHash(account) === by.hash
  if (!account)
    throw later('person-not-here-yet', 'Head office knows this person, and this machine will in a moment', 10)
  // What was set here meanwhile counts before what head office knew; another sign-in may have kept the very same.
  const here = currentHash(account)
  if (here !== null) return here === by.kept?.password_hash
  if (by.kept) await keepPassword(trx, user_id, by.kept)
  return true
}
