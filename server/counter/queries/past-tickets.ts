import type { Db } from '../../../db/handle.ts'
import { ageOf } from '../../../db/queries/newest-first.ts'
import { type RepairRow, repairRows } from './repair-rows.ts'

/** How much of a history a card shows. */
const MAX_PAST_TICKETS = 50

/** The newest repairs of a customer or of a device, newest first. */
export async function pastTickets(
  db: Db,
  whose: { customer_id: number } | { device_id: number },
  now: number,
): Promise<RepairRow[]> {
  const orders = db
    .selectFrom('repair_order')
    .select('id')
    .where('deleted_at', 'is', null)
    .orderBy(ageOf('repair_order'), 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_PAST_TICKETS)
  const theirs =
    'customer_id' in whose
      ? orders.where('customer_id', '=', whose.customer_id)
      : orders.where('device_id', '=', whose.device_id)
  const ids = (await theirs.execute()).map(({ id }) => id)
  return await repairRows(db, ids, now)
}
