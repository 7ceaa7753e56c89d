import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import type { SessionTable } from '../../../db/schema/local-tables.ts'
import type { Context } from '../../context.ts'
import { emailKey } from '../../domain/text/fold.ts'
import { forbidden, unauthorized } from '../../http/errors.ts'
import { hashSecret } from '../../http/auth/tokens.ts'
import { accounts, provePassword, settleProof } from './passwords/password-proof.ts'
import { phoneKeys } from './phone-keys.ts'
import { refuseElsewhere } from './reach.ts'
import { throttleAttempts } from './sign-in-throttle.ts'
import { SESSION_DAYS, startSession } from './sessions.ts'

/** By phone number, e-mail address, whichever of them was typed, or as a person who was chosen. */
export type Login = { phone: string } | { email: string } | { either: string } | { user_id: number }

export type SignIn = {
  login: Login
  password: string
  address: string
  /** What the person signs in with, in words: the browser's User-Agent. */
  device: string | null
  surface: SessionTable['surface']
  /** What else the sign-in does or needs, in its transaction; refuses by throwing. */
  authorize?: (trx: Trx, user_id: number) => Promise<void>
}

type SignInContext = Pick<Context, 'database' | 'passwords' | 'now' | 'run'>

/**
 * Begins a session for whoever knows the password. Nobody learns from the answer or its time whether an account exists, but for
 * who works and signs in at a terminal for the first time while the line is down.
 * @throws 401, 429 with Retry-After after too many guesses, 403 for an inactive person and who works elsewhere once the password
 * was right, 503 for who works and cannot be checked here now
 */
export async function signIn(
  context: SignInContext,
  { login, password, address, device, surface, authorize }: SignIn,
): Promise<{ user_id: number; session_id: string; secret: string }> {
  const signedIn = await withPassword(context, { login, password, address }, async (trx, user_id) => {
    await refuseElsewhere(trx, user_id)
    await authorize?.(trx, user_id)
    return { user_id, ...(await startSession(trx, { user_id, surface, device, days: SESSION_DAYS })) }
  })
  if (!signedIn) throw wrongCredentials()
  return signedIn
}

/**
 * Does something for whoever knows the password; null where it is wrong.
 * @throws 429 with Retry-After after too many guesses, 403 for an inactive person once the password was right, and what
 * `provePassword` refuses
 */
export async function withPassword<T>(
  { database, passwords, now, run }: SignInContext,
  { login, password, address }: Pick<SignIn, 'login' | 'password' | 'address'>,
  effect: (trx: Trx, user_id: number) => Promise<T>,
): Promise<T | null> {
  const key = await keyOf(database.db, login)
  const found = await findAccounts(database.db, key)
  const [first] = found
  const account = first ? `user ${first.id}` : `unknown ${hashSecret(String(key.key))}`
  const by = { actor: first?.id ?? null, device: null, act: 'sign-in' }
  return await throttleAttempts(
    { database, now, passwords, write: (write) => database.write(by, write) },
    {
      account,
      address,
      // Whoever shares a number must not clear what is guessed at the other's password.
      clears: ({ user_id }) => user_id === first?.id,
      check: () => provePassword({ database, passwords, run }, found, { login: typedIn(login), password, address }),
      effect: async (trx, proof) => {
        if (!(await settleProof(trx, proof))) throw wrongCredentials()
        const [person] = await accountById(trx, proof.user_id)
        if (!person?.is_active) throw userInactive()
        return await effect(trx, proof.user_id)
      },
    },
  )
}

const typedIn = (login: Login): string | null =>
  'user_id' in login ? null : 'email' in login ? login.email : 'either' in login ? login.either : login.phone

export const userInactive = () => forbidden('user-inactive', 'User is inactive')
export const wrongCredentials = () => unauthorized('credentials-invalid', 'Invalid credentials')

/** A phone number is known by its key, and by the plain one of before. */
type Key =
  | { column: 'phone_key'; key: string; plain: string }
  | { column: 'email_key'; key: string }
  | { column: 'id'; key: number }

async function keyOf(db: Db, login: Login): Promise<Key> {
  if ('user_id' in login) return { column: 'id', key: login.user_id }
  if ('email' in login) return { column: 'email_key', key: emailKey(login.email) }
  if ('either' in login)
    return await keyOf(db, login.either.includes('@') ? { email: login.either } : { phone: login.either })
  const [key, plain] = await phoneKeys(db, login.phone)
  return { column: 'phone_key', key, plain }
}

/** How many people of one number or address are asked for their password. */
const MAX_ACCOUNTS = 4

/**
 * Whose number or address it is: who can sign in before others, then who works here. What were two numbers once may be one now,
 * and two nodes may both have added one person: a row without a password hides none that has one.
 */
async function findAccounts(db: Db, of: Key) {
  if (of.key === '') return []
  if (of.column === 'id') return await accountById(db, of.key)
  if (of.column === 'email_key') return (await accountsByEmail(db, of.key)).slice(0, MAX_ACCOUNTS)
  return (await accountsByPhone(db, of.key, of.plain)).slice(0, MAX_ACCOUNTS)
}

const withoutPassword = sql`case when credential.password_hash is null and password_version is null then 1 else 0 end`
const accountById = prepared((db, id: number) => accounts(db).where('user.id', '=', id))
const accountsByEmail = prepared((db, key: string) =>
  accounts(db).where('user.email_key', '=', key).orderBy(withoutPassword).orderBy('user.id'),
)
const accountsByPhone = prepared((db, key: string, plain: string) =>
  accounts(db)
    .where('user.phone_key', 'in', [key, plain])
    .orderBy(withoutPassword)
    .orderBy(sql`case when is_staff = 1 or role <> 'customer' then 0 else 1 end`)
    .orderBy('user.id'),
)
