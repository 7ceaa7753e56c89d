import type { JournalHeader } from '../../server/domain/chain.ts'

/** The tables of this machine alone that it has of the others of its fleet. */

/**
 * How far a chain of another node is here. Of this node's own chain: at a terminal how far its parent has it, at head office how
 * far it is in the feed.
 */
export type OriginHeadTable = { origin: number; epoch: number; seq: number; chain: string }

/** Where a stream ends (at head office), or how far this machine has heard it; `mark` follows from all ops before. */
export type StreamHeadTable = { stream: string; seq: number; mark: string }

/** One op of a stream. */
export type FeedTable = { stream: string; seq: number; origin: number; epoch: number; op_seq: number; mark: string }

/** The same as it is kept; `at`: when it came into the stream, null for one of before that was noted. */
export type KeptFeedTable = FeedTable & { at: number | null }

/** A cursor that this machine has had, by which its parent finds the last one that both know (`db/fleet/cursor-past.ts`). */
export type CursorPastTable = { stream: string; seq: number; mark: string }

/** The last erasure that names a row; `revived_at`: since when somebody's words stand there who did not know it. */
export type ErasedTable = {
  entity: string
  row_id: number
  stamp: string
  origin: number
  epoch: number
  seq: number
  revived_at: number | null
}

/** Streams that a row was brought into beside its own. */
export type ShareTable = { entity: string; row_id: number; stream: string }

/** A transaction that waits for a row. */
export type HeldTable = { entity: string; row_id: number; origin: number; epoch: number; tx: number }

/** A transaction that may not or cannot be applied, and which of its ops is why. */
export type QuarantineTable = { origin: number; epoch: number; tx: number; seq: number; reason: string; since: number }

/** A transaction of a newer program, of which something is not known here. */
export type ParkedTable = { origin: number; epoch: number; tx: number }

/**
 * A picture that is to be sent to head office, to be fetched from there, or whose file is to go (`db/fleet/photo-needs.ts`). `tries` have
 * failed, and the next one is due at `next_at`.
 */
export type PhotoNeedTable = {
  sha256: string
  direction: PhotoDirection
  since: number
  tries: number
  next_at: number
}

export type PhotoDirection = 'send' | 'fetch' | 'drop'

/**
 * A row that may be odd in a way that no machine allows alone, and that comes of two machines that did not know of each other. It is
 * noted where ops of others were applied; whoever reads it looks at the row whether it is so still.
 */
export type SuspectTable = { kind: SuspectKind; row_id: number }

/**
 * - `stock-below-zero`, of a product: more went than there was.
 * - `unit-twice`, of a unit: sold or bought twice.
 * - `sale-paid-twice`, of an order of the web shop, and `repair-paid-twice`: more was paid than it comes to.
 * - `offer-overtaken`, of a request: the customer has answered another offer than the one that stands.
 */
export const SUSPECT_KINDS = [
  'stock-below-zero',
  'unit-twice',
  'sale-paid-twice',
  'repair-paid-twice',
  'offer-overtaken',
] as const
export type SuspectKind = (typeof SUSPECT_KINDS)[number]

/** A value that lost, under the clock of the write that it is of; `lost` and `won` are JSON (`db/schema/conflict.ts`). */
export type ConflictTable = {
  entity: string
  row_id: number
  register: string
  stamp: string
  origin: number
  epoch: number
  seq: number
  lost: string
  won: string
}

/**
 * An op as a terminal heard it, or head office what it had said itself before it was restored; `digest` is null but for one whose body
 * was erased. `seal`: by which head office knows a word of its own again.
 */
export type HeardTable = JournalHeader & {
  stamp: string
  before: string | null
  after: string | null
  salt: string | null
  digest: string | null
  seal: string | null
  heard_at: number
}

/** One row, on every machine of a fleet: at head office what it is itself, at a terminal what it knows of it. */
export type HeadOfficeTable = {
  id: 1
  /** Another one after head office was restored: nodes then compare what they acknowledged. */
  incarnation: string
  /** Where it is reached, `https://office.example.com`; null at head office. */
  address: string | null
  /** Its public key: Ed25519, base64url; null at head office. */
  sign_key: string | null
}

/** A code by which one machine joins, at head office. */
export type EnrolmentCodeTable = {
  code_hash: string
  store_id: number
  /** What its numbers will say: `T2`. */
  terminal: string
  name: string
  /** The dead machine whose place it takes. */
  replaces: number | null
  created_by: number | null
  created_at: number
  expires_at: number
  used_at: number | null
  /** The node that it made. */
  node_id: number | null
}

/** When head office last heard of a node, and what that said of itself. */
export type NodeContactTable = {
  node_id: number
  seen_at: number
  version: string
  schema: number
  /** By how much its clock is ahead of head office's, in ms. */
  clock_offset: number
  /** Ops that it has not sent, and since when the oldest of them waits. */
  waiting: number
  waiting_since: number | null
  /** Transactions of its chain that are held or quarantined here. */
  troubles: number
  /** Transactions that it has heard and cannot apply: held, quarantined or parked there. Null of what was said before this was kept. */
  troubles_there: number | null
  /** Pictures that it has not sent. Null of what was said before this was kept. */
  photos_waiting: number | null
  /** What `hello` answered it. */
  verdict: string
  /** When its rows were as head office has them last, and of how many tables and days they are not; null where it has never said so. */
  same_at: number | null
  differs: number | null
}

/**
 * How the rows of a shop that has joined with its history are called since: ids from `first_id` to `last_id` of then, one behind the
 * other, from `first_new_id` on. Of an entity no two rows overlap.
 */
export type IdAliasTable = { entity: string; first_id: number; last_id: number; first_new_id: number }

/**
 * Where a chain ends that is an archive (`db/journal/archive.ts`), and of which of its entries (`seq`, JSON) the words were erased: it
 * cannot say so itself any more.
 */
export type ArchivedChainTable = { origin: number; epoch: number; seq: number; chain: string; erased: string }
