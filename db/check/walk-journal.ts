import { SchemaDamaged } from '../errors.ts'
import { hash } from 'node:crypto'
import { checkLink, digestOf, GENESIS, type JournalEntry, linkOf } from '../../server/domain/chain.ts'
import { type EntryFinding, stopsWrites } from './findings.ts'
import { addFinding, BEFORE_FIRST_CHAIN, type Position } from './position.ts'
import { HAS_SELF, selfIn } from '../self.ts'
import { expectIndexed } from './journal-index.ts'
import { isArchived } from '../journal/archive.ts'
import { type BlockEntry, isBlock } from '../journal/block.ts'
import { lostRows, readBlock, type ReadRow } from './read-block.ts'
import type { JournalScan } from './journal-scan.ts'
import type { JournalTable } from '../schema/schema.ts'
import type { EndedChain } from '../journal/begin-epoch.ts'
import { columnsOf, type Scan } from './scan.ts'

/** Walks every chain of the journal from its first entry to the head that the node remembers. */

const sha256 = (text: string) => hash('sha256', text, 'base64url')

/** Is given each entry that is as it was written, those of an archive only where they are proved; `onLost` each row of which something cannot be read. */
type EntryListener = (entry: BlockEntry) => void

/**
 * Reads the next `limit` rows, and notes what is wrong with their entries where `prove` is set. Returns whether there is more
 * to read: a chain that breaks is not walked any further, nor any after it.
 */
export async function readEntries(
  position: Position,
  scan: JournalScan,
  limit: number,
  prove: boolean,
  onEntry: EntryListener,
  onLost: (key: string) => void = () => {},
): Promise<boolean> {
  const { reached } = position
  if (reached.ended) return await nextChain(position, scan)
  const rows = await scan.journalAfter(reached, limit)
  for (const row of rows) {
    const read = isBlock(row) ? await readBlock(position, scan, row) : readEntry(position, row)
    if (read.fault && prove) addFinding(position, read.fault)
    if (read.fault && prove && read.fault.reason !== 'body') return false
    reached.seq = row.seq
    reached.chain = row.chain
    if (prove) expectIndexed(position.index, row, isBlock(row) ? (read.lost ?? read.entries) : [row])
    // No row is held against an archive, which calls them otherwise.
    if (!isArchived(row)) lostRows(read).forEach(onLost)
    if (!isArchived(row) || prove) read.entries.forEach(onEntry)
  }
  if (rows.length < limit) reached.ended = await isAtHead(position, scan, prove)
  if (reached.ended && prove) position.restores.end(reached)
  return true
}

/** Counts an entry, and keeps what it says of others: which were erased, and where the chain before a restore ended. */
export function countEntry(position: Position, entry: BlockEntry): void {
  position.entries += 1
  if (entry.salt === null) position.erased += 1
  position.erasures.add(entry)
  // Of another node's chain head office may have more than was restored there.
  if (entry.origin === position.self.origin) position.restores.add(entry)
}

/**
 * Notes what only the whole journal tells, unless its chain broke before its end. `archive`: what is known of an archive, which says
 * itself neither where it ends nor what of it was erased since.
 */
export function closeJournal(position: Position, archive: readonly Archived[] = []): void {
  if (position.findings.some(stopsWrites)) return
  for (const { end, erased } of archive) {
    position.restores.expect(end)
    position.erasures.cover(erased.map((seq) => ({ ...end, seq })))
  }
  const finding = position.restores.finding() ?? position.erasures.finding()
  if (finding) addFinding(position, finding)
}

export type Archived = { end: EndedChain; erased: readonly number[] }

/** What is known of the archive of a shop that has joined; nothing in a database of before there were any. */
export async function readArchived(scan: Scan): Promise<Archived[]> {
  if (!(await columnsOf(scan, ['archived_chain'])).has('archived_chain')) return []
  const rows = await scan.rows('select origin, epoch, seq, chain, erased from archived_chain', [])
  return (rows as [number, number, number, string, string][]).map(([origin, epoch, seq, chain, erased]) => ({
    end: { origin, epoch, seq, chain },
    erased: seqsIn(erased),
  }))
}

/** As `noteArchivedErasure` wrote it. What a disk has made of it is a finding of its own, by the sum of the row. */
function seqsIn(written: string): number[] {
  try {
    return JSON.parse(written) as number[]
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** Goes on to the chain after this one: a node's epochs each have their own. */
async function nextChain(position: Position, scan: Scan): Promise<boolean> {
  const { reached, self } = position
  const { origin, epoch } = reached
  const next = await chainAfter(scan, reached)
  if (next) {
    position.reached = { ...next, seq: 0, chain: GENESIS, ended: false }
    return true
  }
  if (origin === self.origin && epoch === self.epoch) return false
  // A node whose own chain has no entry: it must not remember any.
  const { seq } = await headOf(scan)
  if (seq > 0 && !(await hasSelf(position, scan))) addFinding(position, endOf(self, 1))
  return false
}

type Chain = { origin: number; epoch: number }

async function chainAfter(scan: Scan, { origin, epoch }: Chain): Promise<Chain | null> {
  const columns = 'select origin, epoch from journal'
  const order = 'order by origin, epoch limit 1'
  const [next] = [
    ...(await scan.rows(`${columns} where origin = ? and epoch > ? ${order}`, [origin, epoch])),
    ...(await scan.rows(`${columns} where origin > ? ${order}`, [origin])),
  ]
  return next ? { origin: Number(next[0]), epoch: Number(next[1]) } : null
}

const hasSelf = async ({ self }: Position, scan: Scan) =>
  (await scan.rows('select seq from journal where origin = ? and epoch = ? limit 1', [self.origin, self.epoch]))
    .length > 0

function readEntry(position: Position, entry: JournalTable): ReadRow {
  const fault = faultOf(position, entry)
  // What stands beside a body that holds is of no concern to those who only want the body.
  return { entries: fault?.reason === 'body' ? [] : [entry], fault }
}

/** What is wrong with an entry; null when it is as it was written. */
function faultOf({ reached }: Position, entry: JournalEntry): EntryFinding | null {
  const { origin, epoch, seq, digest, entity, row_id } = entry
  if (seq !== reached.seq + 1)
    return { kind: 'entry', origin, epoch, seq: reached.seq + 1, reason: 'missing', entity: null, row_id: null }
  if (bodyHolds(entry) && linkOf(sha256, reached.chain, entry, digest) === entry.chain) return null
  const { reason } = checkLink(sha256, reached.chain, entry)!
  return { kind: 'entry', origin, epoch, seq, reason, entity, row_id }
}

/** Whether what an entry says of its row is what its digest was made of, or erased. */
function bodyHolds({ salt, before, after, digest }: JournalEntry): boolean {
  if (salt === null) return before === null && after === null
  return digestOf(sha256, salt, before, after) === digest
}

/** Whether this is where the chain ends: at the head that the node remembers, if it is its own. A server may have written on. */
async function isAtHead(position: Position, scan: JournalScan, prove: boolean): Promise<boolean> {
  const { reached, self } = position
  if (reached.origin !== self.origin || reached.epoch !== self.epoch) return true
  const head = await headOf(scan)
  if (head.seq === reached.seq && head.chain === reached.chain) return true
  if (head.seq > reached.seq) {
    const more = await scan.journalAfter(reached, 1)
    if (more.length > 0) return false
  }
  if (prove) addFinding(position, endOf(self, Math.min(head.seq, reached.seq) + 1))
  return true
}

const endOf = ({ origin, epoch }: Position['self'], seq: number): EntryFinding => ({
  kind: 'entry', origin, epoch, seq, reason: 'end', entity: null, row_id: null,
}) // oxfmt-ignore

/**
 * Where this machine's node remembers that its journal ends.
 * @throws SchemaDamaged where no node is this machine's
 */
export async function headOf(scan: Scan): Promise<{ origin: number; epoch: number; seq: number; chain: string }> {
  const hasSelf = scan.engine === 'postgres' || (await scan.rows(HAS_SELF, [])).length > 0
  const [row] = await scan.rows(`select id, epoch, seq, chain from ${selfIn(hasSelf)} own`, [])
  if (!row) throw new SchemaDamaged('none of its nodes is this machine')
  const [origin, epoch, seq, chain] = row as [number, number, number, string]
  return { origin, epoch, seq, chain }
}

/** Where the chains of other nodes end now, by `origin/epoch`. */
export async function otherHeads(scan: Scan, own: number): Promise<Record<string, number>> {
  const heads: Record<string, number> = {}
  for (let chain = await chainAfter(scan, BEFORE_FIRST_CHAIN); chain; chain = await chainAfter(scan, chain)) {
    if (chain.origin === own) continue
    const last = 'select max(seq) from journal where origin = ? and epoch = ?'
    const [[seq] = []] = await scan.rows(last, [chain.origin, chain.epoch])
    heads[`${chain.origin}/${chain.epoch}`] = Number(seq)
  }
  return heads
}

/** Transactions of other nodes of which nothing is in the rows, as `origin/epoch/tx`. */
export async function waitingTransactions(scan: Scan): Promise<Record<string, true>> {
  const columns = 'select origin, epoch, tx from'
  const rows = await scan.rows(`${columns} held union ${columns} quarantine`, [])
  return Object.fromEntries(rows.map((row) => [row.join('/'), true]))
}
