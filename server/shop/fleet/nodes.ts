import type { Db, Trx } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import { ownRole } from '../../../db/self.ts'
import type { NodeTable } from '../../../db/schema/shop-tables.ts'
import { seriesOf } from '../../domain/numbers.ts'
import { conflict, notFound, organisationNeeded } from '../../http/errors.ts'

/** The machines of a fleet, as head office has them. */

/** @throws 409 where this database is no head office */
export async function refuseElsewhere(db: Db): Promise<void> {
  if ((await ownRole(db)) !== 'head-office') throw conflict('no-head-office', 'This is not the head office')
}

/**
 * Machines are let in and shut out by who is there for the whole organisation.
 * @throws 403 for an admin of one store
 */
export async function refuseStoreAdmin(db: Db, user_id: number): Promise<void> {
  const { works_at } = await db
    .selectFrom('user')
    .select('works_at')
    .where('id', '=', user_id)
    .executeTakeFirstOrThrow()
  if (works_at !== null) throw organisationNeeded()
}

export const nodeNotFound = () => notFound('node-not-found', 'There is no such machine')

/** @throws 404 */
export async function findNode(db: Db, id: number): Promise<NodeTable> {
  const node = await db.selectFrom('node').selectAll().where('id', '=', id).executeTakeFirst()
  if (!node) throw nodeNotFound()
  return node
}

/**
 * @throws 409 where a machine of the store gives out numbers under this name, or did: a restore has called it otherwise since
 */
export async function refuseTakenTerminal(
  db: Db,
  { store_id, terminal }: Pick<NodeTable, 'store_id' | 'terminal'>,
): Promise<void> {
  const nodes = await db.selectFrom('node').select('terminal').where('store_id', '=', store_id).execute()
  if (nodes.some((node) => seriesOf(node.terminal).includes(terminal)))
    throw conflict('terminal-taken', `Numbers of this store begin with ${terminal} already`, { terminal })
}

/**
 * Shuts a machine out. What it wrote stays; its rows are its heir's from then on, which is head office unless another one is named.
 * @throws 404, 409 for head office itself or one that is shut out already
 */
export async function revokeNode(trx: Trx, id: number, heir_id: number = trx.act.node.id): Promise<void> {
  const { revoked_at } = await findNode(trx, id)
  if (id === trx.act.node.id) throw conflict('node-is-head-office', 'Head office cannot shut itself out')
  if (revoked_at !== null) throw conflict('node-revoked', 'This machine is shut out already')
  await refuseHeir(trx, id, heir_id)
  await patch(trx, 'node', id, { revoked_at: trx.act.now, heir_id })
}

/**
 * Names another heir of a machine that is shut out.
 * @throws 404, 409 for one that still works
 */
export async function changeHeir(trx: Trx, id: number, heir_id: number): Promise<void> {
  if ((await findNode(trx, id)).revoked_at === null)
    throw conflict('node-at-work', 'Only a machine that is shut out has an heir')
  await refuseHeir(trx, id, heir_id)
  await patch(trx, 'node', id, { heir_id })
}

/** An heir works, and is of the same store or head office: elsewhere the rows are not. */
async function refuseHeir(trx: Trx, id: number, heir_id: number) {
  const [node, heir] = [await findNode(trx, id), await findNode(trx, heir_id)]
  const isThere = heir.id === trx.act.node.id || heir.store_id === node.store_id
  if (heir.id === id || heir.revoked_at !== null || !isThere)
    throw conflict('heir-unfit', 'An heir is at work in the same store, or head office')
}
