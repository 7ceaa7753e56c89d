import type { Trx } from '../../../db/handle.ts'
import { NODE_SPAN } from '../../domain/ids.ts'

/** The next people behind an id, of those whom this node added: only their keys does it make anew. */
export const peopleOfThisNode = (trx: Trx, after: number, limit: number) =>
  trx
    .selectFrom('user')
    .select(['id', 'phone', 'phone_key', 'email', 'email_key'])
    .where('id', '>', Math.max(after, trx.act.node.id * NODE_SPAN))
    .where('id', '<', (trx.act.node.id + 1) * NODE_SPAN)
    .orderBy('id')
    .limit(limit)
    .execute()
