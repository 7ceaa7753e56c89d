import { createSecretKey, type KeyObject, verify as verifySignature } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { Clock } from '../../db/clock.ts'
import type { Db } from '../../db/handle.ts'
import { prepared } from '../../db/prepared.ts'
import { CLOCK_TOLERANCE } from '../domain/time/clock-judgement.ts'
import { isLoopback } from '../http/bounds/sender.ts'
import type { Tokens } from '../http/auth/tokens.ts'
import { publicKeyFrom } from './node-keys.ts'
import { SyncRefused, tryAgain } from './refused.ts'
import { signedForToken, type TokenReply, type TokenRequest } from './wire.ts'

/**
 * How a node signs in at head office: it signs with its key, and is given a token that is good for a quarter of an hour. Made by
 * the library that makes people's tokens, under a key of its own and for an audience of its own: neither is ever the other.
 */

/** Who signed in, and as which of its lives. */
export type NodeClaims = { node: number; epoch: number }

/** A node as its row says it; `store_id` is the one store that it speaks for. */
export type KnownNode = { id: number; store_id: number; sign_key: string | null; revoked_at: number | null }

export type NodeTokens = {
  /**
   * A token for who proves by its signature to be the node that it says, one that was shut out too: few calls take it.
   * @throws SyncRefused 401 for any other, and with head office's time where it was signed with another; 429
   */
  letIn(db: Db, asked: TokenRequest, address: string): Promise<TokenReply>
  /** The claims of a token of ours that has not run out; null for any other. */
  verify(token: string): NodeClaims | null
}

const LIFETIME_S = 900
const AUDIENCE = 'fixpoint-node'
/** How far ahead of our time a token may have been issued, in s. */
const MAX_ISSUED_AHEAD_S = 60
/** Verified tokens kept, so that a signature is checked once. */
const MAX_CACHED_TOKENS = 5_000
/** How often one node may sign in while what it signed could be sent again: it needs to twice. */
const MOST_OF_NODE = 60
/** What an address may get wrong within a minute, in how many addresses. */
const MOST_FAILURES = 30
const FAILURES_WITHIN_MS = 60_000
const MAX_ADDRESSES = 10_000

/** `stopwatch` in ms: a clock that is set neither opens nor prolongs a throttle. */
export function openNodeTokens(
  tokens: Pick<Tokens, 'derive'>,
  clock: Pick<Clock, 'now'>,
  stopwatch: () => number = () => performance.now(),
): NodeTokens {
  const key = createSecretKey(tokens.derive('node token'))
  const verified = new Map<string, VerifiedClaims>()
  const spent = openSpent(clock)
  const failures = openFailures(stopwatch)
  return {
    letIn: async (db, asked, address) => {
      failures.refuse(address)
      const node = await nodeOf(db, asked.node)
      if (!node || !isSignedBy(node, asked)) {
        failures.count(address)
        throw new SyncRefused(401, { error: 'signature', detail: 'No node of this head office signed this' })
      }
      const now = clock.now()
      if (Math.abs(asked.at - now) > CLOCK_TOLERANCE)
        throw new SyncRefused(401, {
          error: 'clock',
          detail: 'Signed with a time that is not head office’s: sign with that',
          server_time: now,
        })
      spent.spend(asked)
      const claims = { epoch: asked.epoch, iat: Math.floor(now / 1000), exp: Math.floor(now / 1000) + LIFETIME_S }
      const token = jwt.sign({ ...claims, sub: String(asked.node), aud: AUDIENCE }, key, { algorithm: 'HS256' })
      return { token, good_for: LIFETIME_S, server_time: now }
    },
    verify: (token) => {
      const seconds = clock.now() / 1000
      const claims = verified.get(token) ?? check(token, key)
      if (!claims) return null
      if (!verified.has(token)) {
        if (verified.size >= MAX_CACHED_TOKENS) verified.clear()
        verified.set(token, claims)
      }
      return claims.exp > seconds && claims.iat <= seconds + MAX_ISSUED_AHEAD_S ? claims : null
    },
  }
}

type VerifiedClaims = NodeClaims & { iat: number; exp: number }

function check(token: string, key: KeyObject): VerifiedClaims | null {
  try {
    const payload = jwt.verify(token, key, { algorithms: ['HS256'], audience: AUDIENCE, ignoreExpiration: true })
    const { sub, epoch, iat, exp } = payload as Record<string, unknown>
    if (typeof sub !== 'string' || typeof epoch !== 'number') return null
    if (typeof iat !== 'number' || typeof exp !== 'number') return null
    return { node: Number(sub), epoch, iat, exp }
  } catch {
    return null // Whatever is wrong with it, the token is not ours.
  }
}

const nodeById = prepared((db, id: number) =>
  db
    .selectFrom('node')
    .select(['id', 'store_id', 'sign_key', 'revoked_at'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .where('id', 'not in', ({ selectFrom }) => selectFrom('self').select('node_id')),
)

/** The node of this number, as it is now; head office itself is none that calls. */
export const nodeOf = async (db: Db, id: number): Promise<KnownNode | undefined> => (await nodeById(db, id))[0]

export const revoked = () =>
  new SyncRefused(403, { error: 'revoked', detail: 'Head office has shut this terminal out' })

function isSignedBy({ sign_key }: KnownNode, asked: TokenRequest): boolean {
  if (sign_key === null) return false
  try {
    const key = publicKeyFrom(sign_key, 'Ed25519')
    return verifySignature(null, Buffer.from(signedForToken(asked)), key, Buffer.from(asked.signature, 'base64url'))
  } catch {
    return false // What stands in the row is no key.
  }
}

/**
 * What was signed is good once: whoever hears it on the way cannot send it again. Remembered as long as its time is acceptable, and
 * only what a node has signed, so that nobody else fills it.
 */
function openSpent({ now }: Pick<Clock, 'now'>) {
  const ofNode = new Map<number, Map<string, number>>()
  return {
    spend: ({ node, nonce, at }: TokenRequest) => {
      const spent = ofNode.get(node) ?? new Map<string, number>()
      ofNode.set(node, spent)
      for (const [other, signedAt] of spent) if (signedAt < now() - CLOCK_TOLERANCE) spent.delete(other)
      if (spent.has(nonce)) throw new SyncRefused(401, { error: 'replayed', detail: 'This was sent before' })
      if (spent.size >= MOST_OF_NODE)
        throw tryAgain(429, 'too-many-tokens', 'This node signs in too often, try again later', 60)
      spent.set(nonce, at)
    },
  }
}

/** Who fails again and again is not looked at for a while. This machine's own address is not counted. */
function openFailures(stopwatch: () => number) {
  const failed = new Map<string, { since: number; count: number }>()
  const lately = (address: string) => {
    const found = failed.get(address)
    return found && found.since + FAILURES_WITHIN_MS > stopwatch() ? found : null
  }
  return {
    refuse: (address: string) => {
      const found = lately(address)
      if (!found || found.count < MOST_FAILURES) return
      const seconds = (found.since + FAILURES_WITHIN_MS - stopwatch()) / 1_000
      throw tryAgain(429, 'too-many-attempts', 'Too many attempts, try again later', seconds)
    },
    count: (address: string) => {
      if (isLoopback(address)) return
      const found = lately(address)
      if (found) return void found.count++
      failed.delete(address)
      failed.set(address, { since: stopwatch(), count: 1 })
      if (failed.size > MAX_ADDRESSES) failed.delete(failed.keys().next().value!)
    },
  }
}
