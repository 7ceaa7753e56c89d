import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Db, Trx } from '../../db/handle.ts'
import { forget, keepOrChange } from '../../db/local.ts'
import type { Tokens } from '../http/tokens.ts'

/**
 * The passcodes of devices in repair. They are encrypted with a key of this machine, never enter the journal and never
 * leave it; when the repair is done they are erased.
 */

type Keys = Pick<Tokens, 'derive'>

const IV = 12
const TAG = 16

/** Keeps the passcode of a device in repair. */
export async function keepPasscode(trx: Trx, tokens: Keys, order_id: number, passcode: string): Promise<void> {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', tokens.derive('passcode'), iv).setAAD(Buffer.from(String(order_id)))
  const body = Buffer.concat([cipher.update(passcode, 'utf8'), cipher.final()])
  const sealed = Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
  await keepOrChange(trx, 'passcode', { order_id }, { cipher: sealed, created_at: trx.act.now })
}

/** The passcode; null when none is kept. Throws when it was sealed with another key. */
export async function openPasscode(db: Db, tokens: Keys, order_id: number): Promise<string | null> {
  const kept = await db.selectFrom('passcode').select('cipher').where('order_id', '=', order_id).executeTakeFirst()
  if (!kept) return null
  const sealed = Buffer.from(kept.cipher, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', tokens.derive('passcode'), sealed.subarray(0, IV), {
    authTagLength: TAG,
  })
  decipher.setAAD(Buffer.from(String(order_id))).setAuthTag(sealed.subarray(IV, IV + TAG))
  return Buffer.concat([decipher.update(sealed.subarray(IV + TAG)), decipher.final()]).toString('utf8')
}

export async function hasPasscode(db: Db, order_id: number): Promise<boolean> {
  return (
    (await db.selectFrom('passcode').select('order_id').where('order_id', '=', order_id).executeTakeFirst()) !==
    undefined
  )
}

export async function erasePasscode(trx: Trx, order_id: number): Promise<void> {
  await forget(trx, 'passcode', { order_id })
}
