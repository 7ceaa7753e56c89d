import type { Db } from '../../../db/handle.ts'
import { serialKey } from '../../domain/text/fold.ts'
import { unitsPresent } from '../../shop/stock/ledger.ts'

export type Unit = { id: number; hold_until: number | null }

type Device = { id: number; serial_number: string | null }

/** The pieces of stock that a device was, by its row or its serial number, in the order they came. */
export async function unitsOf(db: Db, device: Device): Promise<Unit[]> {
  const key = device.serial_number === null ? null : serialKey(device.serial_number) || null
  return await db
    .selectFrom('unit')
    .select(['id', 'hold_until'])
    .where((where) =>
      where.or([where('device_id', '=', device.id), ...(key === null ? [] : [where('serial_key', '=', key)])]),
    )
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
}

/** The piece of stock that a device is now; null where it is none. */
export async function unitHere(db: Db, device: Device): Promise<number | null> {
  const ids = (await unitsOf(db, device)).map(({ id }) => id)
  const present = await unitsPresent(db, ids)
  return ids.findLast((id) => present.has(id)) ?? null
}
