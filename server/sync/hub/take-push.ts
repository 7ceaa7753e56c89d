import { applyInTurns, type ReceivedEntry } from '../../../db/applied.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import { chainsBetween } from '../../../db/journal/ops.ts'
import { clockId, sha256 } from '../../../db/journal/journal.ts'
import { stampsIn } from '../../../db/journal/stamps.ts'
import { moveOriginHead, originHead } from '../../../db/fleet/origin-heads.ts'
import { troublesOf } from '../../../db/fleet/waiting.ts'
import type { JournalEntry } from '../../domain/chain.ts'
import { CLOCK_TOLERANCE } from '../../domain/time/clock-judgement.ts'
import { receive } from '../../domain/time/hybrid-clock.ts'
import { linkingPush, placePush, type Push, readingPush } from '../core/op.ts'
import { publishOwn } from '../publish.ts'
import { sideOfOffice } from '../sides.ts'
import { heardOf, type Sync, take } from '../take.ts'
import type { PushReply, Refused } from '../wire.ts'
import { BY, publishAll } from './publish-all.ts'
import { inParts } from './turns.ts'

/** Head office takes what a node pushes of its chain. */

/**
 * Takes what the node `origin`, which has signed in, pushes of its chain. Whatever was here already is skipped, so a push may come
 * as often as it likes; what breaks off is there as far as it came, in whole transactions.
 */
export async function takePush(sync: Sync, origin: number, body: unknown): Promise<PushReply | Refused> {
  const read = await inParts(readingPush(origin, body))
  if (!read.ok) return { error: read.reason, detail: read.detail }
  const push = read.value
  const entries = await inParts(linkingPush(sha256, push))
  if (!entries) return { error: 'digest', detail: 'The bodies do not come to the chain' }
  const { db } = sync.database
  const key = { origin, epoch: push.epoch }
  const head = await originHead(db, key)
  const known = await chainsBetween(
    db,
    key,
    Math.max(1, push.from - 1),
    Math.min(head.seq, push.from + entries.length - 1),
  )
  const placed = placePush(head, push, entries, (seq) => known.get(seq))
  if (placed.state !== 'news')
    return {
      error: placed.state,
      detail: `The chain ends at ${head.seq} here`,
      expected: { epoch: push.epoch, ...head },
    }
  await publishAll(sync)
  const transactions = [...Map.groupBy(placed.entries, ({ tx }) => tx).values()]
  await applyInTurns(sync.database, BY, transactions, (trx, transaction) => takePushed(trx, sync, transaction))
  return await replyTo(db, origin, push)
}

async function takePushed(trx: Trx, { known }: Sync, entries: readonly JournalEntry[]): Promise<void> {
  const last = entries.at(-1)!
  // The same push twice at once: the other one was first.
  if ((await originHead(trx, last)).seq >= last.seq) return
  while (await publishOwn(trx, known));
  const side = await sideOfOffice(trx, known)
  const judged = judge(trx, entries, side.shutOut(last.origin) === null ? CLOCK_TOLERANCE : 0)
  const heard = judged.map(({ chain: _, ...entry }) => heardOf(entry))
  await take(trx, known, heard, { ...side, entries: judged })
  await moveOriginHead(trx, last, last)
}

/** The stamps that entries are judged by: of a node that was shut out none moves head office's clock ahead. `tolerance` in ms. */
function judge({ act }: Trx, entries: readonly JournalEntry[], tolerance: number): ReceivedEntry[] {
  const { node, clock } = act
  let { hlc: state } = node
  return entries.map((entry) => {
    const { hlc, stamp } = receive(state, entry.hlc, clock.reading.says, clockId(node), tolerance)
    state = hlc
    return { ...entry, stamp: stamp === entry.hlc ? null : stamp }
  })
}

/** Says what became of exactly these ops: head office may have more, of which this would not tell the stamps. */
async function replyTo(db: Db, origin: number, { epoch, from, ops, chain }: Push): Promise<PushReply> {
  const to = ops.at(-1)!.seq
  const judged = await stampsIn(db, { origin, epoch, from, to })
  const troubles = await troublesOf(db, { origin, epoch, from, to })
  return {
    acked: to,
    chain,
    troubles: troubles.map(({ seq, state, reason }) => ({ seq, state, reason })),
    stamps: [...judged],
  }
}
