import { REGISTRATION_REFUSALS } from '../http/bounds/registrations.ts'
import { json, STRANGERS_LIMIT } from '../http/body.ts'
import { act, read, write } from '../http/endpoint.ts'
import { unauthorized } from '../http/errors.ts'
import { everyone } from '../http/auth/permissions.ts'
import { findUser } from '../shop/people/users.ts'
import { endSession, sessionOfSecret } from '../shop/people/sessions.ts'
import { signIn } from '../shop/people/sign-in.ts'
import { AccessToken, Login, Message, RefreshToken, SignedIn } from './auth.contract.ts'
import { addPerson, shownUser } from './users.ts'
import { Registration, User } from './users.contract.ts'

export const auth = [
  act(
    'POST /auth/register',
    {
      who: everyone,
      keyed: false,
      body: json(Registration, STRANGERS_LIMIT),
      response: User,
      status: 201,
      refusals: REGISTRATION_REFUSALS,
      summary: 'Makes a customer account',
    },
    (context, { body, address }) => {
      context.run.registrations.count(address)
      return addPerson(context, body, { is_staff: false, alone: true, address })
    },
  ),

  act(
    'POST /auth/login',
    {
      who: everyone,
      keyed: false,
      body: json(Login, STRANGERS_LIMIT),
      response: SignedIn,
      summary: 'Signs in by phone and password',
    },
    async (context, { body: { phone, password }, address, headers }) => {
      const device = headers['user-agent'] ?? null
      const signedIn = await signIn(context, { login: { phone }, password, address, device, surface: 'v1' })
      const { user_id, session_id, secret } = signedIn
      const access_token = context.tokens.issue({ sub: user_id, sid: session_id })
      const user = await findUser(context.db, user_id, { own: null })
      return { user: shownUser(user), tokens: { access_token, refresh_token: secret, token_type: 'bearer' } }
    },
  ),

  // A read: a new access token leaves no trace.
  read(
    'POST /auth/refresh',
    {
      who: everyone,
      keyed: false,
      body: json(RefreshToken, STRANGERS_LIMIT),
      response: AccessToken,
      summary: 'A new access token for a refresh token',
    },
    async ({ db, database, tokens }, { body: { refresh_token } }) => {
      if (!REFRESH_TOKEN.test(refresh_token)) throw unauthorized('refresh-token-invalid', 'Invalid refresh token')
      const session = await sessionOfSecret(db, refresh_token, 'v1', database.clock.read())
      if (!session) throw unauthorized('refresh-token-expired', 'Refresh token not found or expired')
      return { access_token: tokens.issue({ sub: session.user_id, sid: session.id }), token_type: 'bearer' }
    },
  ),

  write(
    'POST /auth/logout',
    {
      who: everyone,
      keyed: false,
      body: json(RefreshToken, STRANGERS_LIMIT),
      response: Message,
      summary: 'Ends the session of a refresh token',
    },
    async ({ trx }, { body }) => {
      const session = await sessionOfSecret(trx, body.refresh_token, 'v1', trx.act.clock.reading)
      if (session) await endSession(trx, session.id)
      return { message: 'Logged out successfully' }
    },
  ),
]

/** What a refresh token looks like: 32 bytes in base64url. */
const REFRESH_TOKEN = /^[A-Za-z0-9_-]{43}$/
