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
  patience: number
  /** Questions that are still open keep the program from its end no longer. */
  letGo(): void
}

/**
 * Why Stripe's answer is of no use. `silent`: unreachable, too slow, at its limits or talking nonsense, so that what was
 * asked for may have happened or not; asking again under the same key tells. `refused`: it will not do it. `declined`: the
 * card. `key`: it does not accept this shop's key. The message and `code` are ours and Stripe's words of it; never a key.
 */
export class StripeTrouble extends Error {
  readonly kind: 'silent' | 'refused' | 'declined' | 'key'
  readonly code: string | null

  constructor(kind: StripeTrouble['kind'], code: string | null) {
    super(`Stripe: ${kind}${code === null ? '' : ` (${code})`}`)
    this.kind = kind
    this.code = code
  }
}

/** Whether Stripe answered, and will not do it. */
export const isRefusal = (error: unknown): error is StripeTrouble =>
  error instanceof StripeTrouble && (error.kind === 'refused' || error.kind === 'declined')

/** For one question: Stripe's own repetitions included. */
const PATIENCE = 20_000
const REPETITIONS = 2

/** Stripe as it is configured; null without a key. */
export function openStripe({ key, api }: Config['stripe'], patience = PATIENCE): StripeAccess | null {
  if (key === null) return null
  const place = api && {
    host: api.hostname.replace(/^\[|\]$/g, ''),
    port: api.port || (api.protocol === 'https:' ? '443' : '80'),
    protocol: api.protocol === 'https:' ? ('https' as const) : ('http' as const),
  }
  const httpAgent =
    api?.protocol === 'http:' ? new http.Agent({ keepAlive: true }) : new https.Agent({ keepAlive: true })
  const options = { timeout: Math.floor(patience / 3), maxNetworkRetries: REPETITIONS, telemetry: false, httpAgent }
  return {
    api: new Stripe(key, { ...options, ...place }),
    live: isLive(key),
    patience,
    letGo: () => {
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
 * @throws StripeTrouble
 */
export async function ask<T extends z.ZodType>(
  { api, patience }: StripeAccess,
  shape: T,
  question: (api: Stripe) => Promise<unknown>,
): Promise<z.output<T>> {
  const enough = new AbortController()
  const late = pause(patience, undefined, { signal: enough.signal, ref: false }).then(
    () => Promise.reject(new StripeTrouble('silent', 'too_slow')),
    () => undefined,
  )
  try {
    const answer = shape.safeParse(await Promise.race([question(api), late]))
    if (!answer.success) throw new StripeTrouble('silent', 'nonsense')
    return answer.data
  } catch (error) {
    throw troubleOf(error)
  } finally {
    enough.abort()
  }
}

function troubleOf(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error
  const code = wordOf(error.code) ?? wordOf(error.type)
  if (error instanceof Stripe.errors.StripeCardError)
    return new StripeTrouble('declined', wordOf(error.decline_code) ?? code)
  if (error instanceof Stripe.errors.StripeAuthenticationError) return new StripeTrouble('key', code)
  if (error instanceof Stripe.errors.StripePermissionError) return new StripeTrouble('key', 'permission')
  if (error instanceof Stripe.errors.StripeInvalidRequestError) return new StripeTrouble('refused', code)
  if (error instanceof Stripe.errors.StripeIdempotencyError) return new StripeTrouble('refused', 'idempotency_error')
  return new StripeTrouble('silent', code)
}

/** Only what looks like one of Stripe's codes: what else is in an error may quote a key or a person. */
const wordOf = (code: unknown) => (typeof code === 'string' && /^[A-Za-z_]{1,60}$/.test(code) ? code : null)
