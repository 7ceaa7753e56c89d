import { createHmac, createSecretKey, hash, type KeyObject, randomBytes } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { Clock } from '../../../db/clock.ts'
import { latestGrant } from '../../domain/time/clock-judgement.ts'

/** Who an access token speaks for: the user (`sub`) and the session that can be ended (`sid`). */
export type Claims = { sub: number; sid: string }

export type Tokens = {
  /** A signed access token, good for 24 hours. */
  issue(claims: Claims): string
  /** The claims of a token of ours that has not expired; null for any other. */
  verify(token: string): Claims | null
  /** A key for one purpose, derived from the signing secret: `passcode`, `photo-url`. */
  derive(purpose: string): Buffer
}

const ACCESS_TOKEN_LIFETIME_S = 86_400
/** How far ahead of our time a token may have been issued, in s (as decided for `/v1`). */
const MAX_ISSUED_AHEAD_S = 60
/** Verified tokens kept, so that a signature is checked once; whether the session lives is asked each time. */
const MAX_CACHED_TOKENS = 5_000

/** Tokens signed with `secret`. A KeyObject: a string would cost forty times as much a request. */
export function openTokens(secret: string, clock: Pick<Clock, 'now' | 'expiry'>): Tokens {
  const key = createSecretKey(Buffer.from(secret))
  const verified = new Map<string, VerifiedClaims>()
  let newest = 0
  /** The latest time that this server has gone by, where the clock was set back a little since. */
  const latest = () => {
    const now = clock.now()
    newest = Math.max(now, Math.min(newest, latestGrant({ now })))
    return newest
  }
  return {
    issue: ({ sub, sid }) => {
      latest()
      const iat = Math.floor(clock.now() / 1000)
      return jwt.sign({ sub: String(sub), sid, iat, exp: iat + ACCESS_TOKEN_LIFETIME_S, typ: 'access' }, key, {
        algorithm: 'HS256',
      })
    },
    verify: (token) => {
      let claims = verified.get(token)
      if (!claims) {
        const fresh = check(token, key, clock)
        if (!fresh) return null
        if (verified.size >= MAX_CACHED_TOKENS) verified.clear()
        verified.set(token, (claims = fresh))
      }
      const isFromFuture = claims.iat > latest() / 1000 + MAX_ISSUED_AHEAD_S
      return claims.exp * 1000 > clock.expiry() && !isFromFuture ? claims : null
    },
    derive: (purpose) => createHmac('sha256', key).update(purpose).digest(),
  }
}

type VerifiedClaims = Claims & { iat: number; exp: number }

function check(token: string, key: KeyObject, { expiry }: Pick<Clock, 'expiry'>): VerifiedClaims | null {
  try {
    const payload = jwt.verify(token, key, { algorithms: ['HS256'], clockTimestamp: Math.floor(expiry() / 1000) })
    if (typeof payload === 'string' || payload['typ'] !== 'access') return null
    const { sub, sid, iat, exp } = payload as Record<'sub' | 'sid' | 'iat' | 'exp', unknown>
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number' || typeof iat !== 'number')
      return null
    return { sub: Number(sub), sid, iat, exp }
  } catch {
    return null // Whatever is wrong with it, the token is not ours.
  }
}

/** A random secret for a person's machine to keep: refresh tokens, cookies. */
export const newSecret = () => randomBytes(32).toString('base64url')
/** How a secret is stored. */
export const hashSecret = (secret: string) => hash('sha256', secret, 'base64url')
