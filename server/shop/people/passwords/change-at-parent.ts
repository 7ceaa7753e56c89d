import type { Db } from '../../../../db/handle.ts'
import type { Context } from '../../../context.ts'
import type { Write } from '../../../http/endpoint.ts'
import { NoLine } from './parent.ts'
import { later } from './password-proof.ts'
import { placeHere, reachOf } from '../reach.ts'
import { endSessionsOf } from '../sessions.ts'
import { throttleAttempts } from '../sign-in-throttle.ts'
import { keepPassword } from '../users.ts'

/**
 * One's own password where a terminal may not set it: head office believes a terminal about the people of its own store alone, so
 * who works elsewhere too proves the former password to it, and it sets the new one.
 */

/** Whether head office sets this person's password, and not this machine. */
export async function isSetAtParent(db: Db, user_id: number): Promise<boolean> {
  const { role, store_id } = await placeHere(db)
  return role === 'terminal' && (await reachOf(db, user_id)) !== store_id
}

type Change = {
  user_id: number
  /** The session that stays. */
  keepSession: string
  address: string
  password: string
  new_password: string
}

/**
 * Has head office set the new password, and ends the person's other sessions here; those of other machines end when they hear of it.
 * Null where the former password is wrong.
 * @throws 429 with Retry-After; 503 without a line; what head office refuses
 */
export async function changeAtParent(
  { database, passwords, now, run, write }: Pick<Context, 'database' | 'passwords' | 'now' | 'run'> & { write: Write },
  { user_id, keepSession, address, password, new_password }: Change,
): Promise<true | null> {
  return await throttleAttempts(
    { database, passwords, now, write },
    {
      account: `user ${user_id}`,
      address,
      check: async () => {
        try {
          if (!run.parent.signIn) throw new NoLine('Nobody talks to head office yet')
          return await run.parent.signIn({ user_id }, password, new_password)
        } catch (error) {
          if (!(error instanceof NoLine)) throw error
          throw later('password-change-needs-line', 'Your password is changed at head office, which is not reached')
        }
      },
      effect: async (trx, { kept }) => {
        if (kept) await keepPassword(trx, user_id, kept)
        await endSessionsOf(trx, user_id, keepSession)
        return true as const
      },
    },
  )
}
