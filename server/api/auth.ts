import type { Db } from '../../db/handle.ts'
import type { Context } from '../context.ts'
import { REGISTRATION_REFUSALS } from '../http/bounds/registrations.ts'
import { form, json, STRANGERS_LIMIT } from '../http/body.ts'
import { act, read, type Write } from '../http/endpoint.ts'
import { HttpError, inStoreForm, unauthorized } from '../http/errors.ts'
import { everyone, signedIn } from '../http/auth/permissions.ts'
import { addUser, findUser, refuseTaken, setPassword } from '../shop/people/users.ts'
import { SESSION_DAYS, startSession } from '../shop/people/sessions.ts'
import { signIn } from '../shop/people/sign-in.ts'
import { Credentials, Me, Registered, Registration, Token } from './auth.contract.ts'

export const auth = [
  act(
    'POST /auth/register',
    {
      who: everyone,
      keyed: false,
      body: json(Registration, STRANGERS_LIMIT),
      response: Registered,
      status: 201,
      refusals: REGISTRATION_REFUSALS,
      summary: 'Makes a customer account by e-mail and signs it in',
    },
    async (context, { body: { email, password }, address, headers }) => {
      context.run.registrations.count(address)
      const device = headers['user-agent'] ?? null
      const { user_id, session_id } = await register(context, { email, password, address, device })
      const token = context.tokens.issue({ sub: user_id, sid: session_id })
      return { success: true, token, user: await findUser(context.db, user_id, { own: user_id }) }
    },
  ),

  act(
    'POST /auth/token',
    {
      who: everyone,
      keyed: false,
      body: form(Credentials, STRANGERS_LIMIT),
      response: Token,
      summary: 'Signs in by e-mail and password',
    },
    async (context, { body: { username, password }, address, headers }) => {
      const device = headers['user-agent'] ?? null
      const wanted = { login: { email: username }, password, address, device, surface: 'api' as const }
      const { user_id, session_id } = await signIn(context, wanted).catch(asStoreRefusal)
      return { access_token: context.tokens.issue({ sub: user_id, sid: session_id }), token_type: 'bearer' }
    },
  ),

  read('GET /auth/me', { who: signedIn, response: Me, summary: 'Who is signed in' }, ({ db }, { session }) =>
    findUser(db, session!.caller.id, { own: null }),
  ),
]

type NewAccount = { email: string; password: string; address: string; device: string | null }

/**
 * Somebody whom the shop knows by this e-mail address already is refused too: without the password, only the code of
 * the shop's claim stub makes that account theirs. The first look spares the slow hash; the one that counts is in `addUser`.
 */
async function register(
  { db, write, passwords }: { db: Db; write: Write } & Pick<Context, 'passwords'>,
  { email, password, address, device }: NewAccount,
): Promise<{ user_id: number; session_id: string }> {
  try {
    await refuseTaken(db, { email })
    const hash = await passwords.hash(password, address)
    return await write(async (trx) => {
      const user_id = await addUser(trx, { full_name: '', email, role: 'customer', is_staff: false }, { alone: true })
      await setPassword(trx, user_id, hash)
      return { user_id, ...(await startSession(trx, { user_id, surface: 'api', device, days: SESSION_DAYS })) }
    })
  } catch (error) {
    if (error instanceof HttpError && error.status === 400) throw inStoreForm(error)
    throw error
  }
}

function asStoreRefusal(error: unknown): never {
  if (error instanceof HttpError && error.status === 401)
    throw unauthorized('email-or-password-incorrect', 'Incorrect email or password')
  throw error
}
