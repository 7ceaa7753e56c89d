import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { CustomerCard } from '../customers/customers.contract.ts'
import { repairRows } from './repair-rows.ts'

type PastTicket = z.output<typeof CustomerCard>['tickets'][number]

/** How much of a history a card shows. */
const SHOWN = 50

/** The newest repairs of a customer or of a device, newest first. */
export async function pastTickets(
  db: Db,
  whose: { customer_id: number } | { device_id: number },
  now: number,
): Promise<PastTicket[]> {
  const orders = db
    .selectFrom('repair_order')
    .select('id')
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(SHOWN)
  const theirs =
    'customer_id' in whose
      ? orders.where('customer_id', '=', whose.customer_id)
      : orders.where('device_id', '=', whose.device_id)
  const ids = (await theirs.execute()).map(({ id }) => id)
  return await repairRows(db, ids, now)
}
