import type { Db } from '../../../db/handle.ts'

/** The ids of the repairs that a technician has, as a condition takes them. */
export const assignedTo = (db: Db, technician_id: number) =>
  db.selectFrom('assignment').select('order_id').where('user_id', '=', technician_id).where('deleted_at', 'is', null)
