import { readCursor } from '../../../db/fleet/feed.ts'
import type { Db } from '../../../db/handle.ts'
import { originHead } from '../../../db/fleet/origin-heads.ts'
import { setBackAt } from '../../../db/journal/begin-epoch.ts'
import { type SentChain, sentChains, unsentSince } from '../../../db/fleet/unsent.ts'
import { countPhotosToSend } from '../../../db/fleet/photo-needs.ts'
import { ownNode } from '../../../db/self.ts'
import { troublesHere } from '../../../db/fleet/waiting.ts'
import type { LineState } from '../../domain/fleet/line-state.ts'

/** How far this machine has come: its own chain, what of it head office has, and what it has heard. */

export type Position = Pick<LineState, 'waiting' | 'troubles' | 'setBackAt'> & {
  node: number
  epoch: number
  seq: number
  chain: string
  acked: { seq: number; chain: string }
  /** Entries of former chains in place of which head office has others: they stay here, and wait for nothing. */
  keptBack: number
}

export async function readPosition(db: Db): Promise<Position> {
  const own = db.selectFrom('self').select(['node_id', 'epoch', 'seq', 'chain'])
  const { node_id: node, ...self } = await own.executeTakeFirstOrThrow()
  const chains = await sentChains(db)
  const acked = await originHead(db, { origin: node, epoch: self.epoch })
  const [kept, open] = [chains.filter(({ isKeptBack }) => isKeptBack), chains.filter(({ isKeptBack }) => !isKeptBack)]
  const [keptBack, ops] = [unsentIn(kept), unsentIn(open)]
  const oldest_at = ops === 0 ? null : await unsentSince(db)
  const troubles = await troublesHere(db)
  const waiting = { ops, oldest_at, photos: await countPhotosToSend(db) }
  return { node, ...self, acked, waiting, troubles, keptBack, setBackAt: await setBackAt(db) }
}

const unsentIn = (chains: readonly SentChain[]) =>
  chains.reduce((sum, { seq, acked }) => sum + Math.max(0, seq - acked.seq), 0)

/** How far this machine has heard its streams. */
export async function readCursors(db: Db) {
  const { store_id } = await ownNode(db).select('node.store_id').executeTakeFirstOrThrow()
  const streams = { org: 'org', store: `store:${store_id}` }
  const cursors = {
    org: await readCursor(db, 'cursor', streams.org),
    store: await readCursor(db, 'cursor', streams.store),
  }
  return { streams, cursors }
}
