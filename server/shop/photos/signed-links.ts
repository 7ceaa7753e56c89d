import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ClockReading } from '../../domain/time/clock-judgement.ts'
import type { Tokens } from '../../http/auth/tokens.ts'

/** A private photo's address carries a signature that lets whoever has it look for an hour or so. */

const QUARTER_HOUR_MS = 15 * 60_000
const LINK_LIFETIME_MS = 4 * QUARTER_HOUR_MS

/** `path` with its signature. The same address for a quarter of an hour, so that a browser keeps the picture. */
export function signedLink(tokens: Pick<Tokens, 'derive'>, path: string, now: number): string {
  const expires = Math.ceil((now + LINK_LIFETIME_MS) / QUARTER_HOUR_MS) * QUARTER_HOUR_MS
  return `${path}?expires=${expires}&signature=${signatureOf(tokens, path, expires)}`
}

/** Whether the signature is ours, for this path, and still good; one from the future is not. */
export function isGoodLink(
  tokens: Pick<Tokens, 'derive'>,
  path: string,
  { expires, signature }: { expires?: number | undefined; signature?: string | undefined },
  { now, expiry }: Pick<ClockReading, 'now' | 'expiry'>,
): boolean {
  if (expires === undefined || signature === undefined) return false
  if (expires < expiry || expires > now + LINK_LIFETIME_MS + QUARTER_HOUR_MS) return false
  const wanted = Buffer.from(signatureOf(tokens, path, expires))
  const given = Buffer.from(signature)
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

const signatureOf = (tokens: Pick<Tokens, 'derive'>, path: string, expires: number) =>
  createHmac('sha256', tokens.derive('photo-url')).update(`${path}\n${expires}`).digest('base64url')
