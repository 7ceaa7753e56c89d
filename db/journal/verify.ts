import { setTimeout as pause } from 'node:timers/promises'
import { checkLink, GENESIS, type JournalEntry, type LinkError } from '../../server/domain/chain.ts'
import type { Db } from '../handle.ts'
import type { EndedChain, Restored } from './begin-epoch.ts'
import { sha256 } from './journal.ts'
import type { Erased } from './erase.ts'

/**
 * What is wrong with the journal, and which row the entry speaks of; `end` is a tail that is missing or was added, `blank` a
 * body that is gone although no entry says that it was erased.
 */
export type JournalError = {
  origin: number
  epoch: number
  seq: number
  reason: LinkError['reason'] | 'missing' | 'end' | 'blank'
  entity: string | null
  row_id: number | null
}

/** Entries read at once: no read lasts long enough to keep the write-ahead log from being emptied. */
const BATCH = 1_000

/**
 * Walks every chain of the journal from its first entry to the head that the node remembers, and names the first entry
 * that is not as it was written; null with all in order. Holds one batch at a time; `hear` hears each entry that is.
 */
export async function findJournalError(
  db: Db,
  onEntry: (entry: JournalEntry) => void = () => {},
): Promise<JournalError | null> {
  let walked = 0
  const erasures = openErasures()
  const restores = openRestores()
  const counted = (entry: JournalEntry) => {
    walked += 1
    erasures.onEntry(entry)
    restores.onEntry(entry)
    onEntry(entry)
  }
  for (let chain = await nextChain(db, { origin: -1, epoch: -1 }); chain; chain = await nextChain(db, chain)) {
    const error = await walk(db, chain, counted)
    if (error) return error
  }
  if (walked === 0) return await headErrorOf(db, { seq: 0, chain: GENESIS })
  return restores.error() ?? erasures.error()
}

/** Compares the ends of the chains with what the restores say that came after them. */
function openRestores() {
  const ends = new Map<string, Pick<JournalEntry, 'seq' | 'chain'>>()
  const expected: EndedChain[] = []
  const keyOf = ({ origin, epoch }: Chain) => `${origin}/${epoch}`
  return {
    onEntry: (entry: JournalEntry) => {
      ends.set(keyOf(entry), { seq: entry.seq, chain: entry.chain })
      if (entry.kind === 'restore' && entry.after !== null) {
        const { ended } = JSON.parse(entry.after) as Restored // Its digest says that it is as we wrote it.
        expected.push(ended)
      }
    },
    error: (): JournalError | null => {
      for (const { origin, epoch, seq, chain } of expected) {
        const reached = ends.get(keyOf({ origin, epoch })) ?? { seq: 0, chain: GENESIS }
        if (reached.seq !== seq || reached.chain !== chain)
          return { origin, epoch, seq: Math.min(seq, reached.seq) + 1, reason: 'end', entity: null, row_id: null }
      }
      return null
    },
  }
}

/** Holds the bodies that are blank against the entries that say what was erased, which come after them. */
function openErasures() {
  const erasedEntries = new Map<string, JournalError>()
  const recorded = new Set<string>()
  const at = ({ origin, epoch, seq }: Chain & { seq: number }) => `${origin}/${epoch}/${seq}`
  return {
    onEntry: ({ origin, epoch, seq, kind, entity, row_id, salt, after }: JournalEntry) => {
      const place = { origin, epoch, seq }
      if (salt === null) erasedEntries.set(at(place), { ...place, reason: 'blank', entity, row_id })
      else if (kind === 'erase' && after !== null) {
        const { seqs, ...chain } = JSON.parse(after) as Erased // Its digest says that it is as we wrote it.
        for (const seq of seqs) recorded.add(at({ ...chain, seq }))
      }
    },
    /** What says that something was erased is never erased itself. */
    error: () =>
      [...erasedEntries].find(([place, { entity }]) => entity === 'journal' || !recorded.has(place))?.[1] ?? null,
  }
}

type Chain = { origin: number; epoch: number }
type Reached = { seq: number; chain: string; entity: string | null; row_id: number | null }

/** The chain after this one: a node's epochs each have their own. */
async function nextChain(db: Db, { origin, epoch }: Chain): Promise<Chain | undefined> {
  const after = db.selectFrom('journal').select(['origin', 'epoch']).orderBy('origin').orderBy('epoch').limit(1)
  return (
    (await after.where('origin', '=', origin).where('epoch', '>', epoch).executeTakeFirst()) ??
    (await after.where('origin', '>', origin).executeTakeFirst())
  )
}

async function walk(db: Db, chain: Chain, counted: (entry: JournalEntry) => void): Promise<JournalError | null> {
  let reached: Reached = { seq: 0, chain: GENESIS, entity: null, row_id: null }
  for (;;) {
    const entries = await entriesAfter(db, chain, reached.seq)
    for (const entry of entries) {
      const reason = entry.seq !== reached.seq + 1 ? 'missing' : checkLink(sha256, reached.chain, entry)?.reason
      if (reason === 'missing') return { ...chain, seq: reached.seq + 1, reason, entity: null, row_id: null }
      if (reason) return { ...chain, seq: entry.seq, reason, entity: entry.entity, row_id: entry.row_id }
      reached = entry
      counted(entry)
    }
    if (entries.length < BATCH) break
    await pause(1)
  }
  return await headErrorOf(db, { ...chain, ...reached })
}

async function entriesAfter(db: Db, { origin, epoch }: Chain, seq: number): Promise<JournalEntry[]> {
  const entries = db.selectFrom('journal').selectAll().where('origin', '=', origin).where('epoch', '=', epoch)
  return await entries.where('seq', '>', seq).orderBy('seq').limit(BATCH).execute()
}

/** Compares where the walk came to with what this machine's node remembers; a server may have written on meanwhile. */
async function headErrorOf(
  db: Db,
  reached: Partial<Chain> & Pick<Reached, 'seq' | 'chain'>,
): Promise<JournalError | null> {
  const head = await db
    .selectFrom('node')
    .select(['id', 'epoch', 'seq', 'chain'])
    .where('is_self', '=', 1)
    .executeTakeFirstOrThrow()
  if (reached.origin !== undefined && (reached.origin !== head.id || reached.epoch !== head.epoch)) return null
  if (head.seq === reached.seq && head.chain === reached.chain) return null
  const chain = { origin: head.id, epoch: head.epoch }
  if (head.seq > reached.seq) {
    const [next] = await entriesAfter(db, chain, reached.seq)
    if (next) return null
  }
  return { ...chain, seq: Math.min(head.seq, reached.seq) + 1, reason: 'end', entity: null, row_id: null }
}
