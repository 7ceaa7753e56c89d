import type { Trx } from '../../../db/handle.ts'
import { badRequest, missingField } from '../../http/errors.ts'
import { findCustomer } from './customers.ts'
import { idsOfPerson, withoutDuplicates } from './duplicates.ts'
import { phoneKeys } from './phone-keys.ts'
import { isUnconfirmed, refuseUnconfirmed } from './unconfirmed.ts'
import { addUser } from './users.ts'

/** Who stands at the desk: a customer the shop knows, or the name of somebody new with what they gave. */
export type NamedCustomer = {
  id?: number | undefined
  full_name?: string | undefined
  phone?: string | undefined
  email?: string | undefined
  /** Somebody else than this account, which nobody has confirmed. */
  not?: number | undefined
}

/** What refusals call a customer who has no name. */
export const NAMELESS_CUSTOMER = 'somebody without a name'

/** The customer by id, or a new one: without a password, but with something to sign in by if phone or e-mail were given. */
export async function customerAtDesk(
  trx: Trx,
  { id, full_name, phone, email, not }: NamedCustomer,
): Promise<{ id: number; canSignIn: boolean }> {
  if (id !== undefined) {
    await refuseUnconfirmed(trx, await findCustomer(trx, id))
    return { id, canSignIn: false }
  }
  if (full_name === undefined) throw missingField('customer', 'full_name')
  const beside = not !== undefined && (await isUnconfirmed(trx, not)) ? not : undefined
  if (phone !== undefined) await refuseKnownPhone(trx, phone, beside)
  const added = await addUser(trx, { full_name, phone, email, role: 'customer', is_staff: false }, { beside })
  return { id: added, canSignIn: phone !== undefined || email !== undefined }
}

/** Names who has the number, so that they can be chosen instead. */
async function refuseKnownPhone(trx: Trx, phone: string, beside: number | undefined) {
  const holders = await trx
    .selectFrom('user')
    .select(['id', 'full_name'])
    .where('phone_key', 'in', await phoneKeys(trx, phone))
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  // Another row of the person beside whom somebody is added is nobody else.
  const known = beside === undefined ? new Set<number>() : await idsOfPerson(trx, beside)
  const [holder] = await withoutDuplicates(
    trx,
    holders.filter(({ id }) => !known.has(id)),
  )
  if (!holder) return
  const name = holder.full_name || NAMELESS_CUSTOMER
  throw badRequest('phone-of-somebody', `Phone already registered: it is the number of ${name}`, {
    name: holder.full_name,
  })
}
