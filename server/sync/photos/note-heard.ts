import { notePhotos, photosShownBy } from '../../../db/fleet/photo-needs.ts'
import type { Trx } from '../../../db/handle.ts'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import type { RowWrite } from '../core/merge.ts'

/**
 * Notes, in the transaction that writes what others wrote, what follows from it for pictures: whose file is to go, since a row that
 * named it has gone, and at a terminal what is to be fetched, since something shows it. Head office asks nobody: terminals send all.
 */
export async function noteHeardPhotos(trx: Trx, writes: readonly RowWrite[]): Promise<void> {
  const gone = writes.filter(({ entity, values }) => entity === 'photo' && (values['deleted_at'] ?? null) !== null)
  if (gone.length > 0) {
    const ids = gone.map(({ row_id }) => row_id)
    const rows = await trx
      .selectFrom('photo')
      .select('sha256')
      .where(idIn(trx, 'id', idListParameter(trx, ids)))
      .execute()
    await notePhotos(
      trx,
      'drop',
      rows.map(({ sha256 }) => sha256),
    )
  }
  if (trx.act.node.role !== 'terminal') return
  for (const table of ['ticket_photo', 'pickup_photo'] as const) {
    const ids = writes.filter(({ entity, isNew }) => entity === table && isNew).map(({ row_id }) => row_id)
    if (ids.length > 0) await notePhotos(trx, 'fetch', await photosShownBy(trx, table, ids))
  }
}
