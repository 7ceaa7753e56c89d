import { type RawBuilder, sql } from 'kysely'
import { NODE_SPAN, nodeOf } from '../server/domain/ids.ts'
import type { Db, Trx } from './handle.ts'

/**
 * Whose a row is: the node's that minted its id, or its heir's. What the program does by itself (expiring, settling, asking
 * Stripe, forgetting) it does for its own rows alone: two machines that both did it would do it twice.
 */

/** The nodes whose rows are this machine's: its own, those that it is heir of, and those that they were. */
export async function ownedNodes(db: Db): Promise<number[]> {
  const { node_id } = await db.selectFrom('self').select('node_id').executeTakeFirstOrThrow()
  const owned = [node_id]
  const heirs = await db.selectFrom('node').select(['id', 'heir_id']).where('heir_id', 'is not', null).execute()
  for (const heir of owned)
    owned.push(...heirs.filter(({ id, heir_id }) => heir_id === heir && !owned.includes(id)).map(({ id }) => id))
  return owned
}

/** Whether a row is this machine's. */
export async function isMine(trx: Trx, id: number): Promise<boolean> {
  return nodeOf(id) === trx.act.node.id || (await ownedNodes(trx)).includes(nodeOf(id))
}

/** That `column`, an id, is of one of these nodes. */
export const idOf = (nodes: readonly number[], column: string): RawBuilder<boolean> =>
  sql`(${sql.join(
    nodes.map(
      (node) => sql`(${sql.ref(column)} >= ${node * NODE_SPAN} and ${sql.ref(column)} < ${(node + 1) * NODE_SPAN})`,
    ),
    sql` or `,
  )})`
