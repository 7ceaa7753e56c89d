import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import { conflict } from '../../http/errors.ts'

/**
 * Whoever makes an account for themselves may type anybody's number or address: until a code from the desk, or a person there,
 * has confirmed who they are, the account shows nothing that was taken in at the counter.
 */

/** Confirms that an account is its customer's; does nothing to one that is confirmed. */
export async function confirmAccount(trx: Trx, id: number): Promise<void> {
  if (await isUnconfirmed(trx, id)) await patch(trx, 'user', id, { unconfirmed_since: null })
}

/** @throws 409 for an account that nobody has confirmed */
export async function refuseUnconfirmed(db: Db, { id, full_name }: { id: number; full_name: string }): Promise<void> {
  if (await isUnconfirmed(db, id))
    throw conflict('customer-unconfirmed', 'Registered online, never confirmed: confirm the customer first', {
      name: full_name,
    })
}

export async function isUnconfirmed(db: Db, id: number): Promise<boolean> {
  const account = await db
    .selectFrom('user')
    .select('id')
    .where('id', '=', id)
    .where('unconfirmed_since', 'is not', null)
    .executeTakeFirst()
  return account !== undefined
}

const isConfirmed = (id: number) =>
  sql`exists (select 1 from "user" account where account.id = ${id} and account.unconfirmed_since is null)`

/** The orders that the account of `own` is shown: without those of the counter's intake as long as nobody has confirmed it. */
export const isOrderShownTo = (own: number) =>
  sql<boolean>`(${isConfirmed(own)} or not exists (select 1 from intake where intake.order_id = repair_order.id))`

/** Its devices: without those that the intake itself has registered for it. */
export const isDeviceShownTo = (own: number) =>
  sql<boolean>`(${isConfirmed(own)} or not exists (
    select 1 from repair_order taken join intake on intake.order_id = taken.id
    where taken.device_id = device.id and taken.created_at = device.created_at))`
