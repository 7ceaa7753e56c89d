import { applyInTurns } from '../../../db/applied.ts'
import { type Cursor, cursorAfter, readCursor, saveCursor } from '../../../db/fleet/feed.ts'
import type { Trx } from '../../../db/handle.ts'
import { lastInJournal } from '../../../db/journal/entries.ts'
import { sha256 } from '../../../db/journal/journal.ts'
import { entriesAt } from '../../../db/journal/ops.ts'
import { digestOf } from '../../domain/chain.ts'
import { type Heard, readRuns } from '../core/op.ts'
import { hearFromCommon, keepPast } from '../history/common-cursors.ts'
import { AT_NODE } from '../sides.ts'
import { type Sync, take } from '../take.ts'
import { PULL_REPLY, type PullReply, REFUSED, type Refused } from '../wire.ts'
import { readCursors } from './position.ts'
import { BY, ParentRefused, ReplyBroken, type Send } from './send.ts'

/** What a node hears: `org` and the stream of its store. */

/**
 * `most` ops are asked for; `wait` is how long the parent may hold the reply until there is something, in seconds. `onApplied`
 * hears of each turn of applying.
 */
export type Pull = { most?: number; wait?: number; onApplied?: () => void }

/**
 * Asks for what this node has not heard yet and applies it; returns how much that was, in transactions, and whether there is more.
 * Whatever was applied stays, with the cursors behind it, where a later transaction or the reply itself fails. Others have their
 * turn each 50 ms.
 * @throws ParentRefused, ReplyBroken
 */
export async function pullOnce(
  sync: Sync,
  send: Send,
  { onApplied, ...asked }: Pull = {},
): Promise<{ heard: number; more: boolean }> {
  const { database } = sync
  const { streams, cursors } = await readCursors(database.db)
  const reply = await send('pull', { cursors, ...asked })
  const refused = REFUSED.safeParse(reply)
  if (refused.success) return await beginAgain(sync, send, { streams, cursors }, refused.data)
  const read = PULL_REPLY.safeParse(reply)
  if (!read.success) throw new ReplyBroken('The reply is none to a pull')
  const { org, store, cursors: after, more } = read.data
  const sealed = sealing(read.data)
  const batches = [
    ...batchesOf(streams.org, cursors.org, org, after.org, sealed),
    ...batchesOf(streams.store, cursors.store, store, after.store, sealed),
  ]
  const apply = (trx: Trx, batch: Batch) => applyBatch(trx, sync, batch)
  if (batches.length > 0) await applyInTurns(database, BY, batches, apply, onApplied)
  return { heard: batches.length, more }
}

/** A cursor that the parent does not have is of another past than its own: it is heard again from the last one that both know. */
async function beginAgain(
  { database }: Sync,
  send: Send,
  from: Parameters<typeof hearFromCommon>[2],
  refused: Refused,
) {
  if (refused.error !== 'cursor') throw new ParentRefused(refused)
  await hearFromCommon(database, (body) => send('pull', body), from)
  return { heard: 0, more: true }
}

/** A transaction, or what its stream has of it, and the cursor behind it; of a reply's first one the cursor before it too. */
type Batch = { stream: string; before: Cursor | null; heard: readonly Heard[]; cursor: Cursor }

/** The seals stand in the order of head office's own ops. */
function sealing({ seals }: Pick<PullReply, 'seals'>): (heard: Heard) => Heard {
  let next = 0
  return (heard) => {
    if (!seals || heard.op.origin !== seals.office || heard.op.salt === null) return heard
    return { ...heard, seal: seals.of[next++] ?? null }
  }
}

function batchesOf(
  stream: string,
  before: Cursor,
  runs: unknown,
  after: Cursor,
  sealed: (heard: Heard) => Heard,
): Batch[] {
  const read = readRuns(runs)
  if (!read.ok) throw new ReplyBroken(`${stream}: ${read.detail}`)
  const batches: (Batch & { heard: Heard[] })[] = []
  let cursor = before
  for (const heard of read.value.map(sealed)) {
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
    throw new ReplyBroken(`The ops of ${stream} do not come to its mark`)
  return batches
}

async function applyBatch(trx: Trx, { known }: Sync, { stream, before, heard, cursor }: Batch): Promise<void> {
  // Twice at once: what another pull has applied has moved the cursor on.
  if ((await readCursor(trx, 'cursor', stream)).seq >= cursor.seq) return
  if (!(await isOwnHere(trx, heard[0]!.op))) await take(trx, known, heard, AT_NODE)
  if (before) await keepPast(trx, stream, before)
  await saveCursor(trx, 'cursor', stream, cursor)
}

/**
 * Whether this machine's own journal has an op. Of the chains that a restore ended it lacks what was written after the backup, and
 * may have something else in its place: what head office has comes back like what others wrote.
 */
async function isOwnHere(
  trx: Trx,
  { origin, epoch, seq, hlc, salt, before, after, digest }: Heard['op'],
): Promise<boolean> {
  const { node } = trx.act
  if (origin !== node.id) return false
  if (epoch === node.epoch) return true
  if (seq > (await lastInJournal(trx, { origin, epoch }))) return false
  const own = (await entriesAt(trx, [{ origin, epoch, seq }])).get(`${origin} ${epoch} ${seq}`)
  return own?.hlc === hlc && own.digest === (salt === null ? digest : digestOf(sha256, salt, before, after))
}
