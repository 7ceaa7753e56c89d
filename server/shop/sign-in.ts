import type { Db } from '../../db/handle.ts'
import type { SessionTable } from '../../db/schema.ts'
import type { Context } from '../context.ts'
import { emailKey } from '../domain/fold.ts'
import { phoneKey } from '../domain/phone.ts'
import { forbidden, unauthorized } from '../http/errors.ts'
import { hashSecret } from '../http/tokens.ts'
import { guessing } from './guessing.ts'
import { startSession } from './sessions.ts'

/** By phone number, e-mail address, or whichever of them was typed. */
export type Login = { phone: string } | { email: string } | { either: string }

export type SignIn = {
  login: Login
  password: string
  address: string
  /** What the person signs in with, in words: the browser's User-Agent. */
  device: string | null
  surface: SessionTable['surface']
}

/** Days until a session ends by itself. */
export const SESSION_DAYS = 30
/** All that bcrypt reads of a password, in bytes. */
const BCRYPT_READS = 72

/**
 * Begins a session for whoever knows the password. Nobody learns from the answer or its time whether an account exists.
 * @throws 401, 429 with Retry-After after too many guesses, 403 for an inactive person once the password was right
 */
export async function signIn(
  context: Pick<Context, 'database' | 'passwords'>,
  { login, password, address, device, surface }: SignIn,
): Promise<{ user_id: number; session_id: string; secret: string }> {
  const { database, passwords } = context
  const key = keyOf(login)
  const user = await findAccount(database.db, key)
  const account = user ? `user ${user.id}` : `unknown ${hashSecret(key.key)}`
  const hash = Buffer.byteLength(password) > BCRYPT_READS ? null : user?.password_hash
  const right = await guessing(context, account, address, async () =>
    (await passwords.matches(password, hash)) ? true : null,
  )
  if (!right || !user) throw wrongCredentials()
  return await database.write({ actor: user.id, device: null, act: 'sign-in' }, async (trx) => {
    const now = await findAccount(trx, key)
    if (now?.id !== user.id || now.password_hash !== user.password_hash) throw wrongCredentials()
    if (!now.is_active) throw forbidden('User is inactive')
    return { user_id: user.id, ...(await startSession(trx, { user_id: user.id, surface, device, days: SESSION_DAYS })) }
  })
}

const wrongCredentials = () => unauthorized('Invalid credentials')

type Key = { column: 'phone_key' | 'email_key'; key: string }

function keyOf(login: Login): Key {
  if ('phone' in login) return { column: 'phone_key', key: phoneKey(login.phone) }
  if ('email' in login) return { column: 'email_key', key: emailKey(login.email) }
  return keyOf(login.either.includes('@') ? { email: login.either } : { phone: login.either })
}

async function findAccount(db: Db, { column, key }: Key) {
  if (key === '') return undefined
  return await db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.id', 'user.is_active', 'credential.password_hash'])
    .where(`user.${column}`, '=', key)
    .where('user.deleted_at', 'is', null)
    .orderBy('user.id')
    .executeTakeFirst()
}
