import type { Database } from '../../../db/database.ts'
import { streamHead } from '../../../db/fleet/feed.ts'
import type { Db } from '../../../db/handle.ts'
import { ownChains } from '../../../db/journal/begin-epoch.ts'
import { chainsBetween } from '../../../db/journal/ops.ts'
import { upsertLocal } from '../../../db/local.ts'
import { type ChainHead, type ChainKey, latestEpoch, originHead } from '../../../db/fleet/origin-heads.ts'
import { countTroubles } from '../../../db/fleet/waiting.ts'
import { GENESIS } from '../../domain/chain.ts'
import { type KnownNode, revoked } from '../node-tokens.ts'
import type { Sync } from '../take.ts'
import type { Hello, HelloReply, Verdict } from '../wire.ts'
import { incarnationOf } from './incarnation.ts'
import { BY, publishAll } from './publish-all.ts'

/** Head office answers what a node says of itself when the line comes, and writes down that it was there. */

/** A program that knows fewer migrations was made before there was a wire, and does not understand what comes. */
const OLDEST_SCHEMA = 27

/** A program that knows fewer migrations takes the verdict `revoked` for a broken answer, and understands the refusal of that name. */
const KNOWS_REVOKED = 31

/** `waitMs` is how long the node waits before it pushes; `othersAt` when a call of its number came last that was no hello. */
export type Greeted = { waitMs: number; othersAt: number | null }

/** @throws SyncRefused 403 for a node that was shut out and whose program knows no verdict for that */
export async function answerHello(
  sync: Sync,
  node: KnownNode,
  hello: Hello,
  { waitMs, othersAt }: Greeted,
): Promise<HelloReply> {
  if (node.revoked_at !== null && hello.schema < KNOWS_REVOKED) throw revoked()
  const { database, known } = sync
  const { db } = database
  const now = database.clock.now()
  await publishAll(sync)
  const key = { origin: node.id, epoch: hello.epoch }
  const head = { ...key, ...(await originHead(db, key)) }
  const verdict = node.revoked_at === null ? await verdictOn(db, node.id, hello, head) : 'revoked'
  const greetedAt = await noteContact(database, node.id, hello, { now, verdict })
  const others = [greetedAt, othersAt].filter((at) => at !== null)
  const [org, store] = [await streamHead(db, 'org'), await streamHead(db, `store:${node.store_id}`)]
  return {
    server_time: now,
    incarnation: await incarnationOf(database),
    acked: { epoch: head.epoch, seq: head.seq, chain: head.chain },
    heads: { org: org.seq, store: store.seq },
    schema: known.schema,
    verdict,
    latest_epoch: await latestEpoch(db, node.id),
    former: await formerHeads(db, key),
    office: await ownEnds(db),
    others_at: others.length > 0 ? Math.max(...others) : null,
    knows_end: hello.seq <= head.seq && (await chainAt(db, head, hello)) === hello.chain,
    troubles: await countTroubles(db, node.id),
    wait_ms: waitMs,
  }
}

const formerHeads = (db: Db, { origin, epoch }: ChainKey) =>
  db
    .selectFrom('origin_head')
    .select(['epoch', 'seq', 'chain'])
    .where('origin', '=', origin)
    .where('epoch', '<', epoch)
    .orderBy('epoch')
    .execute()

async function ownEnds(db: Db): Promise<HelloReply['office']> {
  const chains = await ownChains(db)
  const ends = chains.slice(0, -1).map(({ epoch, seq }) => ({ epoch, seq }))
  return ends.length > 0 ? { node: chains[0]!.id, ends } : null
}

/** What the two copies of the node's chain come to: its own, and the one that is here and ends at `head`. */
async function verdictOn(db: Db, origin: number, hello: Hello, head: Head): Promise<Verdict> {
  const { epoch, seq, chain, acked } = hello
  if ((await latestEpoch(db, origin)) > epoch || head.seq > seq) return 'fork'
  if (head.seq === seq && head.chain !== chain) return 'fork'
  if (acked.seq <= head.seq && (await chainAt(db, head, acked)) !== acked.chain) return 'fork'
  if (acked.seq > head.seq) return 'resend'
  return hello.schema < OLDEST_SCHEMA ? 'too-old' : 'go'
}

/** Where head office's copy of a chain ends. */
type Head = ChainKey & ChainHead

async function chainAt(db: Db, head: Head, { seq }: { seq: number }): Promise<string | undefined> {
  if (seq === 0) return GENESIS
  return seq === head.seq ? head.chain : (await chainsBetween(db, head, seq, seq)).get(seq)
}

/** Returns when a hello of this node was answered well last, by whichever machine; null where the last one was a fork, or there was none. */
async function noteContact(
  { write }: Pick<Database, 'write'>,
  node_id: number,
  hello: Hello,
  { now, verdict }: { now: number; verdict: Verdict },
): Promise<number | null> {
  const { version, schema, clock, waiting, troubles: troubles_there, digest } = hello
  return await write(BY, async (trx) => {
    const contact = trx.selectFrom('node_contact').select(['seen_at', 'verdict']).where('node_id', '=', node_id)
    const former = await contact.executeTakeFirst()
    const said = {
      version,
      schema,
      clock_offset: clock - now,
      waiting: waiting.ops,
      waiting_since: waiting.oldest_at,
      troubles_there,
      photos_waiting: waiting.photos ?? null,
      // Behind a start of its program it knows nothing yet: what it said before stands. By the time that is told here.
      ...(digest && {
        differs: digest.differs,
        ...(digest.same_at !== null && { same_at: Math.max(0, digest.same_at - (clock - now)) }),
      }),
    }
    const troubles = await countTroubles(trx, node_id)
    await upsertLocal(trx, 'node_contact', { node_id }, { seen_at: now, ...said, troubles, verdict })
    trx.act.announced.push({ entity: 'node_contact', id: node_id })
    return former && former.verdict !== 'fork' ? former.seen_at : null
  })
}
