import type { Actor } from '../../../db/handle.ts'
import { originHead } from '../../../db/fleet/origin-heads.ts'
import { publishOwn } from '../publish.ts'
import type { Sync } from '../take.ts'

/** Who writes what comes from nodes, in the journal's words. */
export const BY: Actor = { actor: null, device: null, act: 'sync' }

/** Puts all that head office itself has written into the streams, which comes before anything that is taken or answered. */
export async function publishAll({ database, known }: Sync): Promise<void> {
  const self = database.db.selectFrom('self').select(['node_id', 'epoch', 'seq'])
  const { node_id: origin, epoch, seq } = await self.executeTakeFirstOrThrow()
  if ((await originHead(database.db, { origin, epoch })).seq >= seq) return
  while (await database.write(BY, (trx) => publishOwn(trx, known)));
}
