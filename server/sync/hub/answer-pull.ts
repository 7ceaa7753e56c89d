import { type Cursor, readFeed } from '../../../db/fleet/feed.ts'
import type { Db } from '../../../db/handle.ts'
import { opsAt } from '../../../db/journal/ops.ts'
import type { FeedTable } from '../../../db/schema/fleet-tables.ts'
import { cut, type Heard, MOST_DOWN, MOST_OF_TRANSACTION, printRuns } from '../core/op.ts'
import { refusalOfCursors } from '../history/common-cursors.ts'
import type { OfficeSeal } from '../office-seal.ts'
import { heardOf, type Sync } from '../take.ts'
import { PULL, type PullReply, type Refused } from '../wire.ts'
import { publishAll } from './publish-all.ts'

/** Head office answers what a node asks for. */

/**
 * Answers what a node has not heard yet of the streams that it hears: all of `org`, and its store's only where that has come to its
 * end, for what is in a store's stream leans on it. What head office has said itself bears its `seal`.
 */
export async function answerPull(
  sync: Sync,
  node: number,
  body: unknown,
  seal: OfficeSeal | null = null,
): Promise<PullReply | Refused> {
  const read = PULL.safeParse(body)
  if (!read.success) return { error: 'malformed', detail: 'The body is no pull' }
  const { db } = sync.database
  const own = await db.selectFrom('node').select('store_id').where('id', '=', node).executeTakeFirst()
  if (!own) return { error: 'unknown-node', detail: `There is no node ${node}` }
  await publishAll(sync)
  const { cursors, most } = read.data
  const store = `store:${own.store_id}`
  const refused = await refusalOfCursors(db, { org: 'org', store }, read.data)
  if (refused) return refused
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
    seals: seal && (await sealsOf(db, [...org, ...ofStore], seal)),
  }
}

async function sealsOf(db: Db, fed: readonly Fed[], seal: OfficeSeal): Promise<PullReply['seals']> {
  const { node_id: office } = await db.selectFrom('self').select('node_id').executeTakeFirstOrThrow()
  const own = fed.filter(({ heard: { op } }) => op.origin === office && op.salt !== null)
  return own.length > 0 ? { office, of: own.map(({ heard }) => seal.of(heard)) } : null
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
  const found = await opsAt(
    db,
    places.map(({ origin, epoch, op_seq }) => ({ origin, epoch, seq: op_seq })),
  )
  return places.map((place) => {
    const entry = found.get(`${place.origin} ${place.epoch} ${place.op_seq}`)
    if (!entry) throw new Error(`The journal lacks ${place.op_seq} of ${place.origin}, which is in ${place.stream}`)
    return { heard: heardOf(entry), place }
  })
}
