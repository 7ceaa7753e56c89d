import type { Trx } from '../../../db/handle.ts'
import { isMine } from '../../../db/ownership.ts'
import { removeAssignmentsOf } from './assignments.ts'
import { erasePasscode } from './passcodes.ts'
import { refreshPlaceholders, removeOwnPaymentsOf } from './payments.ts'

/**
 * Does what another machine could not do when it changed or deleted a repair: the payments on a deleted one that were taken here
 * are taken back, and notes of what is owed follow its status. Once more changes nothing.
 */
export async function settleRepair(trx: Trx, order_id: number): Promise<void> {
  const order = await trx
    .selectFrom('repair_order')
    .select(['status', 'deleted_at'])
    .where('id', '=', order_id)
    .executeTakeFirst()
  if (!order) return
  if (order.deleted_at === null) return await refreshPlaceholders(trx, order_id, order.status)
  await removeOwnPaymentsOf(trx, order_id)
  await erasePasscode(trx, order_id)
  if (await isMine(trx, order_id)) await removeAssignmentsOf(trx, order_id)
}
