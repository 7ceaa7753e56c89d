import type { KeyObject } from 'node:crypto'
import { HttpError } from '../../http/errors.ts'
import { type AskParent, NoLine } from '../../shop/people/passwords/parent.ts'
import { onItsWay } from '../../shop/people/passwords/password-proof.ts'
import { worksElsewhere } from '../../shop/people/reach.ts'
import { userInactive } from '../../shop/people/sign-in.ts'
import { REFUSED } from '../wire.ts'
import { openHash } from './sealed-hash.ts'
import { type AskSignIn, SIGN_IN_REPLY } from './wire.ts'

/**
 * A terminal's way of asking head office about a password. `send` gives back the reply, or what head office refuses (`REFUSED`);
 * it throws where none comes, and HttpError where head office says to come later. `seal` opens what is sealed to this machine.
 */
export const askParentBy =
  (send: (body: AskSignIn) => Promise<unknown>, seal: KeyObject): AskParent =>
  async (who, password, new_password) => {
    const body = { ...who, password, ...(new_password !== undefined && { new_password }) }
    const reply = await send(body).catch((error: unknown) => {
      throw error instanceof HttpError ? error : new NoLine('Head office is not reached', { cause: error })
    })
    const refused = REFUSED.safeParse(reply)
    if (refused.success) return refusal(refused.data)
    const read = SIGN_IN_REPLY.safeParse(reply)
    if (!read.success) throw new NoLine('Head office’s answer is none')
    const { user_id, sealed } = read.data
    if (sealed === null) return { user_id, kept: null }
    const hash = await openHash(seal, sealed, user_id)
    if (!hash) throw new NoLine('Head office sealed to another key than this machine’s')
    const { password_hash, version } = hash
    return { user_id, kept: { password_hash, version } }
  }

/** What head office refuses to the person, as this machine says it; null for a wrong password. */
function refusal({ error }: { error: string }): null {
  if (error === 'credentials-invalid') return null
  if (error === 'user-inactive') throw userInactive()
  if (error === 'works-elsewhere') throw worksElsewhere()
  if (error === 'password-on-its-way') throw onItsWay()
  throw new NoLine(`Head office refuses: ${error}`)
}
