import type { Trx } from '../../../db/handle.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'

/** The next people behind an id, of those whom this node owns: only their keys does it make anew. */
export const peopleOfThisNode = async (trx: Trx, after: number, limit: number) =>
  await trx
    .selectFrom('user')
    .select(['id', 'phone', 'phone_key', 'email', 'email_key'])
    .where('id', '>', after)
    .where(idOf(await ownedNodes(trx), 'id'))
    .orderBy('id')
    .limit(limit)
    .execute()
