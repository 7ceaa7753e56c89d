import { applyHeard, applyInTurns } from '../../../db/applied.ts'
import { saveConflicts } from '../../../db/fleet/conflicts.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import { setStamp, stampsIn } from '../../../db/journal/stamps.ts'
import { sha256 } from '../../../db/journal/journal.ts'
import { entriesBetween } from '../../../db/journal/entries.ts'
import { chainsBetween } from '../../../db/journal/ops.ts'
import { type ChainHead, type ChainKey, moveOriginHead, originHead } from '../../../db/fleet/origin-heads.ts'
import { keepBack, sendAgain, unsentChain } from '../../../db/fleet/unsent.ts'
import { type JournalEntry, linkOf } from '../../domain/chain.ts'
import { compareClocks } from '../../domain/time/write-order.ts'
import { restamp } from '../core/merge.ts'
import { cut, type Heard, MOST_UP, printOp, printPush } from '../core/op.ts'
import { openLookups } from '../lookups.ts'
import { followPeople } from '../people/follow-people.ts'
import { heardOf, nameOf, rowOpOf, rowsHere, settleOwn, type Sync } from '../take.ts'
import { type PushReply, PUSH_REPLY, REFUSED } from '../wire.ts'
import { Stopped } from './errors.ts'
import { BY, ParentRefused, ReplyBroken, type Send } from './send.ts'

/** What a node sends up: its own chains, which its parent judges; the end of one that a restore ended before the present one. */

type Pushed = { sent: number; aside: number; more: boolean }
const NOTHING: Pushed = { sent: 0, aside: 0, more: false }

/**
 * Sends the next ops that the parent has not acknowledged; returns how many it took, how many transactions of them it put aside,
 * and whether there are more. Where no reply comes they are sent again, and the parent skips what it has. Others have their turn
 * between the writes that come with it, each at most 50 ms long.
 * @throws ParentRefused, ReplyBroken
 */
export async function pushOnce(sync: Sync, send: Send): Promise<Pushed> {
  const { database, known } = sync
  const chain = await unsentChain(database.db)
  if (!chain) return NOTHING
  const { acked, ...key } = chain
  const entries = await entriesAfter(database.db, key, acked)
  const transactions = [...Map.groupBy(entries, ({ tx }) => tx).values()]
  await applyInTurns(database, BY, transactions, (trx, ops) => settleOwn(trx, known, ops.map(heardOfEntry)))
  const reply = await send('push', printPush(acked.chain, entries))
  const refused = REFUSED.safeParse(reply)
  if (refused.success) {
    const { error, expected: head } = refused.data
    // Of the present chain hello finds out what it comes to. A former one has ended, and keeps no later one from being sent.
    if (error === 'fork' && (await keepBackFormer(sync, key))) return { ...NOTHING, more: true }
    const isBehind = error === 'gap' && head?.chain !== undefined
    if (isBehind && (await resend(sync, key, { seq: head.seq, chain: head.chain! }))) return { ...NOTHING, more: true }
    throw new ParentRefused(refused.data)
  }
  const taken = PUSH_REPLY.safeParse(reply)
  const last = entries.at(-1)!
  if (!taken.success || taken.data.acked !== last.seq || taken.data.chain !== last.chain)
    throw new ReplyBroken('The reply is to another push')
  await hearStamps(sync, entries, taken.data)
  const more = last.seq < chain.seq || (await unsentChain(database.db)) !== null
  return { sent: entries.length, aside: taken.data.troubles.length, more }
}

const heardOfEntry = ({ chain: _, ...entry }: JournalEntry): Heard => heardOf({ ...entry, stamp: null })

/** The next entries, as many whole transactions as go into one push. */
async function entriesAfter(db: Db, key: ChainKey, acked: ChainHead): Promise<JournalEntry[]> {
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

/**
 * A parent that has less than it acknowledged is sent it again from `head`, where its copy ends; returns whether it has less. Where
 * its copy is of another chain than a former one here, that one's end stays here.
 * @throws Stopped where its copy is of another chain than the present one
 */
export async function resend(sync: Sync, key: ChainKey, { seq, chain }: ChainHead): Promise<boolean> {
  const { database } = sync
  const acked = await originHead(database.db, key)
  if (seq >= acked.seq) return false
  const own = seq === 0 ? chain : (await chainsBetween(database.db, key, seq, seq)).get(seq)
  if (own !== chain) {
    if (await keepBackFormer(sync, key)) return true
    throw new Stopped('fork')
  }
  await database.write(BY, async (trx) => {
    await moveOriginHead(trx, key, { seq, chain })
    await sendAgain(trx, key)
  })
  return true
}

/** Keeps the end of a chain back that a restore has ended; returns whether it is one of those. */
async function keepBackFormer({ database }: Sync, key: ChainKey): Promise<boolean> {
  const { epoch } = await database.db.selectFrom('self').select('epoch').executeTakeFirstOrThrow()
  if (key.epoch >= epoch) return false
  await database.write(BY, (trx) => keepBack(trx, key))
  return true
}

/**
 * Judges anew what the parent judged by another stamp than is known here, and then writes down how far it has this chain. One that was
 * put back may judge by its own time what it had judged by a limit before: it names the stamps alone that are not an entry's own.
 */
async function hearStamps(
  { database, known }: Sync,
  entries: readonly JournalEntry[],
  { acked, chain, stamps }: PushReply,
): Promise<void> {
  const first = entries[0]!
  const { origin, epoch } = first
  const here = await stampsIn(database.db, { origin, epoch, from: first.seq, to: acked })
  const there = new Map(stamps)
  const judged = entries.flatMap((entry) => {
    const [former, stamp] = [here, there].map((stamps) => stamps.get(entry.seq) ?? entry.hlc) as [string, string]
    return former === stamp ? [] : [{ entry, former, stamp }]
  })
  await applyInTurns(database, BY, judged, (trx, one) => hearStamp(trx, known, one))
  await database.write(BY, (trx) => moveOriginHead(trx, first, { seq: acked, chain }))
}

type Judged = { entry: JournalEntry; former: string; stamp: string }

async function hearStamp(trx: Trx, known: Sync['known'], { entry, former: before, stamp }: Judged): Promise<void> {
  await setStamp(trx, entry, stamp === entry.hlc ? null : stamp)
  const { chain: _, ...kept } = entry
  const op = rowOpOf(heardOf({ ...kept, stamp }), known)
  if (!op) return
  const lookups = openLookups()
  const here = rowsHere(trx, known, lookups)
  const row = await lookups.run(() => here.row(op.entity, op.row_id))
  const history = await lookups.run(() => here.history(op.entity, op.row_id))
  const former = { ...op.clock, stamp: before }
  const others = history.filter(({ clock }) => compareClocks(clock, op.clock) !== 0)
  const { write } = restamp(row!, op, former, known.columns.get(op.entity)!, others)
  if (!write) return
  await applyHeard(trx, [], [write])
  await followPeople(trx, [write], new Map([[nameOf(op), row!.values]]))
  await saveConflicts(trx, write)
}
