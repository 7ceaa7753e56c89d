import http from 'node:http'
import https from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { Stripe } from 'stripe'
import type { z } from 'zod'
import type { Config } from '../../config.ts'

/** The way to Stripe. Whoever asks does so outside any transaction: an answer may take seconds, or never come. */
export type StripeAccess = {
  /** Whether the key moves real money; null where the key does not tell. */
  live: boolean | null
  api: Stripe
  /** How long one question may take with its repetitions, in ms. */
  timeoutMs: number
  /** Questions that are still open keep the program from its end no longer. */
  unrefSockets(): void
}

/**
 * Why Stripe's answer is of no use. `silent`: unreachable, too slow, at its limits or talking nonsense, so that what was
 * asked for may have happened or not; asking again under the same key tells. `refused`: it will not do it. `declined`: the
 * card. `key`: it does not accept this shop's key. The message and `code` are ours and Stripe's words of it; never a key.
 */
export class StripeError extends Error {
  readonly kind: 'silent' | 'refused' | 'declined' | 'key'
  readonly code: string | null

  constructor(kind: StripeError['kind'], code: string | null) {
    super(`Stripe: ${kind}${code === null ? '' : ` (${code})`}`)
    this.kind = kind
    this.code = code
  }
}

/** Whether Stripe answered, and will not do it. */
export const isRefusal = (error: unknown): error is StripeError =>
  error instanceof StripeError && (error.kind === 'refused' || error.kind === 'declined')

/** For one question: Stripe's own repetitions included. */
const STRIPE_TIMEOUT_MS = 20_000
const MAX_RETRIES = 2

/** Stripe as it is configured; null without a key. */
export function openStripe({ key, api }: Config['stripe'], timeoutMs = STRIPE_TIMEOUT_MS): StripeAccess | null {
  if (key === null) return null
  const endpoint = api && {
    host: api.hostname.replace(/^\[|\]$/g, ''),
    port: api.port || (api.protocol === 'https:' ? '443' : '80'),
    protocol: api.protocol === 'https:' ? ('https' as const) : ('http' as const),
  }
  const httpAgent =
    api?.protocol === 'http:' ? new http.Agent({ keepAlive: true }) : new https.Agent({ keepAlive: true })
  const options = { timeout: Math.floor(timeoutMs / 3), maxNetworkRetries: MAX_RETRIES, telemetry: false, httpAgent }
  return {
    api: new Stripe(key, { ...options, ...endpoint }),
    live: isLive(key),
    timeoutMs,
    unrefSockets: () => {
      for (const socket of Object.values(httpAgent.sockets).flat()) socket?.unref()
    },
  }
}

function isLive(key: string): boolean | null {
  const mode = /^(?:sk|rk)_(live|test)_/.exec(key)?.[1]
  return mode === undefined ? null : mode === 'live'
}

/**
 * What Stripe answers, as far as `shape` knows it.
 * @throws StripeError
 */
export async function callStripe<T extends z.ZodType>(
  { api, timeoutMs }: StripeAccess,
  shape: T,
  call: (api: Stripe) => Promise<unknown>,
): Promise<z.output<T>> {
  const timer = new AbortController()
  const timeout = pause(timeoutMs, undefined, { signal: timer.signal, ref: false }).then(
    () => Promise.reject(new StripeError('silent', 'too_slow')),
    () => undefined,
  )
  try {
    const answer = shape.safeParse(await Promise.race([call(api), timeout]))
    if (!answer.success) throw new StripeError('silent', 'nonsense')
    return answer.data
  } catch (error) {
    throw stripeErrorOf(error)
  } finally {
    timer.abort()
  }
}

function stripeErrorOf(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error
  const code = codeOf(error.code) ?? codeOf(error.type)
  if (error instanceof Stripe.errors.StripeCardError)
    return new StripeError('declined', codeOf(error.decline_code) ?? code)
  if (error instanceof Stripe.errors.StripeAuthenticationError) return new StripeError('key', code)
  if (error instanceof Stripe.errors.StripePermissionError) return new StripeError('key', 'permission')
  if (error instanceof Stripe.errors.StripeInvalidRequestError) return new StripeError('refused', code)
  if (error instanceof Stripe.errors.StripeIdempotencyError) return new StripeError('refused', 'idempotency_error')
  return new StripeError('silent', code)
}

/** Only what looks like one of Stripe's codes: what else is in an error may quote a key or a person. */
const codeOf = (code: unknown) => (typeof code === 'string' && /^[A-Za-z_]{1,60}$/.test(code) ? code : null)
