import type { z } from 'zod'
import type { Context } from '../../context.ts'
import { badRequest, forbidden } from '../../http/errors.ts'
import type { Approval } from '../../http/approval.contract.ts'
import type { ActContext, HandlerRequest } from '../../http/endpoint.ts'
import { pinOf, throttleAttempts } from './sign-in-throttle.ts'
import { listActiveEmployees } from './staff.ts'

/**
 * Somebody who may approve stands beside who works here and types their PIN, or their password where they have none. It counts
 * like a sign-in, and is written on the document.
 */

/** Who may approve: admins, and staff who are leads. */
export const mayApprove = ({ role, is_staff, is_lead }: { role: string; is_staff: 0 | 1; is_lead: 0 | 1 | null }) =>
  role === 'admin' || (role === 'customer' && is_staff === 1 && is_lead === 1)

const approvers = (db: Context['database']['db']) => listActiveEmployees(db).select('credential.password_hash')

/**
 * Holds an approval against who may give one, and returns who gave it: the caller where they may themselves, null where nobody did.
 * @throws 403 for who may not approve, 400 for a wrong PIN or password, 429 with Retry-After after too many
 */
export async function approvedBy(
  { db, passwords, ...context }: Pick<ActContext, 'db' | 'passwords' | 'database' | 'now' | 'write'>,
  approval: z.output<typeof Approval> | undefined,
  { session, address }: Pick<HandlerRequest, 'session' | 'address'>,
): Promise<number | null> {
  const findPerson = (id: number) => approvers(db).where('user.id', '=', id).executeTakeFirst()
  if (!approval) {
    const caller = session && (await findPerson(session.caller.id))
    return caller && mayApprove(caller) ? caller.id : null
  }
  const { user_id, pin, password: typed } = approval
  const person = await findPerson(user_id)
  if (!person || !mayApprove(person)) throw forbidden('may-not-approve', 'This person may not approve')
  const byPin = typed === undefined
  const secret = typed ?? pin ?? ''
  const right = await throttleAttempts(
    { ...context, passwords },
    {
      ...(byPin ? pinOf(user_id) : { account: `user ${user_id}` }),
      address,
      check: async () =>
        (await passwords.matches(secret, byPin ? person.pin_hash : person.password_hash, address)) ? true : null,
      effect: () => Promise.resolve(true),
    },
  )
  if (!right) throw badRequest('approval-wrong', 'The approval’s PIN or password is wrong')
  return user_id
}
