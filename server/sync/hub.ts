import { applyInTurns, type ReceivedEntry } from '../../db/applied.ts'
import type { Db, Trx } from '../../db/handle.ts'
import { type Cursor, isOfStream, NOTHING_HEARD, readFeed } from '../../db/feed.ts'
import { chainsBetween, entriesAt } from '../../db/journal/ops.ts'
import { clockId, sha256 } from '../../db/journal/journal.ts'
import { moveOriginHead, originHead } from '../../db/origin-heads.ts'
import type { FeedTable } from '../../db/schema/fleet-tables.ts'
import { troublesOf } from '../../db/waiting.ts'
import type { JournalEntry } from '../domain/chain.ts'
import { receive } from '../domain/time/hybrid-clock.ts'
import {
  cut,
  type Heard,
  linkPush,
  MOST_DOWN,
  MOST_OF_TRANSACTION,
  placePush,
  printRuns,
  type Push,
  readPush,
} from './core/op.ts'
import { publishOwn } from './publish.ts'
import { sideOfOffice } from './sides.ts'
import { heardOf, type Sync, take } from './take.ts'
import { PULL, type PullReply, type PushReply, type Refused } from './wire.ts'

/** Head office's side of sync, over its database: takes what a node pushes, and answers what a node asks for. */

const BY = { actor: null, device: null, act: 'sync' }

/**
 * Takes what the node `origin`, which has signed in, pushes of its chain. Whatever was here already is skipped, so a push may come
 * as often as it likes; what breaks off is there as far as it came, in whole transactions.
 */
export async function takePush(sync: Sync, origin: number, body: unknown): Promise<PushReply | Refused> {
  const read = readPush(origin, body)
  if (!read.ok) return { error: read.reason, detail: read.detail }
  const push = read.value
  const entries = linkPush(sha256, push)
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

/** Head office's own writes go into the streams before anything that comes. */
async function publishAll({ database, known }: Sync): Promise<void> {
  const self = database.db.selectFrom('self').select(['node_id', 'epoch', 'seq'])
  const { node_id: origin, epoch, seq } = await self.executeTakeFirstOrThrow()
  if ((await originHead(database.db, { origin, epoch })).seq >= seq) return
  while (await database.write(BY, (trx) => publishOwn(trx, known)));
}

async function takePushed(trx: Trx, { known }: Sync, entries: readonly JournalEntry[]): Promise<void> {
  const last = entries.at(-1)!
  // The same push twice at once: the other one was first.
  if ((await originHead(trx, last)).seq >= last.seq) return
  while (await publishOwn(trx, known));
  const judged = judge(trx, entries)
  const heard = judged.map(({ chain: _, ...entry }) => heardOf(entry))
  await take(trx, known, heard, await sideOfOffice(trx, known, judged))
  await moveOriginHead(trx, last, last)
}

/** The stamps that entries are judged by. */
function judge({ act }: Trx, entries: readonly JournalEntry[]): ReceivedEntry[] {
  const { node, clock } = act
  let { hlc: state } = node
  return entries.map((entry) => {
    const { hlc, stamp } = receive(state, entry.hlc, clock.reading.says, clockId(node))
    state = hlc
    return { ...entry, stamp: stamp === entry.hlc ? null : stamp }
  })
}

/** Says what became of exactly these ops: head office may have more, of which this would not tell the stamps. */
async function replyTo(db: Db, origin: number, { epoch, from, ops, chain }: Push): Promise<PushReply> {
  const to = ops.at(-1)!.seq
  const judged = await db
    .selectFrom('journal')
    .select(['seq', 'stamp'])
    .where('origin', '=', origin)
    .where('epoch', '=', epoch)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .where('stamp', 'is not', null)
    .orderBy('seq')
    .execute()
  const troubles = await troublesOf(db, { origin, epoch, from, to })
  return {
    acked: to,
    chain,
    troubles: troubles.map(({ seq, state, reason }) => ({ seq, state, reason })),
    stamps: judged.map(({ seq, stamp }) => [seq, stamp!]),
  }
}

/**
 * Answers what a node has not heard yet of the streams that it hears: all of `org`, and its store's only where that has come to its
 * end, for what is in a store's stream leans on it.
 */
export async function answerPull(sync: Sync, node: number, body: unknown): Promise<PullReply | Refused> {
  const read = PULL.safeParse(body)
  if (!read.success) return { error: 'malformed', detail: 'The body is no pull' }
  const { db } = sync.database
  const own = await db.selectFrom('node').select('store_id').where('id', '=', node).executeTakeFirst()
  if (!own) return { error: 'unknown-node', detail: `There is no node ${node}` }
  await publishAll(sync)
  const { cursors, most } = read.data
  const store = `store:${own.store_id}`
  for (const [stream, cursor] of [
    ['org', cursors.org],
    [store, cursors.store],
  ] as const)
    if (!(await isOfStream(db, stream, cursor)))
      return { error: 'cursor', detail: `This is no cursor of ${stream}`, expected: NOTHING_HEARD }
  const wanted = [
    { stream: 'org', after: cursors.org.seq },
    { stream: store, after: cursors.store.seq },
  ]
  const limit = Math.min(most, MOST_DOWN)
  const { ops, heads } = await readFeed(db, wanted, limit)
  const org = await wholeOf(db, ops, wanted[0]!, limit)
  const orgAfter = cursorBehind(cursors.org, org)
  const isAtHead = orgAfter.seq >= (heads.get('org') ?? 0)
  const left = limit - org.length
  const ofStore = isAtHead && left > 0 ? await wholeOf(db, ops, wanted[1]!, left) : []
  const storeAfter = cursorBehind(cursors.store, ofStore)
  const isMore = !isAtHead || storeAfter.seq < (heads.get(store) ?? 0)
  return {
    org: printRuns(org.map(({ heard }) => heard)),
    store: printRuns(ofStore.map(({ heard }) => heard)),
    cursors: { org: orgAfter, store: storeAfter },
    more: isMore,
  }
}

type Fed = { heard: Heard; place: FeedTable }

const cursorBehind = (before: Cursor, fed: readonly Fed[]): Cursor => {
  const last = fed.at(-1)?.place
  return last ? { seq: last.seq, mark: last.mark } : before
}

/** What of one stream goes into a reply of at most `most` ops: whole transactions, and always one where there is any. */
async function wholeOf(
  db: Db,
  ops: readonly FeedTable[],
  wanted: { stream: string; after: number },
  most: number,
): Promise<Fed[]> {
  const fed = await fedBy(db, ops.filter(({ stream }) => stream === wanted.stream).slice(0, most))
  const whole = withoutOpenEnd(fed, most)
  if (fed.length > 0 && whole.length === 0) {
    const longer = await readFeed(db, [wanted], MOST_OF_TRANSACTION + 1)
    const all = await fedBy(db, longer.ops)
    return all.slice(0, cutOf(all, 1))
  }
  return whole.slice(0, cutOf(whole, most))
}

/** What follows the last op that was read may be of its transaction too. */
function withoutOpenEnd(fed: readonly Fed[], most: number): readonly Fed[] {
  if (fed.length < most) return fed
  const last = fed.at(-1)!.heard.op
  const isOther = ({ heard: { op } }: Fed) => op.origin !== last.origin || op.epoch !== last.epoch || op.tx !== last.tx
  return fed.slice(0, fed.findLastIndex(isOther) + 1)
}

function cutOf(fed: readonly Fed[], most: number): number {
  const bytes = (index: number) => Buffer.byteLength(JSON.stringify(fed[index]!.heard.op))
  return cut(
    fed.map(({ heard }) => heard.op),
    most,
    bytes,
    'of all schemas',
  )
}

async function fedBy(db: Db, places: readonly FeedTable[]): Promise<Fed[]> {
  const found = await entriesAt(
    db,
    places.map(({ origin, epoch, op_seq }) => ({ origin, epoch, seq: op_seq })),
  )
  return places.map((place) => {
    const entry = found.get(`${place.origin} ${place.epoch} ${place.op_seq}`)
    if (!entry) throw new Error(`The journal lacks ${place.op_seq} of ${place.origin}, which is in ${place.stream}`)
    return { heard: heardOf(entry), place }
  })
}
