import { ownChains } from '../journal/begin-epoch.ts'
import type { Db, Trx } from '../handle.ts'
import { deleteLocal, upsertLocal } from '../local.ts'
import { type ChainHead, type ChainKey, originHead } from './origin-heads.ts'

/**
 * What of its own chains a terminal knows its parent to have: the present one, and those that restores have ended, of which the
 * parent may lack the last entries.
 */

/** A chain of this node, where it ends, and up to where the parent has it. */
export type SentChain = ChainKey & {
  seq: number
  acked: ChainHead
  /** Whether the parent has other entries in place of those that it lacks of this one: they stay here. */
  isKeptBack: boolean
}

/** The oldest chain first, the present one last. */
export async function sentChains(db: Db): Promise<SentChain[]> {
  const chains: SentChain[] = []
  for (const { id: origin, epoch, seq } of await ownChains(db)) {
    const acked = await originHead(db, { origin, epoch })
    chains.push({ origin, epoch, seq, acked, isKeptBack: acked.seq < seq && (await isKeptBack(db, epoch)) })
  }
  return chains
}

/** The oldest chain that the parent does not have to its end, and may be sent; null where it has all. */
export const unsentChain = async (db: Db): Promise<SentChain | null> =>
  (await sentChains(db)).find(({ seq, acked, isKeptBack }) => acked.seq < seq && !isKeptBack) ?? null

/** In `upkeep`: the parent has other entries of the former chain of this epoch than those that it lacks of the one here. */
const keptBackOf = (epoch: number) => `kept back ${epoch}`

/** The end of a former chain is not sent any more, so that the later ones are. */
export const keepBack = (trx: Trx, { epoch }: ChainKey) =>
  upsertLocal(trx, 'upkeep', { name: keptBackOf(epoch) }, { form: 'kept', after_id: null })

/** It may be sent once more: head office goes on from another database, or has less than before. */
export const sendAgain = (trx: Trx, { epoch }: Pick<ChainKey, 'epoch'>) =>
  deleteLocal(trx, 'upkeep', { name: keptBackOf(epoch) })

async function isKeptBack(db: Db, epoch: number): Promise<boolean> {
  const kept = db.selectFrom('upkeep').select('name').where('name', '=', keptBackOf(epoch))
  return (await kept.executeTakeFirst()) !== undefined
}

/** When the oldest entry was written that the parent does not have; null where it has all. Nothing is packed that it has not judged. */
export async function unsentSince(db: Db): Promise<number | null> {
  const chain = await unsentChain(db)
  if (!chain) return null
  const next = db.selectFrom('journal').select('at').where('origin', '=', chain.origin).where('epoch', '=', chain.epoch)
  const row = await next.where('seq', '>', chain.acked.seq).orderBy('seq').limit(1).executeTakeFirst()
  return row?.at ?? null
}
