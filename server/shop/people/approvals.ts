import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { badRequest, forbidden } from '../../http/errors.ts'
import type { Approval } from '../../http/approval.contract.ts'
import type { HandlerRequest, Write } from '../../http/endpoint.ts'
import { accounts, type Proof, provePassword, settleProof } from './passwords/password-proof.ts'
import { pinOf, throttleAttempts } from './sign-in-throttle.ts'
import { listActiveColleagues } from './staff.ts'

/**
 * Somebody who may approve stands beside who works here and types their PIN, or their password where they have none. It counts
 * like a sign-in, and is written on the document.
 */

/** Who may approve: admins, and staff who are leads. */
export const mayApprove = ({ role, is_staff, is_lead }: { role: string; is_staff: 0 | 1; is_lead: 0 | 1 | null }) =>
  role === 'admin' || (role === 'customer' && is_staff === 1 && is_lead === 1)

const findPerson = (db: Db, id: number) => listActiveColleagues(db).where('user.id', '=', id).executeTakeFirst()

/** @throws 403 for who may not approve */
async function approver(db: Db, id: number) {
  const person = await findPerson(db, id)
  if (!person || !mayApprove(person)) throw forbidden('may-not-approve', 'This person may not approve')
  return person
}

/** This person, where they may approve what they do themselves; null otherwise. */
export async function ownApproval(db: Db, user_id: number): Promise<number | null> {
  const person = await findPerson(db, user_id)
  return person && mayApprove(person) ? person.id : null
}

/**
 * Holds an approval against who may give one, and returns who gave it: the caller where they may themselves, null where nobody did.
 * What is counted of it is no effect of the request, whose key is free for another try where the rest is refused.
 * @throws 403 for who may not approve, 400 for a wrong PIN or password, 429 with Retry-After after too many
 */
export async function approvedBy(
  { database, passwords, now, run }: Pick<Context, 'database' | 'passwords' | 'now' | 'run'>,
  approval: z.output<typeof Approval> | undefined,
  { session, address }: Pick<HandlerRequest, 'session' | 'address'>,
): Promise<number | null> {
  const { db } = database
  if (!approval) return session && (await ownApproval(db, session.caller.id))
  const { user_id, pin, password: typed } = approval
  const person = await approver(db, user_id)
  const by = { actor: session?.caller.id ?? null, device: session?.id ?? null, act: 'approval' }
  const write: Write = (work) => database.write(by, work)
  const right = await throttleAttempts(
    { database, passwords, now, write },
    {
      ...(typed === undefined ? pinOf(user_id) : { account: `user ${user_id}` }),
      address,
      check: async (): Promise<true | Proof | null> => {
        if (typed === undefined) return (await passwords.matches(pin ?? '', person.pin_hash, address)) ? true : null
        const account = await accounts(db).where('user.id', '=', user_id).execute()
        return await provePassword({ database, passwords, run }, account, { login: null, password: typed, address })
      },
      // They may have been shut out while the secret was looked at, or have another one.
      effect: async (trx, proof) =>
        (proof === true || (await settleProof(trx, proof))) && (await approver(trx, user_id)) !== undefined,
    },
  )
  if (!right) throw badRequest('approval-wrong', 'The approval’s PIN or password is wrong')
  return user_id
}
