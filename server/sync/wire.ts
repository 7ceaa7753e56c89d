import { z } from 'zod'
import { LAST_MS } from '../domain/time/instant.ts'
import { MOST_DOWN, type printRuns } from './core/op.ts'

/** What goes over the wire between a node and its parent, beside the ops themselves (`core/op.ts`). */

const SEQ = z.int().min(0)
const CURSOR = z.object({ seq: SEQ, mark: z.string().max(16) })
export const CURSORS = z.object({ org: CURSOR, store: CURSOR })
/** What may be kept: PostgreSQL takes no NUL, and half a surrogate pair comes back from no database as it went in. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed())
/** ms since 1970. */
const INSTANT = z.int().min(0).max(LAST_MS)
const STAMP = z.string().regex(/^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}$/)

/** A public key: base64url of 32 bytes. */
const KEY = z.string().regex(/^[\w-]{43}$/)

/** What a new machine says of itself; it is called `name` in place of what the code says. Ed25519 and X25519. */
export const ENROL = z.object({
  code: text(100),
  name: text(100).min(1).optional(),
  keys: z.object({ sign: KEY, seal: KEY }),
  /** How many migrations its program knows. */
  schema: z.int().min(1),
  version: text(50),
  /** A shop that comes with its history says in which currency (ISO 4217) that is. */
  brings: z.object({ currency: text(3) }).optional(),
})
export type Enrol = z.output<typeof ENROL>

const ROW = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

/** `node` and `store` are its rows as head office has them, whole: it mints ids of `node.id`, and begins with epoch 1. */
export const ENROLLED = z.object({
  node: ROW,
  store: ROW,
  parent_keys: z.object({ sign: KEY, seal: KEY }),
  incarnation: z.string(),
  /** Who gave out the code; an older head office says nothing of it. */
  invited_by: z.int().nullable().optional(),
})
export type Enrolled = z.output<typeof ENROLLED>

/** Signed by the node's key: `signedForToken`, Ed25519 in base64url. `at` is the node's own time, or what its parent told it. */
export const TOKEN = z.object({
  node: z.int().min(0),
  epoch: z.int().min(1),
  at: INSTANT,
  nonce: z.string().regex(/^[\w-]{16,64}$/),
  signature: z.string().max(100),
})
export type TokenRequest = z.output<typeof TOKEN>

/** What a node signs to be let in. */
export const signedForToken = ({ node, epoch, at, nonce }: Omit<TokenRequest, 'signature'>): string =>
  `fixpoint-token|${node}|${epoch}|${at}|${nonce}`

/** `good_for` seconds. */
export const TOKEN_REPLY = z.object({ token: z.string(), good_for: z.int(), server_time: INSTANT })
export type TokenReply = z.output<typeof TOKEN_REPLY>

/** What a node says first, and each time the line comes back. */
export const HELLO = z.object({
  /** Its own chain: where it ends, and up to where it knows that its parent has it. */
  epoch: z.int().min(1),
  seq: SEQ,
  chain: text(100),
  acked: z.object({ seq: SEQ, chain: text(100) }),
  cursors: CURSORS,
  /** How many migrations its program knows. */
  schema: z.int().min(1),
  version: text(50),
  /** Its own time. */
  clock: INSTANT,
  /** Ops that its parent has not acknowledged, when the oldest of them was written, and pictures that it has not sent. */
  waiting: z.object({ ops: SEQ, oldest_at: INSTANT.nullable(), photos: SEQ.optional() }),
  /** Transactions that it cannot apply: held, quarantined or parked there. */
  troubles: SEQ,
  /** When its rows were as the parent's last, and of how many tables and days they are not. Null or left out where that is not known. */
  digest: z.object({ same_at: INSTANT.nullable(), differs: SEQ }).nullish(),
})
export type Hello = z.output<typeof HELLO>

/**
 * - `go`: push and pull.
 * - `resend`: the parent has less of its chain than it acknowledged; `acked` says up to where.
 * - `fork`: the parent has another chain, or more than the node, or a later life of it: one of both was set back or copied.
 * - `too-old`: its program is too old for what the parent sends; pushes go on.
 * - `revoked`: it was shut out and hears nothing more; what it pushes is kept for a person to judge.
 */
export const VERDICTS = ['go', 'resend', 'fork', 'too-old', 'revoked'] as const
export type Verdict = (typeof VERDICTS)[number]

export const HELLO_REPLY = z.object({
  server_time: INSTANT,
  /** Another one than before: head office was restored, or another database took over. */
  incarnation: z.string(),
  /** How far the node's chain is here. */
  acked: z.object({ epoch: z.int(), seq: SEQ, chain: z.string() }),
  /** Where the streams that it hears end. */
  heads: z.object({ org: SEQ, store: SEQ }),
  schema: z.int(),
  verdict: z.enum(VERDICTS),
  /**
   * Of a fork: the last life of the node that was here; when another call under its number came last; whether its chain is here to its
   * end. An older head office says nothing of it.
   */
  latest_epoch: z.int().optional(),
  others_at: INSTANT.nullable().optional(),
  knows_end: z.boolean().optional(),
  /** How far the node's former chains are here, those that its restores have ended. */
  former: z.array(z.object({ epoch: z.int(), seq: SEQ, chain: z.string() })).optional(),
  /** Head office's own former chains, and where they end here: what it has said beyond was lost in a restore. Null where none was. */
  office: z
    .object({ node: z.int(), ends: z.array(z.object({ epoch: z.int(), seq: SEQ })) })
    .nullable()
    .default(null),
  /** Transactions of the node's chain that the parent has put aside: held, or quarantined. */
  troubles: SEQ.default(0),
  /** How long it waits before it pushes, so that a fleet does not come back at once. */
  wait_ms: z.int().min(0),
})
export type HelloReply = z.output<typeof HELLO_REPLY>

/** For how many seconds a parent that has nothing new keeps a pull. */
export const LONGEST_WAIT_S = 50

/** Cursors that a node has had, the newest first; more than it keeps are none. */
const PAST = z.object({ org: z.array(CURSOR).max(100), store: z.array(CURSOR).max(100) })
export type Past = z.output<typeof PAST>

/**
 * Asks for at most `most` ops behind the cursors; where there are none, waits for them so many seconds. `past` is said where the
 * parent did not know the cursors.
 */
export const PULL = z.object({
  cursors: CURSORS,
  past: PAST.optional(),
  most: z.int().min(1).default(MOST_DOWN),
  wait: z.number().min(0).max(LONGEST_WAIT_S).default(0),
})

/** `acked`: up to where the push is taken, held and quarantined ops included. `stamps` are those that are not the ops' own. */
export const PUSH_REPLY = z.object({
  acked: SEQ,
  chain: z.string(),
  troubles: z.array(z.object({ seq: SEQ, state: z.enum(['held', 'quarantined']), reason: z.string().nullable() })),
  stamps: z.array(z.tuple([SEQ, STAMP])),
})
export type PushReply = z.output<typeof PUSH_REPLY>

/**
 * `org` and `store` are runs of ops; `cursors` stand behind them; `more` says that there is more already. `seals`: of those ops of
 * `org`, and then of `store`, that head office, which is the node `office`, wrote itself and that have their words.
 */
export const PULL_REPLY = z.object({
  org: z.unknown(),
  store: z.unknown(),
  cursors: CURSORS,
  more: z.boolean(),
  seals: z
    .object({ office: z.int(), of: z.array(z.string().max(30)) })
    .nullable()
    .default(null),
})
export type PullReply = {
  org: ReturnType<typeof printRuns>
  store: ReturnType<typeof printRuns>
  cursors: z.output<typeof CURSORS>
  more: boolean
  seals: { office: number; of: string[] } | null
}

/** The picture of this hash is at head office. */
export const PHOTO_REPLY = z.object({ sha256: z.string() })
export type PhotoReply = z.output<typeof PHOTO_REPLY>
/** What says that an answer without a body, or with a picture for one, is head office's, and about which picture. */
export const etagOf = (sha256: string) => `"${sha256}"`

/** What head office has said itself, given back by a node that heard it: runs of ops, and the seal of each. */
export const RETURNED = z.object({ ops: z.unknown(), seals: z.array(z.string().max(30)).max(500) })
/** How many of them it had lost. */
export const RETURNED_REPLY = z.object({ taken: z.int().min(0) })
export type ReturnedReply = z.output<typeof RETURNED_REPLY>

/**
 * Nothing was taken. `expected`: where the parent's copy of the chain ends, or the cursor to ask from; `cursors`: the last ones that
 * both know, of those that the node has named. `server_time` says the parent's time to who signed with another.
 */
export const REFUSED = z.object({
  error: z.string(),
  detail: z.string(),
  expected: z
    .object({ epoch: z.int().optional(), seq: SEQ, chain: z.string().optional(), mark: z.string().optional() })
    .optional(),
  cursors: CURSORS.optional(),
  server_time: INSTANT.optional(),
})
export type Refused = z.output<typeof REFUSED>
