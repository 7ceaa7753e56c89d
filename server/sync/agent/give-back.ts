import { sealedAfter } from '../../../db/fleet/heard.ts'
import { printRuns } from '../core/op.ts'
import { heardOf, type Sync } from '../take.ts'
import { REFUSED, RETURNED_REPLY, type HelloReply } from '../wire.ts'
import { ParentRefused, ReplyBroken } from './send.ts'

/** Ops that are given back at once. */
const MOST = 200

/**
 * Gives head office back what it has said itself and lost since: what was heard of its former chains beyond where they end there. It
 * skips what it has. Returns how many ops it took.
 * @throws ParentRefused, ReplyBroken
 */
export async function giveBack(
  { database }: Sync,
  send: (call: 'returned', body: unknown) => Promise<unknown>,
  office: HelloReply['office'],
): Promise<number> {
  let taken = 0
  for (const { epoch, seq } of office?.ends ?? [])
    for (let after = seq; ;) {
      const kept = await sealedAfter(database.db, { origin: office!.node, epoch, seq: after }, MOST)
      if (kept.length === 0) break
      after = kept.at(-1)!.seq
      const ops = printRuns(kept.map(({ seal: _, heard_at: __, ...op }) => heardOf(op)))
      const reply = await send('returned', { ops, seals: kept.map(({ seal }) => seal) })
      const refused = REFUSED.safeParse(reply)
      if (refused.success) throw new ParentRefused(refused.data)
      const read = RETURNED_REPLY.safeParse(reply)
      if (!read.success) throw new ReplyBroken('The reply is none to what was given back')
      taken += read.data.taken
    }
  return taken
}
