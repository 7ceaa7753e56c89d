import { ownChains } from '../journal/begin-epoch.ts'
import type { Db } from '../handle.ts'
import { type ChainHead, type ChainKey, originHead } from './origin-heads.ts'

/**
 * What of its own chains a terminal knows its parent to have: the present one, and those that restores have ended, of which the
 * parent may lack the last entries.
 */

/** A chain of this node, where it ends, and up to where the parent has it. */
export type SentChain = ChainKey & { seq: number; acked: ChainHead }

/** The oldest chain first, the present one last. */
export async function sentChains(db: Db): Promise<SentChain[]> {
  const chains: SentChain[] = []
  for (const { id: origin, epoch, seq } of await ownChains(db))
    chains.push({ origin, epoch, seq, acked: await originHead(db, { origin, epoch }) })
  return chains
}

/** The oldest chain that the parent does not have to its end; null where it has all. */
export const unsentChain = async (db: Db): Promise<SentChain | null> =>
  (await sentChains(db)).find(({ seq, acked }) => acked.seq < seq) ?? null

/** When the oldest entry was written that the parent does not have; null where it has all. Nothing is packed that it has not judged. */
export async function unsentSince(db: Db): Promise<number | null> {
  const chain = await unsentChain(db)
  if (!chain) return null
  const next = db.selectFrom('journal').select('at').where('origin', '=', chain.origin).where('epoch', '=', chain.epoch)
  const row = await next.where('seq', '>', chain.acked.seq).orderBy('seq').limit(1).executeTakeFirst()
  return row?.at ?? null
}
