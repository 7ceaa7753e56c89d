import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, upsertLocal } from '../../../db/local.ts'
import { seal, unseal } from '../../http/auth/sealed.ts'
import type { Tokens } from '../../http/auth/tokens.ts'

/**
 * The passcodes of devices in repair. They are encrypted with a key of this machine, never enter the journal and never
 * leave it. They are erased when the device leaves, or an hour after its repair is over: until then that can be taken back.
 */

type Keys = Pick<Tokens, 'derive'>

/** Keeps the passcode of a device in repair. */
export async function keepPasscode(trx: Trx, tokens: Keys, order_id: number, passcode: string): Promise<void> {
  const sealed = seal(passcode, tokens.derive('passcode'), String(order_id))
  await upsertLocal(trx, 'passcode', { order_id }, { cipher: sealed, created_at: trx.act.now })
}

/** The passcode; null when none is kept. Throws when it was sealed with another key. */
export async function openPasscode(db: Db, tokens: Keys, order_id: number): Promise<string | null> {
  const kept = await db.selectFrom('passcode').select('cipher').where('order_id', '=', order_id).executeTakeFirst()
  return kept ? unseal(kept.cipher, tokens.derive('passcode'), String(order_id)) : null
}

export async function hasPasscode(db: Db, order_id: number): Promise<boolean> {
  return (
    (await db.selectFrom('passcode').select('order_id').where('order_id', '=', order_id).executeTakeFirst()) !==
    undefined
  )
}

export async function erasePasscode(trx: Trx, order_id: number): Promise<void> {
  await deleteLocal(trx, 'passcode', { order_id })
}

/** How long a repair must be over, in ms. */
const OVER_FOR = 3_600_000

/** Erases the passcodes of repairs that have been over for a while; `most` at once. Returns whether there are more. */
export async function eraseOldPasscodes(trx: Trx, { now, most }: { now: number; most: number }): Promise<boolean> {
  const old = await trx
    .selectFrom('passcode')
    .innerJoin('repair_order', 'repair_order.id', 'passcode.order_id')
    .select('order_id')
    .where('status', 'in', ['Completed', 'Cancelled'])
    // What a wrong clock dated years ahead is over too.
    .where(({ or, eb }) =>
      or([eb('repair_order.updated_at', '<=', now - OVER_FOR), eb('repair_order.updated_at', '>', now + OVER_FOR)]),
    )
    .limit(most)
    .execute()
  for (const { order_id } of old) await erasePasscode(trx, order_id)
  return old.length === most
}
