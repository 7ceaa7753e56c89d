import type { HandlerRequest } from '../../http/endpoint.ts'
import { COOKIE } from '../../http/auth/session.ts'
import { SESSION_DAYS } from '../../shop/people/sessions.ts'

type Sender = Pick<HandlerRequest, 'response' | 'secure'>

/** Gives the page its session. No script can read it, and no other site's page can send it. */
export function setCookie({ response, secure }: Sender, secret: string) {
  response.headers['Set-Cookie'] = cookie(secret, SESSION_DAYS * 86_400, secure)
}

/** Takes the session's cookie away again. */
export function clearCookie({ response, secure }: Sender) {
  response.headers['Set-Cookie'] = cookie('', 0, secure)
}

const cookie = (value: string, seconds: number, secure: boolean) =>
  `${COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
