import { readCursor } from '../../../db/fleet/feed.ts'
import type { Db } from '../../../db/handle.ts'
import { originHead } from '../../../db/fleet/origin-heads.ts'
import { ownNode } from '../../../db/self.ts'
import { troublesHere } from '../../../db/fleet/waiting.ts'
import type { LineState } from '../../domain/fleet/line-state.ts'

/** How far this machine has come: its own chain, what of it head office has, and what it has heard. */

export type Position = Pick<LineState, 'waiting' | 'troubles'> & {
  node: number
  epoch: number
  seq: number
  chain: string
  acked: { seq: number; chain: string }
}

export async function readPosition(db: Db): Promise<Position> {
  const own = db.selectFrom('self').select(['node_id', 'epoch', 'seq', 'chain'])
  const { node_id: node, ...self } = await own.executeTakeFirstOrThrow()
  const key = { origin: node, epoch: self.epoch }
  const acked = await originHead(db, key)
  const ops = Math.max(0, self.seq - acked.seq)
  const oldest_at = ops === 0 ? null : await writtenAfter(db, key, acked.seq)
  return { node, ...self, acked, waiting: { ops, oldest_at }, troubles: await troublesHere(db) }
}

/** When the entry behind `seq` was written. Nothing is packed that head office has not judged. */
async function writtenAfter(db: Db, { origin, epoch }: { origin: number; epoch: number }, seq: number) {
  const next = db.selectFrom('journal').select('at').where('origin', '=', origin).where('epoch', '=', epoch)
  const row = await next.where('seq', '>', seq).orderBy('seq').limit(1).executeTakeFirst()
  return row?.at ?? null
}

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
