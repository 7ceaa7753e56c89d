import { applyHeard, applyInTurns } from '../../db/applied.ts'
import { saveConflicts } from '../../db/conflicts.ts'
import type { Db, Trx } from '../../db/handle.ts'
import { type Cursor, cursorAfter, readCursor, saveCursor } from '../../db/feed.ts'
import { setStamp } from '../../db/journal/stamps.ts'
import { sha256 } from '../../db/journal/journal.ts'
import { entriesBetween } from '../../db/journal/entries.ts'
import { chainsBetween } from '../../db/journal/ops.ts'
import { type ChainHead, moveOriginHead, originHead } from '../../db/origin-heads.ts'
import { type JournalEntry, linkOf } from '../domain/chain.ts'
import { compareClocks } from '../domain/time/write-order.ts'
import { restamp } from './core/merge.ts'
import { cut, type Heard, MOST_UP, printOp, printPush, readRuns } from './core/op.ts'
import { hearFromCommon, keepPast } from './history/common-cursors.ts'
import { openLookups } from './lookups.ts'
import { AT_NODE } from './sides.ts'
import { heardOf, rowOpOf, rowsHere, settleOwn, type Sync, take } from './take.ts'
import { PULL_REPLY, type PushReply, PUSH_REPLY, REFUSED, type Refused } from './wire.ts'

/** A node's side of sync, over its database and a way to its parent. */

const BY = { actor: null, device: null, act: 'sync' }

/** Sends a body to the parent and gives back its reply; throws where none comes. */
export type Send = (call: 'push' | 'pull', body: unknown) => Promise<unknown>

/**
 * The parent did not take what came, and will not take it again either: its copy of this node's chain is another one, or it finds
 * the body wrong.
 */
export class PushRefused extends Error {
  refused: Refused
  constructor(refused: Refused) {
    super(`${refused.error}: ${refused.detail}`)
    this.refused = refused
  }
}

/**
 * Sends the next ops that the parent has not acknowledged; returns whether there are more. Where no reply comes they are sent
 * again, and the parent skips what it has.
 * @throws PushRefused
 */
export async function pushOnce(sync: Sync, send: Send): Promise<boolean> {
  const { database, known } = sync
  const self = await database.db.selectFrom('self').select(['node_id', 'epoch', 'seq']).executeTakeFirstOrThrow()
  const key = { origin: self.node_id, epoch: self.epoch }
  const acked = await originHead(database.db, key)
  if (acked.seq >= self.seq) return false
  const entries = await entriesAfter(database.db, key, acked)
  await database.write(BY, (trx) => settleOwn(trx, known, entries.map(heardOfEntry)))
  const reply = await send('push', printPush(acked.chain, entries))
  const refused = REFUSED.safeParse(reply)
  if (refused.success) return await goBack(sync, key, acked, refused.data)
  const taken = PUSH_REPLY.parse(reply)
  await database.write(BY, (trx) => hearStamps(trx, sync, entries, taken))
  return taken.acked < self.seq
}

const heardOfEntry = ({ chain: _, ...entry }: JournalEntry): Heard => heardOf({ ...entry, stamp: null })

/** The next entries, as many whole transactions as go into one push. */
async function entriesAfter(db: Db, key: { origin: number; epoch: number }, acked: ChainHead): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  let { chain } = acked
  for await (const { stamp: _, ...entry } of entriesBetween(db, { ...key, after: acked.seq })) {
    if (entries.length > MOST_UP && entries.at(-1)!.tx !== entry.tx) break
    chain = linkOf(sha256, chain, entry, entry.digest)
    entries.push({ ...entry, chain })
  }
  const bytes = (index: number) => Buffer.byteLength(JSON.stringify(printOp({ ...entries[index]!, digest: null })))
  return entries.slice(0, cut(entries, MOST_UP, bytes))
}

/** A parent that has less than it acknowledged is sent it again from where its copy ends, if that is this chain. */
async function goBack(
  { database }: Sync,
  key: { origin: number; epoch: number },
  acked: ChainHead,
  refused: Refused,
): Promise<boolean> {
  const { expected } = refused
  const isBehind = refused.error === 'gap' && expected?.chain !== undefined && expected.seq < acked.seq
  if (!isBehind) throw new PushRefused(refused)
  const { seq } = expected
  const chain = seq === 0 ? expected.chain : (await chainsBetween(database.db, key, seq, seq)).get(seq)
  if (chain !== expected.chain) throw new PushRefused({ ...refused, error: 'fork' })
  await database.write(BY, (trx) => moveOriginHead(trx, key, { seq, chain: expected.chain! }))
  return true
}

/** Writes down how far the parent has this chain, and judges anew what it judged by another stamp. */
async function hearStamps(
  trx: Trx,
  { known }: Sync,
  entries: readonly JournalEntry[],
  { acked, chain, stamps }: PushReply,
): Promise<void> {
  const [first, last] = [entries[0]!, entries.at(-1)!]
  if (acked !== last.seq || chain !== last.chain) throw new Error('The reply is to another push')
  for (const [seq, stamp] of stamps) {
    const entry = entries[seq - first.seq]
    if (entry) await hearStamp(trx, known, entry, stamp)
  }
  await moveOriginHead(trx, first, { seq: acked, chain })
}

async function hearStamp(trx: Trx, known: Sync['known'], entry: JournalEntry, stamp: string): Promise<void> {
  await setStamp(trx, entry, stamp)
  const { chain: _, ...kept } = entry
  const op = rowOpOf(heardOf({ ...kept, stamp }), known)
  if (!op) return
  const lookups = openLookups()
  const here = rowsHere(trx, known, lookups)
  const row = await lookups.run(() => here.row(op.entity, op.row_id))
  const history = await lookups.run(() => here.history(op.entity, op.row_id))
  const former = { ...op.clock, stamp: entry.hlc }
  const others = history.filter(({ clock }) => compareClocks(clock, op.clock) !== 0)
  const { write } = restamp(row!, op, former, known.columns.get(op.entity)!, others)
  if (!write) return
  await applyHeard(trx, [], [write])
  await saveConflicts(trx, write)
}

/**
 * Asks for what this node has not heard yet and applies it; returns whether there is more. Whatever was applied stays, with the
 * cursors behind it, where a later transaction or the reply itself fails.
 */
export async function pullOnce(sync: Sync, send: Send, most?: number): Promise<boolean> {
  const { database } = sync
  const { store_id } = await database.db
    .selectFrom('self')
    .innerJoin('node', 'node.id', 'self.node_id')
    .select('node.store_id')
    .executeTakeFirstOrThrow()
  const streams = { org: 'org', store: `store:${store_id}` }
  const cursors = {
    org: await readCursor(database.db, 'cursor', streams.org),
    store: await readCursor(database.db, 'cursor', streams.store),
  }
  const reply = await send('pull', { cursors, ...(most === undefined ? {} : { most }) })
  const refused = REFUSED.safeParse(reply)
  if (refused.success) return await beginAgain(sync, send, { streams, cursors }, refused.data)
  const { org, store, cursors: after, more } = PULL_REPLY.parse(reply)
  const batches = [
    ...batchesOf(streams.org, cursors.org, org, after.org),
    ...batchesOf(streams.store, cursors.store, store, after.store),
  ]
  if (batches.length > 0) await applyInTurns(database, BY, batches, (trx, batch) => applyBatch(trx, sync, batch))
  return more
}

/** A cursor that the parent does not have is of another past than its own: it is heard again from the last one that both know. */
async function beginAgain(
  { database }: Sync,
  send: Send,
  from: Parameters<typeof hearFromCommon>[2],
  refused: Refused,
): Promise<boolean> {
  if (refused.error !== 'cursor') throw new PushRefused(refused)
  await hearFromCommon(database, (body) => send('pull', body), from)
  return true
}

/** A transaction, or what its stream has of it, and the cursor behind it; of a reply's first one the cursor before it too. */
type Batch = { stream: string; before: Cursor | null; heard: readonly Heard[]; cursor: Cursor }

function batchesOf(stream: string, before: Cursor, runs: unknown, after: Cursor): Batch[] {
  const read = readRuns(runs)
  if (!read.ok) throw new Error(`${stream}: ${read.detail}`)
  const batches: (Batch & { heard: Heard[] })[] = []
  let cursor = before
  for (const heard of read.value) {
    cursor = cursorAfter(cursor, heard.op)
    const last = batches.at(-1)
    const op = last?.heard[0]?.op
    const isSame = op?.origin === heard.op.origin && op.epoch === heard.op.epoch && op.tx === heard.op.tx
    if (last && isSame) {
      last.heard.push(heard)
      last.cursor = cursor
    } else batches.push({ stream, before: last ? null : before, heard: [heard], cursor })
  }
  if (cursor.mark !== after.mark || cursor.seq !== after.seq)
    throw new Error(`The ops of ${stream} do not come to its mark`)
  return batches
}

async function applyBatch(trx: Trx, { known }: Sync, { stream, before, heard, cursor }: Batch): Promise<void> {
  const { id, epoch } = trx.act.node
  const { op } = heard[0]!
  // Twice at once: what another pull has applied has moved the cursor on.
  if ((await readCursor(trx, 'cursor', stream)).seq >= cursor.seq) return
  if (op.origin !== id || op.epoch !== epoch) await take(trx, known, heard, AT_NODE)
  if (before) await keepPast(trx, stream, before)
  await saveCursor(trx, 'cursor', stream, cursor)
}
