import { executeNoResult } from '../engines/direct.ts'
import { insertSql, run } from '../engines/sql-text.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import { GENESIS } from '../../server/domain/chain.ts'

/**
 * How far chains have come. Of another node's: how far it is here. Of this node's own: at a terminal how far its parent has it, at
 * head office how far it is in the feed.
 */

export type ChainKey = { origin: number; epoch: number }
export type ChainHead = { seq: number; chain: string }

/** `{ seq: 0, chain: GENESIS }` for one of which nothing is. */
export async function originHead(db: Db, { origin, epoch }: ChainKey): Promise<ChainHead> {
  const text = 'select seq, chain from origin_head where origin = ? and epoch = ?'
  const [head] = await run<ChainHead>(db[QUERY], db.engine, text, [origin, epoch])
  return head ?? { seq: 0, chain: GENESIS }
}

export async function moveOriginHead(trx: Trx, { origin, epoch }: ChainKey, { seq, chain }: ChainHead): Promise<void> {
  const text = `${insertSql(trx.engine, 'origin_head', ['origin', 'epoch', 'seq', 'chain'], 1)}
    on conflict (origin, epoch) do update set seq = excluded.seq, chain = excluded.chain`
  await executeNoResult(trx[QUERY], text, [origin, epoch, seq, chain])
}

/** The last epoch of a node of which anything is here; 0 where nothing is. */
export async function latestEpoch(db: Db, origin: number): Promise<number> {
  const text = 'select max(epoch) as epoch from origin_head where origin = ?'
  const [found] = await run<{ epoch: number | null }>(db[QUERY], db.engine, text, [origin])
  return found?.epoch ?? 0
}
