import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import type { SessionTable } from '../../../db/schema/local-tables.ts'
import type { Context } from '../../context.ts'
import { emailKey } from '../../domain/text/fold.ts'
import { forbidden, unauthorized } from '../../http/errors.ts'
import { hashSecret } from '../../http/auth/tokens.ts'
import { phoneKeys } from './phone-keys.ts'
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

/**
 * Begins a session for whoever knows the password. Nobody learns from the answer or its time whether an account exists.
 * @throws 401, 429 with Retry-After after too many guesses, 403 for an inactive person once the password was right
 */
export async function signIn(
  { database, passwords, now }: Pick<Context, 'database' | 'passwords' | 'now'>,
  { login, password, address, device, surface, authorize }: SignIn,
): Promise<{ user_id: number; session_id: string; secret: string }> {
  const key = await keyOf(database.db, login)
  const [first, ...others] = await findAccounts(database.db, key)
  const account = first ? `user ${first.id}` : `unknown ${hashSecret(String(key.key))}`
  const by = { actor: first?.id ?? null, device: null, act: 'sign-in' }
  const signedIn = await throttleAttempts(
    { database, now, passwords, write: (run) => database.write(by, run) },
    {
      account,
      address,
      // Whoever shares a number must not clear what is guessed at the other's password.
      clears: ({ id }) => id === first?.id,
      check: async () => {
        for (const one of [first, ...others])
          if (await passwords.matches(password, one?.password_hash, address)) return one ?? null
        return null
      },
      effect: async (trx, { id: user_id, password_hash }) => {
        const current = (await findAccounts(trx, key)).find(({ id }) => id === user_id)
        if (!current || current.password_hash !== password_hash) throw wrongCredentials()
        if (!current.is_active) throw forbidden('user-inactive', 'User is inactive')
        await authorize?.(trx, user_id)
        return { user_id, ...(await startSession(trx, { user_id, surface, device, days: SESSION_DAYS })) }
      },
    },
  )
  if (!signedIn) throw wrongCredentials()
  return signedIn
}

const wrongCredentials = () => unauthorized('credentials-invalid', 'Invalid credentials')

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

const accounts = (db: Db) =>
  db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.id', 'user.is_active', 'credential.password_hash'])
    .where('user.deleted_at', 'is', null)
const withPassword = sql`case when credential.password_hash is null then 1 else 0 end`
const accountById = prepared((db, id: number) => accounts(db).where('user.id', '=', id))
const accountsByEmail = prepared((db, key: string) =>
  accounts(db).where('user.email_key', '=', key).orderBy(withPassword).orderBy('user.id'),
)
const accountsByPhone = prepared((db, key: string, plain: string) =>
  accounts(db)
    .where('user.phone_key', 'in', [key, plain])
    .orderBy(withPassword)
    .orderBy(sql`case when is_staff = 1 or role <> 'customer' then 0 else 1 end`)
    .orderBy('user.id'),
)
