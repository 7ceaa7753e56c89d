import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, insertLocal, updateLocal } from '../../../db/local.ts'
import type { ClaimCodeTable } from '../../../db/schema/local-tables.ts'
import { type ClockReading, latestGrant } from '../../domain/time/clock-judgement.ts'
import type { Caller } from '../../http/auth/permissions.ts'
import { forbidden } from '../../http/errors.ts'
import { hashSecret } from '../../http/auth/tokens.ts'
import { hasPassword } from './customers.ts'
import { accountOf } from './duplicates.ts'
import { refuseBeyondReach } from './reach.ts'
import { newSetupCode } from './one-time-code.ts'

/** One-time codes with which customers made at the counter set a password. Only hashes are kept. */

const DAY_MS = 86_400_000
/** How long a code is good, in ms. */
export const CODE_LIFETIME_MS = 30 * DAY_MS

/** A new code for this customer, to be shown once; those before it are worth nothing from now on. */
export async function newActivationCode(trx: Trx, user_id: number): Promise<{ code: string; expires_at: number }> {
  const code = newSetupCode()
  const expires_at = trx.act.now + CODE_LIFETIME_MS
  await deleteLocal(trx, 'claim_code', { user_id })
  await insertLocal(trx, 'claim_code', { code_hash: hashOf(code), user_id, expires_at, used_at: null, sent_at: null })
  return { code, expires_at }
}

/**
 * A new code that `caller` gives to this customer; where another row of the same person has the password, it is that one's.
 * @throws 403 for a customer who has a password, unless an admin gives it: with it anyone takes the account over; and at a
 * terminal for a customer of elsewhere
 */
export async function codeByCaller(trx: Trx, user_id: number, { role }: Caller) {
  if (role !== 'admin' && (await hasPassword(trx, user_id)))
    throw forbidden('account-has-password', 'Only an admin may give a new code to a customer who has a password')
  const account = await accountOf(trx, user_id)
  await refuseBeyondReach(trx, account, 'password')
  return await newActivationCode(trx, account)
}

/** Whose code this is; undefined when it is wrong, used, too old or from the future, or its customer is gone or works here by now. */
export async function ownerOfCode(db: Db, code: string, clock: ClockReading) {
  return await db
    .selectFrom('claim_code')
    .innerJoin('user', 'user.id', 'claim_code.user_id')
    .select(['claim_code.code_hash', 'user.id', 'user.full_name', 'user.phone', 'user.email'])
    .where('claim_code.code_hash', '=', hashOf(code))
    .where('claim_code.used_at', 'is', null)
    .where('claim_code.expires_at', '>', clock.expiry)
    .where('claim_code.expires_at', '<=', latestGrant(clock) + CODE_LIFETIME_MS)
    .where('user.role', '=', 'customer')
    .where('user.is_staff', '=', 0)
    .where('user.is_active', '=', 1)
    .where('user.deleted_at', 'is', null)
    .executeTakeFirst()
}

/** What is told of a code: its hash, whose it is and how long it is good. */
export type CodeHash = Pick<ClaimCodeTable, 'code_hash' | 'user_id' | 'expires_at'>

/** Codes of this terminal that head office has not heard of. */
export const codesToSend = (db: Db): Promise<CodeHash[]> =>
  db
    .selectFrom('claim_code')
    .select(['code_hash', 'user_id', 'expires_at'])
    .where('sent_at', 'is', null)
    .where('used_at', 'is', null)
    .orderBy('expires_at')
    .execute()

/** Head office has the code too. */
export async function noteSent(trx: Trx, code_hash: string): Promise<void> {
  await updateLocal(trx, 'claim_code', { code_hash }, { sent_at: trx.act.now })
}

/** Keeps a code that a shop gave; of two for one customer the later one is good. */
export async function keepCode(trx: Trx, { code_hash, user_id, expires_at }: CodeHash): Promise<void> {
  const others = await trx
    .selectFrom('claim_code')
    .select(['code_hash', 'user_id', 'expires_at'])
    .where((code) => code.or([code('user_id', '=', user_id), code('code_hash', '=', code_hash)]))
    .execute()
  if (others.some((other) => other.code_hash === code_hash || other.expires_at > expires_at)) return
  await deleteLocal(trx, 'claim_code', { user_id })
  await insertLocal(trx, 'claim_code', { code_hash, user_id, expires_at, used_at: null, sent_at: trx.act.now })
}

/** Case and dashes do not matter. */
const hashOf = (code: string) => hashSecret(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))
