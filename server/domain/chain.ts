/** A one-way function over text, passed in so that nothing is imported here. */
export type Sha256 = (text: string) => string

/** What the chain covers beside the digest: who changed which row, when, as which link. */
export type JournalHeader = {
  origin: number
  epoch: number
  seq: number
  /** `seq` of the first entry of the same transaction. */
  tx: number
  hlc: string
  /** How many migrations the writer knew. */
  schema: number
  at: number
  actor: number | null
  device: string | null
  act: string
  entity: string
  row_id: number
  kind: string
}

/** One link as stored. Body and salt are all null once they are erased for privacy; the digest stays. */
export type JournalEntry = JournalHeader & {
  before: string | null
  after: string | null
  salt: string | null
  digest: string
  chain: string
}

/**
 * What was tampered with: the body (before, after or salt), the digest alone, or the header or chain, which is also what a
 * missing, added or moved entry looks like.
 */
export type LinkError = { seq: number; reason: 'body' | 'digest' | 'header' }

/** What the first link of a journal is tied to. */
export const GENESIS = 'genesis'

/** Covers a row's change. JSON keeps the parts apart, so no two changes look alike. */
export function digestOf(sha256: Sha256, salt: string, before: string | null, after: string | null): string {
  return sha256(JSON.stringify([salt, before, after]))
}

/**
 * The journal of a shop that has joined a head office is an archive there: kept under a number below 0 in place of node 0's, which
 * is head office's since. This is the node whose entries were written.
 */
export const writerOf = (origin: number): number => Math.max(0, origin)

/** Ties a header and its digest to all that went before. */
export function linkOf(sha256: Sha256, previousChain: string, header: JournalHeader, digest: string): string {
  const { origin, epoch, seq, tx, hlc, schema, at, actor, device, act, entity, row_id, kind } = header
  return sha256(
    JSON.stringify([
      previousChain, writerOf(origin), epoch, seq, tx, hlc, schema, at, actor, device, act, entity, row_id, kind, digest,
    ]), // oxfmt-ignore
  )
}

/** Checks one entry against the chain of the one before it; null when it is as it was written. */
export function checkLink(sha256: Sha256, previousChain: string, entry: JournalEntry): LinkError | null {
  const { seq, salt, before, after, digest, chain } = entry
  const erased = salt === null && before === null && after === null
  const written = erased ? digest : digestOf(sha256, salt ?? '', before, after)
  const bodyHolds = written === digest && (erased || salt !== null)
  if (linkOf(sha256, previousChain, entry, digest) === chain) return bodyHolds ? null : { seq, reason: 'body' }
  if (bodyHolds) return { seq, reason: 'header' }
  return { seq, reason: linkOf(sha256, previousChain, entry, written) === chain ? 'digest' : 'header' }
}

/** Walks a journal in the order of its `seq` and names the first entry that was tampered with; holds one at a time. */
export function firstLinkError(
  sha256: Sha256,
  entries: Iterable<JournalEntry>,
  previousChain: string,
): LinkError | null {
  let chain = previousChain
  for (const entry of entries) {
    const error = checkLink(sha256, chain, entry)
    if (error) return error
    chain = entry.chain
  }
  return null
}
