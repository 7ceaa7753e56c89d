import type { Trx } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import { emailKey } from '../../domain/text/fold.ts'
import { peopleOfThisNode } from './people-of-this-node.ts'

/**
 * Gives the next people behind an id, of those whom this node added, the key of their e-mail address; returns the last of them,
 * null where there are no more. A key that stays is not written.
 */
export async function renewEmailKeys(trx: Trx, after: number, limit: number): Promise<number | null> {
  const people = await peopleOfThisNode(trx, after, limit)
  for (const { id, email, email_key } of people) {
    const key = email === null ? null : emailKey(email)
    if (key !== email_key) await patch(trx, 'user', id, { email_key: key })
  }
  return people.at(-1)?.id ?? null
}
