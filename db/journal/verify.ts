import { setTimeout as pause } from 'node:timers/promises'
import { checkLink, type Fault, GENESIS, type JournalEntry } from '../../server/domain/chain.ts'
import type { Db } from '../handle.ts'
import { sha256 } from './journal.ts'
import type { Erased } from './erase.ts'

/**
 * What is wrong with the journal, and which row the entry speaks of; `end` is a tail that is missing or was added, `blank` a
 * body that is gone although no entry says that it was erased.
 */
export type JournalFault = {
  origin: number
  epoch: number
  seq: number
  reason: Fault['reason'] | 'missing' | 'end' | 'blank'
  entity: string | null
  row_id: number | null
}

/** Entries read at once: no read lasts long enough to keep the write-ahead log from being emptied. */
const BATCH = 1_000

/**
 * Walks every chain of the journal from its first entry to the head that the node remembers, and names the first entry
 * that is not as it was written; null with all in order. Holds one batch at a time; `hear` hears each entry that is.
 */
export async function findJournalFault(
  db: Db,
  hear: (entry: JournalEntry) => void = () => {},
): Promise<JournalFault | null> {
  let walked = 0
  const erasures = openErasures()
  const counted = (entry: JournalEntry) => {
    walked += 1
    erasures.hear(entry)
    hear(entry)
  }
  for (let chain = await nextChain(db, { origin: -1, epoch: -1 }); chain; chain = await nextChain(db, chain)) {
    const fault = await walk(db, chain, counted)
    if (fault) return fault
  }
  return walked === 0 ? await faultOfHead(db, { seq: 0, chain: GENESIS }) : erasures.fault()
}

/** Holds the bodies that are blank against the entries that say what was erased, which come after them. */
function openErasures() {
  const blank = new Map<string, JournalFault>()
  const covered = new Set<string>()
  const at = ({ origin, epoch, seq }: Chain & { seq: number }) => `${origin}/${epoch}/${seq}`
  return {
    hear: ({ origin, epoch, seq, kind, entity, row_id, salt, after }: JournalEntry) => {
      const place = { origin, epoch, seq }
      if (salt === null) blank.set(at(place), { ...place, reason: 'blank', entity, row_id })
      else if (kind === 'erase' && after !== null) {
        const { seqs, ...chain } = JSON.parse(after) as Erased // Its digest says that it is as we wrote it.
        for (const erased of seqs) covered.add(at({ ...chain, seq: erased }))
      }
    },
    /** What says that something was erased is never erased itself. */
    fault: () => [...blank].find(([place, { entity }]) => entity === 'journal' || !covered.has(place))?.[1] ?? null,
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

async function walk(db: Db, chain: Chain, counted: (entry: JournalEntry) => void): Promise<JournalFault | null> {
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
  return await faultOfHead(db, { ...chain, ...reached })
}

async function entriesAfter(db: Db, { origin, epoch }: Chain, seq: number): Promise<JournalEntry[]> {
  const entries = db.selectFrom('journal').selectAll().where('origin', '=', origin).where('epoch', '=', epoch)
  return await entries.where('seq', '>', seq).orderBy('seq').limit(BATCH).execute()
}

/** Compares where the walk came to with what this machine's node remembers; a server may have written on meanwhile. */
async function faultOfHead(
  db: Db,
  reached: Partial<Chain> & Pick<Reached, 'seq' | 'chain'>,
): Promise<JournalFault | null> {
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
