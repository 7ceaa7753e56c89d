import type { Db, Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import type { SessionTable } from '../../../db/schema/local-tables.ts'
import type { Context } from '../../context.ts'
import { emailKey } from '../../domain/fold.ts'
import { phoneKey } from '../../domain/phone.ts'
import { forbidden, unauthorized } from '../../http/errors.ts'
import { hashSecret } from '../../http/auth/tokens.ts'
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
  const key = keyOf(login)
  const user = await findAccount(database.db, key)
  const account = user ? `user ${user.id}` : `unknown ${hashSecret(String(key.key))}`
  const by = { actor: user?.id ?? null, device: null, act: 'sign-in' }
  const signedIn = await throttleAttempts(
    { database, now, passwords, write: (run) => database.write(by, run) },
    {
      account,
      address,
      check: async () => ((await passwords.matches(password, user?.password_hash, address)) && user) || null,
      effect: async (trx, { id: user_id, password_hash }) => {
        const current = await findAccount(trx, key)
        if (current?.id !== user_id || current.password_hash !== password_hash) throw wrongCredentials()
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

type Key = { column: 'phone_key' | 'email_key'; key: string } | { column: 'id'; key: number }

function keyOf(login: Login): Key {
  if ('user_id' in login) return { column: 'id', key: login.user_id }
  if ('phone' in login) return { column: 'phone_key', key: phoneKey(login.phone) }
  if ('email' in login) return { column: 'email_key', key: emailKey(login.email) }
  return keyOf(login.either.includes('@') ? { email: login.either } : { phone: login.either })
}

async function findAccount(db: Db, of: Key) {
  if (of.key === '') return undefined
  const [account] = of.column === 'id' ? await accountById(db, of.key) : await accountBy[of.column](db, of.key)
  return account
}

const accounts = (db: Db) =>
  db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.id', 'user.is_active', 'credential.password_hash'])
    .where('user.deleted_at', 'is', null)
    .orderBy('user.id')
const accountById = prepared((db, id: number) => accounts(db).where('user.id', '=', id))
const accountsWith = (column: 'phone_key' | 'email_key') =>
  prepared((db, key: string) => accounts(db).where(`user.${column}`, '=', key))
const accountBy = { phone_key: accountsWith('phone_key'), email_key: accountsWith('email_key') }
