import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, upsertLocal } from '../../../db/local.ts'
import { seal, unseal } from '../../http/auth/sealed.ts'
import type { Tokens } from '../../http/auth/tokens.ts'

/**
 * The passcodes of devices in repair. They are encrypted with a key of this machine, never enter the journal and never
 * leave it. A device that has left shows none, and a while later it is erased, as it is when a repair has been over for
 * longer: until then a hand-over or a status can be taken back, and the passcode is there again.
 */

type Keys = Pick<Tokens, 'derive'>

/** Keeps the passcode of a device in repair. */
export async function keepPasscode(trx: Trx, tokens: Keys, order_id: number, passcode: string): Promise<void> {
  const sealed = seal(passcode, tokens.derive('passcode'), String(order_id))
  await upsertLocal(trx, 'passcode', { order_id }, { cipher: sealed, created_at: trx.act.now })
}

/** The passcode; null when none is kept, or the device has left. Throws when it was sealed with another key. */
export async function openPasscode(db: Db, tokens: Keys, order_id: number): Promise<string | null> {
  const kept = await passcodeOf(db, order_id)
  return kept ? unseal(kept.cipher, tokens.derive('passcode'), String(order_id)) : null
}

export async function hasPasscode(db: Db, order_id: number): Promise<boolean> {
  return (await passcodeOf(db, order_id)) !== undefined
}

const passcodeOf = (db: Db, order_id: number) =>
  db
    .selectFrom('passcode')
    .innerJoin('repair_order', 'repair_order.id', 'passcode.order_id')
    .select('cipher')
    .where('order_id', '=', order_id)
    .where('picked_up_at', 'is', null)
    .executeTakeFirst()

export async function erasePasscode(trx: Trx, order_id: number): Promise<void> {
  await deleteLocal(trx, 'passcode', { order_id })
}

/** How long a repair must be over, in ms. */
const PASSCODE_RETENTION_MS = 3_600_000
/** How long a device must be gone, in ms. */
const MIN_GONE_MS = 600_000

/** Erases the passcodes of repairs that are over and of devices that are gone for a while; `limit` at once. Returns whether there are more. */
export async function eraseOldPasscodes(trx: Trx, { now, limit }: { now: number; limit: number }): Promise<boolean> {
  const old = await trx
    .selectFrom('passcode')
    .innerJoin('repair_order', 'repair_order.id', 'passcode.order_id')
    .select('order_id')
    // What a wrong clock dated years ahead is over too.
    .where(({ and, eb, or }) =>
      or([
        and([
          eb('status', 'in', ['Completed', 'Cancelled']),
          or([
            eb('repair_order.updated_at', '<=', now - PASSCODE_RETENTION_MS),
            eb('repair_order.updated_at', '>', now + PASSCODE_RETENTION_MS),
          ]),
        ]),
        eb('picked_up_at', '<=', now - MIN_GONE_MS),
        eb('picked_up_at', '>', now + PASSCODE_RETENTION_MS),
      ]),
    )
    .limit(limit)
    .execute()
  for (const { order_id } of old) await erasePasscode(trx, order_id)
  return old.length === limit
}
