import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { repairRows } from '../queries/repair-rows.ts'
import type { OwedRepair } from './purchases.contract.ts'

/** What a seller still owes for the repair that their request came from; null where it came from none, or nothing is owed. */
export async function owedRepair(
  db: Db,
  order_id: number | null,
  now: number,
): Promise<z.output<typeof OwedRepair> | null> {
  if (order_id === null) return null
  const [repair] = await repairRows(db, [order_id], now)
  if (!repair || repair.due_cents === 0) return null
  return { order_id, ticket_number: repair.ticket_number, due_cents: repair.due_cents }
}
