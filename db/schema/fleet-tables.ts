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

/** Streams that a row was brought into beside its own. */
export type ShareTable = { entity: string; row_id: number; stream: string }

/** A transaction that waits for a row. */
export type HeldTable = { entity: string; row_id: number; origin: number; epoch: number; tx: number }

/** A transaction that may not or cannot be applied, and which of its ops is why. */
export type QuarantineTable = { origin: number; epoch: number; tx: number; seq: number; reason: string; since: number }

/** A transaction of a newer program, of which something is not known here. */
export type ParkedTable = { origin: number; epoch: number; tx: number }

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

/** An op of another node as a terminal heard it; `digest` is null but for one whose body was erased. */
export type HeardTable = JournalHeader & {
  stamp: string
  before: string | null
  after: string | null
  salt: string | null
  digest: string | null
  heard_at: number
}
